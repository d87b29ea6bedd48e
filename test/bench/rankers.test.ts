/** The plain rankers that retrieval is held against: they must be sound, or being above them says nothing. */
import { describe, expect, test } from "bun:test";
import { wilson } from "../../bench/interval.ts";
import { mainLanguage, miniSearch, plainBm25, plainWords } from "../../bench/rankers.ts";
import { passagesOf } from "../../src/knowledge/search/fixed.ts";

const pages = (...texts: readonly string[]) =>
  texts.flatMap((text, i) => passagesOf({ id: `d${i}`, title: "", text, url: null }));

describe("words", () => {
  test("are Snowball stems, in the language's own lower case", async () => {
    expect((await plainWords("en"))("Connected connecting")).toEqual(["connect", "connect"]);
    expect((await plainWords("tr"))("ILIK")[0]).toStartWith("ıl");
  });

  test("are without stop words, which only make the opponent weaker", async () => {
    expect((await plainWords("en"))("Where is the kettle")).toEqual(["kettl"]);
  });

  test("are bigrams where a script has no spaces, also right beside Latin letters", async () => {
    const words = await plainWords("ja");
    expect(words("Pythonの文字列、x")).toEqual(["python", "の文", "文字", "字列", "x"]);
    expect(words("木")).toEqual(["木"]);
  });
});

test("BM25's score decides as its formula says: a rare word, more of it, a shorter passage", async () => {
  const words = await plainWords("en");
  const rank = plainBm25(
    pages("red kettle", "red red lamp", "red lamp of the hall", "red chair and a table in the hall"),
    words,
  );
  expect(rank("kettle lamp", 9)[0]).toBe(0);
  expect(rank("lamp", 9)).toEqual([1, 2]);
  expect(rank("red", 9)).toEqual([1, 0, 2, 3]);
  expect(rank("red", 2)).toHaveLength(2);
  expect(rank("zebra", 9)).toEqual([]);
});

test("MiniSearch finds by the same words, in Japanese too", async () => {
  const words = await plainWords("ja");
  const passages = pages("梅雨は雨の多い期間のこと。", "文字列を数値に変換する。");
  expect(miniSearch(passages, words)("文字列の変換", 9)).toEqual([1]);
  expect(plainBm25(passages, words)("文字列の変換", 9)[0]).toBe(1);
});

test("a set's language is the one of most of its passages, and English where none is known", () => {
  const of = (language: string) => pages("some words").map((row) => ({ ...row, language }));
  expect(mainLanguage([...of("es"), ...of("und"), ...of("und")])).toBe("es");
  expect(mainLanguage(of("und"))).toBe("en");
});

test("Wilson's interval is the published one, and stays within 0 and 1", () => {
  const [low, high] = wilson(0.5, 100);
  expect(low).toBeCloseTo(0.4038, 3);
  expect(high).toBeCloseTo(0.5962, 3);
  expect(wilson(0, 10)[0]).toBe(0);
  expect(wilson(1, 10)[1]).toBe(1);
});
