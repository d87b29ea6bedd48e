/**
 * What an admin of a guild added: words, patterns, a limit of mentions, domains that are fine. Compiled once per guild and kept with
 * its settings. Patterns run in RE2 (re2js), whose time grows with the text's length and no faster; what RE2 cannot do is
 * refused when it is saved, with the reason. Words are matched folded, so that case, accents, look-alikes and spacing do not matter.
 */
import { RE2JS } from "re2js";
import { fold, isWordByte } from "../text/fold.ts";
import { squeezedText, squeezedWord } from "./evasion.ts";
import type { Sign, TextLook } from "./look.ts";

export type FilterSettings = {
  /** More mentions than this in one message are a breach. Null: the model is asked. */
  readonly mentionsMax: number | null;
  /** `word` stands alone, `word*` begins one. */
  readonly words: readonly string[];
  readonly patterns: readonly string[];
  /** With their sub-domains. */
  readonly allowedDomains: readonly string[];
};

export type GuildFilter = {
  readonly mentionsMax: number | null;
  readonly words: readonly Word[];
  readonly patterns: readonly Pattern[];
  readonly allows: (host: string) => boolean;
};

type Word = { readonly written: string; readonly folded: string; readonly squeezed: string; readonly begins: boolean };
type Pattern = { readonly written: string; readonly compiled: RE2JS };

const WORDS_MAX = 200;
const PATTERNS_MAX = 20;
const WORD_CHARS_MAX = 60;
const PATTERN_CHARS_MAX = 200;
/** RE2's instructions: a bigger program costs more than a message may. */
const PROGRAM_MAX = 600;
/** Of a message this much is held against patterns. */
const READ_CHARS_MAX = 2_000;

export type Refusal =
  | {
      readonly refused:
        | ("empty" | "too-long" | "matches-everything" | "looks-around" | "refers-back" | "too-large")
        | "no-domain";
    }
  | { readonly refused: "syntax"; readonly detail: string };

/** Why a pattern cannot be saved; null where it can. */
export function refusePattern(pattern: string): Refusal | null {
  const compiled = compilePattern(pattern);
  return "refused" in compiled ? compiled : null;
}

/** Why a word cannot be saved; null where it can. */
export function refuseWord(word: string): Refusal | null {
  if (word.length > WORD_CHARS_MAX) return { refused: "too-long" };
  const { folded } = readWord(word);
  return /[a-z0-9\x80-\xff]/.test(folded) ? null : { refused: "empty" };
}

export type FilterRefusal = {
  readonly list: "words" | "patterns" | "allowedDomains";
  /** From 0. */
  readonly at: number;
  readonly written: string;
  readonly refusal: Refusal;
};

/** Every entry that cannot be saved, with its reason. */
export function refusedInFilter({ words, patterns, allowedDomains }: FilterSettings): readonly FilterRefusal[] {
  const refused: FilterRefusal[] = [];
  const check = (list: FilterRefusal["list"], entries: readonly string[], why: (entry: string) => Refusal | null) => {
    for (const [at, written] of entries.entries()) {
      const refusal = why(written);
      if (refusal !== null) refused.push({ list, at, written, refusal });
    }
  };
  check("words", words, refuseWord);
  check("patterns", patterns, refusePattern);
  check("allowedDomains", allowedDomains, (written) => (isDomain(written) ? null : { refused: "no-domain" }));
  return refused;
}

/** `example.com`, with or without `https://` and `www.`; nothing after it. */
function isDomain(written: string): boolean {
  const labels = hostOf(written).split(".");
  return labels.length > 1 && labels.every((label) => label.length <= 63 && /^[a-z0-9-]+$/.test(label));
}

function hostOf(domain: string): string {
  return domain
    .toLowerCase()
    .replace(/^(?:https?:\/\/)?(?:www\.)?/, "")
    .replace(/\/$/, "");
}

function compilePattern(pattern: string): Pattern | Refusal {
  if (pattern.trim() === "") return { refused: "empty" };
  if (pattern.length > PATTERN_CHARS_MAX) return { refused: "too-long" };
  if (/\(\?<?[=!]/.test(pattern)) return { refused: "looks-around" };
  if (/\\[1-9]|\\k</.test(pattern.replaceAll("\\\\", ""))) return { refused: "refers-back" };
  try {
    const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    if (compiled.programSize() > PROGRAM_MAX) return { refused: "too-large" };
    if (compiled.matcher("").find()) return { refused: "matches-everything" };
    return { written: pattern, compiled };
  } catch (error) {
    const detail = (error instanceof Error ? error.message : String(error)).slice(0, 120);
    return /repeat (?:count|size)/.test(detail) ? { refused: "too-large" } : { refused: "syntax", detail };
  }
}

/** Settings that were refused are left out: they come from before a rule grew stricter. */
export function compileFilter({ mentionsMax, words, patterns, allowedDomains }: FilterSettings): GuildFilter {
  const domains = new Set(allowedDomains.map(hostOf));
  return {
    mentionsMax,
    words: words.slice(0, WORDS_MAX).flatMap((word) => (refuseWord(word) === null ? [readWord(word)] : [])),
    patterns: patterns.slice(0, PATTERNS_MAX).flatMap((pattern) => {
      const compiled = compilePattern(pattern);
      return "refused" in compiled ? [] : [compiled];
    }),
    allows(host) {
      if (domains.size === 0) return false;
      for (let rest = host; ; rest = rest.slice(rest.indexOf(".") + 1)) {
        if (domains.has(rest)) return true;
        if (!rest.includes(".")) return false;
      }
    },
  };
}

export const NO_FILTER: GuildFilter = compileFilter({ mentionsMax: null, words: [], patterns: [], allowedDomains: [] });

function readWord(written: string): Word {
  const begins = written.endsWith("*");
  const text = written.trim().replace(/^\*+|\*+$/g, "");
  const { bytes, length } = fold(text.slice(0, WORD_CHARS_MAX));
  const folded = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("latin1").trim();
  return { written: text, folded, squeezed: squeezedWord(folded), begins };
}

/** Shorter words squeezed are found by chance. */
const SQUEEZED_CHARS_MIN = 4;

export function ownRules(look: TextLook, { words, patterns }: GuildFilter, signs: Sign[]): void {
  if (words.length > 0) {
    const { bytes, length } = look.folded;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("latin1");
    const plain = text.replace(/[013457$@]/g, (sign) => LETTERS[sign] ?? sign);
    const hidden = squeezedText(look);
    for (const word of words) {
      const found =
        stands(text, word.folded, word.begins) ||
        stands(plain, word.folded, word.begins) ||
        (hidden !== null && word.squeezed.length >= SQUEEZED_CHARS_MIN && stands(hidden, word.squeezed, word.begins));
      if (found) signs.push({ name: "own-word", saw: word.written, weight: "sure", kind: "own", risk: 0.95 });
    }
  }
  for (const { written, compiled } of patterns) {
    if (!compiled.matcher(look.text.slice(0, READ_CHARS_MAX)).find()) continue;
    signs.push({ name: "own-pattern", saw: written.slice(0, 100), weight: "sure", kind: "own", risk: 0.95 });
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  $: "s",
  "@": "a",
};

function stands(text: string, word: string, begins: boolean): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at > 0 && isWordByte(text.charCodeAt(at - 1))) continue;
    if (begins || !isWordByte(text.charCodeAt(at + word.length))) return true;
  }
  return false;
}
