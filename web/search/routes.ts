/** One question to everything that a server has; each kind is asked for side by side, and only what this person may see. */
import { field } from "../body.ts";
import { maySee, type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { settingLabel, settingWords } from "../parts/setting-words.ts";
import type { GuildVisit } from "../visit.ts";
import { type Found, type Hit, searchPage } from "./view.ts";

const SHOWN_MAX = 5;

/** Where a setting is changed, by the first name of its path; the others on the settings page itself. */
const PAGE_OF_SETTINGS: Readonly<Record<string, string>> = {
  moderation: "moderation/rules",
  limits: "usage",
  people: "live/settings",
};

export function searchRoutes({ names, searches }: Kit): readonly Route[] {
  return [
    route("any-role", "GET", "/guilds/:guild/search", async (visit) => {
      const text = field(visit.url.searchParams, "q");
      const [found, nameOf] = await Promise.all([
        searches.run({ person: visit.person.id, guild: visit.guild.guild }, () => find(visit, text)),
        names.of(visit),
      ]);
      return searchPage(visit, text, found, nameOf);
    }),
  ];
}

async function find(visit: GuildVisit, text: string): Promise<Found> {
  const nothing: Found = {
    pages: [],
    settings: [],
    conversations: [],
    glimpses: new Map(),
    further: null,
    cases: [],
    passages: [],
  };
  if (text === "") return nothing;
  const { services, guild } = visit;
  const { store, knowledge } = services;
  const viewer = maySee("viewer-or-admin", visit);
  const [conversations, cases, retrieval] = await Promise.all([
    store.conversations.list(guild.guild, { text }, SHOWN_MAX),
    viewer ? store.cases.list(guild.guild, { text }, SHOWN_MAX) : null,
    viewer ? knowledge.retrieve(guild.guild, text, SHOWN_MAX) : null,
  ]);
  const ids = conversations.items.map(({ id }) => id);
  return {
    pages: pagesNamed(visit, text),
    settings: maySee("admin", visit) ? settingsNamed(visit, text) : [],
    conversations: conversations.items,
    glimpses: await store.conversations.glimpses(guild.guild, ids, text),
    further: conversations.items.length === 0 ? conversations.cursor : null,
    cases: cases?.items ?? [],
    passages: retrieval?.passages.map(({ passage }) => passage) ?? [],
  };
}

function pagesNamed(visit: GuildVisit, text: string): readonly Hit[] {
  return visit.pages.flatMap(({ entry, words }) => {
    const label = words[visit.language].section;
    if (entry === null || !entry.path.includes("/:guild") || !maySee(entry.guard, visit)) return [];
    return holds(visit, label, text) ? [{ label, href: entry.path.replace(":guild", visit.guild.guild) }] : [];
  });
}

function settingsNamed(visit: GuildVisit, text: string): readonly Hit[] {
  const base = `/guilds/${visit.guild.guild}`;
  return Object.keys(settingWords[visit.language].labels).flatMap((path) => {
    const label = settingLabel(visit.language, path) ?? path;
    if (!holds(visit, label, text)) return [];
    return [{ label, href: `${base}/${PAGE_OF_SETTINGS[path.split(".")[0] ?? ""] ?? "settings"}` }];
  });
}

function holds(visit: GuildVisit, label: string, text: string): boolean {
  const lower = (one: string) => one.toLocaleLowerCase(visit.language);
  return lower(label).includes(lower(text));
}
