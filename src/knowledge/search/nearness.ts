/**
 * A closer look at the few best passages: which words of the question they hold, and whether neighbours in the question stand
 * near each other there.
 */
import { type PassageIndex, segmentPlaceOf } from "./index.ts";
import type { QueryWord } from "./query.ts";
import { bodyEnd, type Segment, termIn } from "./segment.ts";

/** Words further apart than this say nothing of each other. */
const APART_WORDS_MAX = 4;

/** How soon further meetings of the same two words stop counting. */
const SATURATION = 2;

export type Look = {
  /** Sum over neighbouring question words: the rarity of the commoner one × how closely they meet, saturated. */
  readonly nearness: number;
  /** Question words found, by their place in the question → how surely it is that word and not another for the same, 0…1. */
  readonly found: ReadonlyMap<number, number>;
  /** The same in title and headings. */
  readonly foundAbove: ReadonlyMap<number, number>;
  /** Share of the title's words, small ones aside, that the question has. */
  readonly titleAsked: number;
};

export type Looker = (passage: number) => Look;

/** A term's number + 1, as in a segment's sequence → the word's place in the question. */
type Asked = ReadonlyMap<number, { readonly place: number; readonly weight: number }>;

export function createLooker(index: PassageIndex, words: readonly QueryWord[]): Looker {
  const askedIn = new Map<Segment, Asked>();
  function askedOf(segment: Segment): Asked {
    const known = askedIn.get(segment);
    if (known !== undefined) return known;
    const asked = new Map<number, { readonly place: number; readonly weight: number }>();
    for (const [place, word] of words.entries()) {
      for (const { term, weight } of word.terms) {
        const number = termIn(segment, index.termIds[term] ?? 0) + 1;
        if (number > 0 && (asked.get(number)?.weight ?? 0) < weight) asked.set(number, { place, weight });
      }
    }
    askedIn.set(segment, asked);
    return asked;
  }

  return (passage) => {
    const positions: number[][] = words.map(() => []);
    const found = new Map<number, number>();
    const foundAbove = new Map<number, number>();
    let titleWords = 0;
    let titleFound = 0;
    const its = segmentPlaceOf(index, passage);
    if (its === null) return { nearness: 0, found, foundAbove, titleAsked: 0 };
    const { segment, at: own } = its;
    const asked = askedOf(segment);
    const start = segment.sequenceStarts[own] ?? 0;
    const titleEnd = start + (segment.titleWords[own] ?? 0);
    const aboveEnd = start + (segment.aboveWords[own] ?? 0);
    const end = bodyEnd(its);
    for (let at = start; at < end; at++) {
      const term = segment.sequence[at] ?? 0;
      if (at < titleEnd && term !== 0) titleWords++;
      const word = term === 0 ? undefined : asked.get(term);
      if (word === undefined) continue;
      const { place, weight } = word;
      // The end of a title and the beginning of what is below it are no neighbours.
      positions[place]?.push(at + (at >= aboveEnd ? 2 : at >= titleEnd ? 1 : 0) * APART_WORDS_MAX);
      if ((found.get(place) ?? 0) < weight) found.set(place, weight);
      if (at < aboveEnd && (foundAbove.get(place) ?? 0) < weight) foundAbove.set(place, weight);
      if (at < titleEnd) titleFound++;
    }

    let nearness = 0;
    let left = -1;
    for (let place = 0; place < words.length; place++) {
      if (words[place]?.terms.length === 0) continue;
      if (left >= 0) nearness += meeting(words[left], words[place], positions[left] ?? [], positions[place] ?? []);
      left = place;
    }
    return { nearness, found, foundAbove, titleAsked: titleWords === 0 ? 0 : titleFound / titleWords };
  };
}

function meeting(
  a: QueryWord | undefined,
  b: QueryWord | undefined,
  left: readonly number[],
  right: readonly number[],
): number {
  if (a === undefined || b === undefined || left.length === 0 || right.length === 0) return 0;
  let meetings = 0;
  let from = 0;
  for (const x of left) {
    while (from < right.length && (right[from] ?? 0) < x - APART_WORDS_MAX) from++;
    for (let j = from; j < right.length; j++) {
      const apart = Math.abs((right[j] ?? 0) - x);
      if ((right[j] ?? 0) > x + APART_WORDS_MAX) break;
      if (apart > 0) meetings += 1 / apart;
    }
  }
  if (meetings === 0) return 0;
  return (Math.min(a.rarity * a.weight, b.rarity * b.weight) * meetings * (1 + SATURATION)) / (meetings + SATURATION);
}
