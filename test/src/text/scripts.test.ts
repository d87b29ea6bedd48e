import { expect, test } from "bun:test";
import {
  arabicStem,
  bigrams,
  isHiragana,
  isMixedScript,
  oneSpelling,
  scriptRuns,
  withoutParticle,
} from "../../../src/text/scripts.ts";
import { stemsOf } from "../../../src/text/stems.ts";

test("a run of letters is cut where its script changes; a Latin name stays whole", () => {
  expect(scriptRuns("拉取Docker镜像").map(({ text }) => text)).toEqual(["拉取", "Docker", "镜像"]);
  expect(scriptRuns("OAuth2の設定").map(({ text }) => text)).toEqual(["OAuth2", "の設定"]);
  expect(isMixedScript("plain words")).toBe(false);
});

test("text without spaces goes by twos, and two hiragana are only grammar", () => {
  expect(bigrams("电池寿命")).toEqual(["电池", "池寿", "寿命"]);
  expect(bigrams("锁")).toEqual(["锁"]);
  expect([isHiragana("する"), isHiragana("設定")]).toEqual([true, false]);
});

test("a Korean noun loses its particle where two syllables stay", () => {
  expect(["환불을", "서버에서", "역할은", "나이"].map(withoutParticle)).toEqual(["환불", "서버", "역할", "나이"]);
});

test("Arabic, Hebrew and Chinese words that are written in several ways are one", () => {
  const arabic = (word: string) => arabicStem(oneSpelling(word));
  expect(arabic("الإعدادات")).toBe(arabic("اعدادات"));
  expect(arabic("التَّطبيق")).toBe(arabic("تطبيق"));
  expect(oneSpelling("שָׁלוֹם")).toBe("שלום");
  expect(oneSpelling("電池壽命")).toBe("电池寿命");
});

test("quotes and search compare the same words in every script", () => {
  const shared = (a: string, b: string, language: string) =>
    stemsOf(a, language).filter((stem) => stemsOf(b, language).includes(stem));
  expect(shared("怎么恢复出厂设置", "恢复出厂设置", "zh").length).toBeGreaterThan(3);
  expect(shared("リセットの手順を教えて", "リセットの手順", "ja")).toContain("手顺");
  expect(shared("환불을 원해요", "환불은 청구서", "ko")).toEqual(["환불"]);
});
