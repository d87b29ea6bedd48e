/**
 * The meanings that one worker holds, guild by guild: read from the store, completed by the endpoint, searched in memory.
 *
 * Built lazily: a guild's passages are embedded when it first asks, in small batches beside the answers, by one process at a time (a
 * claim), each batch kept as soon as it came. A batch whose save fails stays in memory until it is saved, and nothing else is asked for
 * that guild meanwhile: no text is paid for twice. Until nearly all are there words rank alone. A passage whose text did not change keeps its
 * vector over versions of the knowledge base. What is refused or fails is not asked again at once: the whole endpoint rests, or the
 * guild does where its own texts were the reason. A guild has a budget of characters a day, and a bound on passages.
 */
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type Hot, hotKey } from "../hot.ts";
import type { GuildId } from "../ids.ts";
import type { PassageRow } from "../knowledge.ts";
import type { Logger } from "../logger.ts";
import type { Embedder, Meanings } from "../meanings.ts";
import { draw, fill, NO_POOLS, type Pools } from "../pools.ts";
import { createRecent, guildShare } from "../recent.ts";
import type { MeaningsStore } from "../store/ports/meanings.ts";
import { TEXTS_MAX } from "./endpoint.ts";
import { at, createTable, type Packed, packVector, searchVectors, setVector, type Table } from "./vectors.ts";

/** One guild's: 30 MB at 1,536 dimensions, and as many milliseconds a question. Larger ones are ranked by words alone. */
export const MEANT_PASSAGES_MAX = 20_000;
/** Some eight million tokens: each guild may embed the largest base once a day, and ask beside it. */
const GUILD_CHARS_A_DAY = 30_000_000;
/** What passages leave of it to questions. */
const QUESTIONS_SHARE = 0.1;
const DAY_MS = 86_400_000;
const TEXT_CHARS_MAX = 2_000;
const BATCH_CHARS_MAX = 30_000;
/** Kept at once: as many as one statement writes well within its deadline. */
const ROWS_AT_ONCE = 200;
/** With fewer the ranking would be by who is embedded. */
const SHARE_MIN = 0.9;
export const NEAREST_MAX = 60;

/** A member waits for the answer: a slow endpoint is not waited for. */
const QUESTION_MS_MAX = 1_500;
const BATCH_MS_MAX = 30_000;
const CLAIM_MS = 60_000;
const FILLS_AT_ONCE = 2;
/** Guilds with a batch that is not saved yet, some 100 kB each: with so many nothing more is asked for. */
const UNSAVED_MAX = 50;
const REST_MS = 2_000;
const REST_MS_MAX = 5 * 60_000;
/** A key stays refused and a model unknown until somebody changes it. */
const REFUSED_MS = 60_000;
/** Vectors of another length are made anew at most so often. */
const ANEW_MS = 3_600_000;

const GUILDS_MAX = 5_000;
const QUESTIONS_MAX = 512;

type Base = {
  readonly version: number;
  readonly passages: readonly PassageRow[];
  /** Null until the first vector says how long one is. */
  table: Table | null;
};

export type MeaningsOptions = {
  readonly embedder: Embedder;
  readonly store: Pick<MeaningsStore, "load" | "save" | "clear">;
  readonly hot: Pick<Hot, "claim">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For all guilds of this worker together. */
  readonly bytesMax: number;
};

