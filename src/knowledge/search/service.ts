/**
 * The search indexes that one worker holds. An index is loaded when its guild first asks; large ones one after the other. The total is
 * bounded in bytes; the least recently used index is dropped first. When `knowledge-changed` arrives, or the store's version changed, the
 * documents that changed are read and the next index is made from the one before; until then, the one before answers.
 */
import type { Bus } from "../../bus.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { Knowledge, PassageRow } from "../../knowledge.ts";
import type { Logger } from "../../logger.ts";
import { MEANT_PASSAGES_MAX, type Meanings } from "../../meanings.ts";
import { bounds } from "../../policy.ts";
import { createReads } from "../../reads.ts";
import { createRecent } from "../../recent.ts";
import { settled } from "../../settled.ts";
import type { KnowledgeStore } from "../../store/ports/knowledge.ts";
import { ahead } from "./ahead.ts";
import { type Cuts, UNCALIBRATED } from "./answerable.ts";
import { createDraft } from "./build.ts";
import { calibrate } from "./calibrate.ts";
import { type PassageIndex, packedPassages } from "./index.ts";
import { retrieveFrom } from "./rank.ts";
import { createSlices } from "./slices.ts";

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

/** An index of more documents is large: it is read after others that are, and answers before its own cuts are known. */
const DOCUMENTS_LARGE = 1_000;
const PASSAGES_LARGE = 5_000;

/** A large one's cuts are found anew once its size is another by this share. */
const OUTGROWN_SHARE = 0.1;

/** While an import changes a large one's pages all the time, the next index is made after so many times what the last one took. */
const REFRESH_WAIT = 3;
const REFRESH_WAIT_MS_MAX = 5_000;

/** Unpacking a row costs as much as reading so many words. */
const WORDS_A_ROW = 30;

/** What the cache keeps for a guild without any passage. */
const ENTRY_BYTES = 512;

type Held = {
  readonly index: PassageIndex;
  /** Document → the mark that its passages were read under. */
  readonly marks: ReadonlyMap<string, string>;
  readonly version: number;
  readonly bytes: number;
  cuts: Cuts;
  /** How many passages there were when the cuts were found; 0 while they are the usual ones. */
  cutsFor: number;
  /** Asks the store whether it is still the newest from then on. */
  checkAtMs: number;
  /** Made anew not before then. */
  readonly nextAtMs: number;
};

type Loading = { readonly done: Promise<Held>; again: boolean };

export type KnowledgeOptions = {
  readonly store: Pick<KnowledgeStore, "marks" | "read" | "version" | "sources">;
  readonly bus: Pick<Bus, "subscribe">;
  readonly logger: Logger;
  readonly clock: Clock;
  /** For all indexes of this worker together; a single index above it is held alone. */
  readonly bytesMax: number;
  /** Collects garbage, beside the thread's work: at once would hold the thread for tens of milliseconds. */
  readonly collect?: () => void;
  /** A second ranking beside the words', where an embedding endpoint is configured. */
  readonly meanings?: Meanings | null;
};

