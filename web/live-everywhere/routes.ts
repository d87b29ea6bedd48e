/**
 * The live list of every server that a person may watch: those where they are an agent or an admin now, on Discord too, and whose
 * plan has the live monitor; an operator's are all. Who may see what is asked again with each part that is sent.
 */
import type { GuildId } from "../../src/ids.ts";
import type { LiveRow } from "../../src/store/ports/desk.ts";
import type { FoundGuild } from "../../src/store/ports/guilds.ts";
import { type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { typesIn } from "../typing.ts";
import type { PersonVisit } from "../visit.ts";
import { type Everywhere, liveEverywherePage, liveEverywherePart } from "./view.ts";

/** So long after the last message a conversation is still live. */
const LIVE_MS = 30 * 60_000;
const ROWS_MAX = 100;
/** Read, so that enough are left when those of plans without a monitor are taken out. */
const ROWS_READ_MAX = 300;
/** Discord lets nobody be in more. */
const GUILDS_MAX = 200;

export function liveEverywhereRoutes({ services, live, names, typing }: Kit): readonly Route[] {
  const { store, plans } = services;

  /** Null: all of them. */
  async function watched(visit: PersonVisit): Promise<ReadonlySet<GuildId> | null> {
    if (visit.person.operator) return null;
    const { items } = await store.guilds.find({ person: visit.person.id }, GUILDS_MAX);
    const mine = await Promise.all(items.map(async (one) => ((await mayWatch(visit, one)) ? one.guild.guild : null)));
    return new Set(mine.filter((guild) => guild !== null));
  }

  async function mayWatch({ memberships, person }: PersonVisit, { guild, role }: FoundGuild): Promise<boolean> {
    if (guild.leftAtMs !== null || (role !== "agent" && role !== "admin")) return false;
    if (!(await plans.features(guild.guild)).has("live")) return false;
    const now = await memberships.confirm(guild, person.id, role);
    return now === "agent" || now === "admin";
  }

  async function list(visit: PersonVisit, guilds: ReadonlySet<GuildId> | null): Promise<Everywhere> {
    const found = await store.desk.live(guilds && [...guilds], visit.nowMs - LIVE_MS, ROWS_READ_MAX);
    const shown = await Promise.all(
      found.map(async (row) => guilds !== null || (await plans.features(row.conversation.guild)).has("live")),
    );
    const rows = found.filter((_, place) => shown[place]).slice(0, ROWS_MAX);
    const typingUntilMs = ({ conversation }: LiveRow) => typing.until(conversation, conversation.lastAtMs, visit.nowMs);
    return {
      anywhere: guilds?.size !== 0,
      rows: rows.map((row) => ({ ...row, typingUntilMs: typingUntilMs(row) })),
      nameOf: await names.ofBots(visit, new Set(rows.flatMap(({ application }) => application ?? []))),
    };
  }

  return [
    route("person", "GET", "/live", async (visit) =>
      liveEverywherePage(visit, await list(visit, await watched(visit))),
    ),

    route("person", "GET", "/live/stream", async (visit) => {
      let guilds = await watched(visit);
      let shown: Everywhere["rows"] = [];
      return live.stream("person", visit, {
        concerns: (news) =>
          ((news.type === "conversation-changed" || news.type === "takeover-changed") &&
            (guilds === null || guilds.has(news.guild))) ||
          typesIn(
            news,
            shown.map(({ conversation }) => conversation),
          ),
        render: async (reader) => {
          guilds = await watched(reader);
          const found = await list(reader, guilds);
          shown = found.rows;
          return liveEverywherePart(reader, found);
        },
        watching: () => {
          if (guilds === null) typing.watch(null);
          else for (const guild of guilds) typing.watch(guild);
        },
      });
    }),
  ];
}
