import { describe, expect, test } from "bun:test";
import { eld } from "eld/small";
import fc from "fast-check";
// @ts-expect-error eld's data has no types.
import { ngramsData } from "../../../node_modules/eld/src/ngrams/small.js";
import { detector, type Ngrams, packTable, readTable } from "../../../src/text/detector.ts";

const { type, languages, ngrams }: { type: string; languages: Record<number, string>; ngrams: Ngrams } = ngramsData;

describe("the packed table", () => {
  const committed = Bun.file(new URL("../../../src/text/language.ngrams.bin", import.meta.url));

  test("is what bench/train/language.ts makes of the installed eld", async () => {
    const made = packTable(type, Object.values(languages), ngrams);
    expect(Buffer.compare(Buffer.from(await committed.arrayBuffer()), Buffer.from(made))).toBe(0);
  });

  test("gives each n-gram of eld's its scores, and nothing to any other", async () => {
    const { header, scoresOf } = readTable(new Uint8Array(await committed.arrayBuffer()));
    expect(header).toMatchObject({ type, languages: Object.values(languages) });
    const wrong = Object.keys(ngrams).filter((gram) => !Bun.deepEquals(scoresOf(gram), ngrams[gram]));
    expect(wrong).toEqual([]);
    for (const gram of ["", " ", "zzzzz", "toString", "constructor", "__proto__", "€€€€", "toolongone"])
      expect(scoresOf(gram)).toBeUndefined();
  });
});

test("detection is eld's own, on whatever text", () => {
  const said = (text: string, by: Pick<typeof eld, "detect">) => {
    const found = by.detect(text);
    return [found.language, found.isReliable(), found.getScores()];
  };
  const pieces = [
    "how do I",
    "ben seni",
    "über",
    "это",
    "これは",
    "中文",
    "naïve",
    "constructor",
    "  ",
    "42",
    "🧵",
    "ñ",
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "grapheme" }))), (words) => {
      const text = words.join(" ");
      expect(said(text, detector())).toEqual(said(text, eld));
    }),
  );
});
