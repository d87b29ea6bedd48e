/** Why was it silent? What became of each message and the reason, newest first. */
import type { ChannelId } from "../../src/message.ts";
import { field } from "../body.ts";
import { channelNames } from "../channels.ts";
import { type Route, route } from "../guard.ts";
import type { GuildVisit } from "../visit.ts";
import { type DecisionList, KINDS } from "./query.ts";
import { decisionsPage, decisionsPart } from "./view.ts";

const PAGE_SIZE = 50;

export const decisionRoutes: readonly Route[] = [
  route("viewer", "GET", "/guilds/:guild/decisions", async (visit) => {
    const list = await find(visit);
    return visit.fragment ? decisionsPart(visit, list) : decisionsPage(visit, list);
  }),
];

async function find(visit: GuildVisit): Promise<DecisionList> {
  const search = visit.url.searchParams;
  const kind = KINDS.find((known) => known === field(search, "kind")) ?? "";
  const chosen = field(search, "channel", 20);
  const channel = /^\d{1,20}$/.test(chosen) ? chosen : "";
  const before = field(search, "before", 100);
  const filter = { ...(kind === "" ? {} : { kind }), ...(channel === "" ? {} : { channel: channel as ChannelId }) };
  const [found, channels] = await Promise.all([
    visit.services.store.conversations.decisions(
      visit.guild.guild,
      filter,
      PAGE_SIZE,
      before === "" ? undefined : before,
    ),
    channelNames(visit),
  ]);
  return { kind, channel, before, found, channels };
}
