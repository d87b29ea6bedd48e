/**
 * Some thousand passages with their words in a few flat arrays: for each term the passages that hold it, with counts for body, headings,
 * title and address; for each passage its words in order. A segment never changes. An index has several, and shares them with the next
 * one: what changed is in a segment of its own, and a passage that is gone only has no number any more (Lucene's way; "Managing Gigabytes", 5.7).
 */
import { NUMBERS_A_WORD, type Slices } from "./slices.ts";

export const FIELDS = ["body", "headings", "title", "address"] as const;

/** Words of passages as numbers of terms: of a segment, or read for one. */
export type PassageWords = {
  /** Each term's id in the index, by its number. */
  readonly termIds: Uint32Array;
  /** Words of title, headings, body and address, as the term's number + 1, one passage after the other; 0 is a word too small to be looked up. */
  readonly sequence: Uint16Array | Uint32Array;
  readonly sequenceStarts: Uint32Array;
  /** How many of a passage's words are its title's, and how many its title's and headings'. */
  readonly titleWords: Uint16Array | Uint32Array;
  readonly aboveWords: Uint16Array | Uint32Array;
  /** How many, at its end, are its address'. */
  readonly addressWords: Uint16Array | Uint32Array;
  /** 1 for a question-and-answer pair. */
  readonly pairs: Uint8Array | Uint32Array;
};

/** Its terms are numbered in the order of their ids. */
export type Segment = PassageWords & {
  /** How many. */
  readonly passages: number;
  /** Postings of term i are `postingStarts[i] … postingStarts[i + 1]`. */
  readonly postingStarts: Uint32Array;
  readonly postingPassages: Uint16Array | Uint32Array;
  /** Four counts a posting, one for each field. */
  readonly postingCounts: Uint8Array;
  /** Words a passage has in each field, small ones left out, four a passage. */
  readonly lengths: Uint16Array;
  readonly bytes: number;
};

/** Passages that go into a segment: so many from `first` on. */
export type SegmentPart = { readonly words: PassageWords; readonly first: number; readonly passages: number };

/** A passage's place in a segment. */
export type SegmentPlace = { readonly segment: Segment; readonly at: number };

