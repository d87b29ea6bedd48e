/**
 * A guild's passages as an inverted index in a few flat arrays. All words are in one sorted string. For each word there are the passages
 * that hold it, with counts for body, headings, title and address; for each passage there are its words in order, and its row in a pack. An
 * index never changes: build.ts makes one from passages, or from an older one and what changed.
 */
import type { PassageRow } from "../../knowledge.ts";
import { type Pack, unpackRows } from "./packs.ts";

export const FIELDS = ["body", "headings", "title", "address"] as const;

/** A document's passages are neighbours, in their order; documents stand in the order of their ids. */
export type IndexedDocument = { readonly id: string; readonly passages: number; readonly packs: readonly Pack[] };

export type PassageIndex = {
  /** How many. */
  readonly passages: number;
  readonly documents: readonly IndexedDocument[];
  /** The first passage of each document, and the number of passages. */
  readonly documentStarts: Uint32Array;
  /** Passage → its document's number. */
  readonly documentOf: Uint32Array;
  /** 1 for a question-and-answer pair. */
  readonly pairs: Uint8Array;
  /** Passage → the language that it names, as a place in `languagesNamed`. */
  readonly languageOf: Uint16Array;
  readonly languagesNamed: readonly string[];
  /** Languages the passages are written in, most frequent first. */
  readonly languages: readonly string[];
  /** All terms, sorted, in one string; term i is `terms.slice(termStarts[i], termStarts[i + 1])`. */
  readonly terms: string;
  readonly termStarts: Uint32Array;
  /** Postings of term i are `postingStarts[i] … postingStarts[i + 1]`. */
  readonly postingStarts: Uint32Array;
  readonly postingPassages: Uint32Array;
  /** Four counts a posting, one for each field. */
  readonly postingCounts: Uint8Array;
  /** Words a passage has in each field, four a passage. */
  readonly lengths: Uint16Array;
  /** The middle length of each field over the passages that have it. */
  readonly lengthMeans: readonly number[];
  /** Body words of each document. */
  readonly documentLengths: Uint32Array;
  readonly documentLengthMean: number;
  /** Words of title, headings, body and address, as term + 1, one passage after the other; 0 is a word too small to be looked up. */
  readonly sequence: Uint16Array | Uint32Array;
  readonly sequenceStarts: Uint32Array;
  /** How many of a passage's words are its title's, and how many its title's and headings'. */
  readonly titleWords: Uint16Array;
  readonly aboveWords: Uint16Array;
  /** How many, at its end, are its address'. */
  readonly addressWords: Uint16Array;
  /** Two min-hashes of each passage's body words: passages that share neither are no copies of each other. */
  readonly signatures: Uint32Array;
  readonly bytes: number;
};

/** The passage's row, for an answer; undefined where there is none. */
export function passageAt(index: PassageIndex, passage: number): PassageRow | undefined {
  const document = index.documentOf[passage] ?? -1;
  let place = passage - (index.documentStarts[document] ?? 0);
  for (const pack of index.documents[document]?.packs ?? []) {
    if (place < pack.passages) return unpackRows(pack)[place];
    place -= pack.passages;
  }
  return undefined;
}

/** All rows, a pack at a time. */
export function* packedPassages({ documents }: PassageIndex): Generator<readonly PassageRow[]> {
  for (const { packs } of documents) for (const pack of packs) yield unpackRows(pack);
}

/** Where the words of a passage's body end in the sequence, and those of its address begin. */
export function bodyEnd(index: PassageIndex, passage: number): number {
  return (index.sequenceStarts[passage + 1] ?? 0) - (index.addressWords[passage] ?? 0);
}

/** The term's number, or -1. */
export function findTerm(index: PassageIndex, term: string): number {
  let low = 0;
  let high = index.termStarts.length - 2;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareTerm(index, middle, term);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Below 0 where the index's term stands before `text`, 0 where it is that. Read where it stands: a string of each term met on the way costs more than all the rest. */
function compareTerm({ terms, termStarts }: PassageIndex, term: number, text: string): number {
  const from = termStarts[term] ?? 0;
  const length = (termStarts[term + 1] ?? from) - from;
  const shorter = Math.min(length, text.length);
  for (let i = 0; i < shorter; i++) {
    const apart = terms.charCodeAt(from + i) - text.charCodeAt(i);
    if (apart !== 0) return apart;
  }
  return length - text.length;
}

export function termAt(index: PassageIndex, term: number): string {
  return index.terms.slice(index.termStarts[term], index.termStarts[term + 1]);
}

/** The term whose letters stand at this place of the terms' string. */
export function termNumberAt(index: PassageIndex, at: number): number {
  let low = 0;
  let high = index.termStarts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((index.termStarts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first term that is not before `term`. */
export function firstTermFrom(index: PassageIndex, term: string): number {
  let low = 0;
  let high = index.termStarts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareTerm(index, middle, term) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
