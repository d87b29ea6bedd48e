/**
 * Words that stand at the same place of two clauses of a source: "Gold membership" and "Silver membership". Who says something of
 * one of them has not said it of the other. Pure.
 */

/** Stem → its rivals, each with the words beside which both stand. */
export type Rivals = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/** Each clause as its stems in order. */
export function rivalsIn(clauses: readonly (readonly string[])[]): Rivals {
  const places = new Map<string, { readonly beside: string; readonly stems: Set<string> }>();
  const put = (place: string, beside: string, stem: string): void => {
    if (DIGIT.test(stem) || DIGIT.test(beside)) return;
    const there = places.get(place) ?? { beside, stems: new Set() };
    there.stems.add(stem);
    places.set(place, there);
  };
  for (const stems of clauses) {
    for (const [at, stem] of stems.entries()) {
      const next = stems[at + 1];
      if (next === undefined) continue;
      put(`_ ${next}`, next, stem);
      put(`${stem} _`, stem, next);
    }
  }
  const rivals = new Map<string, Map<string, Set<string>>>();
  for (const { beside, stems } of places.values()) {
    if (stems.size < 2 || stems.size > RIVALS_MAX) continue;
    for (const stem of stems) for (const other of stems) if (other !== stem) add(rivals, stem, other, [beside]);
  }
  return rivals;
}

/** Rivals in any of several sources. */
export function joined(all: readonly Rivals[]): Rivals {
  const rivals = new Map<string, Map<string, Set<string>>>();
  for (const one of all) {
    for (const [stem, others] of one) for (const [other, beside] of others) add(rivals, stem, other, beside);
  }
  return rivals;
}

function add(
  rivals: Map<string, Map<string, Set<string>>>,
  stem: string,
  other: string,
  beside: Iterable<string>,
): void {
  const own = rivals.get(stem) ?? new Map<string, Set<string>>();
  own.set(other, new Set([...(own.get(other) ?? []), ...beside]));
  rivals.set(stem, own);
}

const DIGIT = /^\d/;
/** A word with more neighbours than this has no place of its own. */
const RIVALS_MAX = 12;
