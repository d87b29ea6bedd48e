import { expect, test } from "bun:test";
import fc from "fast-check";
import { createSlices } from "../../../../src/knowledge/search/slices.ts";
import { sortTerms } from "../../../../src/knowledge/search/sort-terms.ts";

test("terms are in the order in which strings compare, and the thread rests in between", async () => {
  const term = fc.oneof(fc.string({ minLength: 1, maxLength: 4 }), fc.string({ unit: "binary", minLength: 1 }));
  await fc.assert(
    fc.asyncProperty(fc.array(term), async (terms) => {
      expect(await sortTerms(terms, createSlices())).toEqual([...terms].sort());
    }),
  );
  let rests = 0;
  const many = Array.from({ length: 20_000 }, (_, i) => i.toString(36));
  await sortTerms(
    many,
    createSlices(async () => void rests++),
  );
  expect(rests).toBeGreaterThan(2);
});

test("terms that all begin alike are sorted in pieces too", async () => {
  let rests = 0;
  const alike = Array.from({ length: 30_000 }, (_, i) => `release-${i.toString(36)}`).concat("release", "release-");
  const sorted = await sortTerms(
    alike,
    createSlices(async () => void rests++),
  );
  expect(sorted).toEqual([...alike].sort());
  expect(rests).toBeGreaterThan(4);
});
