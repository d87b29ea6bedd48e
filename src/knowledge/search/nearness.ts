/**
 * A closer look at the few best passages: which words of the question they hold, and whether neighbours in the question stand
 * near each other there.
 */
import { bodyEnd, type PassageIndex } from "./index.ts";
import type { QueryWord } from "./query.ts";

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

export function createLooker(index: PassageIndex, words: readonly QueryWord[]): Looker {
  /** Term + 1, as in the sequence → place in the question. */
  const placeOf = new Map<number, { readonly place: number; readonly weight: number }>();
  for (const [place, word] of words.entries()) {
    for (const { term, weight } of word.terms) {
      if ((placeOf.get(term + 1)?.weight ?? 0) < weight) placeOf.set(term + 1, { place, weight });
    }
  }

  return (passage) => {
    const positions: number[][] = words.map(() => []);
    const found = new Map<number, number>();
    const foundAbove = new Map<number, number>();
    const start = index.sequenceStarts[passage] ?? 0;
    const titleEnd = start + (index.titleWords[passage] ?? 0);
    const aboveEnd = start + (index.aboveWords[passage] ?? 0);
    const end = bodyEnd(index, passage);
    let titleWords = 0;
    let titleFound = 0;
    for (let at = start; at < end; at++) {
      const term = index.sequence[at] ?? 0;
      if (at < titleEnd && term !== 0) titleWords++;
      const word = term === 0 ? undefined : placeOf.get(term);
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

/** Words of the body that a passage has, for telling near-duplicates. */
export function bodyTerms(index: PassageIndex, passage: number): ReadonlySet<number> {
  const start = (index.sequenceStarts[passage] ?? 0) + (index.aboveWords[passage] ?? 0);
  const terms = new Set(index.sequence.subarray(start, bodyEnd(index, passage)));
  terms.delete(0);
  return terms;
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
