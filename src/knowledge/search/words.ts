/**
 * Text → words for search. An identifier ("ray.data.readText", "max_retries", "A/B") gives itself whole, its parts between
 * dots and slashes, and the words inside those; a version keeps its dots and loses its "v"; an apostrophe ends a word (a Turkish
 * suffix, an English 's). Where the script changes a word ends; text without spaces gives its letters by twos, Korean its nouns.
 * Then stem by language, then fold.
 */

import { ownCopy } from "../../text/own-copy.ts";
import { arabicStem, bigrams, isMixedScript, scriptRuns, withoutParticle } from "../../text/scripts.ts";
import { snowballStem } from "../../text/snowball.ts";
import { fold, lowerIn } from "./fold.ts";

/** `whole`: spelled so in the text. `part`: found inside an identifier. */
export type Word = { readonly surface: string; readonly kind: "whole" | "part" };

/** A longer word is a hash, a key or base64. Nobody types it into a question. */
const WORD_CHARS_MAX = 48;

const CHUNK =
  /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*(?:[.\-/:@'’+&][\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*)*(?:\+\+|#(?![\p{L}\p{N}]))?/uy;
const PLUS = 0x2b;
const HASH = 0x23;
const UNDERSCORE = 0x5f;
const JOINERS = [..."._-/:@'&"].map((joiner) => joiner.charCodeAt(0));
const APOSTROPHE = /^(.{3,}?)['’].{0,12}$/u;
const OUTER = /[/:@&]+/;
const DOT = /\.+/;
const VERSION = /^v?(\d{1,9}(?:\.\d{1,9}){1,5})$/i;
const NAMED_VERSION = /^(\p{L}{2,24})-?(\d{1,9}(?:\.\d{1,9}){1,5})$/u;
const NUMBERED = /^(\p{L}{1,24})(\d{1,9})$/u;
/** "ERR-017", which others write as "ERR017". */
const CODE = /^\p{L}{1,8}[-_]\d{1,9}$/u;
const INNER = /[-_'’]+|\+(?!\+|$)/;
const CAMEL = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu}{2})(?=\p{Lu}\p{Ll}{2})/u;
const PLAIN_WORD = /^\p{Lu}?[\p{Ll}\p{M}]+$/u;
const LETTERED = /\p{L}/u;

/** Calls `take` for each word in the order of the text. */
export function eachWord(text: string, take: (surface: string, kind: Word["kind"]) => void): void {
  eachChunk(
    text,
    (start, end) => take(text.slice(start, end), "whole"),
    (start, end) => eachWordIn(text.slice(start, end), take),
  );
}

/**
 * Calls `takePlain` with the place of each plain ASCII word, and `takeChunk` with the place of everything else that stands together, whose
 * words `eachWordIn` gives. What is ASCII, nearly all of most texts, is cut without a pattern.
 */
export function eachChunk(
  text: string,
  takePlain: (start: number, end: number) => void,
  takeChunk: (start: number, end: number) => void,
): void {
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code < 128 && !isWordCode(code)) {
      at++;
      continue;
    }
    const end = plainWordEnd(text, at);
    if (end > 0) {
      if (end - at <= WORD_CHARS_MAX) takePlain(at, end);
      at = end;
      continue;
    }
    const chunkEnd = code < 128 ? asciiChunkEnd(text, at) : -1;
    const whole = chunkEnd > 0 ? chunkEnd : at + chunkLength(text, at);
    if (whole > at) takeChunk(at, whole);
    at = Math.max(whole, at + 1);
  }
}

/** Where what CHUNK matches from the word's letter at `at` ends; -1 where a letter that is not ASCII has a say in it. */
function asciiChunkEnd(text: string, at: number): number {
  let end = at;
  for (;;) {
    while (end < text.length && isAsciiWordCode(text.charCodeAt(end))) end++;
    if (end === text.length) return end;
    const code = text.charCodeAt(end);
    if (code >= 128) return -1;
    if (code !== PLUS && code !== HASH && !JOINERS.includes(code)) return end;
    const next = end + 1 < text.length ? text.charCodeAt(end + 1) : 0;
    if (next >= 128) return -1;
    if (code === HASH) return isAsciiWordCode(next) && next !== UNDERSCORE ? end : end + 1;
    if (code === PLUS && next === PLUS) return end + 2;
    if (!isAsciiWordCode(next)) return end;
    end++;
  }
}

