/**
 * BM25F: one score a passage over its four fields, and one a document over the bodies of its passages. The forms a word has
 * (languages, near spellings) count as one word. Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009.
 */
import { FIELDS, type PassageIndex } from "./index.ts";
import type { QueryWord } from "./query.ts";

export type Weights = {
  /** How late a word's further occurrences stop counting, in passages and in documents. */
  readonly k1: number;
  readonly documentK1: number;
  /** One for each of FIELDS. */
  readonly fields: readonly [number, number, number, number];
  /** How much length counts against a field, 0…1. */
  readonly lengthPenalties: readonly [number, number, number, number];
  readonly documentLengthPenalty: number;
  /** The score of the whole page, beside the passage's. */
  readonly document: number;
  /** Words of the question that stand together in the passage as they do in the question. */
  readonly proximity: number;
  /** A title that the question has in full, over headings that hold much of the question. */
  readonly entitled: number;
};

export type PassageScores = {
  readonly passages: Float32Array;
  /** Passages that hold any word of the question, in no order. */
  readonly touched: readonly number[];
};

export function scorePassages(index: PassageIndex, words: readonly QueryWord[], weights: Weights): PassageScores {
  const n = index.passages;
  const scores = new Float32Array(n);
  const documentScores = new Float32Array(index.documents.length);
  const frequencies = new Float32Array(n);
  const documentCounts = new Float32Array(index.documents.length);
  const seen = new Uint8Array(n);
  const touched: number[] = [];
  const frequency = createFrequency(index, weights);
  const { postingPassages, postingCounts, documentOf } = index;

  for (const word of words) {
    const having: number[] = [];
    for (const { term, weight } of word.terms) {
      const end = index.postingStarts[term + 1] ?? 0;
      for (let at = index.postingStarts[term] ?? 0; at < end; at++) {
        const passage = postingPassages[at] ?? 0;
        if (frequencies[passage] === 0) having.push(passage);
        frequencies[passage] = (frequencies[passage] ?? 0) + weight * frequency(passage, at);
        const document = documentOf[passage] ?? 0;
        documentCounts[document] = (documentCounts[document] ?? 0) + weight * (postingCounts[at * FIELDS.length] ?? 0);
      }
    }
    for (const passage of having) {
      const tf = frequencies[passage] ?? 0;
      frequencies[passage] = 0;
      scores[passage] =
        (scores[passage] ?? 0) + (word.weight * word.rarity * tf * (weights.k1 + 1)) / (tf + weights.k1);
      if (seen[passage] === 0) {
        seen[passage] = 1;
        touched.push(passage);
      }
      const document = documentOf[passage] ?? 0;
      const count = documentCounts[document] ?? 0;
      if (count === 0) continue;
      documentCounts[document] = 0;
      const length = (index.documentLengths[document] ?? 0) / index.documentLengthMean;
      const dtf = count / (1 - weights.documentLengthPenalty + weights.documentLengthPenalty * length);
      const gain = (word.weight * word.rarity * dtf * (weights.documentK1 + 1)) / (dtf + weights.documentK1);
      documentScores[document] = (documentScores[document] ?? 0) + gain;
    }
  }
  for (const passage of touched) {
    const document = documentScores[documentOf[passage] ?? 0] ?? 0;
    scores[passage] = (scores[passage] ?? 0) + weights.document * document;
  }
  return { passages: scores, touched };
}

/** ln(1 + (N − n + ½) / (n + ½)): never below 0, and largest for a word nobody wrote. */
export function rarity(passages: number, having: number): number {
  return Math.log(1 + (passages - having + 0.5) / (having + 0.5));
}

/** How often a word stands in a passage, by field and the field's length; made once for a query, since it is asked for every posting. */
function createFrequency(index: PassageIndex, weights: Weights): (passage: number, at: number) => number {
  const { postingCounts, lengths, lengthMeans } = index;
  const [w0, w1, w2, w3] = weights.fields;
  const [b0, b1, b2, b3] = weights.lengthPenalties;
  const [m0 = 1, m1 = 1, m2 = 1, m3 = 1] = lengthMeans;
  const of = (times: number, length: number, mean: number, weight: number, b: number): number =>
    times === 0 ? 0 : (weight * times) / (1 - b + b * (length / mean));
  return (passage, at) => {
    const count = at * FIELDS.length;
    const field = passage * FIELDS.length;
    return (
      of(postingCounts[count] ?? 0, lengths[field] ?? 0, m0, w0, b0) +
      of(postingCounts[count + 1] ?? 0, lengths[field + 1] ?? 0, m1, w1, b1) +
      of(postingCounts[count + 2] ?? 0, lengths[field + 2] ?? 0, m2, w2, b2) +
      of(postingCounts[count + 3] ?? 0, lengths[field + 3] ?? 0, m3, w3, b3)
    );
  };
}
