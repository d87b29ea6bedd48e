/**
 * Finds the index's terms that are spelled almost like a word that no passage holds.
 *
 * Algorithm: as many slips as a word of that length may have (text/slips.ts). The first letter is taken as right, since it nearly always is (Pollock and Zamora, 1984), so only the part
 * of the sorted terms with that letter is read. An n-gram index would be faster, but costs memory for every guild.
 */
import { slipsBetween, slipsIn } from "../../text/slips.ts";
import { firstTermFrom, type PassageIndex, termAt } from "./index.ts";

const NEAR_TERMS_MAX = 3;

/** Terms read at most for one word: a few milliseconds. */
const READ_TERMS_MAX = 20_000;

/**
 * What a whole question may still spend on words that nobody wrote, in terms read: 64 misspelt words are no reason to hold a
 * thread. Each helper takes its work off and helps no more once nothing is left.
 */
export type HelpBudget = { left: number };

/** About 60 ms in the largest index; in one of a thousand pages every word of a question gets its help. */
export const HELP_TERMS_MAX = 400_000;

/** Comparing letter by letter costs as much as passing over so many terms. */
const COMPARE_COST = 8;

/** A hurried word of three letters lacks a vowel ("opn"); anything else of that length is near too much. */
const THREE = /^\p{L}{3}$/u;
const VOWEL = /[aeiouyäöüıé]/u;

export function nearTerms(index: PassageIndex, word: string, budget: HelpBudget): readonly number[] {
  const three = THREE.test(word);
  const slipsMax = three ? 1 : slipsIn(word);
  if (slipsMax === 0) return [];
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
    const slips = slipsBetween(word, termAt(index, term), slipsMax);
    if (slips > slipsMax || (three && !lacksVowel(word, termAt(index, term)))) continue;
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

/** `whole` is `word` with one vowel more. */
function lacksVowel(word: string, whole: string): boolean {
  if (whole.length !== word.length + 1) return false;
  const at = [...word].findIndex((letter, i) => whole[i] !== letter);
  return at >= 0 && VOWEL.test(whole[at] ?? "");
}
