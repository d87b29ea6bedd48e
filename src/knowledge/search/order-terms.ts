/** The terms of the next index in order: those of the one before that a passage still holds, and those that came with what changed. */
import { firstTermFrom, type PassageIndex } from "./index.ts";
import { NUMBERS_A_WORD, type Slices } from "./slices.ts";
import { sortTerms } from "./sort-terms.ts";

/** Strings put together before the thread may rest. */
const JOINED_AT_ONCE = 1_024;

export type OrderedTerms = Pick<PassageIndex, "terms" | "termStarts" | "termIds" | "termOf" | "having">;

/** What came: terms that the index before has not, by their ids from its `idsUsed` on. */
export type FreshTerms = { readonly fresh: readonly string[]; idOf(term: string): number };

/** `havingOf`: in how many passages is the term of an id. */
export async function orderTerms(
  before: Pick<PassageIndex, "terms" | "termStarts" | "termIds" | "idsUsed">,
  { fresh, idOf }: FreshTerms,
  havingOf: Uint32Array,
  slices: Slices,
): Promise<OrderedTerms> {
  const written = fresh.filter((_, i) => havingOf[before.idsUsed + i] !== 0);
  if (slices.spend(fresh.length / NUMBERS_A_WORD)) await slices.rest();
  const added = await sortTerms(written, slices);
  const oldTerms = before.termIds.length;
  let held = added.length;
  for (const id of before.termIds) if (havingOf[id] !== 0) held++;
  if (slices.spend(oldTerms / NUMBERS_A_WORD)) await slices.rest();
  let pieces: string[] = [];
  const joined: string[] = [];
  const termStarts = new Uint32Array(held + 1);
  const termIds = new Uint32Array(held);
  const termOf = new Uint32Array(havingOf.length);
  const having = new Uint32Array(held);
  let count = 0;
  function number(id: number, letters: number): void {
    termIds[count] = id;
    termOf[id] = count;
    having[count] = havingOf[id] ?? 0;
    termStarts[count + 1] = (termStarts[count] ?? 0) + letters;
    count++;
  }

  let old = 0;
  /** Those of the index before up to `end`, in pieces as long as it has them. */
  function keepUntil(end: number): void {
    let from = old;
    for (; old <= end; old++) {
      const id = before.termIds[old] ?? 0;
      if (old < end && havingOf[id] !== 0) {
        number(id, (before.termStarts[old + 1] ?? 0) - (before.termStarts[old] ?? 0));
        continue;
      }
      if (from < old) pieces.push(before.terms.slice(before.termStarts[from], before.termStarts[old]));
      from = old + 1;
    }
    old = end;
  }

  for (const term of added) {
    keepUntil(firstTermFrom(before, term));
    pieces.push(term);
    number(idOf(term), term.length);
    if (pieces.length === JOINED_AT_ONCE) {
      joined.push(pieces.join(""));
      pieces = [];
    }
    if (slices.spend(2)) await slices.rest();
  }
  keepUntil(oldTerms);
  if (slices.spend(oldTerms / NUMBERS_A_WORD)) await slices.rest();
  joined.push(...pieces);
  return { terms: joined.join(""), termStarts, termIds, termOf, having };
}