function chunkLength(text: string, at: number): number {
  CHUNK.lastIndex = at;
  return CHUNK.exec(text)?.[0].length ?? 0;
}

/** Where the run of ASCII letters from `at` ends, when nothing before or after makes it more than a plain word; else -1. */
function plainWordEnd(text: string, at: number): number {
  let end = at;
  let code = text.charCodeAt(end);
  if (code >= 65 && code <= 90) code = text.charCodeAt(++end);
  while (code >= 97 && code <= 122) code = text.charCodeAt(++end);
  if (end === at) return -1;
  if (end === text.length) return end;
  if (code >= 128 || isWordCode(code) || code === PLUS || code === HASH) return -1;
  if (!JOINERS.includes(code)) return end;
  const next = text.charCodeAt(end + 1);
  return next >= 128 || isWordCode(next) ? -1 : end;
}

function isWordCode(code: number): boolean {
  return isAsciiWordCode(code) || code >= 128;
}

function isAsciiWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === UNDERSCORE;
}

export function eachWordIn(match: string, take: (surface: string, kind: Word["kind"]) => void): void {
  const chunk = APOSTROPHE.exec(match)?.[1] ?? match;
  if (isMixedScript(chunk)) {
    takeRuns(chunk, take);
  } else if (PLAIN_WORD.test(chunk)) {
    if (chunk.length <= WORD_CHARS_MAX) take(chunk, "whole");
  } else {
    takeApart(chunk, take);
  }
}

function takeRuns(chunk: string, take: (surface: string, kind: Word["kind"]) => void): void {
  for (const { text, script } of scriptRuns(chunk)) {
    if (script === "other") {
      eachWordIn(text, take);
      continue;
    }
    const word = script === "hangul" ? withoutParticle(text) : text;
    if (script === "hangul" && word.length <= 2) take(word, "whole");
    else for (const pair of bigrams(word)) take(pair, "whole");
  }
}

export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  eachWord(text, (surface, kind) => words.push({ surface, kind }));
  return words;
}

function takeApart(chunk: string, take: (surface: string, kind: Word["kind"]) => void): void {
  if (chunk.length <= WORD_CHARS_MAX) take(chunk, "whole");
  if (!LETTERED.test(chunk)) return;
  const part = (word: string): void => {
    if (word !== "" && word !== chunk && word.length <= WORD_CHARS_MAX) take(word, "part");
  };
  for (const outer of chunk.split(OUTER)) {
    const version = VERSION.exec(outer)?.[1];
    const named = NAMED_VERSION.exec(outer);
    if (version !== undefined) part(version);
    else if (named !== null) for (const half of named.slice(1)) part(half);
    else {
      part(outer);
      for (const name of outer.split(DOT)) {
        if (name !== outer) part(name);
        takeInner(name, part);
      }
    }
  }
}

function takeInner(name: string, part: (word: string) => void): void {
  if (CODE.test(name)) part(name.replace(/[-_]/, ""));
  for (const inner of name.split(INNER)) {
    if (inner === "") continue;
    if (inner !== name) part(inner);
    const [, letters = "", digits = ""] = NUMBERED.exec(inner) ?? [];
    if (letters.length > 1 || letters.toLowerCase() === "v") {
      if (letters.length > 1) part(letters);
      if (digits.length > 1 || letters.length === 1) part(digits);
    }
    const humps = inner.split(CAMEL);
    if (humps.length < 2) continue;
    for (const hump of humps) if (hump.length > 1) part(hump);
  }
}

/** Stemming is slow and words repeat, so each language remembers this many stems. */
const MEMORY_WORDS_MAX = 50_000;
const memory = new Map<string, Map<string, string>>();

/** The form under which a word is looked up: stemmed in `language`, folded. */
export function termOf(surface: string, language: string): string {
  let known = memory.get(language);
  if (known === undefined) {
    known = new Map();
    memory.set(language, known);
  }
  const found = known.get(surface);
  if (found !== undefined) return found;
  const term = stemOf(surface, language);
  if (known.size >= MEMORY_WORDS_MAX) known.clear();
  known.set(ownCopy(surface), ownCopy(term));
  return term;
}

/** As `termOf`, for who remembers terms itself. */
export function stemOf(surface: string, language: string): string {
  const lower = lowerIn(surface, language);
  const plain = LETTERED.test(lower) && !/[\p{N}_./:@+#-]/u.test(lower);
  return arabicStem(fold(plain ? snowballStem(lower, language) : lower));
}
