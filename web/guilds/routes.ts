/** Which servers a person can look into. */
import type { FoundGuild } from "../../src/store/ports/guilds.ts";
import type { ListPage } from "../../src/store/ports/page.ts";
import { field } from "../body.ts";
import { type Route, route } from "../guard.ts";
import type { PersonVisit } from "../visit.ts";
import { guildsPage, guildsPart } from "./view.ts";

const PAGE_SIZE = 60;

export type GuildList = {
  readonly query: string;
  readonly before: string;
  readonly found: ListPage<FoundGuild>;
};

export const guildRoutes: readonly Route[] = [
  route("person", "GET", "/guilds", async (visit) => {
    const list = await find(visit);
    return visit.fragment ? guildsPart(visit, list) : guildsPage(visit, list);
  }),
];

async function find(visit: PersonVisit): Promise<GuildList> {
  const search = visit.url.searchParams;
  const query = field(search, "q", 100);
  const before = field(search, "before", 20);
  const filter = { text: query, ...(visit.person.operator ? {} : { person: visit.person.id }) };
  const found = await visit.services.store.guilds.find(filter, PAGE_SIZE, before === "" ? undefined : before);
  return { query, before, found };
}
