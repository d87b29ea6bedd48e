/**
 * The search indexes that one worker holds. An index is loaded when its guild first asks, by one load at a time. The total is bounded in
 * bytes; the least recently used index is dropped first. An index is rebuilt when `knowledge-changed` arrives or the store's version
 * changed; until the new one is ready, the old one answers.
 */
import type { Bus } from "../../bus.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { Knowledge } from "../../knowledge.ts";
import type { Logger } from "../../logger.ts";
import type { Meanings } from "../../meanings.ts";
import { createReads } from "../../reads.ts";
import { createRecent } from "../../recent.ts";
import type { KnowledgeStore } from "../../store/ports/knowledge.ts";
import type { Cuts } from "./answerable.ts";
import { calibrate } from "./calibrate.ts";
import { buildIndex, INDEX_PASSAGES_MAX, type PassageIndex } from "./index.ts";
import { retrieveFrom } from "./rank.ts";

/** News may be lost: this long an index is believed without asking the store's version. */
const BELIEVED_MS_MAX = 30_000;

/** After a failed reload the old index serves at least this long before the next try. */
const RETRY_MS_MIN = 5_000;

/** How long a question waits for an index that is being built: the larger part of its deadline is the model's. */
const LOAD_WAIT_MS_MAX = 5_000;

/**
 * A load that was too slow is not tried again at once, or every question would wait, and press the database, for nothing: first
 * after so long, then twice as long each time.
 */
const SLOW_RETRY_MS = 5_000;
const SLOW_RETRY_MS_MAX = 300_000;
const SLOW_GUILDS_MAX = 5_000;

/** The cache's entry for a guild without passages. */
const ENTRY_BYTES = 512;

type Held = {
  readonly index: PassageIndex;
  readonly cuts: Cuts;
  readonly version: number;
  readonly bytes: number;
  /** Asks the store whether it is still the newest from then on. */
  checkAtMs: number;
};

type Loading = { readonly done: Promise<Held>; again: boolean };

export type KnowledgeOptions = {
  readonly store: Pick<KnowledgeStore, "load" | "version" | "sources">;
  readonly bus: Pick<Bus, "subscribe">;
  readonly logger: Logger;
  readonly clock: Clock;
  /** For all indexes of this worker together; a single index above it is held alone. */
  readonly bytesMax: number;
  /** A second ranking beside the words', where an embedding endpoint is configured. */
  readonly meanings?: Meanings | null;
};

