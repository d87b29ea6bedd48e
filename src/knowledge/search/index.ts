/**
 * A guild's passages as an inverted index: segments with their words, and over them what concerns all. All terms are in one sorted string.
 * Passages are numbered by their documents' ids and their place in them. An index never changes: build.ts makes one from passages, or from
 * an older one and what changed.
 */
import type { PassageRow } from "../../knowledge.ts";
import { type Pack, unpackRows } from "./packs.ts";
import type { Segment, SegmentPlace } from "./segment.ts";

export type DocumentText = {
  readonly id: string;
  /** How many. */
  readonly passages: number;
  readonly packs: readonly Pack[];
  /** Of its packs and what else is kept of it. */
  readonly bytes: number;
  /** What its passages name as their language, one after the other; one for all where all name the same. */
  readonly languages: readonly string[];
};

/** A document's passages are neighbours in a segment from `first` on, in their order. */
export type IndexedDocument = DocumentText & {
  readonly segment: Segment;
  readonly first: number;
};

/** A passage of a segment that is gone, instead of its number. */
export const GONE = 0xffff_ffff;

export type IndexedSegment = {
  readonly segment: Segment;
  /** A passage's place in the segment → its number, or GONE. */
  readonly passageOf: Uint32Array;
};

export type PassageIndex = {
  /** How many. */
  readonly passages: number;
  readonly segments: readonly IndexedSegment[];
  /** In the order of their ids. */
  readonly documents: readonly IndexedDocument[];
  /** The first passage of each document, and the number of passages. */
  readonly documentStarts: Uint32Array;
  /** Passage → its document's number. */
  readonly documentOf: Uint32Array;
  /** Body words of each document. */
  readonly documentLengths: Uint32Array;
  readonly documentLengthMean: number;
  /** The middle length of each field over the passages that have it. */
  readonly lengthMeans: readonly number[];
  /** Languages the passages are written in, most frequent first. */
  readonly languages: readonly string[];
  /** All terms, sorted, in one string; term i is `terms.slice(termStarts[i], termStarts[i + 1])`. */
  readonly terms: string;
  readonly termStarts: Uint32Array;
  /** Under which id segments know a term, and which term an id is. Ids stay the same from one index to the next. */
  readonly termIds: Uint32Array;
  readonly termOf: Uint32Array;
  /** All ids are below. */
  readonly idsUsed: number;
  /** How many passages hold a term. */
  readonly having: Uint32Array;
  readonly bytes: number;
};

/** Where the passage stands; null where there is none. */
export function segmentPlaceOf(index: PassageIndex, passage: number): SegmentPlace | null {
  const number = index.documentOf[passage] ?? -1;
  const document = index.documents[number];
  if (document === undefined) return null;
  return { segment: document.segment, at: document.first + passage - (index.documentStarts[number] ?? 0) };
}

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

export type Terms = Pick<PassageIndex, "terms" | "termStarts">;

/** The term's number, or -1. */
export function findTerm(index: Terms, term: string): number {
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
function compareTerm({ terms, termStarts }: Terms, term: number, text: string): number {
  const from = termStarts[term] ?? 0;
  const length = (termStarts[term + 1] ?? from) - from;
  const shorter = Math.min(length, text.length);
  for (let i = 0; i < shorter; i++) {
    const apart = terms.charCodeAt(from + i) - text.charCodeAt(i);
    if (apart !== 0) return apart;
  }
  return length - text.length;
}

export function termAt(index: Terms, term: number): string {
  return index.terms.slice(index.termStarts[term], index.termStarts[term + 1]);
}

/** The term whose letters stand at this place of the terms' string. */
export function termNumberAt(index: Terms, at: number): number {
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
export function firstTermFrom(index: Terms, term: string): number {
  let low = 0;
  let high = index.termStarts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareTerm(index, middle, term) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
