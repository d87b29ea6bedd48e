/**
 * ⑤ Port: question → passages with sources, of one guild and never another's.
 *
 * Passages are kept by the store; ranking is a pure function over a per-guild index (knowledge/index), held by the
 * guild's worker, bounded in bytes, loaded on demand, dropped when `knowledge-changed` says so.
 */
import type { GuildId } from "./ids.ts";
import type { AskedWord } from "./knowledge/search/asked.ts";

export { createExtractor, FILE_BYTES_MAX } from "./knowledge/extract.ts";
export type { Cutter } from "./knowledge/import/cutter.ts";
export { importFiles } from "./knowledge/import/import-files.ts";
export { addPairs, type Pair, savePairs, saveText, versionOf } from "./knowledge/import/texts.ts";
export { ADDRESSED_ANSWERABLE_MIN, ANSWERABLE_MIN, NEAREST_ANSWERABLE_MIN } from "./knowledge/search/answerable.ts";
export { type AskedWord, createAskedReader, shareHeld } from "./knowledge/search/asked.ts";
export { type FixedDocument, fixedKnowledge } from "./knowledge/search/fixed.ts";
export { crawlWebsite } from "./knowledge/website/crawl.ts";
export { createGuardedFetch, type GuardedFetch, judgeUrl, judgeUrlAndName } from "./knowledge/website/fetch-guard.ts";
export { orderWebsite, saveWebsite, type WebsiteConfig } from "./knowledge/website/website.ts";

export type PassageRow = {
  readonly id: string;
  readonly document: string;
  readonly source: string;
  /** A question-and-answer pair is ranked first when it matches. */
  readonly kind: "text" | "pair";
  readonly title: string;
  /** Headings from the page's title down to where the passage stands. */
  readonly headings: readonly string[];
  readonly url: string | null;
  /** ISO 639-1, "und" where unknown. */
  readonly language: string;
  readonly text: string;
  /** Its place in the document, from 0. */
  readonly position: number;
};

export type RankedPassage = { readonly passage: PassageRow; readonly score: number };

export type Retrieval = {
  /** Best first. */
  readonly passages: readonly RankedPassage[];
  /** The question's words in their order; left out where nothing was looked at. */
  readonly asked?: readonly AskedWord[];
  /** 0…1: how likely the knowledge base holds the answer. */
  readonly answerable: number;
  /** Which of the store's versions was looked at; as `asked`. */
  readonly version?: number;
  /** A large knowledge base is still being read: nothing was looked at, and a little later there may be an answer. */
  readonly loading?: true;
};

export type Knowledge = {
  /**
   * At most `limit` (≤ 20) passages. An empty knowledge base gives none, and answerable 0. Waits for one that is being read a few
   * seconds at most, and no longer than half of what is left until `deadlineAtMs`. What is less answerable than `answerableMin` gives none either.
   */
  retrieve(
    guild: GuildId,
    question: string,
    limit: number,
    deadlineAtMs?: number,
    answerableMin?: number,
  ): Promise<Retrieval>;
  /** True when there is nothing to answer from. Loads nothing. */
  empty(guild: GuildId): Promise<boolean>;
  /** The store's version of it is being read with something else: an index that is held goes by it, and asks for none itself. May reject. */
  versionComes(guild: GuildId, read: Promise<number | null>): void;
  /** Bytes held, guilds held, hits and misses of the cache. */
  stats(): { readonly bytes: number; readonly guilds: number; readonly hits: number; readonly misses: number };
};
