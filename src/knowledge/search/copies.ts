/** Tells passages that share nearly all their words: one to a reader. */
import { type PassageIndex, segmentPlaceOf } from "./index.ts";
import { bodyEnd, FIELDS, type SegmentPlace } from "./segment.ts";

/** Two passages that share more of their words than this are copies. */
const SHARE_MIN = 0.9;

/** Lengths and signatures that differ say no before words are compared. A passage is read once for all that are asked about. */
export function createCopyFinder(index: PassageIndex): (a: number, b: number) => boolean {
  const known = new Map<number, Body>();
  const bodyOf = (passage: number): Body => {
    const body = known.get(passage) ?? readBody(index, segmentPlaceOf(index, passage));
    known.set(passage, body);
    return body;
  };
  return (a, b) => {
    const [first, second] = [bodyOf(a), bodyOf(b)];
    if (Math.min(first.words, second.words) < SHARE_MIN * Math.max(first.words, second.words)) return false;
    const [left, right] = [first.signatures(), second.signatures()];
    if (left[0] !== right[0] && left[1] !== right[1]) return false;
    const [terms, others] = [first.terms(), second.terms()];
    let shared = 0;
    for (const term of terms) if (others.has(term)) shared++;
    return shared >= SHARE_MIN * (terms.size + others.size - shared);
  };
}

type Body = {
  /** How many, small ones left out. */
  readonly words: number;
  /** Two min-hashes: passages that share neither are no copies. */
  signatures(): readonly [number, number];
  terms(): ReadonlySet<number>;
};

function readBody(index: PassageIndex, place: SegmentPlace | null): Body {
  let list: readonly number[] | undefined;
  let signatures: readonly [number, number] | undefined;
  let terms: ReadonlySet<number> | undefined;
  const listed = () => (list ??= place === null ? [] : bodyTerms(index, place));
  return {
    words: place?.segment.lengths[place.at * FIELDS.length] ?? 0,
    signatures: () => (signatures ??= sign(listed())),
    terms: () => (terms ??= new Set(listed())),
  };
}

/** The words of a passage's body as numbers of the index's terms, in order and without small ones. */
export function bodyTerms({ termOf }: PassageIndex, place: SegmentPlace): readonly number[] {
  const { sequence, sequenceStarts, aboveWords, termIds } = place.segment;
  const terms: number[] = [];
  const end = bodyEnd(place);
  for (let at = (sequenceStarts[place.at] ?? 0) + (aboveWords[place.at] ?? 0); at < end; at++) {
    const number = sequence[at] ?? 0;
    if (number !== 0) terms.push(termOf[termIds[number - 1] ?? 0] ?? 0);
  }
  return terms;
}

function sign(terms: readonly number[]): readonly [number, number] {
  let first = 0xffff_ffff;
  let second = 0xffff_ffff;
  for (const term of terms) {
    const number = term + 1;
    first = Math.min(first, Math.imul(number ^ (number >>> 7), 0x9e3779b1) >>> 0);
    second = Math.min(second, Math.imul(number ^ (number << 5), 0x85ebca6b) >>> 0);
  }
  return [first, second];
}
