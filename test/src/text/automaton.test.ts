import { expect, test } from "bun:test";
import fc from "fast-check";
import { createAutomaton, type Fit } from "../../../src/text/automaton.ts";
import { fold } from "../../../src/text/fold.ts";

function counts(patterns: readonly { text: string; group: number; fit: Fit }[], text: string): number[] {
  return [...createAutomaton(patterns, 3).scan(fold(text)).counts];
}

test("a word stands alone, a stem begins a word, a part stands anywhere", () => {
  const patterns = [
    { text: "nitro", group: 0, fit: "word" },
    { text: "hata", group: 1, fit: "stem" },
    { text: "gift", group: 2, fit: "part" },
  ] as const;
  expect(counts(patterns, "nitro, nitrogen; hatalar var, inhata; mygifts gift")).toEqual([1, 1, 2]);
});

test("signs that pass for letters are read as letters, but numbers are not words", () => {
  const patterns = [{ text: "ass", group: 0, fit: "word" }] as const;
  expect(counts(patterns, "you a$s")).toEqual([1, 0, 0]);
  expect(counts(patterns, "455 4.55 45$")).toEqual([0, 0, 0]);
});

test("finds what a search for each pattern alone finds", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", " "), minLength: 1, maxLength: 60 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { minLength: 1, maxLength: 8 }), letters, (patterns, text) => {
      const found = createAutomaton(
        patterns.map((p) => ({ text: p, group: 0, fit: "part" })),
        1,
      ).scan(fold(text));
      const clean = text.replace(/ +/g, " ").replace(/^ /, "");
      let expected = 0;
      for (const p of patterns) for (let at = clean.indexOf(p); at >= 0; at = clean.indexOf(p, at + 1)) expected++;
      expect(found.counts[0]).toBe(expected);
    }),
  );
});
