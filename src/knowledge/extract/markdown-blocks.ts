/**
 * Markdown's lines → stretches of text and of code. Code is what stands between fences, at any depth of lists, quotes and
 * containers, or is indented by four columns where nothing above it opened a list. Containers of MkDocs (`!!!`, `???`, `===`) and
 * of VitePress and Docusaurus (`:::`) become their titles. One pass over the lines.
 * Source: https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */

export type Stretch = { readonly kind: "text" | "code"; readonly text: string };

/** Marks that may stand before a fence: of quotes, of lists, indentation. */
const PREFIX = /^(?:[ \t]|>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])){0,60}/;
const FENCE = /^(`{3,}|~{3,}(?!~))([^`]*)$/;
const LIST_ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/;
// `s`: a line may hold a separator that `.` stops at, and the rest would be tried from each mark on.
const TABBED = /^([ \t]*)(?:!!!|\?\?\?\+?|===!?)[ \t]+(.*)$/s;
const COLONS = /^[ \t]*:{3,}(.*)$/s;

/** `mdx`: indentation never makes code there. */
export function stretchesOf(markdown: string, mdx: boolean): Stretch[] {
  const out: Stretch[] = [];
  let text: string[] = [];
  const push = (stretch: Stretch): void => {
    if (text.length > 0) out.push({ kind: "text", text: text.join("\n") });
    text = [];
    if (stretch.text !== "") out.push(stretch);
  };
  const lines = markdown.split("\n");
  /** Columns by which the containers around a line indent it. */
  const containers: number[] = [];
  let listed = false;
  let blankBefore = true;
  for (let i = 0; i < lines.length; i++) {
    const raw = lines[i] ?? "";
    const blank = raw.trim() === "";
    if (!blank) while (containers.length > 0 && columnsOf(raw) < (containers.at(-1) ?? 0)) containers.pop();
    const line = dedent(raw, containers.at(-1) ?? 0);
    const fence = fenceOf(line);
    if (fence !== null) {
      const end = fenceEnd(lines, i + 1, fence.mark);
      const inside = lines.slice(i, end + 1).map((l) => dedent(l, containers.at(-1) ?? 0));
      push({ kind: "code", text: inside.join("\n") });
      i = end;
      blankBefore = false;
      continue;
    }
    if (!blank && blankBefore && !listed && !mdx && columnsOf(line) >= 4) {
      const end = indentedEnd(lines, i, containers.at(-1) ?? 0);
      push({ kind: "code", text: lines.slice(i, end + 1).join("\n") });
      i = end;
      blankBefore = false;
      continue;
    }
    const tabbed = TABBED.exec(line);
    if (tabbed !== null) {
      text.push("", bold(titleOfTabbed(tabbed[2] ?? "")), "");
      containers.push((containers.at(-1) ?? 0) + columnsOf(tabbed[1] ?? "") + 4);
      listed = false;
      blankBefore = true;
      continue;
    }
    const colons = COLONS.exec(line);
    if (colons !== null) {
      text.push("", bold(titleOfColons(colons[1] ?? "")), "");
      blankBefore = true;
      continue;
    }
    if (LIST_ITEM.test(line)) listed = true;
    else if (!blank && columnsOf(line) === 0) listed = false;
    text.push(line);
    blankBefore = blank;
  }
  push({ kind: "text", text: "" });
  return out;
}

function fenceOf(line: string): { readonly mark: string } | null {
  const rest = line.slice(PREFIX.exec(line)?.[0].length ?? 0);
  const mark = FENCE.exec(rest)?.[1];
  return mark === undefined ? null : { mark };
}

/** The line that closes a fence, or the last line: a fence that nobody closed holds the rest. */
function fenceEnd(lines: readonly string[], from: number, mark: string): number {
  for (let i = from; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const rest = line.slice(PREFIX.exec(line)?.[0].length ?? 0).trimEnd();
    if (rest.length >= mark.length && rest === (mark[0] ?? "`").repeat(rest.length)) return i;
  }
  return lines.length - 1;
}

/** The last line of an indented block: blank lines belong to it when more of it follows. */
function indentedEnd(lines: readonly string[], from: number, columns: number): number {
  let end = from;
  for (let i = from + 1; i < lines.length; i++) {
    const line = dedent(lines[i] ?? "", columns);
    if (line.trim() === "") continue;
    if (columnsOf(line) < 4) break;
    end = i;
  }
  return end;
}

/** `warning "Do not load it twice"` → its title; a kind without a title has none. */
function titleOfTabbed(rest: string): string {
  const quoted = /"([^"]{1,200})"/.exec(rest);
  return quoted?.[1] ?? "";
}

/** `warning[Old versions]`, ` tip Read this {open}`, `details Why?` → the title. */
function titleOfColons(rest: string): string {
  const bracketed = /^[ \t]*[\w-]*\[([^\]]{1,200})\]/.exec(rest);
  if (bracketed !== null) return bracketed[1] ?? "";
  const [, , ...words] = ` ${rest.trim().split("{")[0]?.trim() ?? ""}`.split(/[ \t]+/);
  return words.join(" ").slice(0, 200);
}

function bold(title: string): string {
  return title === "" ? "" : `**${title.replaceAll("**", "")}**`;
}

function columnsOf(line: string): number {
  let columns = 0;
  for (const char of line) {
    if (char === " ") columns++;
    else if (char === "\t") columns += 4 - (columns % 4);
    else break;
  }
  return columns;
}

function dedent(line: string, columns: number): string {
  let at = 0;
  for (let seen = 0; seen < columns && at < line.length; at++) {
    if (line[at] === " ") seen++;
    else if (line[at] === "\t") seen += 4 - (seen % 4);
    else break;
  }
  return line.slice(at);
}
