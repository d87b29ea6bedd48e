/**
 * Finds the index's terms that are spelled almost like a word that no passage holds.
 *
 * Algorithm: one slip in words of four letters or more, two in words of eight or more (Damerau–Levenshtein: one letter added, missing,
 * replaced, or two swapped). The first letter is taken as right, since it nearly always is (Pollock and Zamora, 1984), so only the part
 * of the sorted terms with that letter is read. An n-gram index would be faster, but costs memory for every guild.
 */
import { firstTermFrom, type PassageIndex, termAt } from "./index.ts";

const NEAR_TERMS_MAX = 3;

/** Terms read at most for one word: a few milliseconds. */
const READ_TERMS_MAX = 20_000;

/** People do not type longer words than this by hand. */
const WORD_LETTERS_MAX = 40;

/**
 * What a whole question may still spend on words that nobody wrote, in terms read: 64 misspelt words are no reason to hold a
 * thread. Each helper takes its work off and helps no more once nothing is left.
 */
export type HelpBudget = { left: number };

/** About 60 ms in the largest index; in one of a thousand pages every word of a question gets its help. */
export const HELP_TERMS_MAX = 400_000;

/** Comparing letter by letter costs as much as passing over so many terms. */
const COMPARE_COST = 8;

export function nearTerms(index: PassageIndex, word: string, budget: HelpBudget): readonly number[] {
  const slipsMax = word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0;
  if (slipsMax === 0 || word.length > WORD_LETTERS_MAX || !/^\p{L}+$/u.test(word)) return [];
  const first = word.charAt(0);
  const start = firstTermFrom(index, first);
  const found: { readonly term: number; readonly slips: number; readonly spread: number }[] = [];
  const end = Math.min(index.termStarts.length - 1, start + READ_TERMS_MAX);
  for (let term = start; term < end && budget.left > 0; term++) {
    budget.left--;
    const from = index.termStarts[term] ?? 0;
    const length = (index.termStarts[term + 1] ?? 0) - from;
    if (index.terms.charAt(from) !== first) break;
    if (Math.abs(length - word.length) > slipsMax) continue;
    budget.left -= COMPARE_COST;
    const slips = distance(word, termAt(index, term), slipsMax);
    if (slips > slipsMax) continue;
    const spread = (index.postingStarts[term + 1] ?? 0) - (index.postingStarts[term] ?? 0);
    found.push({ term, slips, spread });
  }
  const fewest = Math.min(...found.map((f) => f.slips));
  return found
    .filter((f) => f.slips === fewest)
    .sort((a, b) => b.spread - a.spread)
    .slice(0, NEAR_TERMS_MAX)
    .map((f) => f.term);
}

/** Optimal string alignment; anything above `most` is told as `most + 1`. */
function distance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      ) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    before = row;
    row = next;
  }
  return Math.min(most + 1, row[b.length] ?? most + 1);
}
