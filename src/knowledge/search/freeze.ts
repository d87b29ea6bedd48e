/** Documents whose words were read → the flat arrays of an index. Terms that no document holds any more are left out. */
import { FIELDS, type IndexedDocument, type PassageIndex } from "./index.ts";
import { numberTerms } from "./number-terms.ts";
import { packedBytes } from "./packs.ts";
import { NUMBERS_A_WORD, type Slices } from "./slices.ts";

/** Words as numbers, from an index or from a draft: 0, or a term's number + 1; and for each passage where its own begin and end. */
export type NumberedWords = {
  readonly sequence: Uint16Array | Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly titleWords: Uint16Array | Uint32Array;
  readonly aboveWords: Uint16Array | Uint32Array;
  readonly addressWords: Uint16Array | Uint32Array;
  /** The language that a passage names, as a place in the list that is given to `freeze`. */
  readonly languageOf: Uint16Array | Uint32Array;
  readonly pairs: Uint8Array | Uint32Array;
  /** The term of a number; called for those that the passages hold. */
  termAt(term: number): string;
  readonly terms: number;
  /** The number of one of its terms; null where terms stand in order. */
  readonly numberOf: ((term: string) => number) | null;
};

/** A document and the first of its passages in `words`. */
export type IndexPart = { readonly document: IndexedDocument; readonly words: NumberedWords; readonly first: number };

/** `parts` in the order of their ids; `languages` are those the passages are written in, most frequent first. */
export async function freeze(
  parts: readonly IndexPart[],
  named: readonly string[],
  languages: readonly string[],
  slices: Slices,
): Promise<PassageIndex> {
  const documents = parts.map(({ document }) => document);
  const { terms, numbers } = await numberTerms(parts, slices);
  const passages = documents.reduce((sum, document) => sum + document.passages, 0);
  const layout = layOut(parts, passages);
  const { documentStarts, documentOf, titleWords, aboveWords, addressWords, pairs, sequenceStarts } = layout;
  const { languageOf, languagesNamed } = renamed(layout.languageOf, named);

  const Sequence = terms.length < 65_535 ? Uint16Array : Uint32Array;
  const sequence = new Sequence(sequenceStarts[passages] ?? 0);
  const postingStarts = new Uint32Array(terms.length + 1);
  /** Passage + 1 that a term was met in last. */
  const met = new Uint32Array(terms.length + 1);
  for (const [i, part] of parts.entries()) {
    const numbersOf = numbers.get(part.words) ?? new Uint32Array(0);
    const read = copyWords({ part, numbersOf, sequence, sequenceStarts, met, postingStarts }, documentStarts[i] ?? 0);
    if (slices.spend(read / NUMBERS_A_WORD)) await slices.rest();
  }
  for (let term = 0; term < terms.length; term++) {
    postingStarts[term + 1] = (postingStarts[term + 1] ?? 0) + (postingStarts[term] ?? 0);
  }

  met.fill(0);
  const postings = postingStarts[terms.length] ?? 0;
  const postingPassages = new Uint32Array(postings);
  const postingCounts = new Uint8Array(postings * FIELDS.length);
  const lengths = new Uint16Array(passages * FIELDS.length);
  const signatures = new Uint32Array(passages * 2).fill(0xffff_ffff);
  const counting: Counting = {
    ...{ sequence, sequenceStarts, titleWords, aboveWords, addressWords, met, next: postingStarts.slice() },
    ...{ postingPassages, postingCounts, lengths, signatures },
  };
  for (let passage = 0; passage < passages; passage++) {
    const read = countWords(counting, passage);
    if (slices.spend((2 * read) / NUMBERS_A_WORD)) await slices.rest();
  }

  const documentLengths = new Uint32Array(documents.length);
  for (const [passage, document] of documentOf.entries()) {
    documentLengths[document] = (documentLengths[document] ?? 0) + (lengths[passage * FIELDS.length] ?? 0);
  }
  const termStarts = new Uint32Array(terms.length + 1);
  for (const [term, { length }] of terms.entries()) termStarts[term + 1] = (termStarts[term] ?? 0) + length;
  const words = [termStarts, postingStarts, postingPassages, postingCounts, sequence, sequenceStarts];
  const perPassage = [documentOf, pairs, languageOf, lengths, titleWords, aboveWords, addressWords, signatures];
  const arrays = [...words, ...perPassage, documentLengths, documentStarts];
  const all = terms.join("");
  const held = arrays.reduce((sum, array) => sum + array.byteLength, all.length * 2);
  return {
    ...{ passages, documents, documentStarts, documentOf, pairs, languageOf, languagesNamed, languages },
    ...{ terms: all, termStarts, postingStarts, postingPassages, postingCounts, lengths },
    lengthMeans: FIELDS.map((_, field) => meanLength(lengths, field)),
    documentLengths,
    documentLengthMean: Math.max(1, documentLengths.reduce((a, b) => a + b, 0) / Math.max(1, documents.length)),
    ...{ sequence, sequenceStarts, titleWords, aboveWords, addressWords, signatures },
    bytes: documents.reduce((sum, { id, packs }) => sum + DOCUMENT_BYTES + id.length + packedBytes(packs), held),
  };
}

type Copying = {
  readonly part: IndexPart;
  /** Number of a term in the part's words → in the index. */
  readonly numbersOf: Uint32Array;
  readonly sequence: Uint16Array | Uint32Array;
  readonly sequenceStarts: Uint32Array;
  readonly met: Uint32Array;
  /** At a term's number + 1: in how many passages it is. */
  readonly postingStarts: Uint32Array;
};

