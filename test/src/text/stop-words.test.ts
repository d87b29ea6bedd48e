import { expect, test } from "bun:test";
import { commonWordsOf } from "../../../src/text/stop-words.ts";

test("a language's commonest words are known, and an unknown language has none", () => {
  expect(commonWordsOf("de")).toContain("und");
  expect(commonWordsOf("pt")).toContain("para");
  expect(commonWordsOf("xx")).toEqual([]);
});
