/**
 * Cuts a text into parts that Discord takes. Prefers paragraph, line, sentence, word, in this order, each only in the second
 * half of a part; never inside a link, a piece of inline code or a character. A fence that fits is moved whole; one that does
 * not is closed at a line's end and re-opened with its language. Long emphasis and spoilers are closed and re-opened the same way,
 * over lines too; a quote of the rest (`>>> `) goes on in every further part, and a fence in a quote stays in it.
 */

import { maskedLinks } from "../text/masked-links.ts";

export const PART_CHARS_MAX = 2_000;

/** Room for "\n```" or for the closing marks of emphasis. */
const CLOSING_CHARS = 20;
/** Longer emphasis than this is not looked for. */
const SPAN_CHARS_MAX = 10_000;
const FENCE = "```";
const PREFIX = /^(?:> |[ \t]{1,12})/;
const QUOTE_REST = ">>> ";
/** A language begins with a letter or a digit: "```." is code that begins with a full stop. */
const LANGUAGE = /^([A-Za-z0-9][\w+\-.#]{0,19})\n/;

type Region = {
  readonly from: number;
  readonly codeFrom: number;
  /** Where the closing fence stands; the text's end when there is none. */
  readonly codeTo: number;
  readonly to: number;
  readonly language: string;
  /** Text before the fence in its line: a quote's mark, a list's indentation. */
  readonly prefix: string;
};

type Span = { readonly from: number; readonly to: number; readonly mark: string | null };

/** No part is empty or longer than `charsMax` UTF-16 units; a text that fits is returned as it is. */
export function split(text: string, charsMax = PART_CHARS_MAX): readonly string[] {
  if (text.trim() === "") return [];
  if (text.length <= charsMax) return [text];

  const parts: string[] = [];
  let rest = text;
  // How much of `rest` was put there to re-open what the part before closed.
  let opened = 0;
  while (rest !== "") {
    // Text farther away cannot matter to this cut, and a book must not be read again for each of its parts.
    const regions = fences(rest.slice(0, charsMax * 3));
    const last = regions.at(-1);
    const end = rest.trimEnd();
    const unclosed = last !== undefined && last.to === last.codeTo ? closing(end, last.prefix) : "";
    if (end.length + unclosed.length <= charsMax) {
      push(parts, end + unclosed);
      break;
    }
    const cut = cutAt(rest, regions, charsMax - CLOSING_CHARS, opened);
    push(parts, cut.head);
    const opens = quotesRest(cut.head, regions) ? `${QUOTE_REST}${cut.opens}` : cut.opens;
    rest = cut.tail.trim() === "" ? "" : opens + cut.tail;
    opened = opens.length;
  }
  return parts;
}

/** From `>>> ` at a line's start, outside of code, everything to the end is a quote. */
function quotesRest(head: string, regions: readonly Region[]): boolean {
  for (let at = head.indexOf(QUOTE_REST); at >= 0; at = head.indexOf(QUOTE_REST, at + 1)) {
    const lineStart = at === 0 || head[at - 1] === "\n";
    if (lineStart && !regions.some(({ from, to }) => from < at && at < to)) return true;
  }
  return false;
}

type Cut = {
  readonly head: string;
  readonly tail: string;
  /** The beginning of the next part. */
  readonly opens: string;
};

function cutAt(rest: string, regions: readonly Region[], budget: number, opened: number): Cut {
  const region = regions.find((r) => r.from < budget && budget < r.to);
  if (region === undefined) return cutText(rest, regions, budget, opened);
  if (rest.slice(0, region.from).replace(/^>>> /, "").trim() === "") return cutCode(rest, region, budget);
  if (region.to - region.from <= budget) return plain(rest, region.from);
  // A fence too long for any part begins in this one if there is room for a few lines of it.
  return budget - region.codeFrom > budget / 4 ? cutCode(rest, region, budget) : plain(rest, region.from);
}

function cutCode(rest: string, region: Region, budget: number): Cut {
  const limit = Math.min(budget, region.codeTo);
  const line = rest.lastIndexOf("\n", limit - 1) + 1;
  const least = region.codeFrom + (limit - region.codeFrom) / 3;
  const at = line > least ? line : Math.max(region.codeFrom + 1, wholeCharacter(rest, limit));
  const head = rest.slice(0, at);
  const after = rest.slice(at);
  // Nothing of the code is left: end the fence here and go on behind it.
  if (rest.slice(at, region.codeTo).trim() === "") {
    return { head: head + closing(head, region.prefix), tail: rest.slice(region.to).replace(/^\s*\n/, ""), opens: "" };
  }
  const inLine = rest[at - 1] === "\n" ? "" : region.prefix;
  return {
    head: head + closing(head, region.prefix),
    tail: after,
    opens: `${region.prefix}${FENCE}${region.language}\n${inLine}`,
  };
}

function cutText(rest: string, regions: readonly Region[], budget: number, reopened: number): Cut {
  const opened = reopened + (LINE_MARKS.exec(rest.slice(reopened, budget))?.[0].length ?? 0);
  const code = regions.map((region) => ({ from: region.from, to: region.to, mark: null }));
  const spans = [...code, ...spansIn(rest.slice(0, budget + SPAN_CHARS_MAX))];
  const free = (at: number) => !spans.some((span) => span.from < at && at < span.to);
  const at =
    breakAt(rest, budget, opened, free) ??
    (free(wholeCharacter(rest, budget)) ? null : breakAt(rest, budget, opened, free, ANY_SPACE));
  if (at !== null) return plain(rest, at);

  // Every place is inside something. Emphasis can be closed and re-opened, a link cannot.
  const open = (place: number) => spans.filter((span) => span.from < place && place < span.to);
  const fixed = (place: number) => open(place).filter((span) => span.mark === null);
  const last = wholeCharacter(rest, budget);
  const place =
    breakAt(rest, budget, opened, (at) => fixed(at).length === 0) ?? before(rest, fixed, last, opened) ?? last;
  const marks = fixed(place).length > 0 ? [] : open(place).flatMap((span) => span.mark ?? []);
  const cut = plain(rest, place);
  if (marks.length === 0) return cut;
  return { ...cut, head: cut.head + marks.toReversed().join(""), opens: cut.opens + marks.join("") };
}

/** The last place before `at` that is in nothing `fixed`, if that leaves more than marks for this part. */
function before(rest: string, fixed: (at: number) => readonly Span[], at: number, opened: number): number | null {
  let from = at;
  for (let around = fixed(from); around.length > 0; around = fixed(from)) {
    from = Math.min(...around.map((span) => span.from));
  }
  return from < at && /[\p{L}\p{N}]/u.test(rest.slice(opened, from)) ? from : null;
}

function plain(rest: string, at: number): Cut {
  const head = rest.slice(0, at);
  const lineFrom = head.lastIndexOf("\n") + 1;
  // Cut inside a line: the next part repeats the line's mark. Behind a line's end there is nothing of a line.
  const quote = rest[at] === "\n" ? null : /^(?:> |-# )/.exec(head.slice(lineFrom));
  // Between lines only empty ones are dropped: a list's indentation is its meaning.
  const dropped = rest[at - 1] === "\n" ? /^(?:[^\S\n]*\n)+/ : /^[^\S\n]*(?:\n+|$)|^[^\S\n]+/;
  return { head: head.trimEnd(), tail: rest.slice(at).replace(dropped, ""), opens: quote?.[0] ?? "" };
}

const BREAKS: readonly (readonly [RegExp, number])[] = [
  [/\n[^\S\n]*\n/g, 0.5],
  [/\n/g, 0.5],
  // Chinese and Japanese write no space behind a sentence.
  [/[.!?…]["'”’)\]]*\s|[。！？]["'”’）」』)\]]*\s?/g, 0.5],
  [/\s/g, 0.15],
];
const ANY_SPACE: typeof BREAKS = [[/\s/g, 0]];
/** Marks at a line's beginning, which are nothing without what they stand before: quotes, headings, lists. */
const LINE_MARKS = /^(?: *(?:[>#*+-]+|\d{1,9}[.)]) )*/;

/** The last good place at or before `budget` that `free` allows; null when there is none. */
function breakAt(
  rest: string,
  budget: number,
  opened: number,
  free: (at: number) => boolean,
  breaks = BREAKS,
): number | null {
  const head = rest.slice(0, budget + 1);
  for (const [pattern, least] of breaks) {
    let best: number | null = null;
    for (const match of head.matchAll(pattern)) {
      const at = match.index + match[0].length;
      if (at <= budget && at > budget * least && at > opened && free(at)) best = at;
    }
    if (best !== null) return best;
  }
  return null;
}

function fences(text: string): readonly Region[] {
  const regions: Region[] = [];
  let at = 0;
  let open: { from: number; codeFrom: number; language: string; prefix: string } | null = null;
  while (true) {
    const next = text.indexOf(FENCE, at);
    if (open === null) {
      if (next < 0) return regions;
      const header = LANGUAGE.exec(text.slice(next + 3, next + 26));
      const codeFrom: number = next + 3 + (header?.[0].length ?? (text[next + 3] === "\n" ? 1 : 0));
      const line = text.slice(text.lastIndexOf("\n", next - 1) + 1, next);
      const prefix = PREFIX.exec(line)?.[0] ?? "";
      open = { from: next - (line === prefix ? prefix.length : 0), codeFrom, language: header?.[1] ?? "", prefix };
      at = codeFrom;
      continue;
    }
    const to: number = next < 0 ? text.length : next + 3;
    // The mark before the closing fence belongs to it, not to the code.
    const codeTo =
      next < 0 ? text.length : next - (text.slice(0, next).endsWith(`\n${open.prefix}`) ? open.prefix.length : 0);
    regions.push({ ...open, codeTo, to });
    if (next < 0) return regions;
    open = null;
    at = to;
  }
}

/** Spans that must stay in one piece (links, inline code), and spans that can be closed and re-opened (emphasis, with its mark). */
function spansIn(text: string): readonly Span[] {
  const spans: Span[] = [];
  const add = (pattern: RegExp) => {
    for (const match of text.matchAll(pattern)) {
      spans.push({ from: match.index, to: match.index + match[0].length, mark: match[1] ?? null });
    }
  };
  // A fence's last mark begins none.
  add(/(?<!`)(?:`[^`\n]{1,1900}`|``[^`\n]{1,1900}``)(?!`)/g);
  for (const { open, to } of maskedLinks(text)) if (open >= 0) spans.push({ from: open, to, mark: null });
  add(/<?https?:\/\/[^\s<>]{1,1900}>?/g);
  add(/<[@#:at][^\s<>]{1,80}>/g);
  for (const mark of ["**", "__", "~~", "||"]) spans.push(...pairsOf(text, mark));
  add(/(?<![*\w])(\*)(?=[^\s*])[^*\n]+?\*(?!\*)/g);
  return spans;
}

/** A span between two marks, over lines too: the first mark begins at a word, the second ends at one. */
function pairsOf(text: string, mark: string): Span[] {
  const pairs: Span[] = [];
  let from = -1;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    const opens = /\S/.test(text[at + mark.length] ?? " ");
    const closes = /\S/.test(text[at - 1] ?? " ");
    if (from >= 0 && closes && at > from + mark.length) {
      pairs.push({ from, to: at + mark.length, mark });
      from = -1;
    } else if (opens) from = at;
  }
  return pairs;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** Longer clusters than this are ornaments; they may be cut between code points. */
const CLUSTER_CHARS_MAX = 64;
const FLAG_LETTER = /^\p{Regional_Indicator}$/u;

/** The last boundary between characters (as people see them) at or before `at`, which is within the text. */
function wholeCharacter(text: string, at: number): number {
  const from = Math.max(0, at - CLUSTER_CHARS_MAX);
  let start = from > 0 && isLowSurrogate(text, from) ? from + 1 : from;
  // Of a row of flags only its beginning tells which two letters are one flag.
  while (FLAG_LETTER.test(text.slice(Math.max(0, start - 2), start))) start -= 2;
  let boundary = start;
  for (const { index } of segmenter.segment(text.slice(start, at + CLUSTER_CHARS_MAX))) {
    if (start + index > at) break;
    boundary = start + index;
  }
  if (boundary > start) return boundary;
  return isLowSurrogate(text, at) ? at - 1 : at;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function closing(code: string, prefix: string): string {
  return `${code.endsWith("\n") ? "" : "\n"}${prefix}${FENCE}`;
}

function push(parts: string[], part: string): void {
  if (part !== "") parts.push(part);
}
