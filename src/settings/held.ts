/**
 * Guild settings as a worker holds them: read synchronously, loaded once, put out of date by the bus at once and by age after
 * 30 s; those in use are read again before. What is out of date is still better than nothing while the store is away. What else is held of a guild by age, its plan and the version
 * of its knowledge, is read with them, for those who hold it.
 */
import type { Bus } from "../bus.ts";
import type { Clock } from "../clock.ts";
import type { GuildId } from "../ids.ts";
import type { Knowledge } from "../knowledge.ts";
import type { Logger } from "../logger.ts";
import { createOutage } from "../outage.ts";
import type { Plans } from "../plans/plans.ts";
import { createRecent } from "../recent.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { GuildState } from "../store/ports/states.ts";
import type { Store } from "../store.ts";
import { defaultSettings } from "./form.ts";

export type Settings = {
  /** Undefined: not loaded yet. Null: the bot is not in this guild. May start a refresh in the background. */
  peek(guild: GuildId): GuildRow | null | undefined;
  /** As fresh as the bus says; throws what the store throws when there is nothing to go on with. */
  load(guild: GuildId): Promise<GuildRow | null>;
  /** When the guild's row is due to be read again; in the past for a row that is not held, or that news have overtaken. */
  freshUntilMs(guild: GuildId): number;
  put(row: GuildRow): void;
  drop(guild: GuildId): void;
  close(): void;
};

const FRESH_MS = 30_000;
/**
 * Asked for later than this, they are read again while they are still fresh: an answer comes to the plan and to the knowledge seconds after
 * them, and would find these just out of date, to be read each by itself.
 */
const AHEAD_MS = 20_000;
/** More than that are read in several statements. */
const READ_TOGETHER_MAX = 64;
/** After a failed read every caller gets the same answer for this long. */
const RETRY_MS = 1_000;
const GUILDS_MAX = 20_000;
const DEFAULTS = JSON.stringify(defaultSettings);

type Held = {
  row: GuildRow | null;
  atMs: number;
  stale: boolean;
};

/** Guilds that are read together. */
type Batch = { readonly guilds: GuildId[]; readonly found: Promise<ReadonlyMap<GuildId, GuildState>> };

/** `outdated`: news came meanwhile, so the row may be older than they are. */
type Reading = { readonly found: Promise<GuildState | null>; outdated: boolean };

export function createSettings(services: {
  readonly store: Pick<Store, "states">;
  readonly plans: Pick<Plans, "come">;
  readonly knowledge: Pick<Knowledge, "versionComes">;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The row that is held of a guild is another one now, or none. */
  readonly changed?: (guild: GuildId) => void;
}): Settings {
  const { store, plans, knowledge, bus, clock, logger, changed } = services;
  const held = new Map<GuildId, Held>();
  /** Reads under way, of guilds that are held and of those that are not: each guild is read once at a time. */
  const reading = new Map<GuildId, Reading>();
  /** Reads that failed: a guild is asked again after `RETRY_MS`, not at every frame. */
  const failures = createRecent<GuildId, { readonly atMs: number; readonly error: unknown }>(GUILDS_MAX);
  /** Begun in this turn. */
  let batch: Batch | null = null;
  const outage = createOutage({ began: "settings-unread", ended: "settings-read-again" }, { clock, logger });
  const unsubscribe = bus.subscribe((news) => {
    if (news.type !== "guild-changed") return;
    failures.delete(news.guild);
    const running = reading.get(news.guild);
    if (running !== undefined) running.outdated = true;
    const found = held.get(news.guild);
    if (found === undefined) return;
    found.stale = true;
    if (running === undefined) refresh(news.guild);
  });

  function put(guild: GuildId, row: GuildRow | null): void {
    // Most guilds never change a setting: they share one object.
    const shared =
      row !== null && JSON.stringify(row.settings) === DEFAULTS ? { ...row, settings: defaultSettings } : row;
    const before = held.get(guild);
    // What proofs of silence rest on stays the same object.
    const same = before !== undefined && Bun.deepEquals(before.row, shared);
    if (same) held.delete(guild);
    else drop(guild);
    held.set(guild, { row: same ? before.row : shared, atMs: clock.now(), stale: false });
    for (const oldest of held.keys()) {
      if (held.size <= GUILDS_MAX) break;
      drop(oldest);
    }
  }

  function drop(guild: GuildId): void {
    held.delete(guild);
    changed?.(guild);
  }

  function fetch(guild: GuildId): Promise<GuildRow | null> {
    const running = reading.get(guild);
    if (running !== undefined) return partOf(running, "row");
    const failure = failures.get(guild);
    if (failure !== undefined && clock.now() - failure.atMs < RETRY_MS) return Promise.reject(failure.error);
    const started: Reading = { found: read(guild), outdated: false };
    reading.set(guild, started);
    plans.come(guild, partOf(started, "subscription"));
    knowledge.versionComes(guild, partOf(started, "knowledge"));
    started.found.then(
      (found) => {
        reading.delete(guild);
        failures.delete(guild);
        outage.worked();
        put(guild, found?.row ?? null);
        if (started.outdated) refresh(guild);
      },
      (error: unknown) => {
        reading.delete(guild);
        failures.set(guild, { atMs: clock.now(), error });
        outage.failed(error);
      },
    );
    return partOf(started, "row");
  }

  async function partOf<Part extends keyof GuildState>(
    { found }: Reading,
    part: Part,
  ): Promise<GuildState[Part] | null> {
    return (await found)?.[part] ?? null;
  }

  /** With all that become due in this turn: a worker that comes back to a thousand guilds asks for them a few dozen at a time. */
  async function read(guild: GuildId): Promise<GuildState | null> {
    batch ??= beginBatch();
    const { guilds, found } = batch;
    guilds.push(guild);
    if (guilds.length === READ_TOGETHER_MAX) batch = null;
    return (await found).get(guild) ?? null;
  }

  function beginBatch(): Batch {
    const guilds: GuildId[] = [];
    const found = Promise.resolve().then(() => {
      if (batch?.guilds === guilds) batch = null;
      return store.states.of(guilds);
    });
    return { guilds, found };
  }

  /** The outage reports a failure; the held settings stay in force. */
  function refresh(guild: GuildId): void {
    fetch(guild).catch(() => {
      const found = held.get(guild);
      if (found !== undefined) found.atMs = clock.now();
    });
  }

  function readAhead(guild: GuildId, { atMs }: Held): void {
    if (clock.now() - atMs > AHEAD_MS && !reading.has(guild)) refresh(guild);
  }

  return {
    peek(guild) {
      const found = held.get(guild);
      if (found === undefined) return undefined;
      readAhead(guild, found);
      return found.row;
    },
    async load(guild) {
      const found = held.get(guild);
      const fresh = found !== undefined && !found.stale && clock.now() - found.atMs <= FRESH_MS;
      if (fresh && !reading.has(guild)) {
        readAhead(guild, found);
        return found.row;
      }
      try {
        return await fetch(guild);
      } catch (error) {
        const known = held.get(guild);
        if (known === undefined) throw error;
        return known.row;
      }
    },
    freshUntilMs(guild) {
      const found = held.get(guild);
      return found === undefined || found.stale ? Number.NEGATIVE_INFINITY : found.atMs + FRESH_MS;
    },
    put: (row) => put(row.guild, row),
    drop,
    close: unsubscribe,
  };
}