export function createMeanings(options: MeaningsOptions): Meanings {
  const { embedder, store, hot, clock, logger, bytesMax } = options;
  const { model } = embedder;
  const owner = clock.id();
  /** In order of use, the least recent first. */
  const held = new Map<GuildId, Base>();
  const filling = new Set<GuildId>();
  /** Received and paid for, and not in the store yet. */
  const unsaved = new Map<GuildId, Parameters<MeaningsStore["save"]>[2]>();
  const questions = createRecent<string, Packed>(QUESTIONS_MAX, guildShare(QUESTIONS_MAX));
  const budgets = createRecent<GuildId, Pools>(GUILDS_MAX);
  const restingGuilds = createRecent<GuildId, { readonly waitMs: number; readonly untilMs: number }>(GUILDS_MAX);
  const madeAnew = createRecent<GuildId, number>(GUILDS_MAX);
  const positions = new WeakMap<readonly PassageRow[], ReadonlyMap<string, number>>();
  let failures = 0;
  let restUntilMs = 0;

  function mayEmbed(guild: GuildId, chars: number, floor: number): boolean {
    const full = { pool: "chars", limit: GUILD_CHARS_A_DAY, left: GUILD_CHARS_A_DAY, back: 0 };
    const known = budgets.get(guild) ?? fill(NO_POOLS, [{ ...full, perMs: full.limit / DAY_MS }], 0, clock.now());
    const { wait, state } = draw(known, [{ pool: "chars", amount: chars, floor }], clock.now());
    budgets.set(guild, state);
    return wait === 0;
  }

  async function embed(texts: readonly string[], deadlineMs: number): Promise<readonly Packed[]> {
    const vectors = await embedder.embed(texts, deadlineMs);
    failures = 0;
    return vectors.map(packVector);
  }

  /** The endpoint's failure, for all: each in a row doubles how long it is left alone. */
  function rest(error: AppError): void {
    failures++;
    const refused = error.kind === "unauthorized" || error.kind === "not-found" ? REFUSED_MS : 0;
    const waitMs = Math.min(REST_MS_MAX, Math.max(refused, error.retryAfterMs ?? 0, REST_MS * 2 ** (failures - 1)));
    restUntilMs = clock.now() + waitMs;
    logger.warn({ model, reason: error.kind, problem: error.message, waitMs }, "meanings-resting");
  }

  function restGuild(guild: GuildId, reason: string): void {
    const waitMs = Math.min(REST_MS_MAX, 2 * (restingGuilds.get(guild)?.waitMs ?? CLAIM_MS / 2));
    restingGuilds.set(guild, { waitMs, untilMs: clock.now() + waitMs });
    logger.warn({ guild, model, reason, waitMs }, "meanings-guild-resting");
  }

  async function meaningOf(guild: GuildId, question: string, deadlineMs: number): Promise<Packed | null> {
    const text = question.slice(0, TEXT_CHARS_MAX);
    const known = questions.get(`${guild}:${text}`);
    if (known !== undefined) return known;
    if (text.trim() === "" || clock.now() < restUntilMs || !mayEmbed(guild, text.length, 0)) return null;
    try {
      const [vector] = await embed([text], deadlineMs);
      if (vector !== undefined) questions.set(`${guild}:${text}`, vector);
      return vector ?? null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      rest(error);
      return null;
    }
  }

  /** In the background; whoever asks meanwhile is answered by words. */
  function complete(guild: GuildId, passages: readonly PassageRow[], version: number): void {
    const now = clock.now();
    if (filling.has(guild) || filling.size >= FILLS_AT_ONCE || now < restUntilMs) return;
    if (now < (restingGuilds.get(guild)?.untilMs ?? 0)) return;
    if (unsaved.size >= UNSAVED_MAX && !unsaved.has(guild)) return;
    filling.add(guild);
    build(guild, passages, version)
      .catch((error: unknown) => {
        if (!(error instanceof AppError)) logger.error({ guild, error }, "meanings-failed");
        else restGuild(guild, error.message);
      })
      .finally(() => filling.delete(guild));
  }

  async function build(guild: GuildId, passages: readonly PassageRow[], version: number): Promise<void> {
    await saveReceived(guild);
    const base: Base = { version, passages, table: null };
    const before = held.get(guild);
    const fit = takeOver(before, base) && (await read(guild, base));
    keep(guild, base);
    if (!fit) return await makeAnew(guild);
    const left = missing(base);
    logger.debug({ guild, model, passages: passages.length, left: left.length }, "meanings-read");
    if (left.length === 0) {
      restingGuilds.delete(guild);
      return;
    }
    for (const batch of batchesOf(left, passages)) {
      if (!(await hot.claim(hotKey(guild, "meanings"), owner, CLAIM_MS)))
        return restGuild(guild, "another process does it");
      const texts = batch.map(({ row }) => meantText(row));
      const chars = texts.reduce((sum, text) => sum + text.length, 0);
      if (!mayEmbed(guild, chars, QUESTIONS_SHARE)) return restGuild(guild, "the day's budget is spent");
      let vectors: readonly Packed[];
      try {
        vectors = await embed(texts, BATCH_MS_MAX);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.kind === "invalid") return restGuild(guild, error.message);
        return rest(error);
      }
      const rows = batch.flatMap(({ position, row }, i) => {
        const vector = vectors[i];
        return vector === undefined ? [] : [{ passage: row.id, text: row.text, vector, position }];
      });
      if (!rows.every(({ position, vector }) => set(base, position, vector))) return await makeAnew(guild);
      unsaved.set(guild, rows);
      await saveReceived(guild);
    }
    restingGuilds.delete(guild);
    keep(guild, base);
    await hot.claim(hotKey(guild, "meanings"), owner, 0);
    logger.info({ guild, model, passages: left.length }, "meanings-made");
  }

  /** Throws what the store throws; then they are saved first the next time. */
  async function saveReceived(guild: GuildId): Promise<void> {
    const rows = unsaved.get(guild);
    if (rows === undefined) return;
    await store.save(guild, model, rows);
    unsaved.delete(guild);
  }

  /** What the last version's passages had, where the text is the same. */
  function takeOver(before: Base | undefined, base: Base): boolean {
    const table = before?.table;
    if (before === undefined || table === null || table === undefined) return true;
    const old = positionsOf(before.passages);
    return base.passages.every((row, position) => {
      const was = old.get(row.id);
      if (was === undefined || before.passages[was]?.text !== row.text || table.lengths[was] === 0) return true;
      return set(base, position, at(table, was));
    });
  }

  /** A document that is written anew loses its vectors in the store, also those of passages that stayed the same. */
  async function keepTakenOver(guild: GuildId, base: Base): Promise<void> {
    const { table, passages } = base;
    if (table === null) return;
    const changed = new Set(missing(base).map((position) => passages[position]?.document));
    const rows = [...passages.entries()].flatMap(([position, { id, text, document }]) => {
      const taken = changed.has(document) && table.lengths[position] !== 0;
      return taken ? [{ passage: id, text, vector: at(table, position) }] : [];
    });
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      await store.save(guild, model, rows.slice(from, from + ROWS_AT_ONCE));
    }
  }

  async function read(guild: GuildId, base: Base): Promise<boolean> {
    await keepTakenOver(guild, base);
    const documents = new Set(missing(base).map((position) => base.passages[position]?.document ?? ""));
    if (documents.size === 0) return true;
    const places = positionsOf(base.passages);
    for await (const rows of store.load(guild, model, [...documents])) {
      for (const { passage, vector } of rows) {
        const position = places.get(passage);
        if (position !== undefined && !set(base, position, vector)) return false;
      }
    }
    return true;
  }

  /** Its vectors are of different lengths: the model answers otherwise than it did, so all are forgotten. */
  async function makeAnew(guild: GuildId): Promise<void> {
    if (clock.now() - (madeAnew.get(guild) ?? Number.NEGATIVE_INFINITY) < ANEW_MS) {
      return restGuild(guild, "vectors change their length");
    }
    madeAnew.set(guild, clock.now());
    held.delete(guild);
    unsaved.delete(guild);
    await store.clear(guild);
    logger.warn({ guild, model }, "meanings-forgotten");
  }

  function keep(guild: GuildId, base: Base): void {
    held.delete(guild);
    held.set(guild, base);
    let bytes = 0;
    for (const { table } of held.values()) bytes += table?.vectors.byteLength ?? 0;
    for (const [other, { table }] of held) {
      if (bytes <= bytesMax || other === guild) break;
      bytes -= table?.vectors.byteLength ?? 0;
      held.delete(other);
    }
  }

  function positionsOf(passages: readonly PassageRow[]): ReadonlyMap<string, number> {
    const known = positions.get(passages) ?? new Map(passages.map(({ id }, position) => [id, position]));
    positions.set(passages, known);
    return known;
  }

  return {
    async nearest(guild, { passages, version, question, deadlineAtMs }) {
      if (passages.length === 0 || passages.length > MEANT_PASSAGES_MAX) return null;
      const base = held.get(guild);
      if (base === undefined || base.version !== version || missing(base).length > 0 || unsaved.has(guild))
        complete(guild, passages, version);
      if (base === undefined || base.table === null) return null;
      if (missing(base).length > (1 - SHARE_MIN) * base.passages.length) return null;
      held.delete(guild);
      held.set(guild, base);
      const leftMs = Math.max(0, deadlineAtMs - clock.now()) / 4;
      const asked = await meaningOf(guild, question, Math.min(QUESTION_MS_MAX, leftMs));
      if (asked === null) return null;
      if (asked.length !== base.table.dimensions) {
        if (!filling.has(guild)) await makeAnew(guild);
        return null;
      }
      const found = await searchVectors(base.table, asked, NEAREST_MAX, () => clock.sleep(0));
      const places = positionsOf(passages);
      return found.flatMap((position) => places.get(base.passages[position]?.id ?? "") ?? []);
    },
  };
}

function missing({ passages, table }: Base): readonly number[] {
  return [...passages.keys()].filter((position) => (table?.lengths[position] ?? 0) === 0);
}

/** False where it is of another length than those before it. */
function set(base: Base, position: number, vector: Packed): boolean {
  base.table ??= createTable(base.passages.length, vector.length);
  return setVector(base.table, position, vector);
}

/** What is embedded of a passage. */
export function meantText(row: PassageRow): string {
  return `${[row.title, ...row.headings].join(" › ")}\n${row.text}`.slice(0, TEXT_CHARS_MAX);
}

type Waiting = { readonly position: number; readonly row: PassageRow };

function batchesOf(left: readonly number[], passages: readonly PassageRow[]): readonly (readonly Waiting[])[] {
  const batches: Waiting[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const position of left) {
    const row = passages[position];
    if (row === undefined) continue;
    const { length } = meantText(row);
    if (chars + length > BATCH_CHARS_MAX || (batches.at(-1)?.length ?? 0) >= TEXTS_MAX) {
      batches.push([]);
      chars = 0;
    }
    batches.at(-1)?.push({ position, row });
    chars += length;
  }
  return batches;
}
