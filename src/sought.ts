/**
 * Words that somebody looks for in what people said. Each must begin a word of one text, in any order; İ, I and ı are i, and accents may be
 * left out (drizzle/words.ts makes the same words of the texts). What holds no letter and no digit is looked for as it stands.
 */
import { PLAIN_LETTERS, UNSPACED } from "../drizzle/words.ts";

const TEXT_CHARS_MAX = 200;
const WORDS_MAX = 8;
/** A shorter beginning finds that word alone: too many begin with it. Fewer letters of other scripts say as much. */
const BEGINNING_CHARS_MIN = 3;
const BEGINNING_CHARS_MIN_BEYOND_LATIN = 2;

const WRITTEN: ReadonlyMap<string, string> = new Map(
  [...Map.groupBy(PLAIN_LETTERS, ([, plain]) => plain)].map(([plain, pairs]) => [
    plain,
    `[${plain}${pairs.map(([written]) => written).join("")}]`,
  ]),
);
const WITHOUT_SPACES = new RegExp(`[${UNSPACED}]`);
const PARTS = new RegExp(`[${UNSPACED}]|[^${UNSPACED}]+`, "g");

/** Letters, digits and their marks alone, in lower case; the first few. */
export function soughtWords(text: string): readonly string[] {
  const words = text.slice(0, TEXT_CHARS_MAX).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const plain = words.map((word) => [...word].map((one) => PLAIN_LETTERS.get(one) ?? one.toLowerCase()).join(""));
  return [...new Set(plain)].slice(0, WORDS_MAX);
}

/** As `to_tsquery` reads them, without their order. */
export function queryOf(words: readonly string[]): string {
  const parts = words.flatMap((word) => word.match(PARTS) ?? []);
  return parts.map((part) => `'${part}'${isBeginning(part) ? ":*" : ""}`).join(" & ");
}

/** As a regular expression without regard to case, in JavaScript's and PostgreSQL's own form; matches anywhere. */
export function patternOf(word: string): string {
  return [...word].map((letter) => WRITTEN.get(letter) ?? letter).join("");
}

/** Its characters are words of their own there, which may stand apart. */
export function isUnspaced(word: string): boolean {
  return WITHOUT_SPACES.test(word);
}

function isBeginning(word: string): boolean {
  const length = [...word].length;
  return length >= BEGINNING_CHARS_MIN || (length >= BEGINNING_CHARS_MIN_BEYOND_LATIN && !/^[a-z0-9]+$/.test(word));
}
