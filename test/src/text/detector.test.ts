import { describe, expect, test } from "bun:test";
import { eld } from "eld/small";
import fc from "fast-check";
import { type Ngrams, packTable } from "../../../bench/train/language-table.ts";
// @ts-expect-error eld's data has no types.
import { ngramsData } from "../../../node_modules/eld/src/ngrams/small.js";
import { detect, readTable } from "../../../src/text/detector.ts";

const { languages, ngrams }: { languages: Record<number, string>; ngrams: Ngrams } = ngramsData;

describe("the packed table", () => {
  const committed = Bun.file(new URL("../../../src/text/language.ngrams.bin", import.meta.url));

  test("is what bench/train/language.ts makes of the installed eld", async () => {
    const made = packTable(Object.values(languages), ngrams);
    expect(Buffer.compare(Buffer.from(await committed.arrayBuffer()), Buffer.from(made))).toBe(0);
  });

  test("holds each n-gram of eld's once, and all its scores", async () => {
    const table = readTable(new Uint8Array(await committed.arrayBuffer()));
    expect(table.languages).toEqual(Object.values(languages));
    expect(new Set(table.keys).size).toBe(Object.keys(ngrams).length);
    const all = Object.values(ngrams).map((scores) => Object.values(scores));
    expect(table.scores.length).toBe(2 * all.flat().length);
    expect(table.starts.at(-1)).toBe(all.flat().length);
  });
});

const said = (text: string) => {
  const found = eld.detect(text);
  const scores: Readonly<Record<string, number>> = found.getScores();
  return { language: found.language, fit: scores[found.language] ?? 0, reliable: found.isReliable() };
};

test("a text is in the language that eld says, as surely, whatever it is", () => {
  const pieces = [
    ...["how do I", "ben seni", "über", "это", "これは", "中文", "naïve", "constructor", "  ", "42", "🧵", "ñ", "İ"],
    ...["don't", "l’eau", "'''", "`", "a", "ab", "abc", "abcd", "abcde", "\ud800", "ελληνικά", "שלום", "한국어", "కƮ"],
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "grapheme" }))), (words) => {
      const text = words.join(" ");
      expect(detect(text)).toEqual(said(text));
    }),
    { numRuns: 1_000 },
  );
});

test("a long text is read as far as eld reads it, and a long word too", () => {
  const letters = fc.constantFrom(..."aentrisöß", "я", "中", "'", "-");
  const word = fc.array(letters, { minLength: 1, maxLength: 120, size: "max" }).map((chars) => chars.join(""));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30, size: "max" }), (words) => {
      const text = words.join(" ");
      expect(detect(text)).toEqual(said(text));
    }),
    { numRuns: 1_500 },
  );
});
