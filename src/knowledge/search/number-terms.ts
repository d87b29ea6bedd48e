/** The terms of one or more lists of words, put in order; a term that several hold is there once. */
import type { IndexPart, NumberedWords } from "./freeze.ts";
import { NUMBERS_A_WORD, type Slices } from "./slices.ts";
import { sortTerms } from "./sort-terms.ts";

/** Terms numbered between two looks at the slice. */
const NUMBERED_AT_ONCE = 1_024;

/** The terms that the parts hold, sorted, and for each list of words: number → number in the index, 0 → 0. */
export async function numberTerms(
  parts: readonly IndexPart[],
  slices: Slices,
): Promise<{ readonly terms: readonly string[]; readonly numbers: ReadonlyMap<NumberedWords, Uint32Array> }> {
  const numbers = new Map<NumberedWords, Uint32Array>();
  for (const { document, words, first } of parts) {
    const used = numbers.get(words) ?? new Uint32Array(words.terms + 1);
    numbers.set(words, used);
    if (slices.spend(markUsed(used, words, first, document.passages) / NUMBERS_A_WORD)) await slices.rest();
  }
  const lists: List[] = [];
  for (const [words, used] of numbers) {
    used[0] = 0;
    const held = termsHeld(words, used);
    lists.push({
      words,
      used,
      terms: words.numberOf === null ? held : await sortTerms(held, slices),
      next: 0,
      from: 1,
    });
  }
  const terms: string[] = [];
  while (numberSome(lists, terms)) if (slices.spend(NUMBERED_AT_ONCE)) await slices.rest();
  return { terms, numbers };
}

/** Sets `used` at the number of each word of these passages; how many words they have. */
function markUsed(
  used: Uint32Array,
  { sequence, starts, ends }: NumberedWords,
  first: number,
  passages: number,
): number {
  let read = 0;
  for (let passage = first; passage < first + passages; passage++) {
    const end = ends[passage] ?? 0;
    for (let at = starts[passage] ?? 0; at < end; at++, read++) used[sequence[at] ?? 0] = 1;
  }
  return read;
}

function termsHeld(words: NumberedWords, used: Uint32Array): string[] {
  const terms: string[] = [];
  for (let number = 1; number < used.length; number++) if (used[number] === 1) terms.push(words.termAt(number - 1));
  return terms;
}

/** Terms of some words in order: those from `next` on are not numbered yet. Where words are in order, the number of the next one is `from` or more. */
type List = {
  readonly words: NumberedWords;
  readonly used: Uint32Array;
  readonly terms: readonly string[];
  next: number;
  from: number;
};

/** Moves the first terms of all lists to `terms`; false once there are none. */
function numberSome(lists: readonly List[], terms: string[]): boolean {
  for (let i = 0; i < NUMBERED_AT_ONCE; i++) {
    let first: string | undefined;
    for (const list of lists) {
      const term = list.terms[list.next];
      if (term !== undefined && (first === undefined || term < first)) first = term;
    }
    if (first === undefined) return false;
    terms.push(first);
    for (const list of lists) if (list.terms[list.next] === first) numberNext(list, first, terms.length);
  }
  return true;
}

function numberNext(list: List, term: string, number: number): void {
  const { words, used } = list;
  list.next++;
  if (words.numberOf !== null) used[words.numberOf(term) + 1] = number;
  else {
    while (used[list.from] !== 1) list.from++;
    used[list.from++] = number;
  }
}
