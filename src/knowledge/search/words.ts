/**
 * Text → words for search. An identifier ("ray.data.readText", "max_retries", "A/B") gives itself whole, its parts between
 * dots and slashes, and the words inside those; an apostrophe ends a word (a Turkish suffix, an English 's); scripts without
 * spaces give their letters by twos. Then stem by language, then fold.
 */
import { fold, lowerIn } from "./fold.ts";
import { stem } from "./languages.ts";

/** `whole`: spelled so in the text. `part`: found inside an identifier. */
export type Word = { readonly surface: string; readonly kind: "whole" | "part" };

/** Longer is a hash, a key or base64: nobody asks for it by typing it. */
const WORD_CHARS_MAX = 48;

const CHUNK =
  /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*(?:[.\-/:@'’+&][\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*)*(?:\+\+|#(?![\p{L}\p{N}]))?/uy;
const PLUS = 0x2b;
const HASH = 0x23;
const JOINERS = [..."._-/:@'&"].map((joiner) => joiner.charCodeAt(0));
const APOSTROPHE = /^(.{3,}?)['’].{0,12}$/u;
const OUTER = /[./:@&]+/;
const INNER = /[-_'’]+|\+(?!\+|$)/;
const CAMEL = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu}{2})(?=\p{Lu}\p{Ll}{2})/u;
const PLAIN_WORD = /^\p{Lu}?[\p{Ll}\p{M}]+$/u;
const LETTERED = /\p{L}/u;
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** Calls `take` for each word in the order of the text. Plain ASCII words, nearly all of most texts, are cut without a pattern. */
export function eachWord(text: string, take: (surface: string, kind: Word["kind"]) => void): void {
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code < 128 && !isWordCode(code)) {
      at++;
      continue;
    }
    const end = plainWordEnd(text, at);
    if (end > 0) {
      if (end - at <= WORD_CHARS_MAX) take(text.slice(at, end), "whole");
      at = end;
      continue;
    }
    CHUNK.lastIndex = at;
    const match = CHUNK.exec(text)?.[0];
    if (match === undefined) {
      at++;
      continue;
    }
    takeChunk(match, take);
    at += match.length;
  }
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
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code >= 128
  );
}

function takeChunk(match: string, take: (surface: string, kind: Word["kind"]) => void): void {
  const chunk = APOSTROPHE.exec(match)?.[1] ?? match;
  if (PLAIN_WORD.test(chunk) && !SPACELESS.test(chunk)) {
    if (chunk.length <= WORD_CHARS_MAX) take(chunk, "whole");
  } else {
    takeApart(chunk, take);
  }
}

export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  eachWord(text, (surface, kind) => words.push({ surface, kind }));
  return words;
}

function takeApart(chunk: string, take: (surface: string, kind: Word["kind"]) => void): void {
  if (SPACELESS.test(chunk)) {
    const letters = [...chunk];
    if (letters.length === 1) take(chunk, "whole");
    for (let i = 0; i + 1 < letters.length; i++) take(`${letters[i]}${letters[i + 1]}`, "whole");
    return;
  }
  if (chunk.length <= WORD_CHARS_MAX) take(chunk, "whole");
  if (!LETTERED.test(chunk)) return;
  for (const outer of chunk.split(OUTER)) {
    if (outer === "") continue;
    if (outer !== chunk && outer.length <= WORD_CHARS_MAX) take(outer, "part");
    for (const inner of outer.split(INNER)) {
      if (inner === "") continue;
      if (inner !== outer && inner.length <= WORD_CHARS_MAX) take(inner, "part");
      const humps = inner.split(CAMEL);
      if (humps.length < 2) continue;
      for (const hump of humps) if (hump.length > 1 && hump.length <= WORD_CHARS_MAX) take(hump, "part");
    }
  }
}

/** Stems are dear and words come back: each language remembers this many. */
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
  const lower = lowerIn(surface, language);
  const term = fold(LETTERED.test(lower) && !/[\p{N}_./:@+#-]/u.test(lower) ? stem(lower, language) : lower);
  if (known.size >= MEMORY_WORDS_MAX) known.clear();
  known.set(surface, term);
  return term;
}
