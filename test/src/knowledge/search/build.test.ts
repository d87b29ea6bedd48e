import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { buildIndex, createDraft } from "../../../../src/knowledge/search/build.ts";
import { GONE, type PassageIndex, passageAt, segmentPlaceOf, termAt } from "../../../../src/knowledge/search/index.ts";
import { retrieveFrom } from "../../../../src/knowledge/search/rank.ts";
import { type Segment, termIn } from "../../../../src/knowledge/search/segment.ts";
import type { PassageRow } from "../../../../src/knowledge.ts";

const WORDS =
  `sensor sensors hub router garden watering batteries charge pairing reset firmware update error code restart
  cloud local network password sıfırla güncelleme pil bahçe sulama Speicher Speicherplatz löschen einrichten HTTP/2 v2.1 readFile
  max_retries 電池 交換 方法`.split(/\s+/);
const words = (most: number) => fc.array(fc.constantFrom(...WORDS), { maxLength: most }).map((all) => all.join(" "));
const document = fc.record({
  id: fc.integer({ min: 0, max: 9 }).map((n) => `d${n}`),
  kind: fc.constantFrom("text" as const, "text" as const, "pair" as const),
  language: fc.constantFrom("en", "tr", "de", "und", "und"),
  url: fc.constantFrom(null, "https://example.org/garden/reset-hub.html"),
  title: words(3),
  passages: fc.array(fc.record({ headings: fc.array(words(2), { maxLength: 2 }), text: words(20) }), {
    minLength: 1,
    maxLength: 8,
  }),
});
const change = fc.record({
  put: fc.uniqueArray(document, { maxLength: 4, selector: ({ id }) => id }),
  remove: fc.uniqueArray(
    fc.integer({ min: 0, max: 9 }).map((n) => `d${n}`),
    { maxLength: 3 },
  ),
});

/** As an index of 50,000 passages is cut, at the size of these. */
const SMALL = fc.record({
  passages: fc.integer({ min: 1, max: 12 }),
  loose: fc.integer({ min: 0, max: 3 }),
  mergedAtOnce: fc.integer({ min: 0, max: 6 }),
  idsSpare: fc.constantFrom(-100, 0, 10_000),
});

test("an index that followed random additions, changes and removals is the one built anew, and ranks as it does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 8 }),
      words(6),
      fc.option(SMALL, { nil: undefined }),
      async (changes, question, sizes) => {
        const held = new Map<string, readonly PassageRow[]>();
        let index: PassageIndex | null = null;
        for (const { put, remove } of changes) {
          const draft = createDraft(index, sizes);
          const touched = new Set(remove);
          for (const id of remove) held.delete(id);
          for (const one of put) {
            touched.add(one.id);
            held.set(one.id, rowsOf(one));
            await draft.add(rowsOf(one));
          }
          index = await draft.finish((id) => !touched.has(id));
          const anew = await buildIndex([...held.values()].flat());
          expect(told(index)).toEqual(told(anew));
          const rows = [...held].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, its]) => its);
          expect(rows.map((_, passage) => passageAt(anew, passage))).toEqual(rows);
          expect(retrieveFrom(index, question, 9)).toEqual(retrieveFrom(anew, question, 9));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("a changed page leaves the segments of others as they are, and small ones are merged before there are many", async () => {
  const sizes = { passages: 20, loose: 2, mergedAtOnce: 3, idsSpare: 10_000 };
  const rows = Array.from({ length: 100 }, (_, i) => row({ document: `d${100 + i}`, text: `Sensor number${i} here.` }));
  const draft = createDraft(null, sizes);
  await draft.add(rows);
  let index = await draft.finish(() => false);
  expect(index.segments.map(({ segment }) => segment.passages)).toEqual([20, 20, 20, 20, 20]);
  const first = new Set(index.segments.map(({ segment }) => segment));
  for (let i = 0; i < 9; i++) {
    const next = createDraft(index, sizes);
    await next.add([row({ document: `d${100 + i}`, text: `Hub number${i} there.` })]);
    index = await next.finish((id) => id !== `d${100 + i}`);
    expect(index.segments.filter(({ segment }) => first.has(segment))).toHaveLength(5);
    expect(index.segments.length).toBeLessThanOrEqual(5 + sizes.loose);
  }
  expect(index.passages).toBe(100);
});

