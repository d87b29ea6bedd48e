/**
 * Sorts the terms of an index in slices: runs short enough for one, then runs of twice the length out of two, until there is one. A term that
 * is in several lists is in the result once.
 */
import type { Slices } from "./slices.ts";

const RUN_TERMS = 2_048;
/** Sorting a run costs as much as reading so many words for each term. */
const WORDS_A_TERM = 4;
/** Terms merged between two looks at the slice. */
const MERGED_AT_ONCE = 4_096;

type Terms = { readonly terms: readonly string[]; readonly sorted: boolean };

export async function sortTerms(lists: readonly Terms[], slices: Slices): Promise<readonly string[]> {
  let result: readonly string[] = [];
  for (const { terms, sorted } of lists) {
    const next = sorted ? terms : await mergeSort(terms, slices);
    result = result.length === 0 ? next : await merge(result, next, slices);
  }
  return result;
}

async function mergeSort(terms: readonly string[], slices: Slices): Promise<readonly string[]> {
  let runs: (readonly string[])[] = [];
  for (let at = 0; at < terms.length; at += RUN_TERMS) {
    const run = terms.slice(at, at + RUN_TERMS).sort();
    runs.push(run);
    if (slices.spend(run.length * WORDS_A_TERM)) await slices.rest();
  }
  while (runs.length > 1) {
    const merged: (readonly string[])[] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? [], slices));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge(a: readonly string[], b: readonly string[], slices: Slices): Promise<string[]> {
  const merged: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (right === undefined || (left !== undefined && left <= right)) {
      merged.push(left ?? "");
      i++;
      if (left === right) j++;
    } else {
      merged.push(right);
      j++;
    }
    if (merged.length % MERGED_AT_ONCE === 0 && slices.spend(MERGED_AT_ONCE)) await slices.rest();
  }
  return merged;
}
