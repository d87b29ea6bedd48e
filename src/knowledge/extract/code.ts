/**
 * Code as pages hold it → its lines. Sites end a line by a newline, by `<br>`, by an element for each line, or by a row of a table
 * whose other column holds the line numbers. Called by the Markdown writer for `pre` and for tables that are code.
 */

/** Elements that stand for one line each, by the class names that highlighters give them. */
const LINE = /(?:^|\s)(?:token-line|code-line|line|ec-line|hljs-ln-line|view-line|cl)(?:\s|$)/;
const LINE_NUMBER =
  /(?:^|\s)(?:ln|lnt|lnlinks|lineno|linenos|linenodiv|gutter|rouge-gutter|blob-num|hljs-ln-(?:numbers|n)|[\w-]{0,40}line-?num(?:ber)?s?(?:-[\w-]{0,40})?)(?:\s|$)/i;
const CODE_TABLE = /highlight|rouge|lntable|code-?table|hljs-ln|blob|syntax|codehilite/i;
const BLOCK = new Set(
  "address article blockquote dd div dl dt figure footer header li ol p pre section table tbody tr ul".split(" "),
);
const ELEMENT = 1;
const TEXT = 3;

function isLineNumber(node: Element): boolean {
  return LINE_NUMBER.test(node.getAttribute("class") ?? "") || node.hasAttribute("data-line-number");
}

/** The code of a table that only puts numbers beside lines; null for a table of something else. */
export function codeOfTable(table: Element): string | null {
  const rows = [...table.querySelectorAll("tr")];
  const cells = rows.map((row) => [...row.querySelectorAll("td,th")].filter((cell) => cell.closest("tr") === row));
  const first = cells[0] ?? [];
  const named =
    CODE_TABLE.test(table.getAttribute("class") ?? "") ||
    table.closest("pre") !== null ||
    cells.some((row) => row.length > 1 && row.some(isLineNumber));
  const numbered =
    rows.length === 1 &&
    first.length === 2 &&
    /^[\d\s]+$/.test(first[0]?.textContent ?? "") &&
    first[1]?.querySelector("pre,code") !== null;
  if (!named && !numbered) return null;
  if (cells.some((row) => row.length > 2)) return null;
  const lines = cells.map((row) => {
    const code = row.length > 1 ? row.filter((cell, i) => !(isLineNumber(cell) || (i === 0 && isNumbers(cell)))) : row;
    return code.map((cell) => codeOf(cell)).join("");
  });
  return lines.join("\n");
}

/** The lines of a code block, without numbers, trailing blanks, and empty lines at its ends. */
export function codeOf(node: Element): string {
  const out: string[] = [];
  write(node, out);
  const lines = withoutDeserts(out.join("")).replaceAll("\u00a0", " ").split("\n");
  const kept = lines.map((line) => line.trimEnd());
  while (kept[0] === "") kept.shift();
  while (kept.at(-1) === "") kept.pop();
  return kept.join("\n");
}

/** Blanks in a row beyond these say nothing more, and the Markdown writer's patterns take time by the square of them. */
const DESERT = /(\s{200})\s+/g;

/** Its text with no run of blanks longer than 200. */
export function withoutDeserts(text: string): string {
  return text.replace(DESERT, "$1");
}

/** The language that a highlighter's class names: `language-ts`, `highlight-python`, `lang-sh`; "" where there is none. */
export function languageOfCode(node: Element): string {
  for (let at: Element | null = node, up = 0; at !== null && up < 4; at = at.parentElement, up++) {
    const inside = up === 0 ? (at.querySelector("code")?.getAttribute("class") ?? "") : "";
    const match = /(?:^|\s)(?:(?:language|lang|highlight)-|brush:\s?)([a-z][a-z0-9+#-]{0,20})/i.exec(
      `${inside} ${at.getAttribute("class") ?? ""}`,
    );
    const name = match?.[1]?.toLowerCase();
    const told = name ?? at.getAttribute("data-language") ?? at.getAttribute("data-lang");
    if (told !== null && told !== undefined && /^[a-z][a-z0-9+#-]{0,20}$/.test(told)) {
      if (!["source", "text", "plaintext", "default", "none", "wrapper", "notranslate"].includes(told)) return told;
    }
  }
  return "";
}

function isNumbers(cell: Element): boolean {
  return /^[\d\s]*$/.test(cell.textContent ?? "");
}

function write(node: Node, out: string[]): void {
  for (const child of node.childNodes) {
    if (child.nodeType === TEXT) {
      out.push(child.textContent ?? "");
      continue;
    }
    if (child.nodeType !== ELEMENT) continue;
    const element = child as Element;
    const name = element.localName;
    if (name === "br") {
      out.push("\n");
      continue;
    }
    if (name === "button" || isLineNumber(element)) continue;
    const line = BLOCK.has(name) || LINE.test(element.getAttribute("class") ?? "") || element.hasAttribute("data-line");
    if (line) startLine(out);
    write(element, out);
    if (line) endLine(element, out);
  }
}

function startLine(out: string[]): void {
  const last = out.findLast((part) => part !== "");
  if (last !== undefined && !last.endsWith("\n")) out.push("\n");
}

/** A line's element ends its line once: neither twice with its own `<br>`, nor with the newline that follows it. */
function endLine(element: Element, out: string[]): void {
  const last = out.findLast((part) => part !== "");
  if (last?.endsWith("\n") === true && (element.textContent ?? "") !== "") return;
  const next = element.nextSibling;
  if (next !== null && next.nodeType === TEXT && /^[ \t]*\n/.test(next.textContent ?? "")) return;
  out.push("\n");
}
