/**
 * Sorts the terms of an index in slices: those that begin with the same two letters by themselves, by the next two where they are many, and
 * these groups in the order of their beginnings. The runtime's own sort is so much faster than merging in JavaScript that only what it takes
 * at once has to be small.
 */
import type { Slices } from "./slices.ts";

/** Sorted at once; some 5 ms. */
const GROUP_TERMS_MAX = 8_192;
/** Sorting a group costs as much as reading so many words for each term. */
const WORDS_A_TERM = 4;

/** `terms`, no two of them the same, in the order of their UTF-16 units, which is how strings compare. */
export async function sortTerms(terms: readonly string[], slices: Slices): Promise<readonly string[]> {
  const sorted: string[] = [];
  for (const [, group] of await byBeginning(terms, 0, slices)) await addSorted(group, 2, sorted, slices);
  return sorted;
}

/** `same`: so many letters that all of the group begin with. */
async function addSorted(group: string[], same: number, sorted: string[], slices: Slices): Promise<void> {
  if (group.length > GROUP_TERMS_MAX) {
    for (const [, smaller] of await byBeginning(group, same, slices))
      await addSorted(smaller, same + 2, sorted, slices);
    return;
  }
  for (const term of group.sort()) sorted.push(term);
  if (slices.spend(group.length * WORDS_A_TERM)) await slices.rest();
}

/** Groups of one beginning in its order: the two letters from `at` on. */
async function byBeginning(terms: readonly string[], at: number, slices: Slices): Promise<[number, string[]][]> {
  const groups = new Map<number, string[]>();
  for (const term of terms) {
    if (slices.spend(1)) await slices.rest();
    const beginning = letterAt(term, at) * 0x1_0001 + letterAt(term, at + 1);
    const group = groups.get(beginning);
    if (group === undefined) groups.set(beginning, [term]);
    else group.push(term);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

/** 0 behind the end. */
function letterAt(term: string, at: number): number {
  return at < term.length ? term.charCodeAt(at) + 1 : 0;
}
