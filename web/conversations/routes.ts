/** Members' questions and their outcomes: the list and one transcript, both kept up to date while they are open. */
import { createAgents } from "../../src/agents.ts";
import type { ChannelId, UserId } from "../../src/ids.ts";
import { createMemory } from "../../src/memory.ts";
import type { ConversationFilter } from "../../src/store/ports/conversations.ts";
import { type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { HttpRefusal } from "../refusal.ts";
import { redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import { conversationsPage, conversationsPart } from "./list.ts";
import { type ConversationList, readQuery } from "./query.ts";
import { transcriptPage, transcriptPart } from "./transcript.ts";

const PAGE_SIZE = 25;
const CHANNELS_MAX = 100;

export function conversationRoutes({ services, live, names, searches }: Kit): readonly Route[] {
  const agents = createAgents({ ...services, memory: createMemory(services.hot, services.logger) });
  const get = async (visit: GuildVisit) => {
    const found = await read(visit);
    const { member, memberName } = found.conversation;
    return { ...found, nameOf: await names.of(visit, { [member]: memberName }) };
  };
  const find = async (visit: GuildVisit) => {
    const { text, state } = readQuery(visit.url.searchParams);
    const found =
      text !== "" || state === "not-found" || state === "disliked"
        ? await searches.run({ person: visit.person.id, guild: visit.guild.guild }, () => search(visit))
        : await search(visit);
    return { ...found, nameOf: await names.of(visit) };
  };
  const base = "/guilds/:guild/conversations";
  return [
    route("any-role", "GET", base, async (visit) => {
      const list = await find(visit);
      return visit.fragment ? conversationsPart(visit, list) : conversationsPage(visit, list);
    }),

    route("any-role", "GET", `${base}/live`, (visit) =>
      live.stream("any-role", visit, {
        concerns: (news) =>
          (news.type === "conversation-changed" || news.type === "takeover-changed") &&
          news.guild === visit.guild.guild,
        render: async (reader) => conversationsPart(reader, await find(reader)),
      }),
    ),

    route("any-role", "GET", `${base}/:conversation`, async (visit) => transcriptPage(visit, await get(visit))),

    // Nobody has to open the live page to say that a wish was seen to.
    route("agent-or-admin", "POST", `${base}/:conversation/resolve`, async (visit) => {
      const { id } = (await read(visit)).conversation;
      const { person } = visit;
      await agents.set(visit.guild.guild, id, { id: person.id as UserId, name: person.name }, { state: "resolved" });
      return redirect(visit, `/guilds/${visit.guild.guild}/conversations/${id}`);
    }),

    route("any-role", "GET", `${base}/:conversation/live`, async (visit) => {
      const { id, guild } = (await read(visit)).conversation;
      return live.stream("any-role", visit, {
        concerns: (news) =>
          (news.type === "conversation-changed" || news.type === "takeover-changed") &&
          news.guild === guild &&
          news.conversation === id,
        render: async (reader) => transcriptPart(reader, await get(reader)),
      });
    }),
  ];
}

/** `live` and transcripts share one level: ids are 32 hex digits, so that no word can be one. */
async function read(visit: GuildVisit) {
  const id = visit.params.conversation ?? "";
  const found = /^[\w-]{1,64}$/.test(id) ? await visit.services.store.conversations.get(visit.guild.guild, id) : null;
  if (found === null) throw new HttpRefusal("not-found");
  return found;
}

async function search(visit: GuildVisit): Promise<Omit<ConversationList, "nameOf">> {
  const { conversations } = visit.services.store;
  const { guild } = visit.guild;
  const query = readQuery(visit.url.searchParams);
  const filter: ConversationFilter = {
    ...(query.text === "" ? {} : { text: query.text }),
    ...(query.channel === "" ? {} : { channel: query.channel as ChannelId }),
    ...(query.state === "" ? {} : { state: query.state }),
  };
  const [found, channels] = await Promise.all([
    conversations.list(guild, filter, PAGE_SIZE, query.before === "" ? undefined : query.before),
    conversations.channels(guild, CHANNELS_MAX),
  ]);
  const ids = found.items.map(({ id }) => id);
  const glimpses = await conversations.glimpses(guild, ids, query.text);
  const knowledgeEmpty = found.items.length === 0 && (await visit.services.knowledge.empty(guild));
  return { query, found, glimpses, channels, knowledgeEmpty };
}
