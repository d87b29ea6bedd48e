/**
 * Keeps segments few and full. One is loose while it holds much less than it may: what a changed page left of it, or the page itself. Loose
 * ones become one as soon as that is little work, or there are many of them; so a base has few segments, and writes a word anew once
 * in several changes (as log-structured merge trees do; O'Neil and others, 1996).
 */
import type { IndexedDocument } from "./index.ts";
import { type Segment, sealSegment } from "./segment.ts";
import type { Slices } from "./slices.ts";

export type SegmentSizes = {
  /** Words that are read go into a segment once they are of so many passages. Fewer than half of them make it loose. */
  readonly passages: number;
  /** Loose segments that an index may have. */
  readonly loose: number;
  /** No more passages in loose ones are merged at once; some 5 ms. */
  readonly mergedAtOnce: number;
};

/** The same documents, those of loose segments in new ones where it is time for that. */
export async function mergeSegments(
  documents: readonly IndexedDocument[],
  idsUsed: number,
  slices: Slices,
  sizes: SegmentSizes,
): Promise<readonly IndexedDocument[]> {
  const held = new Map<Segment, number>();
  for (const { segment, passages } of documents) held.set(segment, (held.get(segment) ?? 0) + passages);
  const loose = new Map([...held].filter(([, passages]) => passages * 2 < sizes.passages));
  const passages = [...loose.values()].reduce((sum, its) => sum + its, 0);
  const isOneAndWhole = loose.size === 1 && [...loose].every(([segment, its]) => segment.passages === its);
  if (loose.size === 0 || isOneAndWhole) return documents;
  if (loose.size <= sizes.loose && passages > sizes.mergedAtOnce) return documents;

  const moved = new Map<IndexedDocument, IndexedDocument>();
  let some: IndexedDocument[] = [];
  let count = 0;
  async function seal(): Promise<void> {
    const parts = some.map((document) => ({ ...document, words: document.segment }));
    const segment = await sealSegment(parts, idsUsed, slices);
    let first = 0;
    for (const document of some) {
      moved.set(document, { ...document, segment, first });
      first += document.passages;
    }
    some = [];
    count = 0;
  }
  for (const document of documents) {
    if (!loose.has(document.segment)) continue;
    some.push(document);
    count += document.passages;
    if (count >= sizes.passages) await seal();
  }
  if (some.length > 0) await seal();
  return documents.map((document) => moved.get(document) ?? document);
}
