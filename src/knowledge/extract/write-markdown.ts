/**
 * HTML → Markdown for search and quotes: headings keep their anchors, code its lines, tables their columns; pictures become their
 * descriptions. turndown writes, code.ts reads code blocks. Called by html.ts and, for Word documents, by docx.ts.
 */
import { parseHTML } from "linkedom";
import TurndownService from "turndown";
import { cleanFileText } from "./clean.ts";
import { codeOf, codeOfTable, languageOfCode, withoutDeserts } from "./code.ts";
import { publicLink } from "./document.ts";

/** Elements that begin a line of their own in a table's cell. */
const CELL_BLOCK = new Set("address article blockquote dd div dl dt figure li ol p pre section table tr ul".split(" "));
const ELEMENT = 1;
const TEXT = 3;

/** HTML from another extractor (mammoth's, a page's) → Markdown. */
export function markdownOf(html: string): string {
  const { document } = parseHTML(`<html><body>${html}</body></html>`);
  return writeMarkdown(document.body);
}

export function writeMarkdown(node: Element): string {
  for (const pre of node.querySelectorAll("pre")) narrow(pre);
  const turndown = new TurndownService({
    headingStyle: "atx",
    codeBlockStyle: "fenced",
    bulletListMarker: "-",
    emDelimiter: "*",
  });
  // The text is quoted and searched here, not rendered again.
  turndown.escape = (text) => text;
  turndown.addRule("code-blocks", {
    filter: "pre",
    replacement: (_, pre) => fenceOf(codeOf(pre as Element), languageOfCode(pre as Element)),
  });
  turndown.addRule("tables", {
    filter: "table",
    replacement: (content, table) => tableOf(table as Element) ?? content,
  });
  turndown.addRule("pictures", { filter: "img", replacement: (_, img) => (img as Element).getAttribute("alt") ?? "" });
  turndown.addRule("anchored-headings", {
    filter: ["h1", "h2", "h3", "h4", "h5", "h6"],
    replacement: (content, heading) => {
      const text = withoutPermalink(content.replace(/\s+/g, " ").trim());
      const id = (heading as Element).getAttribute("id");
      const anchor = id !== null && /^[\w.:-]{1,120}$/.test(id) ? ` {#${id}}` : "";
      return text === "" ? "" : `\n\n${"#".repeat(Number(heading.nodeName.charAt(1)))} ${text}${anchor}\n\n`;
    },
  });
  turndown.addRule("links", {
    filter: "a",
    replacement: (content, link) => {
      const href = (link as Element).getAttribute("href") ?? "";
      const text = content.trim();
      return publicLink(href) === null || text === "" ? text : `[${text.replace(/\n+/g, " ")}](${href})`;
    },
  });
  const text = turndown.turndown(node as unknown as TurndownService.Node);
  return cleanFileText(
    text
      .replace(/^([ \t]{0,40}(?:-|\d{1,9}\.)) {2,3}/gm, "$1 ")
      .replace(/\n{3,}/g, "\n\n")
      .trim(),
  );
}

/** Only code keeps its blanks: everywhere else they are one. */
function narrow(node: Node): void {
  for (const child of node.childNodes) {
    if (child.nodeType === TEXT) child.textContent = withoutDeserts(child.textContent ?? "");
    else if (child.nodeType === ELEMENT) narrow(child);
  }
}

/** "Install ¶", "Install [#](#install)" → "Install". */
function withoutPermalink(text: string): string {
  const link = /\[?(?:¶|#|🔗)\]?(?:\([^()\s]{0,500}\))?$/u.exec(text.slice(-520));
  return link === null ? text : text.slice(0, text.length - link[0].length).trimEnd();
}

/** A fence longer than any in the code, so that the code cannot end it. */
function fenceOf(code: string, language: string): string {
  if (code === "") return "";
  const longest = Math.max(2, ...[...code.matchAll(/`{3,}/g)].map((fence) => fence[0].length));
  const fence = "`".repeat(longest + 1);
  return `\n\n${fence}${language}\n${code}\n${fence}\n\n`;
}

/** Rows as Markdown; the code of a table that only numbers lines; null for a table that only lays out the page. */
function tableOf(table: Element): string | null {
  const code = codeOfTable(table);
  if (code !== null) return fenceOf(code, languageOfCode(table));
  if (table.querySelector("table") !== null) return null;
  const rows = [...table.querySelectorAll("tr")].map((row) => [...row.querySelectorAll("th,td")].map(cellOf));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns < 2) return null;
  const written = rows.map((row) => `| ${Array.from({ length: columns }, (_, i) => row[i] ?? "").join(" | ")} |`);
  const rule = `| ${Array.from({ length: columns }, () => "---").join(" | ")} |`;
  return `\n\n${[written[0] ?? "", rule, ...written.slice(1)].join("\n")}\n\n`;
}

/** A cell on one line; its own lines are separated by "; ". */
function cellOf(cell: Element): string {
  const lines: string[] = [""];
  readCell(cell, lines);
  return lines
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "")
    .reduce((text, line) => (text === "" ? line : `${text}${/[.:;,!?…。！？]$/u.test(text) ? " " : "; "}${line}`), "")
    .replaceAll("|", "\\|");
}

function readCell(node: Node, lines: string[]): void {
  for (const child of node.childNodes) {
    if (child.nodeType === TEXT) {
      lines[lines.length - 1] += child.textContent ?? "";
    } else if (child.nodeType === ELEMENT) {
      const name = (child as Element).localName;
      const block = name === "br" || CELL_BLOCK.has(name);
      if (block) lines.push("");
      if (name === "img") lines[lines.length - 1] += (child as Element).getAttribute("alt") ?? "";
      else readCell(child, lines);
      if (block) lines.push("");
    }
  }
}
