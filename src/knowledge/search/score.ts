/**
 * BM25F: one score a passage over its four fields, and one a document over the bodies of its passages. The forms a word has
 * (languages, near spellings) count as one word. Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009.
 */
import { GONE, type PassageIndex } from "./index.ts";
import type { QueryWord } from "./query.ts";
import { FIELDS, type Segment, termIn } from "./segment.ts";

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
  /** By passage; to be read before the next question is scored, which has the same memory. */
  readonly passages: Float32Array;
  /** Passages that hold any word of the question, in no order. */
  readonly touched: Uint32Array;
};

export function scorePassages(index: PassageIndex, words: readonly QueryWord[], weights: Weights): PassageScores {
  const { scores, frequencies, having, seen, touched, documentScores, documentCounts } = cleared(index);
  const { documentOf, documentLengths } = index;
  const counters = index.segments.map(({ segment, passageOf }) => ({
    ...{ segment, passageOf, frequency: createFrequency(segment, index.lengthMeans, weights) },
  }));
  let touchedCount = 0;

  for (const word of words) {
    let havingCount = 0;
    for (const { term, weight } of word.terms) {
      const id = index.termIds[term] ?? 0;
      for (const { segment, passageOf, frequency } of counters) {
        const { postingStarts, postingPassages, postingCounts } = segment;
        const number = termIn(segment, id);
        if (number < 0) continue;
        const end = postingStarts[number + 1] ?? 0;
        for (let at = postingStarts[number] ?? 0; at < end; at++) {
          const place = postingPassages[at] ?? 0;
          const passage = passageOf[place] ?? GONE;
          if (passage === GONE) continue;
          if (frequencies[passage] === 0) having[havingCount++] = passage;
          frequencies[passage] = (frequencies[passage] ?? 0) + weight * frequency(place, at);
          const document = documentOf[passage] ?? 0;
          documentCounts[document] =
            (documentCounts[document] ?? 0) + weight * (postingCounts[at * FIELDS.length] ?? 0);
        }
      }
    }
    for (const passage of having.subarray(0, havingCount)) {
      const tf = frequencies[passage] ?? 0;
      frequencies[passage] = 0;
      scores[passage] =
        (scores[passage] ?? 0) + (word.weight * word.rarity * tf * (weights.k1 + 1)) / (tf + weights.k1);
      if (seen[passage] === 0) {
        seen[passage] = 1;
        touched[touchedCount++] = passage;
      }
      const document = documentOf[passage] ?? 0;
      const count = documentCounts[document] ?? 0;
      if (count === 0) continue;
      documentCounts[document] = 0;
      const length = (documentLengths[document] ?? 0) / index.documentLengthMean;
      const dtf = count / (1 - weights.documentLengthPenalty + weights.documentLengthPenalty * length);
      const gain = (word.weight * word.rarity * dtf * (weights.documentK1 + 1)) / (dtf + weights.documentK1);
      documentScores[document] = (documentScores[document] ?? 0) + gain;
    }
  }
  const all = touched.subarray(0, touchedCount);
  for (const passage of all) {
    const document = documentScores[documentOf[passage] ?? 0] ?? 0;
    scores[passage] = (scores[passage] ?? 0) + weights.document * document;
  }
  return { passages: scores, touched: all };
}

type Scratch = {
  readonly scores: Float32Array;
  readonly frequencies: Float32Array;
  readonly having: Uint32Array;
  readonly seen: Uint8Array;
  readonly touched: Uint32Array;
  readonly documentScores: Float32Array;
  readonly documentCounts: Float32Array;
};

/** Reused: 18 bytes a passage of the largest index that the thread was asked in. A question's own would be garbage of a megabyte. */
let scratch = scratchFor(0, 0);

function scratchFor(passages: number, documents: number): Scratch {
  return {
    ...{ scores: new Float32Array(passages), frequencies: new Float32Array(passages) },
    ...{ having: new Uint32Array(passages), seen: new Uint8Array(passages), touched: new Uint32Array(passages) },
    ...{ documentScores: new Float32Array(documents), documentCounts: new Float32Array(documents) },
  };
}

/** Zeros for the passages and documents of the index. */
function cleared({ passages, documents }: PassageIndex): Scratch {
  if (scratch.scores.length < passages || scratch.documentScores.length < documents.length) {
    scratch = scratchFor(
      Math.max(passages, scratch.scores.length),
      Math.max(documents.length, scratch.documentScores.length),
    );
    return scratch;
  }
  const { scores, frequencies, seen, documentScores, documentCounts } = scratch;
  for (const one of [scores, frequencies, seen]) one.fill(0, 0, passages);
  for (const one of [documentScores, documentCounts]) one.fill(0, 0, documents.length);
  return scratch;
}

/** ln(1 + (N − n + ½) / (n + ½)): never below 0, and largest for a word nobody wrote. */
export function rarity(passages: number, having: number): number {
  return Math.log(1 + (passages - having + 0.5) / (having + 0.5));
}

/** How often a word stands in a passage, by field and the field's length; made once for a query, since it is asked for every posting. */
function createFrequency(
  { postingCounts, lengths }: Segment,
  lengthMeans: readonly number[],
  weights: Weights,
): (passage: number, at: number) => number {
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
