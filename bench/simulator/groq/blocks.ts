/**
 * A passage as a reader sees it: sections under their headings, in them paragraphs, lists, tables and code, each of which can
 * be quoted whole or in part. A heading is a marked line, or a short line alone that no full stop ends.
 */
import { cellsOf, sentences } from "./sentences.ts";

export type Block =
  | { readonly kind: "text"; readonly units: readonly string[] }
  | { readonly kind: "list"; readonly units: readonly string[]; readonly ordered: boolean }
  /** One unit a row. */
  | { readonly kind: "table"; readonly units: readonly string[] }
  | { readonly kind: "code"; readonly units: readonly [string] };

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

const HEADING_CHARS_MAX = 90;
const ITEM = /^(?:[-*+•]|(\d{1,3})[.)])\s+/;
/** Where a passage comes from, as a prompt may add it at the end. */
const ADDRESS = /\n\s*\(?<?https?:\/\/[^\s)>]+>?\)?\s*$/;

export function sectionsOf(title: string, text: string): Section[] {
  const sections: { heading: string; blocks: Block[] }[] = [{ heading: title, blocks: [] }];
  const pieces = piecesOf(text.replace(ADDRESS, ""));
  for (const [place, piece] of pieces.entries()) {
    const heading = headingIn(piece, place + 1 < pieces.length);
    if (heading !== undefined) sections.push({ heading, blocks: [] });
    else sections.at(-1)?.blocks.push(...blocksIn(piece));
  }
  return sections.filter(({ blocks }) => blocks.length > 0);
}

/** As Discord shows it. `units` are those to quote, in order; a table's row becomes a list's item. */
export function shown(block: Block, units: readonly string[]): string {
  switch (block.kind) {
    case "list":
      return units
        .map((unit) => (block.ordered ? `${block.units.indexOf(unit) + 1}. ${unit}` : `- ${unit}`))
        .join("\n");
    case "table":
      return units.map((unit) => `- ${unit}`).join("\n");
    case "text":
      return units.join(" ");
    case "code":
      return units.join("\n");
  }
}

/** Code fences whole, everything else cut at empty lines. */
function piecesOf(text: string): string[] {
  return text
    .split(/(```[\s\S]*?(?:```|$))/)
    .flatMap((part) => (part.startsWith("```") ? [part] : part.split(/\n\s*\n/)))
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function headingIn(piece: string, followed: boolean): string | undefined {
  const marked = /^#{1,6}\s+(.+)$/.exec(piece)?.[1];
  if (marked !== undefined) return marked;
  const alone = followed && !piece.includes("\n") && piece.length <= HEADING_CHARS_MAX;
  return alone && !ITEM.test(piece) && !/[.!:;,…]$|^\||^```|^>/.test(piece) ? piece : undefined;
}

/** A paragraph may run into a list, a list into a table. */
function blocksIn(piece: string): Block[] {
  if (piece.startsWith("```")) return [{ kind: "code", units: [piece.endsWith("```") ? piece : `${piece}\n\`\`\``] }];
  const groups: { kind: "text" | "list" | "table"; lines: string[]; ordered: boolean }[] = [];
  for (const line of piece.split("\n").map((one) => one.trim())) {
    const item = ITEM.exec(line);
    const kind = line.startsWith("|") ? "table" : item ? "list" : "text";
    const last = groups.at(-1);
    // A wrapped line belongs to the item above it.
    if (kind === "text" && last?.kind === "list") last.lines.push(`${last.lines.pop()} ${line}`);
    else if (last?.kind === kind) last.lines.push(line);
    else groups.push({ kind, lines: [line], ordered: item?.[1] !== undefined });
  }
  return groups.flatMap(({ kind, lines, ordered }): Block[] => {
    if (kind === "table") return [{ kind, units: rows(lines) }];
    if (kind === "list") return [{ kind, ordered, units: lines.map((line) => plain(line.replace(ITEM, ""))) }];
    const units = sentences(lines.join("\n"));
    return units.length === 0 ? [] : [{ kind, units }];
  });
}

/** `| Light | Meaning |` over `| violet | firmware update |` → `**violet**: firmware update`; more columns are named. */
function rows(lines: readonly string[]): string[] {
  const [head = [], ...body] = lines.map(cellsOf).filter((cells) => !cells.every((cell) => /^:?-+:?$/.test(cell)));
  return body.map(([name = "", ...cells]) => {
    const named = cells.map((cell, index) => (cells.length === 1 ? cell : `${head[index + 1] ?? ""} ${cell}`.trim()));
    return plain(`**${name.replaceAll("**", "")}**: ${named.join(", ")}`);
  });
}

/** Links become their words: a source is named by its number. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
