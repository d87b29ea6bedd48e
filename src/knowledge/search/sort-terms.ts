/**
 * Sorts the terms of an index in slices: those that begin with the same two letters by themselves, and these groups in the order of their
 * beginnings. The runtime's own sort is so much faster than merging in JavaScript that only what it takes at once has to be small.
 */
import type { Slices } from "./slices.ts";

/** Sorting a group costs as much as reading so many words for each term. */
const WORDS_A_TERM = 4;

/** `terms` in the order of their UTF-16 units, which is how strings compare. */
export async function sortTerms(terms: readonly string[], slices: Slices): Promise<readonly string[]> {
  const groups = new Map<number, string[]>();
  for (const term of terms) {
    const beginning = term.charCodeAt(0) * 0x1_0000 + (term.length > 1 ? term.charCodeAt(1) : 0);
    const group = groups.get(beginning);
    if (group === undefined) groups.set(beginning, [term]);
    else group.push(term);
  }
  const sorted: string[] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => a - b)) {
    for (const term of group.sort()) sorted.push(term);
    if (slices.spend(group.length * WORDS_A_TERM)) await slices.rest();
  }
  return sorted;
}
