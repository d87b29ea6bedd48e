/** Which servers a person can look into. */
import type { GuildRow, PersonRole } from "../../src/store.ts";
import { field } from "../body.ts";
import { type Route, route } from "../guard.ts";
import { redirect } from "../respond.ts";
import type { PersonVisit } from "../visit.ts";
import { guildsPage, guildsPart } from "./view.ts";

/** More than a screen or two is searched, not scrolled. */
const SHOWN_MAX = 60;

export type GuildCard = { readonly guild: GuildRow; readonly role: PersonRole };

export type GuildList = {
  readonly cards: readonly GuildCard[];
  readonly query: string;
  /** How many match, shown or not. */
  readonly matching: number;
  readonly all: number;
};

export const guildRoutes: readonly Route[] = [
  route("person", "GET", "/guilds", async (visit) => {
    const list = choose(await reachable(visit), field(visit.url.searchParams, "q", 100));
    return visit.fragment ? guildsPart(visit, list) : guildsPage(visit, list);
  }),
  route("team", "GET", "/guilds/:guild", (visit) => redirect(visit, `/guilds/${visit.guild.guild}/conversations`)),
];

async function reachable(visit: PersonVisit): Promise<GuildCard[]> {
  const { people, guilds } = visit.services.store;
  if (visit.person.operator) return (await guilds.list()).map((guild) => ({ guild, role: "operator" }));
  const cards: GuildCard[] = [];
  for (const { guild, role } of await people.memberships(visit.person.id)) {
    const row = await guilds.get(guild);
    if (row !== null) cards.push({ guild: row, role });
  }
  return cards;
}

function choose(cards: readonly GuildCard[], query: string): GuildList {
  const wanted = query.toLocaleLowerCase();
  const matching = cards
    .filter(({ guild }) => guild.name.toLocaleLowerCase().includes(wanted) || guild.guild === query)
    .sort(
      (a, b) =>
        Number(a.guild.leftAtMs !== null) - Number(b.guild.leftAtMs !== null) ||
        a.guild.name.localeCompare(b.guild.name),
    );
  return { cards: matching.slice(0, SHOWN_MAX), query, matching: matching.length, all: cards.length };
}
