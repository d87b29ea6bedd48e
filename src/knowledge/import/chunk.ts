/**
 * A document's Markdown → passages of at most 1,000 characters, cut where a reader would cut: at headings first, then between
 * blocks. Code fences and tables stay whole while they fit (a cut fence is closed and reopened, a cut table repeats its head);
 * sections too small to stand alone join their neighbours. Underlined headings (setext, reStructuredText) count as headings.
 */
import { explicitAnchor, headingText } from "../heading.ts";

/** At most this many characters of text in a passage. */
export const PASSAGE_CHARS_MAX = 1_000;

/** Part of every document's hash: another number re-chunks everything at the next import. */
export const CHUNKER_VERSION = 2;

export type Chunk = {
  /** From the topmost heading down; the page's own title left out. */
  readonly headings: readonly string[];
  /** The last heading's anchor, as most site generators write it; null before the first heading. */
  readonly anchor: string | null;
  readonly text: string;
};

/** A section shorter than this joins its neighbour under the same parent heading. */
const SECTION_CHARS_MIN = 160;

const HEADINGS_MAX = 8;
const HEADING_CHARS_MAX = 200;

export function chunk(markdown: string, title: string): Chunk[] {
  const chunks: Chunk[] = [];
  for (const section of joinSmall(sectionsOf(markdown, title))) {
    for (const text of pack(section.blocks)) chunks.push({ headings: section.headings, anchor: section.anchor, text });
  }
  return chunks;
}

type BlockKind = "text" | "code" | "table";
type Block = { readonly kind: BlockKind; readonly text: string };
type Section = { readonly headings: readonly string[]; readonly anchor: string | null; readonly blocks: Block[] };

/** No writer's line is longer; a longer one is data, and is cut so that no pattern reads it whole. */
const LINE_CHARS_MAX = 10_000;
/** The mark only: what follows is trimmed by plain scans, since a pattern would try every place where the heading may end. */
const ATX = /^ {0,3}(#{1,6})[ \t]/;
/** Not ":" and ".": `:::` ends a container, and "..." is an ellipsis. */
const UNDERLINE = /^([=\-~^"'`*+#])\1{2,}[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const LABEL = /^\.\. _[^:]+:\s*$/;

function sectionsOf(markdown: string, title: string): Section[] {
  const lines = linesOf(markdown);
  const path: { readonly level: number; readonly text: string }[] = [];
  const underlines: string[] = [];
  const anchors = new Map<string, number>();
  let section: Section = { headings: [], anchor: null, blocks: [] };
  const sections: Section[] = [section];
  let block: string[] = [];
  let kind: BlockKind = "text";

  const closeBlock = (): void => {
    const text = block.join("\n").trimEnd();
    if (text !== "") section.blocks.push({ kind, text });
    block = [];
    kind = "text";
  };
  const open = (level: number, raw: string): void => {
    closeBlock();
    const text = headingText(raw);
    if (text === "") return;
    while (path.length > 0 && (path.at(-1)?.level ?? 0) >= level) path.pop();
    path.push({ level, text });
    const headings = path.map((h) => h.text).filter((h, i) => !(i === 0 && same(h, title)));
    section = {
      headings: headings.slice(-HEADINGS_MAX),
      anchor: explicitAnchor(raw) ?? anchorOf(text, anchors),
      blocks: [],
    };
    sections.push(section);
  };

  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const fence = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      closeBlock();
      kind = "code";
      block.push(line);
      const end = new RegExp(`^ {0,3}\\${fence[0]}{${fence.length},}[ \\t]*$`);
      for (i++; i < lines.length; i++) {
        block.push(lines[i] ?? "");
        if (end.test(lines[i] ?? "")) break;
      }
      closeBlock();
      continue;
    }
    const atx = ATX.exec(line);
    const heading = atx === null ? "" : withoutClosing(line.slice(atx[0].length));
    if (heading !== "") {
      open(atx?.[1]?.length ?? 1, heading);
      continue;
    }
    const next = lines[i + 1] ?? "";
    const under = UNDERLINE.exec(next)?.[1];
    if (under !== undefined && isUnderlined(line, next, block)) {
      if (!underlines.includes(under)) underlines.push(under);
      open(underlines.indexOf(under) + 1, line.trim());
      i++;
      continue;
    }
    if (line.trim() === "") {
      closeBlock();
    } else if (LABEL.test(line)) {
      // A reStructuredText anchor says nothing to a reader.
    } else {
      const trimmed = line.trim();
      const row = trimmed.length > 1 && trimmed.startsWith("|") && trimmed.endsWith("|");
      if (row !== (kind === "table")) closeBlock();
      if (row) kind = "table";
      block.push(line);
    }
  }
  closeBlock();
  return sections.filter((s) => s.blocks.length > 0);
}

function linesOf(markdown: string): string[] {
  const lines = markdown.replace(/\r\n?/g, "\n").split("\n");
  return lines.flatMap((line) => (line.length <= LINE_CHARS_MAX ? [line] : cutSentences(line, LINE_CHARS_MAX)));
}

/** A heading's text without the marks that may close it: `Title ##`. */
function withoutClosing(text: string): string {
  const trimmed = text.trim();
  let end = trimmed.length;
  while (end > 0 && trimmed[end - 1] === "#") end--;
  const open = trimmed.slice(0, end).trimEnd();
  return open === "" ? trimmed : open;
}

/** One line of words, alone, with a rule below that is about as long: not a table, not a list, not the end of a paragraph. */
function isUnderlined(line: string, rule: string, block: readonly string[]): boolean {
  const text = line.trim();
  return (
    block.length === 0 &&
    text.length > 1 &&
    text.length <= HEADING_CHARS_MAX &&
    /[\p{L}\p{N}]/u.test(text) &&
    !/^[|>\-*+]\s|^\|/.test(text) &&
    rule.trim().length >= Math.min(text.length, 3) &&
    !UNDERLINE.test(line)
  );
}

function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function anchorOf(heading: string, seen: Map<string, number>): string {
  const slug = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s+/g, "-");
  const times = seen.get(slug) ?? 0;
  seen.set(slug, times + 1);
  return times === 0 ? slug : `${slug}-${times}`;
}

