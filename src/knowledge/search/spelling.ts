/**
 * Finds the index's terms that are spelled almost like a word that no passage holds.
 *
 * Algorithm: as many slips as a word of that length may have (text/slips.ts). The first letter is taken as right, since it nearly always is
 * (Pollock and Zamora, 1984), so only the part of the sorted terms with that letter is read. Neighbours there begin alike: a term's rows of
 * distances are kept for the next one as far as it has the same letters, and where no ending can be near any more, all terms with that
 * beginning are passed over. An n-gram index would be faster still, but costs memory for every guild.
 */
import { slipsIn } from "../../text/slips.ts";
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
const THREE_CHARS_MAX = 6;
const THREE = /^\p{L}{3}$/u;
const VOWEL = /[aeiouyäöüıé]/u;

type Near = { readonly term: number; readonly slips: number };

export function nearTerms(index: PassageIndex, word: string, budget: HelpBudget): readonly number[] {
  const three = word.length <= THREE_CHARS_MAX && THREE.test(word);
  const slipsMax = three ? 1 : slipsIn(word);
  if (slipsMax === 0) return [];
  const start = firstTermFrom(index, word.charAt(0));
  const end = readUntil(index, word, start, slipsMax, budget);
  if (start === end) return [];
  const found = within(index, word, start, end, slipsMax);
  const fitting = three ? found.filter(({ term }) => lacksVowel(word, termAt(index, term))) : found;
  if (fitting.length === 0) return [];
  const fewest = Math.min(...fitting.map(({ slips }) => slips));
  const spread = ({ term }: Near) => index.having[term] ?? 0;
  return fitting
    .filter(({ slips }) => slips === fewest)
    .sort((a, b) => spread(b) - spread(a))
    .slice(0, NEAR_TERMS_MAX)
    .map(({ term }) => term);
}

/** Where the terms with the word's first letter end, or the budget; takes off what comparing each of about its length would cost. */
function readUntil(
  { terms, termStarts }: PassageIndex,
  word: string,
  start: number,
  slipsMax: number,
  budget: HelpBudget,
): number {
  const first = word.charCodeAt(0);
  const least = word.length - slipsMax;
  const most = word.length + slipsMax;
  const end = Math.min(termStarts.length - 1, start + READ_TERMS_MAX);
  let { left } = budget;
  let term = start;
  for (; term < end && left > 0; term++) {
    left--;
    const from = termStarts[term] ?? 0;
    if (terms.charCodeAt(from) !== first) break;
    const length = (termStarts[term + 1] ?? 0) - from;
    if (length >= least && length <= most) left -= COMPARE_COST;
  }
  budget.left = left;
  return term;
}

/** As slips.ts has it, a word is no longer; a term with more letters than it and the slips is too far from it at the last of these rows. */
const WORD_LETTERS_MAX = 40;
const ROWS_MAX = WORD_LETTERS_MAX + 4;
const WIDTH = WORD_LETTERS_MAX + 1;
/** Row d: how far the first d letters of the term are from each beginning of the word. Reused. */
const rows = Uint8Array.from({ length: ROWS_MAX * WIDTH }, (_, at) => (at < WIDTH ? at : 0));

/** Those of `start … end` that are at most `slipsMax` slips from the word, in their order. */
function within(index: PassageIndex, word: string, start: number, end: number, slipsMax: number): readonly Near[] {
  const { terms, termStarts } = index;
  const found: Near[] = [];
  /** As many rows are those of the letters from `read` on. */
  let known = 0;
  let read = 0;
  for (let term = start; term < end; ) {
    const from = termStarts[term] ?? 0;
    const length = (termStarts[term + 1] ?? from) - from;
    let depth = 0;
    while (depth < known && depth < length && terms.charCodeAt(read + depth) === terms.charCodeAt(from + depth))
      depth++;
    let least = 0;
    while (depth < length && least <= slipsMax) least = addRow(terms, from, ++depth, word);
    read = from;
    known = depth;
    if (least > slipsMax) {
      term = afterBeginning(index, term, end, depth);
      continue;
    }
    const slips = rows[length * WIDTH + word.length] ?? 0;
    if (slips <= slipsMax) found.push({ term, slips });
    term++;
  }
  return found;
}

/** Optimal string alignment: the row of the term's first `depth` letters. Returns the least of it: no longer term is nearer. */
function addRow(terms: string, from: number, depth: number, word: string): number {
  const own = terms.charCodeAt(from + depth - 1);
  const before = terms.charCodeAt(from + depth - 2);
  const row = depth * WIDTH;
  const above = row - WIDTH;
  rows[row] = depth;
  let least = depth;
  for (let j = 1; j <= word.length; j++) {
    const letter = word.charCodeAt(j - 1);
    let cost = (rows[above + j - 1] ?? 0) + (letter === own ? 0 : 1);
    cost = Math.min(cost, (rows[above + j] ?? 0) + 1, (rows[row + j - 1] ?? 0) + 1);
    if (depth > 1 && j > 1 && letter === before && word.charCodeAt(j - 2) === own)
      cost = Math.min(cost, (rows[above - WIDTH + j - 2] ?? 0) + 1);
    rows[row + j] = cost;
    if (cost < least) least = cost;
  }
  return least;
}

/** The first term after this one, before `end`, that does not begin with its first `depth` letters: in steps that double, then by halves. */
function afterBeginning(index: PassageIndex, term: number, end: number, depth: number): number {
  let low = term;
  let step = 1;
  while (low + step < end && beginsAs(index, low + step, term, depth)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(end, low + step);
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (beginsAs(index, middle, term, depth)) low = middle;
    else high = middle;
  }
  return high;
}

function beginsAs({ terms, termStarts }: PassageIndex, other: number, term: number, depth: number): boolean {
  const from = termStarts[other] ?? 0;
  if ((termStarts[other + 1] ?? from) - from < depth) return false;
  const own = termStarts[term] ?? 0;
  for (let i = depth - 1; i >= 0; i--) if (terms.charCodeAt(from + i) !== terms.charCodeAt(own + i)) return false;
  return true;
}

/** `whole` is `word` with one vowel more. */
function lacksVowel(word: string, whole: string): boolean {
  if (whole.length !== word.length + 1) return false;
  const at = [...word].findIndex((letter, i) => whole[i] !== letter);
  return at >= 0 && VOWEL.test(whole[at] ?? "");
}
