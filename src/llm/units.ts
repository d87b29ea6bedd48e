/**
 * A passage in pieces that can be quoted by themselves: sentences, list items, table rows, code. For llm/extractive.
 * Markdown is read by its lines; what it does not know stays a sentence.
 */
import { sentences } from "../text/sentences.ts";

export type Unit = {
  readonly kind: "sentence" | "item" | "row" | "code";
  /** As it is shown. */
  readonly text: string;
  /** Other text that a question may match: the heading above, a table's head. */
  readonly context: string;
  /** Units of the same number belong together: one list, one table, one paragraph. */
  readonly block: number;
  /** An item of a numbered list: a step. */
  readonly step: boolean;
  /** The step's own number, as the page has it; null for a unit that is no step. */
  readonly number: string | null;
  /** A row's first cell, which names the row's subject; empty for a unit that is no row. */
  readonly name: string;
  /** The heading above, where it stands in the passage. */
  readonly heading: string;
  /** Of a row: the head of the first column, and of the others. */
  readonly head: string;
  readonly columns: readonly string[];
};

const UNIT_CHARS_MAX = 600;
const HEADING_CHARS_MAX = 80;

export function unitsOf(markdown: string): readonly Unit[] {
  const units: Unit[] = [];
  const lines = markdown.split("\n");
  let heading = "";
  let block = 0;
  let head: readonly string[] | null = null;
  let paragraph: string[] = [];

  const flush = (more = true) => {
    const [only] = paragraph;
    // A short line alone, without an end, with more below it: a heading that lost its marks, or the question of an FAQ.
    const alone = only !== undefined && paragraph.length === 1 && only.length <= HEADING_CHARS_MAX;
    if (alone && more && /^["“\p{L}\p{N}].*[^.!:;,|…。！：；，、]$/u.test(only)) {
      heading = only;
    } else if (paragraph.length > 0) {
      for (const text of closed(sentences(paragraph.join(" "))))
        units.push(unit("sentence", text, heading, block, false));
    }
    paragraph = [];
    block++;
  };

  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? "").trim().replace(/^(?:>\s?)+/, "");
    const item = /^(?:[-*+•]|(\d{1,3})[.)])\s+(.*)$/.exec(line);
    if (line.startsWith("```")) {
      flush();
      const code: string[] = [line];
      while (++i < lines.length && !(lines[i] ?? "").trim().startsWith("```")) code.push(lines[i] ?? "");
      code.push("```");
      const text = code.join("\n");
      if (code.length > 2 && text.length <= UNIT_CHARS_MAX) units.push(unit("code", text, heading, block, false));
      block++;
    } else if (line === "" || /^(?:[-*_]\s*){3,}$/.test(line)) {
      // An empty line between two items does not end their list.
      if (paragraph.length > 0 || !/^\s*(?:[-*+•]|\d{1,3}[.)])\s/.test(lines[i + 1] ?? "")) flush();
      head = null;
    } else if (/^#{1,6}\s/.test(line)) {
      flush();
      heading = line.replace(/^#+\s*/, "");
    } else if (line.startsWith("|")) {
      const cells = cellsOf(line);
      if (/^\|?[\s:|-]+\|?$/.test(line)) continue;
      if (head === null) {
        flush();
        head = cells;
      } else {
        const row = unit("row", rowText(cells, head), `${heading} ${head.join(" ")}`, block, false);
        units.push({ ...row, name: cells[0] ?? "", heading, head: head[0] ?? "", columns: head.slice(1) });
      }
    } else if (item?.[2] !== undefined) {
      if (paragraph.length > 0) flush();
      units.push({ ...unit("item", item[2], heading, block, item[1] !== undefined), number: item[1] ?? null });
    } else if (units.at(-1)?.kind === "item" && units.at(-1)?.block === block && /^\s{2,}/.test(lines[i] ?? "")) {
      // An item that goes on in the next line.
      const last = units.pop();
      if (last !== undefined) units.push({ ...last, text: `${last.text} ${line}`.slice(0, UNIT_CHARS_MAX) });
    } else {
      if (units.at(-1)?.kind === "item" && units.at(-1)?.block === block) block++;
      paragraph.push(line);
    }
  }
  flush(false);
  return units;
}

/** Marks that end what was bold or in quotation stay with the sentence before them. */
function closed(cut: readonly string[]): readonly string[] {
  const whole: string[] = [];
  for (const sentence of cut) {
    const [, end = "", rest = ""] = CLOSERS.exec(sentence) ?? [];
    const before = whole.at(-1);
    if (before === undefined || end === "") whole.push(sentence.trim());
    else {
      whole[whole.length - 1] = before + end;
      if (rest.trim() !== "") whole.push(rest.trim());
    }
  }
  return whole;
}

const CLOSERS = /^([*_]{1,3}|["”’)\]])(?:\s(.*))?$/su;

function cellsOf(line: string): readonly string[] {
  return line
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

/** A value says nothing without its column's name: "**Max**: Messages: 50,000 — Size: 200 MB". */
function rowText(cells: readonly string[], head: readonly string[]): string {
  const [first = "", ...others] = cells;
  const named = others
    .map((cell, i) => ({ name: head[i + 1] ?? "", cell }))
    .filter(({ cell }) => cell !== "" && cell !== "-" && cell !== "—")
    .map(({ name, cell }) => (name === "" ? cell : `${name}: ${cell}`));
  if (named.length === 0) return first;
  return `${/[*`]/.test(first) || first === "" ? first : `**${first}**`}${first === "" ? "" : ": "}${named.join(" — ")}`;
}

function unit(kind: Unit["kind"], text: string, context: string, block: number, step: boolean): Unit {
  const shown =
    text.length > UNIT_CHARS_MAX ? `${text.slice(0, UNIT_CHARS_MAX - 1).replace(/\p{Surrogate}$/u, "")}…` : text;
  return { kind, text: shown, context, block, step, number: null, name: "", heading: context, head: "", columns: [] };
}
