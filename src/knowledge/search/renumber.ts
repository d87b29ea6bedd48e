/** Gives up the ids of terms that no segment holds any more: where pages change again and again, there would be ever more. */
import type { PassageIndex } from "./index.ts";
import type { Segment } from "./segment.ts";

/** So many times as many ids as terms are no waste. */
const IDS_A_TERM_MAX = 3;

/**
 * The same index, ids in the same order but without those that are held no more, where `idsSpare` more than are no waste are used; segments
 * share all but the list of their ids.
 */
export function renumberIds(index: PassageIndex, idsSpare: number): PassageIndex {
  if (index.idsUsed <= index.termIds.length * IDS_A_TERM_MAX + idsSpare) return index;
  const isHeld = new Uint8Array(index.idsUsed);
  for (const { segment } of index.segments) for (const id of segment.termIds) isHeld[id] = 1;
  const numbers = new Uint32Array(index.idsUsed);
  let idsUsed = 0;
  for (const [id, held] of isHeld.entries()) {
    numbers[id] = idsUsed;
    idsUsed += held;
  }
  const renumbered = (ids: Uint32Array) => ids.map((id) => numbers[id] ?? 0);
  const twins = new Map<Segment, Segment>();
  for (const { segment } of index.segments) twins.set(segment, { ...segment, termIds: renumbered(segment.termIds) });
  const twin = <T extends { readonly segment: Segment }>(one: T): T => ({
    ...one,
    segment: twins.get(one.segment) ?? one.segment,
  });
  const termIds = renumbered(index.termIds);
  const termOf = new Uint32Array(idsUsed);
  for (const [term, id] of termIds.entries()) termOf[id] = term;
  return {
    ...index,
    ...{ segments: index.segments.map(twin), documents: index.documents.map(twin) },
    ...{ termIds, termOf, idsUsed },
  };
}
