/**
 * Markdown's `[label](target)` as Discord's client finds it: brackets may nest, spaces and `<` may stand before the target, a
 * title after it. One pass with a stack of open brackets; each target is read once and bounded.
 */

export type MaskedLink = {
  /** Of the opening bracket; -1 where none is open. */
  readonly open: number;
  /** Of the closing bracket before the target. */
  readonly close: number;
  /** Behind the round bracket that ends it. */
  readonly to: number;
  readonly target: string;
};

const TARGET_CHARS_MAX = 2_000;
const TITLE_CHARS_MAX = 200;
const SPACES_MAX = 20;
// Compared by code: a character of any script but Latin would be made a string of its own.
const OPENING = "[".charCodeAt(0);
const CLOSING = "]".charCodeAt(0);

export function maskedLinks(text: string): readonly MaskedLink[] {
  const links: MaskedLink[] = [];
  const open: number[] = [];
  const last = text.lastIndexOf(")");
  let noEndBefore = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPENING) open.push(at);
    if (code !== CLOSING) continue;
    const opener = open.pop() ?? -1;
    // A target that was read to its bound without an end need not be read again from a place inside it.
    if (text[at + 1] !== "(" || at < noEndBefore || at > last) continue;
    const end = endOfTarget(text, at + 2);
    if (end.closed) {
      links.push({ open: opener, close: at, to: end.to, target: end.target });
      at = end.to - 1;
    } else if (end.to - at > TARGET_CHARS_MAX) noEndBefore = end.to - TARGET_CHARS_MAX / 2;
  }
  return links;
}

function endOfTarget(text: string, from: number): { closed: boolean; to: number; target: string } {
  let at = skipSpaces(text, from);
  const angle = text[at] === "<";
  if (angle) at++;
  const start = at;
  let depth = 0;
  for (; at < text.length && at - start <= TARGET_CHARS_MAX; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) break;
    if (code === 40) depth++;
    if (code === 41 && --depth < 0) break;
  }
  const target = text.slice(start, angle && text[at - 1] === ">" ? at - 1 : at);
  if (text[at] === ")") return { closed: true, to: at + 1, target };
  const behind = endOfTitle(text, skipSpaces(text, at));
  return text[behind] === ")" ? { closed: true, to: behind + 1, target } : { closed: false, to: at, target };
}

/** Behind a title in quotes and the spaces after it; the same place where there is none. */
function endOfTitle(text: string, from: number): number {
  const quote = text[from];
  if (quote !== '"' && quote !== "'") return from;
  const length = text.slice(from + 1, from + 1 + TITLE_CHARS_MAX).indexOf(quote);
  return length < 0 ? from : skipSpaces(text, from + length + 2);
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at - from < SPACES_MAX && at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || (code >= 160 && /\s/.test(String.fromCharCode(code)));
}