/** A document's words into the sequence, by the index's numbers; how many. */
function copyWords(copying: Copying, firstPassage: number): number {
  const { part, numbersOf, sequence, sequenceStarts, met, postingStarts } = copying;
  const { starts, ends, sequence: words } = part.words;
  let read = 0;
  for (let place = 0; place < part.document.passages; place++) {
    const passage = firstPassage + place;
    const end = ends[part.first + place] ?? 0;
    let at = sequenceStarts[passage] ?? 0;
    for (let from = starts[part.first + place] ?? 0; from < end; from++, at++, read++) {
      const number = numbersOf[words[from] ?? 0] ?? 0;
      sequence[at] = number;
      if (number === 0 || met[number] === passage + 1) continue;
      met[number] = passage + 1;
      postingStarts[number] = (postingStarts[number] ?? 0) + 1;
    }
  }
  return read;
}

type Counting = {
  readonly met: Uint32Array;
  /** Where a term's next posting goes. */
  readonly next: Uint32Array;
} & Pick<PassageIndex, "sequence" | "sequenceStarts" | "titleWords" | "aboveWords" | "addressWords"> &
  Pick<PassageIndex, "postingPassages" | "postingCounts" | "lengths" | "signatures">;

/** A passage's words into postings, lengths and signatures; how many. */
function countWords(counting: Counting, passage: number): number {
  const { sequence, sequenceStarts, met, next, postingPassages, postingCounts, lengths, signatures } = counting;
  const start = sequenceStarts[passage] ?? 0;
  const titleEnd = start + (counting.titleWords[passage] ?? 0);
  const aboveEnd = start + (counting.aboveWords[passage] ?? 0);
  const end = sequenceStarts[passage + 1] ?? 0;
  const bodyEnd = end - (counting.addressWords[passage] ?? 0);
  for (let at = start; at < end; at++) {
    const number = sequence[at] ?? 0;
    if (number === 0) continue;
    const field = at < titleEnd ? 2 : at < aboveEnd ? 1 : at < bodyEnd ? 0 : 3;
    let posting = next[number - 1] ?? 0;
    if (met[number] === passage + 1) posting--;
    else {
      met[number] = passage + 1;
      postingPassages[posting] = passage;
      next[number - 1] = posting + 1;
    }
    const count = posting * FIELDS.length + field;
    const times = postingCounts[count] ?? 0;
    if (times < 255) postingCounts[count] = times + 1;
    const length = passage * FIELDS.length + field;
    lengths[length] = (lengths[length] ?? 0) + 1;
    if (field === 0) sign(signatures, passage * 2, number);
  }
  return end - start;
}

function sign(signatures: Uint32Array, at: number, number: number): void {
  const first = Math.imul(number ^ (number >>> 7), 0x9e3779b1) >>> 0;
  const second = Math.imul(number ^ (number << 5), 0x85ebca6b) >>> 0;
  if (first < (signatures[at] ?? 0)) signatures[at] = first;
  if (second < (signatures[at + 1] ?? 0)) signatures[at + 1] = second;
}

/** What an object of the index takes beside its texts, about. */
const DOCUMENT_BYTES = 100;

/** Everything that is one number a passage, in the order of the parts. */
function layOut(parts: readonly IndexPart[], passages: number) {
  const documentStarts = new Uint32Array(parts.length + 1);
  const documentOf = new Uint32Array(passages);
  const pairs = new Uint8Array(passages);
  const languageOf = new Uint16Array(passages);
  const titleWords = new Uint16Array(passages);
  const aboveWords = new Uint16Array(passages);
  const addressWords = new Uint16Array(passages);
  const sequenceStarts = new Uint32Array(passages + 1);
  let at = 0;
  for (const [i, { document, words, first }] of parts.entries()) {
    const end = first + document.passages;
    documentOf.fill(i, at, at + document.passages);
    pairs.set(words.pairs.subarray(first, end), at);
    languageOf.set(words.languageOf.subarray(first, end), at);
    titleWords.set(words.titleWords.subarray(first, end), at);
    aboveWords.set(words.aboveWords.subarray(first, end), at);
    addressWords.set(words.addressWords.subarray(first, end), at);
    for (let passage = first; passage < end; passage++, at++) {
      sequenceStarts[at + 1] = (sequenceStarts[at] ?? 0) + (words.ends[passage] ?? 0) - (words.starts[passage] ?? 0);
    }
    documentStarts[i + 1] = at;
  }
  return { documentStarts, documentOf, pairs, languageOf, titleWords, aboveWords, addressWords, sequenceStarts };
}

/** Languages in the order in which passages name them first. */
function renamed(
  languageOf: Uint16Array,
  named: readonly string[],
): Pick<PassageIndex, "languageOf" | "languagesNamed"> {
  const places = new Map<number, number>();
  const renumbered = languageOf.map((language) => {
    const place = places.get(language) ?? places.size;
    places.set(language, place);
    return place;
  });
  return { languageOf: renumbered, languagesNamed: [...places.keys()].map((language) => named[language] ?? "und") };
}

function meanLength(lengths: Uint16Array, field: number): number {
  let sum = 0;
  let count = 0;
  for (let i = field; i < lengths.length; i += FIELDS.length) {
    const length = lengths[i] ?? 0;
    if (length > 0) count++;
    sum += length;
  }
  return count === 0 ? 1 : sum / count;
}
