import { expect, test } from "bun:test";
import { ownCopy } from "../../../src/text/own-copy.ts";

test("a copy says the same as the piece, in any script", () => {
  for (const piece of ["", "a", "sensor", "güncelleme", "電池", "👍🏽"]) {
    const text = `before ${piece} after`;
    expect(ownCopy(text.slice(7, 7 + piece.length))).toBe(piece);
  }
});
