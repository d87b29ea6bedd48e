/** Why was it silent? What became of each message and the reason, newest first. */
import { AppError } from "../../src/errors.ts";
import type { ChannelId, MessageId } from "../../src/ids.ts";
import type { Message } from "../../src/message.ts";
import { field } from "../body.ts";
import { type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { channelNames } from "../parts/channels.ts";
import { HttpRefusal } from "../refusal.ts";
import type { GuildVisit } from "../visit.ts";
import { ANY, type DecisionList, readKind } from "./query.ts";
import { decisionsPage, decisionsPart, saidPage, saidPart } from "./view.ts";

const PAGE_SIZE = 50;

export const decisionRoutes = ({ names }: Kit): readonly Route[] => [
  route("viewer-or-admin", "GET", "/guilds/:guild/decisions", async (visit) => {
    const list = await find(visit);
    return visit.fragment ? decisionsPart(visit, list) : decisionsPage(visit, list);
  }),

  // A silence keeps no text: Discord is asked for the message when an admin wants to see it.
  route("viewer-or-admin", "GET", "/guilds/:guild/decisions/:message", async (visit) => {
    const { guild, application } = visit.guild;
    const id = visit.params.message ?? "";
    const filter = { trigger: `${application}:${id}` };
    const [row] = (await visit.services.store.decisions.list(guild, filter, 1)).items;
    if (row === undefined || !/^\d{15,20}$/.test(id)) throw new HttpRefusal("not-found");
    const said = await messageOf(visit, row.channel, id as MessageId);
    const nameOf = await names.of(visit, said === null ? {} : { [said.author.id]: said.author.name });
    return visit.fragment ? saidPart(visit, row, id, said, nameOf) : saidPage(visit, row, id, said, nameOf);
  }),
];

/** Null where it is gone, or Discord does not let the bot see it. */
async function messageOf(visit: GuildVisit, channel: ChannelId, id: MessageId): Promise<Message | null> {
  const { glances, guild, services } = visit;
  try {
    return await glances.discord(guild.application).messages.get(channel, id);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.info({ guild: guild.guild, reason: error.kind }, "message-unread");
    return null;
  }
}

async function find(visit: GuildVisit): Promise<DecisionList> {
  const search = visit.url.searchParams;
  const kind = readKind(field(search, "kind", 20));
  const chosen = field(search, "channel", 20);
  const channel = /^\d{1,20}$/.test(chosen) ? chosen : "";
  const before = field(search, "before", 100);
  const asked = field(search, "reason", 40);
  const reason = /^[a-z-]{1,40}$/.test(asked) ? asked : "";
  const { decisions } = visit.services.store;
  const filter = { ...(kind === ANY ? {} : { kind }), ...(channel === "" ? {} : { channel: channel as ChannelId }) };
  const narrowed = reason === "" ? filter : { ...filter, reason };
  const [found, reasons, channels] = await Promise.all([
    decisions.list(visit.guild.guild, narrowed, PAGE_SIZE, before === "" ? undefined : before),
    decisions.reasons(visit.guild.guild, filter),
    channelNames(visit),
  ]);
  return { kind, channel, reason, before, found, reasons, channels };
}
