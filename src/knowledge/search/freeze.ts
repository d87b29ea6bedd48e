/** Documents in their segments → an index: the numbers of passages, the terms in order, and what is known of all passages together. */
import { GONE, type IndexedDocument, type IndexedSegment, type PassageIndex } from "./index.ts";
import { type FreshTerms, orderTerms } from "./order-terms.ts";
import { FIELDS, type Segment } from "./segment.ts";
import { NUMBERS_A_WORD, type Slices, WORDS_A_DOCUMENT } from "./slices.ts";

/** `documents` in the order of their ids; `languages` are those the passages are written in, most frequent first. */
export async function freeze(
  before: PassageIndex,
  documents: readonly IndexedDocument[],
  languages: readonly string[],
  fresh: FreshTerms,
  slices: Slices,
): Promise<PassageIndex> {
  const passages = documents.reduce((sum, document) => sum + document.passages, 0);
  const documentStarts = new Uint32Array(documents.length + 1);
  const documentOf = new Uint32Array(passages);
  const documentLengths = new Uint32Array(documents.length);
  const lengthsOf = createLengths();
  const numbers = new Map<Segment, Uint32Array>();
  let passage = 0;
  for (const [i, document] of documents.entries()) {
    const { segment, first } = document;
    const passageOf = numbers.get(segment) ?? new Uint32Array(segment.passages).fill(GONE);
    numbers.set(segment, passageOf);
    documentOf.fill(i, passage, passage + document.passages);
    documentLengths[i] = lengthsOf.add(segment, first, document.passages);
    for (let place = first; place < first + document.passages; place++) passageOf[place] = passage++;
    documentStarts[i + 1] = passage;
    if (slices.spend(WORDS_A_DOCUMENT + (4 * document.passages) / NUMBERS_A_WORD)) await slices.rest();
  }
  const segments = [...numbers].map(([segment, passageOf]): IndexedSegment => ({ segment, passageOf }));

  const idsUsed = before.idsUsed + fresh.fresh.length;
  const havingOf = new Uint32Array(idsUsed);
  for (const segment of segments) {
    const read = addHaving(segment, havingOf);
    if (slices.spend(read / NUMBERS_A_WORD)) await slices.rest();
  }
  const terms = await orderTerms(before, fresh, havingOf, slices);
  await slices.rest();
  const arrays = [
    documentStarts,
    documentOf,
    documentLengths,
    terms.termStarts,
    terms.termIds,
    terms.termOf,
    terms.having,
  ];
  const own = arrays.reduce((sum, { byteLength }) => sum + byteLength, terms.terms.length * 2);
  const shared = segments.reduce((sum, { segment, passageOf }) => sum + segment.bytes + passageOf.byteLength, own);
  return {
    ...{ passages, segments, documents, documentStarts, documentOf, documentLengths, languages },
    ...{ ...terms, idsUsed },
    lengthMeans: lengthsOf.means(),
    documentLengthMean: Math.max(1, documentLengths.reduce((a, b) => a + b, 0) / Math.max(1, documents.length)),
    bytes: documents.reduce((sum, document) => sum + document.bytes, shared),
  };
}

/** Adds up how long passages are in each field. */
function createLengths() {
  const sums = FIELDS.map(() => 0);
  const counts = FIELDS.map(() => 0);
  return {
    /** How many body words these passages have. */
    add({ lengths }: Segment, first: number, passages: number): number {
      const bodyBefore = sums[0] ?? 0;
      for (let at = first * FIELDS.length; at < (first + passages) * FIELDS.length; at++) {
        const length = lengths[at] ?? 0;
        if (length === 0) continue;
        const field = at % FIELDS.length;
        sums[field] = (sums[field] ?? 0) + length;
        counts[field] = (counts[field] ?? 0) + 1;
      }
      return (sums[0] ?? 0) - bodyBefore;
    },
    means: () => FIELDS.map((_, field) => ((counts[field] ?? 0) === 0 ? 1 : (sums[field] ?? 0) / (counts[field] ?? 1))),
  };
}

/** Adds to each id in how many passages of the segment its term is; how many numbers that took. */
function addHaving({ segment, passageOf }: IndexedSegment, havingOf: Uint32Array): number {
  const { termIds, postingStarts, postingPassages } = segment;
  const isWhole = !passageOf.includes(GONE);
  for (let term = 0; term < termIds.length; term++) {
    const from = postingStarts[term] ?? 0;
    const end = postingStarts[term + 1] ?? 0;
    let having = end - from;
    if (!isWhole) for (let at = from; at < end; at++) if (passageOf[postingPassages[at] ?? 0] === GONE) having--;
    const id = termIds[term] ?? 0;
    havingOf[id] = (havingOf[id] ?? 0) + having;
  }
  return isWhole ? termIds.length : postingPassages.length;
}
