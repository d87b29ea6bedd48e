import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { buildIndex, createDraft } from "../../../../src/knowledge/search/build.ts";
import { type PassageIndex, passageAt } from "../../../../src/knowledge/search/index.ts";
import { retrieveFrom } from "../../../../src/knowledge/search/rank.ts";
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

test("an index that followed random additions, changes and removals is the one built anew, and ranks as it does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), words(6), async (changes, question) => {
      const held = new Map<string, readonly PassageRow[]>();
      let index: PassageIndex | null = null;
      for (const { put, remove } of changes) {
        const draft = createDraft(index);
        const touched = new Set(remove);
        for (const id of remove) held.delete(id);
        for (const one of put) {
          touched.add(one.id);
          held.set(one.id, rowsOf(one));
          await draft.add(rowsOf(one));
        }
        index = await draft.finish((id) => !touched.has(id));
        const anew = await buildIndex([...held.values()].flat());
        expect(index).toEqual(anew);
        const rows = [...held].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, its]) => its);
        expect(rows.map((_, passage) => passageAt(anew, passage))).toEqual(rows);
        expect(retrieveFrom(index, question, 9)).toEqual(retrieveFrom(anew, question, 9));
      }
    }),
    { numRuns: 20 },
  );
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