/** A lone sentence under a heading is found by chance and says little: it joins the section before, its heading kept in the text. */
function joinSmall(sections: readonly Section[]): Section[] {
  const joined: Section[] = [];
  for (const section of sections) {
    const before = joined.at(-1);
    const parent = section.headings.slice(0, -1);
    const fits =
      before !== undefined &&
      size(section) < SECTION_CHARS_MIN &&
      size(before) + size(section) < PASSAGE_CHARS_MAX / 2 &&
      section.headings.length > 0 &&
      (startsWith(before.headings, parent) || startsWith(section.headings, before.headings));
    if (!fits) {
      joined.push({ ...section, blocks: [...section.blocks] });
      continue;
    }
    before.blocks.push({ kind: "text", text: section.headings.at(-1) ?? "" }, ...section.blocks);
  }
  return joined;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((heading, i) => path[i] === heading);
}

function size(section: Section): number {
  return section.blocks.reduce((sum, block) => sum + block.text.length + 2, 0);
}

/** Fills passages block by block; spreads what does not fit in one evenly, so that no crumb is left at the end. */
function pack(blocks: readonly Block[]): string[] {
  const pieces = blocks.flatMap((block) => (block.text.length <= PASSAGE_CHARS_MAX ? [block.text] : cut(block)));
  const total = pieces.reduce((sum, piece) => sum + piece.length + 2, 0);
  const target = Math.min(PASSAGE_CHARS_MAX, Math.ceil(total / Math.ceil(total / PASSAGE_CHARS_MAX)) + 120);
  const passages: string[] = [];
  let current = "";
  for (const piece of pieces) {
    const joint = current === "" ? piece : `${current}\n\n${piece}`;
    if (current !== "" && joint.length > target) {
      passages.push(current);
      current = piece;
    } else {
      current = joint;
    }
  }
  if (current !== "") passages.push(current);
  return passages;
}

function cut(block: Block): string[] {
  const lines = block.text.split("\n");
  if (block.kind === "code") {
    const open = lines[0] ?? "```";
    const close = FENCE.exec(open)?.[1] ?? "```";
    const inner = lines.slice(1, FENCE.test(lines.at(-1) ?? "") ? -1 : undefined);
    const room = PASSAGE_CHARS_MAX - open.length - close.length - 2;
    if (room < PASSAGE_CHARS_MAX / 2) return cutLines(lines, PASSAGE_CHARS_MAX);
    return cutLines(inner, room).map((part) => `${open}\n${part}\n${close}`);
  }
  if (block.kind === "table" && lines.length > 3) {
    const head = lines.slice(0, 2).join("\n");
    const room = PASSAGE_CHARS_MAX - head.length - 1;
    if (room >= PASSAGE_CHARS_MAX / 2) return cutLines(lines.slice(2), room).map((part) => `${head}\n${part}`);
  }
  return cutLines(lines, PASSAGE_CHARS_MAX);
}

function cutLines(lines: readonly string[], room: number): string[] {
  const parts: string[] = [];
  let current = "";
  for (const piece of lines.flatMap((line) => (line.length <= room ? [line] : cutSentences(line, room)))) {
    const joint = current === "" ? piece : `${current}\n${piece}`;
    if (current !== "" && joint.length > room) {
      parts.push(current);
      current = piece;
    } else {
      current = joint;
    }
  }
  if (current.trim() !== "") parts.push(current);
  return parts;
}

/** Cut by sentences, then by words; text without either is cut by length, never inside a surrogate pair. */
function cutSentences(line: string, room: number): string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > room) {
    const window = rest.slice(0, room);
    const sentence = Math.max(
      window.lastIndexOf(". "),
      window.lastIndexOf("? "),
      window.lastIndexOf("! "),
      window.lastIndexOf("。"),
    );
    const word = window.lastIndexOf(" ");
    let at = sentence > room / 3 ? sentence + 1 : word > room / 3 ? word : room;
    const code = rest.charCodeAt(at - 1);
    if (at === room && code >= 0xd800 && code < 0xdc00) at--;
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  if (rest !== "") parts.push(rest);
  return parts;
}
