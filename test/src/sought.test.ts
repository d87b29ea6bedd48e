import { expect, test } from "bun:test";
import fc from "fast-check";
import { isUnspaced, patternOf, queryOf, soughtWords } from "../../src/sought.ts";

test("words are letters and digits in lower case, each once, the first eight", () => {
  expect(soughtWords(" Battery-life of v1.2? BATTERY ")).toEqual(["battery", "life", "of", "v1", "2"]);
  expect(soughtWords("İSTANBUL ışık ŞİFRE")).toEqual(["istanbul", "isik", "sifre"]);
  expect(soughtWords("% _ ' 👍")).toEqual([]);
  expect(soughtWords("a b c d e f g h i")).toHaveLength(8);
});

test("a query asks for beginnings of three letters on, fewer in other scripts, and for each character without spaces", () => {
  expect(queryOf(soughtWords("ab abc"))).toBe("'ab' & 'abc':*");
  expect(queryOf(soughtWords("비번 и"))).toBe("'비번':* & 'и'");
  expect(queryOf(soughtWords("USB端子"))).toBe("'usb':* & '端' & '子'");
  expect([isUnspaced("usb端子"), isUnspaced("usb")]).toEqual([true, false]);
});

test("a pattern finds a word however its accents are written", () => {
  for (const [word, text] of [
    ["sifre", "ŞİFRE"],
    ["sifre", "şıfré"],
    ["istanbul", "İSTANBUL"],
  ] as const)
    expect([word, new RegExp(patternOf(word), "iu").test(text)]).toEqual([word, true]);
});

test("nothing that is looked for says more to PostgreSQL or a pattern than its letters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const words = soughtWords(text);
      for (const word of words) expect(new RegExp(`^(?:${patternOf(word)})$`, "iu").test(word)).toBe(true);
      expect(queryOf(words).replaceAll(/'[\p{L}\p{N}\p{M}]+'(?::\*)?(?: & |$)/gu, "")).toBe("");
    }),
  );
});