test("ids of terms that nobody writes any more are given up", async () => {
  const sizes = { passages: 8, loose: 2, mergedAtOnce: 3, idsSpare: 20 };
  let index = await buildIndex([row({ document: "a", text: "The hub is white." })]);
  for (let i = 0; i < 100; i++) {
    const draft = createDraft(index, sizes);
    await draft.add([row({ document: "b", text: `A word${i} and number${i} here.` })]);
    index = await draft.finish((id) => id === "a");
    expect(index.idsUsed).toBeLessThanOrEqual(3 * index.termIds.length + sizes.idsSpare);
  }
  expect(retrieveFrom(index, "hub", 1).passages[0]?.passage.document).toBe("a");
});

test("every passage comes back as it was given, also from documents of more than one pack", async () => {
  const rows = Array.from({ length: 70 }, (_, i) =>
    row({ document: i < 40 ? "a" : "b", position: i, text: `Text ${i}.` }),
  );
  const index = await buildIndex(rows.toReversed());
  expect(Array.from({ length: 72 }, (_, i) => passageAt(index, i)?.text)).toEqual([
    ...rows.map(({ text }) => text),
    undefined,
    undefined,
  ]);
});

test("a passage that names no language is read anew once the base's main language is another", async () => {
  const silent = row({ document: "a", language: "und", text: "Die Batterien wurden gewechselt." });
  const before = await buildIndex([silent, row({ document: "b", language: "en", text: "Some words of English." })]);
  const draft = createDraft(before);
  await draft.add([1, 2].map((n) => row({ document: `c${n}`, language: "de", text: "Noch ein Text." })));
  const after = await draft.finish(() => true);
  expect(after.languages).toEqual(["de", "en"]);
  expect(retrieveFrom(after, "Batterie wechseln", 1).passages[0]?.passage.document).toBe("a");
});

test("building pauses again and again, and what a pause throws ends it", async () => {
  const rows = Array.from({ length: 200 }, (_, i) =>
    row({ document: `d${i}`, text: "many different words here ".repeat(100) }),
  );
  let pauses = 0;
  await buildIndex(rows, async () => void pauses++);
  expect(pauses).toBeGreaterThan(4);
  await expect(buildIndex(rows, () => Promise.reject(new Error("stop")))).rejects.toThrow("stop");
});

/** All that an index says of its passages and terms, whatever segments it has. */
function told(index: PassageIndex) {
  const {
    segments: _segments,
    termIds,
    termOf: _termOf,
    idsUsed: _idsUsed,
    bytes: _bytes,
    documents,
    ...shared
  } = index;
  const passages = Array.from({ length: index.passages }, (_, passage) => {
    const place = segmentPlaceOf(index, passage);
    if (place === null) return null;
    const { segment, at } = place;
    const { sequence, sequenceStarts, titleWords, aboveWords, addressWords, pairs, lengths } = segment;
    const own = [...sequence.subarray(sequenceStarts[at], sequenceStarts[at + 1])];
    return {
      words: own.map((number) =>
        number === 0 ? "" : termAt(index, index.termOf[segment.termIds[number - 1] ?? 0] ?? 0),
      ),
      counts: [titleWords[at], aboveWords[at], addressWords[at], pairs[at]],
      lengths: [...lengths.subarray(4 * at, 4 * at + 4)],
    };
  });
  const terms = [...termIds].map((id, term) => ({
    term: termAt(index, term),
    postings: index.segments
      .flatMap(({ segment, passageOf }) => postingsOf(segment, passageOf, termIn(segment, id)))
      .sort(),
  }));
  return {
    ...shared,
    passages,
    terms,
    documents: documents.map(({ segment: _segment, first: _first, ...text }) => text),
  };
}

function postingsOf(segment: Segment, passageOf: Uint32Array, term: number): readonly string[] {
  const postings: string[] = [];
  for (let at = segment.postingStarts[term] ?? 0; term >= 0 && at < (segment.postingStarts[term + 1] ?? 0); at++) {
    const passage = passageOf[segment.postingPassages[at] ?? 0] ?? GONE;
    if (passage !== GONE) postings.push(`${passage}: ${segment.postingCounts.subarray(4 * at, 4 * at + 4).join()}`);
  }
  return postings;
}

function rowsOf(one: typeof document extends fc.Arbitrary<infer T> ? T : never): readonly PassageRow[] {
  return one.passages.map(({ headings, text }, position) =>
    row({
      ...{ document: one.id, kind: one.kind, language: one.language },
      url: one.url,
      title: one.title,
      headings,
      text,
      position,
    }),
  );
}

function row(fields: Partial<PassageRow>): PassageRow {
  const { document = "d", position = 0 } = fields;
  return {
    ...{ id: `${document}.${position}`, document, source: "s", kind: "text", title: "", headings: [], url: null },
    ...{ language: "en", text: "", position },
    ...fields,
  };
}
