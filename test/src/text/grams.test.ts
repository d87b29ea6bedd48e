import { expect, test } from "bun:test";
import fc from "fast-check";
import { type GramModel, gramScore, gramScores } from "../../../src/text/grams.ts";

function model(bits: number, seed: number): GramModel {
  const weights = Int8Array.from({ length: 1 << bits }, (_, i) => ((i * seed) % 251) - 125);
  return { bias: seed / 10, scale: 0.01, bits, weights };
}

test("two models scored in one pass score as each does by itself", () => {
  const [first, second] = [model(10, 7), model(8, 13)];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const both = gramScores(first, second, bytes, 0, bytes.length);
      expect(both.first).toBe(gramScore(first, bytes, 0, bytes.length));
      expect(both.second).toBe(gramScore(second, bytes, 0, bytes.length));
    }),
  );
});
