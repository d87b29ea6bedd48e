/**
 * One form for what people spell in many ways: lower case, compatibility forms, no Latin diacritics, and Turkish's dotted and
 * dotless i made one letter. text/scripts.ts does the same for other scripts.
 */
import { oneSpelling } from "../../text/scripts.ts";

const LATIN_MARKS = /[\u0300-\u036f]/g;
const SPECIAL = /[ıßæœøłđðþ]/g;
const PLAIN: Readonly<Record<string, string>> = {
  ı: "i",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: the point is that there is nothing else
const ASCII = /^[\x00-\x7f]*$/;

export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower;
  const folded = lower
    .normalize("NFKD")
    .replace(LATIN_MARKS, "")
    .normalize("NFKC")
    .toLowerCase()
    .replace(SPECIAL, (letter) => PLAIN[letter] ?? letter);
  return oneSpelling(folded);
}

/** Lower case as the language has it: "I" is "ı" in Turkish, and its stemmer wants to see that. */
export function lowerIn(text: string, language: string): string {
  return language === "tr" || language === "az" ? text.toLocaleLowerCase("tr") : text.toLowerCase();
}
