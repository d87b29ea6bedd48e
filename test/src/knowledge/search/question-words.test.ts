import { expect, test } from "bun:test";
import fc from "fast-check";
import { fold } from "../../../../src/knowledge/search/fold.ts";
import { stopWordsOf } from "../../../../src/knowledge/search/languages.ts";
import { eachQuestionWord, isSmallIn, type QuestionWord } from "../../../../src/knowledge/search/question-words.ts";
import { synonymsOf } from "../../../../src/knowledge/search/synonyms.ts";
import { eachWord, termOf, type Word } from "../../../../src/knowledge/search/words.ts";
import { isHiragana, isMixedScript } from "../../../../src/text/scripts.ts";

const SAID = [
  ..."how do I delete my account on ray.data.readText, it's ML-503 or ERR_017 v2.10.1".split(" "),
  ..."PİLİ nasıl değiştiririm ISIK ışık silinir mi hesabı e-posta".split(" "),
  ..."Wie kündige ich Größe Straße Möglichkeit l'abonnement électrique contraseña настройки работает".split(" "),
  ...[
    "パスワードを変更する方法",
    "退款需要多久？",
    "비밀번호를",
    "إعدادات",
    "the_MAX-retries",
    "x".repeat(60),
    "ÀÉÎ",
    "C++",
    "C#",
  ],
];
const text = fc.array(fc.oneof(fc.constantFrom(...SAID), fc.string({ maxLength: 9 })), { maxLength: 12 });
const languages = fc.uniqueArray(fc.constantFrom("en", "tr", "de", "ja", "ru", "und"), { maxLength: 3 });

test("a word is remembered as it is read anew, by the languages of the index", () => {
  fc.assert(
    fc.property(text, languages, (said, languages) => {
      const asked = said.join(" ");
      expect(read(asked, languages)).toEqual(readAnew(asked, languages));
      expect(read(asked, languages)).toEqual(readAnew(asked, languages));
    }),
  );
});

test("a word is the same after more were read than are remembered", () => {
  const before = read("how do I delete my account", ["en"]);
  for (let i = 0; i < 26_000; i++) eachQuestionWord(`word${i} and`, ["en", "de"], () => {});
  expect(read("how do I delete my account", ["en"])).toEqual(before);
});

function read(asked: string, languages: readonly string[]): readonly QuestionWord[] {
  const words: QuestionWord[] = [];
  eachQuestionWord(asked, languages, (word) => words.push(word));
  return words;
}

function readAnew(asked: string, languages: readonly string[]): readonly QuestionWord[] {
  const words: QuestionWord[] = [];
  eachWord(asked, (surface, kind) => words.push(wordOf(surface, kind, languages)));
  return words;
}

function wordOf(surface: string, kind: Word["kind"], languages: readonly string[]): QuestionWord {
  const folded = fold(surface);
  const stems = [...new Set(languages.map((l) => termOf(surface, l)))];
  const stops = languages.map(stopWordsOf);
  const [, letters = "", digits = ""] = /^(\p{L}{1,8})(\d{1,9})$/u.exec(surface) ?? [];
  const isSmall = stops.some((set) => set.has(folded) || stems.some((stem) => set.has(stem)));
  expect(languages.some((language) => isSmallIn(language, { folded, stems }))).toBe(isSmall);
  return {
    ...{ surface, kind, folded, stems, isSmall },
    synonyms: languages.flatMap((l) => synonymsOf(termOf(surface, l), l, (word) => termOf(word, l))),
    isIdentifier: /[^\p{L}\p{M}]/u.test(surface),
    halves: digits === "" ? null : [fold(letters), fold(digits)],
    script: isHiragana(surface) ? "hiragana" : isMixedScript(surface) ? "pairs" : "spaced",
  };
}
