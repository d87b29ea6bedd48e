import { expect, test } from "bun:test";
import fc from "fast-check";
import { buildIndex } from "../../../../src/knowledge/search/build.ts";
import { bodyTerms, createCopyFinder } from "../../../../src/knowledge/search/copies.ts";
import { segmentPlaceOf, termAt } from "../../../../src/knowledge/search/index.ts";
import { passage } from "../../../support/build.ts";
import { madeTexts, rowsOf, WORDS } from "../../../support/made-texts.ts";

test("what copies are told by are the words of the body, without small words, title, headings and address", async () => {
  await fc.assert(
    fc.asyncProperty(madeTexts, async (texts) => {
      const index = await buildIndex(rowsOf(texts));
      const inOrder = [...texts].sort((a, b) => a.document - b.document || a.position - b.position);
      for (const [number, { body }] of inOrder.entries()) {
        const place = segmentPlaceOf(index, number);
        const terms = place === null ? null : bodyTerms(index, place).map((term) => termAt(index, term));
        expect(terms).toEqual(body.filter((word) => WORDS.includes(word)));
      }
    }),
    { numRuns: 60 },
  );
});

test("passages are copies that share nine tenths of their words", async () => {
  const words = Array.from({ length: 40 }, (_, i) => `bako${String.fromCharCode(97 + (i % 26), 97 + (i >> 2))}`);
  const near = [...words.slice(0, 39), "limu"];
  const other = [...words.slice(0, 30), ...Array.from({ length: 10 }, (_, i) => `tuva${String.fromCharCode(97 + i)}`)];
  const texts = [words, words.toReversed(), near, other, words.slice(0, 20)];
  const index = await buildIndex(
    texts.map((text, i) => ({ ...passage(text.join(" ")), language: "und", document: `d${i}`, id: `d${i}.0` })),
  );
  const copies = createCopyFinder(index);
  expect(texts.map((_, i) => copies(0, i))).toEqual([true, true, true, false, false]);
  expect(copies(3, 2)).toBe(false);
});
