/**
 * A closer look at the few best passages: which words of the question they hold, and whether neighbours in the question stand
 * near each other there. Reads the text again, so that the index need not keep positions.
 */
import { type PassageIndex, termAt } from "./index.ts";
import type { QueryWord } from "./query.ts";
import { eachWord, termOf } from "./words.ts";

/** Words further apart than this say nothing of each other. */
const APART_WORDS_MAX = 4;

/** How soon further meetings of the same two words stop counting. */
const SATURATION = 2;

export type Look = {
  /** Sum over neighbouring question words: the rarity of the commoner one × how closely they meet, saturated. */
  readonly nearness: number;
  /** Question words found, by their place in the question. */
  readonly found: ReadonlySet<number>;
  /** Found in title or headings. */
  readonly foundAbove: ReadonlySet<number>;
  /** All terms of the passage, for telling near-duplicates. */
  readonly terms: ReadonlySet<string>;
  /** Share of the title's words that the question has. */
  readonly titleAsked: number;
};

export type Looker = (passage: number) => Look;

export function createLooker(index: PassageIndex, words: readonly QueryWord[]): Looker {
  const placeOf = new Map<string, number>();
  for (const [place, word] of words.entries()) {
    for (const { term } of word.terms) placeOf.set(termAt(index, term), place);
  }

  return (passage) => {
    const row = index.passages[passage];
    if (row === undefined) throw new Error(`no passage ${passage} in the index`);
    const language = row.language === "und" ? (index.languages[0] ?? "und") : row.language;
    const positions: number[][] = words.map(() => []);
    const terms = new Set<string>();
    const foundAbove = new Set<number>();
    let position = 0;
    let titleWords = 0;
    let titleFound = 0;
    const read = (text: string, above: boolean, title: boolean): void => {
      eachWord(text, (surface) => {
        const term = termOf(surface, language);
        const place = placeOf.get(term);
        if (title) titleWords++;
        if (place !== undefined) {
          positions[place]?.push(position);
          if (above) foundAbove.add(place);
          if (title) titleFound++;
        }
        if (!above) terms.add(term);
        position++;
      });
      position += APART_WORDS_MAX;
    };
    read(row.title, true, true);
    for (const heading of row.headings) read(heading, true, false);
    read(row.text, false, false);

    let nearness = 0;
    let left = -1;
    for (let place = 0; place < words.length; place++) {
      if (words[place]?.terms.length === 0) continue;
      if (left >= 0) nearness += meeting(words[left], words[place], positions[left] ?? [], positions[place] ?? []);
      left = place;
    }
    const found = new Set(positions.flatMap((p, place) => (p.length > 0 ? [place] : [])));
    return { nearness, found, foundAbove, terms, titleAsked: titleWords === 0 ? 0 : titleFound / titleWords };
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
