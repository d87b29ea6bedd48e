import { expect, test } from "bun:test";
import { phraseScore, phrasesOf } from "../../../src/smart/phrases.ts";
import { fold } from "../../../src/text/fold.ts";
import type { GramModel } from "../../../src/text/grams.ts";

function phrases(text: string): ReadonlySet<number> {
  const { bytes, length } = fold(text);
  return new Set(phrasesOf(bytes, length));
}

function common(a: string, b: string): number {
  return phrases(a).intersection(phrases(b)).size;
}

test("the order of words counts", () => {
  expect(common("how do i reset it", "how do i reset it")).toBeGreaterThan(
    common("how do i reset it", "i do reset it how"),
  );
});

test("how a text begins counts apart from the same words later on", () => {
  expect(common("how do i reset", "how do i start")).toBeGreaterThan(
    common("how do i reset", "told you how do i start"),
  );
});

test("a long word shares its stem with its other forms, as Turkish needs", () => {
  expect(common("calistiramadim", "calistirilmadi")).toBeGreaterThan(common("calistiramadim", "kapatilmamisti"));
});

test("a wall of text is read up to a bound, and nothing at all is read too", () => {
  const wall = fold("word ".repeat(5_000));
  expect(phrasesOf(wall.bytes, wall.length).length).toBeLessThan(300);
  expect(phrases("").size).toBe(2);
});

test("a score is the bias, and the weights over the square root of how many there are", () => {
  const { bytes, length } = fold("how do i reset it?");
  const count = phrasesOf(bytes, length).length;
  const model: GramModel = { bias: -1, scale: 0.5, bits: 4, weights: new Int8Array(16).fill(2) };
  expect(phraseScore(model, bytes, length)).toBeCloseTo(-1 + Math.sqrt(count));
});
