/** Searched words where they stand in a text: marked, and with a little of what is around the first. */
import { isUnspaced, patternOf, soughtWords } from "../../src/sought.ts";
import { html, type Part } from "../html.ts";

const BEFORE_CHARS = 60;
const SHOWN_CHARS = 300;

/** The words that were looked for, each time one begins a word there. */
export function marked(text: string, sought: string): readonly Part[] {
  const pattern = patternOfAll(sought);
  if (pattern === null) return [text];
  // What a pattern in parentheses matched stands between the pieces, at every other place.
  return text.split(pattern).map((piece, n) => (n % 2 === 1 ? html`<mark>${piece}</mark>` : piece));
}

/** A long text from a word shortly before the first that was looked for, after "…"; without any from its beginning. Cut, it ends with "…" too. */
export function around(text: string, sought: string): string {
  const pattern = patternOfAll(sought);
  const from = pattern === null ? 0 : Math.max(0, text.search(pattern) - BEFORE_CHARS);
  const shown = text.slice(from, from + SHOWN_CHARS);
  const begun = from === 0 ? shown : `… ${shown.replace(/^\S{0,30}\s+/u, "")}`;
  return from + SHOWN_CHARS >= text.length
    ? begun
    : `${begun.replace(/\s+\S{0,30}$/u, "").replace(/[\s.,…]+$/u, "")} …`;
}

function patternOfAll(sought: string): RegExp | null {
  const words = soughtWords(sought).map((word) =>
    isUnspaced(word) ? patternOf(word) : `(?<![\\p{L}\\p{N}\\p{M}])${patternOf(word)}`,
  );
  return words.length === 0 ? null : new RegExp(`(${words.join("|")})`, "giu");
}
