/**
 * ⑤ Port: a second ranking, by what passages mean and not by their words; only where an embedding endpoint is configured.
 *
 * It is asked beside the words' ranking (knowledge/search), never in place of it: whatever is wrong with the endpoint, words rank alone.
 * `Embedder` is one model behind one endpoint (meanings/endpoint), `Meanings` what a worker holds of its guilds (meanings/bases).
 */
import type { GuildId } from "./ids.ts";
import type { PassageRow } from "./knowledge.ts";

export { createMeanings, MEANT_PASSAGES_MAX } from "./meanings/bases.ts";
export { createEmbedder } from "./meanings/endpoint.ts";

export type Embedder = {
  /** Vectors of different models say nothing to each other. */
  readonly model: string;
  /** One vector a text, in their order, all of one length and finite; at most TEXTS_MAX texts. Throws AppError, never retries. */
  embed(texts: readonly string[], deadlineMs: number): Promise<readonly Float32Array[]>;
};

export type Sought = {
  /** Of the index that will be ranked: positions are its own. */
  readonly passages: readonly PassageRow[];
  readonly version: number;
  readonly question: string;
  readonly deadlineAtMs: number;
};

export type Meanings = {
  /** Positions of passages, nearest to the question first; null where words rank alone: not embedded yet, endpoint away, budget spent. */
  nearest(guild: GuildId, asked: Sought): Promise<readonly number[] | null>;
};