/** `close` forgets all indexes and stops listening. */
export function createKnowledge(options: KnowledgeOptions): Knowledge & { close(): void } {
  const { store, bus, logger, clock, bytesMax, meanings = null, collect = () => Bun.gc(false) } = options;
  /** In order of use, the least recent first. */
  const held = new Map<GuildId, Held>();
  const loading = new Map<GuildId, Loading>();
  /** Guilds whose last load was too slow, and when it may be tried again. */
  const slow = createRecent<GuildId, { readonly waitMs: number; readonly againAtMs: number }>(SLOW_GUILDS_MAX);
  const emptyReads = createReads<GuildId, boolean>();
  const rows = new WeakMap<PassageIndex, Promise<readonly PassageRow[]>>();
  /** What is read of large ones ends when this does. */
  let largeOnes: Promise<unknown> = Promise.resolve();
  let bytes = 0;
  let hits = 0;
  let misses = 0;
  let closed = false;

  const pause = async () => {
    await clock.sleep(0);
    if (closed) throw new AppError("unavailable", "the knowledge base is closed", { retryable: false });
  };

  const unsubscribe = bus.subscribe((news) => {
    if (news.type !== "knowledge-changed") return;
    if (held.has(news.guild) || loading.has(news.guild)) refresh(news.guild);
  });

  /** The guild's index as of some moment not long ago; null while it may not be loaded again. Rejects with what the store throws when there is none. */
  function indexOf(guild: GuildId): Held | Promise<Held> | null {
    const found = held.get(guild);
    if (found === undefined) {
      misses++;
      return !loading.has(guild) && clock.now() < (slow.get(guild)?.againAtMs ?? 0) ? null : load(guild);
    }
    hits++;
    held.delete(guild);
    held.set(guild, found);
    if (clock.now() >= found.checkAtMs) void check(guild, store.version(guild));
    return found;
  }

  function load(guild: GuildId): Promise<Held> {
    const running = loading.get(guild);
    if (running !== undefined) return running.done;
    const started: Loading = { again: false, done: read(guild).finally(() => loading.delete(guild)) };
    loading.set(guild, started);
    started.done.then(
      (entry) => {
        slow.delete(guild);
        if (started.again) refresh(guild);
        else if (haveOutgrown(entry)) void calibrateLater(guild, entry);
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

  /** Reads what changed since the index that is held; the thread's other work goes on between slices. */
  async function read(guild: GuildId): Promise<Held> {
    const { version, marks } = await store.marks(guild);
    const before = held.get(guild);
    const changed = [...marks].filter(([id, mark]) => before?.marks.get(id) !== mark).map(([id]) => id);
    return changed.length > DOCUMENTS_LARGE
      ? await afterOthers(() => make(guild, { version, marks }, changed))
      : await make(guild, { version, marks }, changed);
  }

  /** A large one takes much memory while it is made: two at a time would take twice as much. */
  function afterOthers(work: () => Promise<Held>): Promise<Held> {
    const done = largeOnes.then(work, work);
    largeOnes = settled(done);
    return done;
  }

  async function make(
    guild: GuildId,
    { version, marks }: Pick<Held, "version" | "marks">,
    changed: readonly string[],
  ): Promise<Held> {
    const startedMs = clock.now();
    const before = held.get(guild);
    const draft = createDraft(before?.index ?? null);
    for await (const page of ahead(store.read(guild, changed))) {
      await draft.add(page, pause);
      if (clock.now() - startedMs > bounds.postgresLong.deadlineMs)
        throw new AppError("timeout", "a knowledge base was not read in time", { retryable: false });
    }
    const isNews = new Set(changed);
    const same = changed.length === 0 && marks.size === before?.marks.size;
    // What reading leaves, or the index before the one before, would stand beside the two that there are now.
    if (!same && (changed.length > DOCUMENTS_LARGE || (before?.index.passages ?? 0) > PASSAGES_LARGE)) collect();
    const index = same ? before.index : await draft.finish((id) => marks.has(id) && !isNews.has(id), pause);
    const isLarge = index.passages > PASSAGES_LARGE;
    const cuts = isLarge ? (before?.cuts ?? UNCALIBRATED) : await calibrate(index, pause);
    const tookMs = clock.now() - startedMs;
    const entry: Held = {
      ...{ index, marks, cuts, version },
      cutsFor: isLarge ? (before?.cutsFor ?? 0) : index.passages,
      bytes: index.bytes + ENTRY_BYTES,
      checkAtMs: clock.now() + BELIEVED_MS_MAX,
      nextAtMs:
        isLarge && before !== undefined ? clock.now() + Math.min(REFRESH_WAIT_MS_MAX, tookMs * REFRESH_WAIT) : 0,
    };
    keep(guild, entry);
    if (!same && isLarge) collect();
    logger.debug(
      { guild, passages: index.passages, changed: changed.length, bytes: index.bytes, ms: tookMs },
      "index-loaded",
    );
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

  /** Makes the next one in the background; news that comes while one is being made asks for another. */
  function refresh(guild: GuildId): void {
    const running = loading.get(guild);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const waitMs = (held.get(guild)?.nextAtMs ?? 0) - clock.now();
    if (waitMs > 0) {
      refreshLater(guild, waitMs);
      return;
    }
    load(guild).catch((error: unknown) => {
      const entry = held.get(guild);
      if (entry !== undefined) entry.checkAtMs = clock.now() + RETRY_MS_MIN;
      if (!closed) logger.warn({ guild, error }, "index-refresh-failed");
    });
  }

  const postponed = new Set<GuildId>();
  function refreshLater(guild: GuildId, waitMs: number): void {
    if (postponed.has(guild)) return;
    postponed.add(guild);
    clock.after(waitMs, () => {
      postponed.delete(guild);
      if (held.has(guild)) refresh(guild);
    });
  }

  /** A large one's own cuts take half a second of the thread: it answers by the usual ones meanwhile. */
  async function calibrateLater(guild: GuildId, entry: Held): Promise<void> {
    try {
      entry.cuts = await calibrate(entry.index, pause);
      entry.cutsFor = entry.index.passages;
    } catch (error) {
      if (!closed) logger.warn({ guild, error }, "index-uncalibrated");
    }
  }

  async function check(guild: GuildId, read: Promise<number | null>): Promise<void> {
    const asked = held.get(guild);
    if (asked !== undefined) asked.checkAtMs = clock.now() + BELIEVED_MS_MAX;
    try {
      const version = await read;
      const found = held.get(guild);
      if (version !== null && found !== undefined && found.version !== version) refresh(guild);
    } catch (error) {
      logger.warn({ guild, error }, "index-check-failed");
    }
  }

  /** All passages of an index, for the ranking by meaning; kept as long as the index is. */
  function rowsOf(index: PassageIndex): Promise<readonly PassageRow[]> {
    const known = rows.get(index) ?? unpackAll(index, pause);
    rows.set(index, known);
    return known;
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
    async retrieve(guild, question, limit, deadlineAtMs = Number.POSITIVE_INFINITY, answerableMin = 0) {
      const there = indexOf(guild);
      const leftMs = Math.max(0, deadlineAtMs - clock.now()) / 2;
      const found = there instanceof Promise ? await soon(there, Math.min(LOAD_WAIT_MS_MAX, leftMs)) : there;
      if (found === null) return { passages: [], answerable: 0, loading: true };
      const { index, cuts, version } = found;
      const isMeant = meanings !== null && index.passages <= MEANT_PASSAGES_MAX;
      const meant = isMeant
        ? await meanings.nearest(guild, { passages: await rowsOf(index), version, question, deadlineAtMs })
        : null;
      return { ...retrieveFrom(index, question, limit, cuts, meant, answerableMin), version };
    },
    async empty(guild) {
      const found = held.get(guild);
      if (found !== undefined) return found.index.passages === 0;
      return await emptyReads.once(guild, async () => {
        return (await store.sources(guild)).every((source) => source.passages === 0);
      });
    },
    // Whoever reads it says so where it fails.
    versionComes: (guild, read) =>
      void check(
        guild,
        read.catch(() => null),
      ),
    stats: () => ({ bytes, guilds: held.size, hits, misses }),
    close() {
      closed = true;
      unsubscribe();
      held.clear();
      bytes = 0;
    },
  };
}

function haveOutgrown({ index, cutsFor }: Held): boolean {
  return Math.abs(index.passages - cutsFor) > OUTGROWN_SHARE * index.passages;
}

async function unpackAll(index: PassageIndex, pause: () => Promise<void>): Promise<readonly PassageRow[]> {
  const slices = createSlices(pause);
  const rows: PassageRow[] = [];
  for (const some of packedPassages(index)) {
    rows.push(...some);
    if (slices.spend(some.length * WORDS_A_ROW)) await slices.rest();
  }
  return rows;
}
