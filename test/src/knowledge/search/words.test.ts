import { expect, test } from "bun:test";
import fc from "fast-check";
import { fold } from "../../../../src/knowledge/search/fold.ts";
import { eachChunk, termOf, wordsOf } from "../../../../src/knowledge/search/words.ts";

const surfaces = (text: string) => wordsOf(text).map((word) => word.surface);

test("an identifier gives itself whole and the words inside it", () => {
  expect(surfaces("ray.data.readText")).toEqual(["ray.data.readText", "ray", "data", "readText", "read", "Text"]);
  expect(surfaces("max_retries")).toEqual(["max_retries", "max", "retries"]);
  expect(surfaces("HTTPServer")).toEqual(["HTTPServer", "HTTP", "Server"]);
  expect(surfaces("WebBrowsingSlowIPv6IPv4")).toEqual([
    "WebBrowsingSlowIPv6IPv4",
    "Web",
    "Browsing",
    "Slow",
    "IPv6",
    "IPv4",
  ]);
});

test("an apostrophe ends a word, so that a Turkish suffix or an English 's does not hide the name", () => {
  expect(surfaces("Pip'i Thrush’un hub's")).toEqual(["Pip", "Thrush", "hub"]);
});

test("signs that make another name stay", () => {
  expect(surfaces("C++ and C# in 13.10.")).toEqual(["C++", "and", "C#", "in", "13.10"]);
});

test("scripts without spaces are cut by twos", () => {
  expect(surfaces("東京都")).toEqual(["東京", "京都"]);
});

test("Turkish forms of one word meet in one term, with and without their letters' marks", () => {
  const turkish = (word: string) => termOf(word, "tr");
  expect(new Set(["sensör", "sensörü", "sensörlerin", "SENSÖR", "sensor"].map(turkish)).size).toBe(1);
  expect(new Set(["IŞIK", "ışık", "Işığı", "isik"].map(turkish)).size).toBe(1);
  expect(new Set(["İSTANBUL", "istanbul", "İstanbul'da"].map((w) => turkish(surfaces(w)[0] ?? ""))).size).toBe(1);
  expect(new Set(["değiştirmek", "değiştiririm", "degistirebilir"].map(turkish)).size).toBe(1);
});

test("English forms of one word meet in one term", () => {
  expect(new Set(["battery", "Batteries", "battery's"].map((w) => termOf(surfaces(w)[0] ?? "", "en"))).size).toBe(1);
});

test("folding is done once and for all", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => fold(fold(text)) === fold(text)));
});

test("any text gives words that stand in it, none of them empty or too long", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      for (const { surface } of wordsOf(text)) {
        // Korean may come letter by letter, and is read composed.
        const stands = text.includes(surface) || text.normalize("NFC").includes(surface);
        if (surface === "" || surface.length > 48 || !stands) return false;
      }
      return true;
    }),
  );
});

test("what is cut without a pattern is what the pattern cuts", () => {
  const pattern =
    /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*(?:[.\-/:@'’+&][\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*)*(?:\+\+|#(?![\p{L}\p{N}]))?/gu;
  const pieces = fc.constantFrom(..."a Bc 7 _ . - / : @ ' ’ + ++ # & é \u0301 ß 電 😀 ( \n".split(" "), " ");
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 12 }).map((all) => all.join("")),
      (text) => {
        const chunks: string[] = [];
        const take = (start: number, end: number) => void chunks.push(text.slice(start, end));
        eachChunk(text, take, take);
        expect(chunks).toEqual(text.match(pattern) ?? []);
      },
    ),
    { numRuns: 2_000 },
  );
});