/** A term's number in the segment, or -1. */
export function termIn({ termIds }: Segment, id: number): number {
  let low = 0;
  let high = termIds.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = termIds[middle] ?? 0;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Where the words of a passage's body end in the sequence, and those of its address begin. */
export function bodyEnd({ segment, at }: SegmentPlace): number {
  return (segment.sequenceStarts[at + 1] ?? 0) - (segment.addressWords[at] ?? 0);
}

/** The passages of `parts`, one after the other. All ids are below `idsUsed`. */
export async function sealSegment(parts: readonly SegmentPart[], idsUsed: number, slices: Slices): Promise<Segment> {
  /** A term's id → its number + 1, 0 where no passage holds it. */
  const numbers = new Uint32Array(idsUsed);
  for (const part of parts) if (slices.spend(markTerms(part, numbers) / NUMBERS_A_WORD)) await slices.rest();
  const termIds = numberTerms(numbers);
  const layout = layOut(parts);
  const { passages, sequenceStarts } = layout;

  const Sequence = termIds.length < 65_535 ? Uint16Array : Uint32Array;
  const sequence = new Sequence(sequenceStarts[passages] ?? 0);
  const postingStarts = new Uint32Array(termIds.length + 1);
  /** Passage + 1 that a term was met in last. */
  const met = new Uint32Array(termIds.length + 1);
  let at = 0;
  for (const part of parts) {
    const read = copyWords({ part, numbers, sequence, sequenceStarts, met, postingStarts }, at);
    at += part.passages;
    if (slices.spend(read / NUMBERS_A_WORD)) await slices.rest();
  }
  for (let term = 0; term < termIds.length; term++) {
    postingStarts[term + 1] = (postingStarts[term + 1] ?? 0) + (postingStarts[term] ?? 0);
  }

  met.fill(0);
  const postings = postingStarts[termIds.length] ?? 0;
  const postingPassages = new (passages <= 65_536 ? Uint16Array : Uint32Array)(postings);
  const postingCounts = new Uint8Array(postings * FIELDS.length);
  const lengths = new Uint16Array(passages * FIELDS.length);
  const counting: Counting = {
    ...{ ...layout, sequence, met, next: postingStarts.slice() },
    ...{ postingPassages, postingCounts, lengths },
  };
  for (let passage = 0; passage < passages; passage++) {
    if (slices.spend((2 * countWords(counting, passage)) / NUMBERS_A_WORD)) await slices.rest();
  }
  const { titleWords, aboveWords, addressWords, pairs } = layout;
  const perPassage = { sequenceStarts, titleWords, aboveWords, addressWords, pairs, lengths };
  const arrays = { termIds, sequence, postingStarts, postingPassages, postingCounts, ...perPassage };
  const bytes = Object.values(arrays).reduce((sum, { byteLength }) => sum + byteLength, SEGMENT_BYTES);
  return { ...arrays, passages, bytes };
}

/** What the objects of a segment take beside their numbers, about. */
const SEGMENT_BYTES = 1_000;

/** Sets `numbers` to 1 at the id of each word; how many words there are. */
function markTerms({ words, first, passages }: SegmentPart, numbers: Uint32Array): number {
  const { sequence, sequenceStarts, termIds } = words;
  const from = sequenceStarts[first] ?? 0;
  const end = sequenceStarts[first + passages] ?? 0;
  for (let at = from; at < end; at++) {
    const number = sequence[at] ?? 0;
    if (number !== 0) numbers[termIds[number - 1] ?? 0] = 1;
  }
  return end - from;
}

/** Numbers from 1 in place of the marks; the ids that were marked. */
function numberTerms(numbers: Uint32Array): Uint32Array {
  let terms = 0;
  for (let id = 0; id < numbers.length; id++) if (numbers[id] === 1) numbers[id] = ++terms;
  const termIds = new Uint32Array(terms);
  for (let id = 0; id < numbers.length; id++) {
    const number = numbers[id] ?? 0;
    if (number !== 0) termIds[number - 1] = id;
  }
  return termIds;
}

/** Everything that is one number a passage, in the order of the parts. */
function layOut(parts: readonly SegmentPart[]) {
  const passages = parts.reduce((sum, part) => sum + part.passages, 0);
  const pairs = new Uint8Array(passages);
  const titleWords = new Uint16Array(passages);
  const aboveWords = new Uint16Array(passages);
  const addressWords = new Uint16Array(passages);
  const sequenceStarts = new Uint32Array(passages + 1);
  let at = 0;
  for (const part of parts) {
    const { words, first } = part;
    const end = first + part.passages;
    pairs.set(words.pairs.subarray(first, end), at);
    titleWords.set(words.titleWords.subarray(first, end), at);
    aboveWords.set(words.aboveWords.subarray(first, end), at);
    addressWords.set(words.addressWords.subarray(first, end), at);
    for (let passage = first; passage < end; passage++, at++) {
      const length = (words.sequenceStarts[passage + 1] ?? 0) - (words.sequenceStarts[passage] ?? 0);
      sequenceStarts[at + 1] = (sequenceStarts[at] ?? 0) + length;
    }
  }
  return { passages, pairs, titleWords, aboveWords, addressWords, sequenceStarts };
}

type Copying = {
  readonly part: SegmentPart;
  readonly numbers: Uint32Array;
  readonly sequence: Uint16Array | Uint32Array;
  readonly sequenceStarts: Uint32Array;
  readonly met: Uint32Array;
  /** At a term's number + 1: in how many passages it is. */
  readonly postingStarts: Uint32Array;
};

/** A part's words into the sequence, by the segment's numbers; how many. */
function copyWords(copying: Copying, firstPassage: number): number {
  const { part, numbers, sequence, sequenceStarts, met, postingStarts } = copying;
  const { sequence: words, termIds } = part.words;
  const begin = sequenceStarts[firstPassage] ?? 0;
  const shift = (part.words.sequenceStarts[part.first] ?? 0) - begin;
  let at = begin;
  for (let passage = firstPassage; passage < firstPassage + part.passages; passage++) {
    for (const end = sequenceStarts[passage + 1] ?? 0; at < end; at++) {
      const its = words[at + shift] ?? 0;
      if (its === 0) continue;
      const number = numbers[termIds[its - 1] ?? 0] ?? 0;
      sequence[at] = number;
      if (met[number] === passage + 1) continue;
      met[number] = passage + 1;
      postingStarts[number] = (postingStarts[number] ?? 0) + 1;
    }
  }
  return at - begin;
}

type Counting = {
  readonly met: Uint32Array;
  /** Where a term's next posting goes. */
  readonly next: Uint32Array;
} & Pick<Segment, "sequence" | "sequenceStarts" | "titleWords" | "aboveWords" | "addressWords"> &
  Pick<Segment, "postingPassages" | "postingCounts" | "lengths">;

/** A passage's words into postings and lengths; how many. */
function countWords(counting: Counting, passage: number): number {
  const { sequence, sequenceStarts, met, next, postingPassages, postingCounts, lengths } = counting;
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
  }
  return end - start;
}
