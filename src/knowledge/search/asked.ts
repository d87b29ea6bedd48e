/**
 * Which words of a question a text holds, as search reads them: other forms count whole, near spellings and other words for the same in
 * part. Pure, and linear in the text. For the quotes of llm/extractive.
 */
import { type PassageIndex, termAt } from "./index.ts";
import type { Query } from "./query.ts";
import { rarity } from "./score.ts";
import { saysNothing } from "./vague.ts";
import { eachWord, termOf } from "./words.ts";

/** A word of the question; the commonest words are left out. */
export type AskedWord = {
  /** How much it says of what is asked: the rarer in the knowledge base, the more; about 1 for a word that nobody wrote. */
  readonly worth: number;
  /** What it may be written as, as search terms, each with how surely it is this word; empty where nobody wrote it. */
  readonly forms: readonly { readonly term: string; readonly weight: number }[];
};

export type Met = {
  /** For each word of the question, how surely the text holds it, 0…1. */
  readonly held: readonly number[];
  /** Worth of words that follow each other in the question and stand near each other in the text: the nearer, the more. */
  readonly together: number;
};

/** "does it work with …": such a word says little of what is asked, however rare it is here. */
const VAGUE_WEIGHT = 0.3;
/** Words further apart than this say nothing of each other. */
const APART_WORDS_MAX = 6;

export function askedIn(index: PassageIndex, { words }: Query): readonly AskedWord[] {
  const most = rarity(index.passages, 0);
  return words.map(({ surface, weight, rarity: own, terms }) => ({
    worth: ((weight * own) / most) * (saysNothing(surface) ? VAGUE_WEIGHT : 1),
    forms: terms.map(({ term, weight: sure }) => ({ term: termAt(index, term), weight: sure })),
  }));
}

/** A text is read in each of `languages`. */
export function createAskedReader(asked: readonly AskedWord[]): (text: string, languages: readonly string[]) => Met {
  const places = new Map<string, { readonly place: number; readonly weight: number }[]>();
  for (const [place, { forms }] of asked.entries()) {
    for (const { term, weight } of forms) places.set(term, [...(places.get(term) ?? []), { place, weight }]);
  }
  const written = [...asked.keys()].filter((place) => (asked[place]?.forms.length ?? 0) > 0);
  const before = new Map(written.map((place, i) => [place, written[i - 1]]));
  const after = new Map(written.map((place, i) => [place, written[i + 1]]));

  return (text, languages) => {
    const held = asked.map(() => 0);
    /** Where each word of the question stood last. */
    const last = new Map<number, number>();
    /** By the earlier word of a pair, how near to each other they stood at best. */
    const near = new Map<number, number>();
    let at = 0;
    const meet = (place: number | undefined, other: number | undefined, key: number | undefined): void => {
      const apart = other === undefined ? 0 : at - (last.get(other) ?? Number.NEGATIVE_INFINITY);
      if (place === undefined || key === undefined || apart < 1 || apart > APART_WORDS_MAX) return;
      near.set(key, Math.max(near.get(key) ?? 0, 1 / apart));
    };
    eachWord(text, (surface) => {
      at++;
      for (const language of languages) {
        for (const { place, weight } of places.get(termOf(surface, language)) ?? []) {
          held[place] = Math.max(held[place] ?? 0, weight);
          meet(place, before.get(place), before.get(place));
          meet(place, after.get(place), place);
          last.set(place, at);
        }
      }
    });
    let together = 0;
    for (const [earlier, nearness] of near) {
      const later = after.get(earlier) ?? earlier;
      together += nearness * Math.min(asked[earlier]?.worth ?? 0, asked[later]?.worth ?? 0);
    }
    return { held, together };
  };
}

/** The share of the question that is held, each word by its worth; 0 where nothing was asked. */
export function shareHeld(asked: readonly AskedWord[], held: readonly number[]): number {
  let all = 0;
  let got = 0;
  for (const [place, { worth }] of asked.entries()) {
    all += worth;
    got += worth * (held[place] ?? 0);
  }
  return all === 0 ? 0 : got / all;
}
