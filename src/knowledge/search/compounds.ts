/**
 * Finds compounds by the words of the corpus: "Speicherplatz" is used for "Speicher" when no passage holds "Speicher" alone, and the
 * two halves of a compound in a question are used for it. Only letters, only halves of four letters or more; a linking "s", "n", "en", "er" or "es"
 * may stand between. Reads the terms' string once a word.
 */
import { isPlain } from "../../text/slips.ts";
import { findTerm, type PassageIndex, termNumberAt } from "./index.ts";
import type { HelpBudget } from "./spelling.ts";

const PART_LETTERS_MIN = 4;
const COMPOUNDS_MAX = 8;
const LINKS = ["", "s", "n", "en", "er", "es", "e"];
/** Terms longer than a word of any language: chance hits in hashes and addresses. */
const TERM_LETTERS_MAX = 40;

/** Searching so many letters costs as much as reading one term; a place found costs as much as so many terms. */
const LETTERS_A_TERM = 64;
const FOUND_COST = 20;

export function compoundsOf(index: PassageIndex, word: string, budget: HelpBudget): readonly number[] {
  if (word.length < PART_LETTERS_MIN || word.length > TERM_LETTERS_MAX || budget.left <= 0) return [];
  if (!isPlain(word) && !/^\p{Script=Latin}+$/u.test(word)) return [];
  budget.left -= index.terms.length / LETTERS_A_TERM;
  const holding = termsWith(index, word, budget);
  return holding.length > 0 ? holding : halvesOf(index, word);
}

/** Terms that begin or end with the word, the shortest first: they add the least to it. */
function termsWith(index: PassageIndex, word: string, budget: HelpBudget): readonly number[] {
  if (word.length <= PART_LETTERS_MIN) return [];
  const found = new Map<number, number>();
  for (let at = index.terms.indexOf(word); at >= 0; at = index.terms.indexOf(word, at + 1)) {
    budget.left -= FOUND_COST;
    if (budget.left <= 0) break;
    const term = termNumberAt(index, at);
    const from = index.termStarts[term] ?? 0;
    const to = index.termStarts[term + 1] ?? 0;
    const length = to - from;
    const other = length - word.length;
    const edge = at === from || at + word.length === to;
    if (edge && other >= 3 && length <= TERM_LETTERS_MAX && at + word.length <= to) found.set(term, length);
  }
  return [...found]
    .sort((a, b) => a[1] - b[1])
    .slice(0, COMPOUNDS_MAX)
    .map(([term]) => term);
}

function halvesOf(index: PassageIndex, word: string): readonly number[] {
  for (let cut = word.length - PART_LETTERS_MIN; cut >= PART_LETTERS_MIN; cut--) {
    const second = findTerm(index, word.slice(cut));
    if (second < 0) continue;
    for (const link of LINKS) {
      if (!word.slice(0, cut).endsWith(link) || cut - link.length < PART_LETTERS_MIN) continue;
      const first = findTerm(index, word.slice(0, cut - link.length));
      if (first >= 0) return [first, second];
    }
  }
  return [];
}
