/**
 * Does the author speak *about* a scam or an insult: report it, quote it, ask whether it is real, warn of it? Then its words are no
 * sign of a breach, and nothing in the text is certain. A quote is a code span, a line that begins with `>`, or eight characters
 * and more between quotation marks.
 */

import { G } from "../text/words.ts";
import type { TextLook } from "./look.ts";

export type Reporting = {
  /** Reports, asks or warns in so many words, or by a word of warning or a quote that leads nowhere. */
  readonly reports: boolean;
  /** Any word of warning at all, or a quote: enough to be in doubt. */
  readonly doubtful: boolean;
};

const QUOTED_CHARS_MIN = 8;

export function reportingOf({ text, hits, domains }: TextLook): Reporting {
  const told = (hits.counts[G.report] ?? 0) > 0;
  const quotes = quoting(text);
  const warns = (hits.counts[G.warning] ?? 0) > 0;
  const leads = domains.some(({ kind }) => kind !== "known") || (hits.counts[G.contact] ?? 0) > 0;
  return { reports: told || ((quotes || warns) && !leads), doubtful: told || quotes || warns };
}

function quoting(text: string): boolean {
  // Most texts hold no such mark at all: one look instead of a dozen.
  if (!/[`>"“„«»‘]/.test(text)) return false;
  if (text.includes("`") || text.startsWith(">") || text.includes("\n>") || text.includes(" > ")) return true;
  for (const [open, close] of QUOTES) {
    const from = text.indexOf(open);
    if (from < 0) continue;
    const to = text.indexOf(close, from + 1);
    if (to - from > QUOTED_CHARS_MIN) return true;
  }
  return false;
}

const QUOTES = [
  ['"', '"'],
  ["“", "”"],
  ["„", "“"],
  ["„", '"'],
  ["«", "»"],
  ["»", "«"],
  ["‘", "’"],
] as const;
