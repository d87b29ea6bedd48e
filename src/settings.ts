/**
 * Guild settings as a worker holds them: read synchronously, loaded once, put out of date by the bus at once and by age after
 * 30 s. What is out of date is still better than nothing while the store is away.
 */
import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import { defaultSettings } from "./guilds.ts";
import type { GuildId } from "./ids.ts";
import type { Logger } from "./logger.ts";
import type { GuildRow } from "./store/ports/guilds.ts";
import type { Store } from "./store.ts";

export type Settings = {
  /** Undefined: not loaded yet. Null: the bot is not in this guild. May start a refresh in the background. */
  peek(guild: GuildId): GuildRow | null | undefined;
  /** As fresh as the bus says; throws what the store throws when there is nothing to go on with. */
  load(guild: GuildId): Promise<GuildRow | null>;
  put(row: GuildRow): void;
  drop(guild: GuildId): void;
  close(): void;
};

const FRESH_MS = 30_000;
const GUILDS_MAX = 20_000;
const DEFAULTS = JSON.stringify(defaultSettings);

type Held = {
  row: GuildRow | null;
  atMs: number;
  stale: boolean;
  loading: Promise<GuildRow | null> | null;
  /** News that came: a row read before the last of them may be old. */
  changes: number;
};

export function createSettings(services: {
  readonly store: Pick<Store, "guilds">;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
}): Settings {
  const { store, bus, clock, logger } = services;
  const held = new Map<GuildId, Held>();
  const unsubscribe = bus.subscribe((news) => {
    if (news.type !== "guild-changed") return;
    const found = held.get(news.guild);
    if (found === undefined) return;
    found.stale = true;
    found.changes++;
    if (found.loading === null) refresh(news.guild);
  });

  function put(guild: GuildId, row: GuildRow | null): void {
    // Most guilds never change a setting: they share one object.
    const shared =
      row !== null && JSON.stringify(row.settings) === DEFAULTS ? { ...row, settings: defaultSettings } : row;
    const changes = held.get(guild)?.changes ?? 0;
    held.delete(guild);
    held.set(guild, { row: shared, atMs: clock.now(), stale: false, loading: null, changes });
    for (const oldest of held.keys()) {
      if (held.size <= GUILDS_MAX) break;
      held.delete(oldest);
    }
  }

  function fetch(guild: GuildId): Promise<GuildRow | null> {
    const found = held.get(guild);
    if (found?.loading != null) return found.loading;
    const changes = found?.changes ?? 0;
    const loading = store.guilds.get(guild).then((row) => {
      const outdated = (held.get(guild)?.changes ?? 0) !== changes;
      put(guild, row);
      if (outdated) refresh(guild);
      return row;
    });
    if (found !== undefined) found.loading = loading;
    return loading;
  }

  function refresh(guild: GuildId): void {
    fetch(guild).catch((error: unknown) => {
      const found = held.get(guild);
      if (found !== undefined) Object.assign(found, { loading: null, atMs: clock.now() });
      logger.warn({ guild, error }, "settings-unread");
    });
  }

  return {
    peek(guild) {
      const found = held.get(guild);
      if (found === undefined) return undefined;
      if (found.loading === null && clock.now() - found.atMs > FRESH_MS) refresh(guild);
      return found.row;
    },
    async load(guild) {
      const found = held.get(guild);
      if (found !== undefined && !found.stale && found.loading === null && clock.now() - found.atMs <= FRESH_MS)
        return found.row;
      try {
        return await fetch(guild);
      } catch (error) {
        const known = held.get(guild);
        if (known === undefined) throw error;
        known.loading = null;
        logger.warn({ guild, error }, "settings-unread");
        return known.row;
      }
    },
    put: (row) => put(row.guild, row),
    drop: (guild) => void held.delete(guild),
    close: unsubscribe,
  };
}