/** `close` forgets all indexes and stops listening. */
export function createKnowledge(options: KnowledgeOptions): Knowledge & { close(): void } {
  const { store, bus, logger, clock, bytesMax, meanings = null } = options;
  /** In order of use, the least recent first. */
  const held = new Map<GuildId, Held>();
  const loading = new Map<GuildId, Loading>();
  /** Guilds whose last load was too slow, and when it may be tried again. */
  const slow = createRecent<GuildId, { readonly waitMs: number; readonly againAtMs: number }>(SLOW_GUILDS_MAX);
  const emptyReads = createReads<GuildId, boolean>();
  let bytes = 0;
  let hits = 0;
  let misses = 0;

  const unsubscribe = bus.subscribe((news) => {
    if (news.type !== "knowledge-changed") return;
    if (held.has(news.guild) || loading.has(news.guild)) refresh(news.guild);
  });

  /** The guild's index as of some moment not long ago; null while it may not be loaded again. Throws what the store throws when there is none. */
  async function indexOf(guild: GuildId): Promise<Pick<Held, "index" | "cuts" | "version"> | null> {
    const found = held.get(guild);
    if (found === undefined) {
      misses++;
      if (!loading.has(guild) && clock.now() < (slow.get(guild)?.againAtMs ?? 0)) return null;
      return await load(guild);
    }
    hits++;
    held.delete(guild);
    held.set(guild, found);
    if (clock.now() >= found.checkAtMs) {
      found.checkAtMs = clock.now() + BELIEVED_MS_MAX;
      void check(guild, found.version);
    }
    return found;
  }

  function load(guild: GuildId): Promise<Held> {
    const running = loading.get(guild);
    if (running !== undefined) return running.done;
    const started: Loading = { again: false, done: read(guild).finally(() => loading.delete(guild)) };
    loading.set(guild, started);
    started.done.then(
      () => {
        slow.delete(guild);
        if (started.again) refresh(guild);
      },
      (error: unknown) => {
        if (error instanceof AppError && error.kind === "timeout") backOff(guild);
      },
    );
    return started.done;
  }

  function backOff(guild: GuildId): void {
    const waitMs = Math.min(SLOW_RETRY_MS_MAX, 2 * (slow.get(guild)?.waitMs ?? SLOW_RETRY_MS / 2));
    slow.set(guild, { waitMs, againAtMs: clock.now() + waitMs });
    logger.warn({ guild, waitMs }, "index-too-slow");
  }

  /** Reads and builds; the thread's other work goes on between slices. */
  async function read(guild: GuildId): Promise<Held> {
    const startedMs = clock.now();
    const { version, passages } = await store.load(guild);
    const pause = () => clock.sleep(0);
    const index = await buildIndex(passages, pause);
    const cuts = await calibrate(index, pause);
    if (passages.length > INDEX_PASSAGES_MAX) {
      logger.warn({ guild, passages: passages.length, kept: INDEX_PASSAGES_MAX }, "index-cut");
    }
    const entry: Held = {
      index,
      cuts,
      version,
      bytes: index.bytes + ENTRY_BYTES,
      checkAtMs: clock.now() + BELIEVED_MS_MAX,
    };
    keep(guild, entry);
    logger.debug({ guild, passages: passages.length, bytes: index.bytes, ms: clock.now() - startedMs }, "index-loaded");
    return entry;
  }

  function keep(guild: GuildId, entry: Held): void {
    drop(guild);
    held.set(guild, entry);
    bytes += entry.bytes;
    for (const other of held.keys()) {
      if (bytes <= bytesMax || other === guild) break;
      drop(other);
    }
  }

  function drop(guild: GuildId): void {
    const entry = held.get(guild);
    if (entry === undefined) return;
    bytes -= entry.bytes;
    held.delete(guild);
  }

  /** Builds anew in the background; news that comes while one is being built asks for another. */
  function refresh(guild: GuildId): void {
    const running = loading.get(guild);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    load(guild).catch((error: unknown) => {
      const entry = held.get(guild);
      if (entry !== undefined) entry.checkAtMs = clock.now() + RETRY_MS_MIN;
      logger.warn({ guild, error }, "index-refresh-failed");
    });
  }

  async function check(guild: GuildId, version: number): Promise<void> {
    try {
      if ((await store.version(guild)) !== version) refresh(guild);
    } catch (error) {
      logger.warn({ guild, error }, "index-check-failed");
    }
  }

  /** Null where it takes longer than a question can wait; the loading goes on for the next one. */
  async function soon<T>(index: Promise<T>, waitMs: number): Promise<T | null> {
    const late = Promise.withResolvers<null>();
    const timer = clock.after(waitMs, () => late.resolve(null));
    try {
      return await Promise.race([index, late.promise]);
    } catch (error) {
      // It was too slow for the store: as for the member, it is still being read.
      if (error instanceof AppError && error.kind === "timeout") return null;
      throw error;
    } finally {
      timer.cancel();
    }
  }

  return {
    async retrieve(guild, question, limit, deadlineAtMs = Number.POSITIVE_INFINITY) {
      const leftMs = Math.max(0, deadlineAtMs - clock.now()) / 2;
      const found = await soon(indexOf(guild), Math.min(LOAD_WAIT_MS_MAX, leftMs));
      if (found === null) return { passages: [], answerable: 0, loading: true };
      const { index, cuts, version } = found;
      const { passages } = index;
      const meant = (await meanings?.nearest(guild, { passages, version, question, deadlineAtMs })) ?? null;
      return retrieveFrom(index, question, limit, cuts, meant);
    },
    async empty(guild) {
      const found = held.get(guild);
      if (found !== undefined) return found.index.passages.length === 0;
      return await emptyReads.once(guild, async () => {
        return (await store.sources(guild)).every((source) => source.passages === 0);
      });
    },
    stats: () => ({ bytes, guilds: held.size, hits, misses }),
    close() {
      unsubscribe();
      held.clear();
      bytes = 0;
    },
  };
}
