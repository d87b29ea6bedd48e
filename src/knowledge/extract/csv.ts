/**
 * A table → one section a row: the first column as heading, the others as "name: value" lines, so that a passage says what
 * its numbers mean. A table of one column gives a paragraph a row. papaparse reads it; it guesses the separator unless the file says it.
 */
import Papa from "papaparse";
import { decodeText } from "./decode.ts";
import type { Extracted, Refused } from "./document.ts";

const COLUMNS_MAX = 200;
const ROWS_MAX = 50_000;
const CELL_CHARS_MAX = 20_000;

export function extractCsv(bytes: Uint8Array): Extracted | Refused {
  const { source, delimiter } = withoutSeparatorLine(decodeText(bytes));
  const columns = (source.slice(0, source.indexOf("\n") >>> 0).match(/[,;\t|]/g)?.length ?? 0) + 1;
  if (columns > COLUMNS_MAX) return { refused: `the table has more than ${COLUMNS_MAX} columns` };
  const { data } = Papa.parse<string[]>(source, { delimiter, skipEmptyLines: "greedy", preview: ROWS_MAX + 2 });
  if (data.length > ROWS_MAX + 1) return { refused: `the table has more than ${ROWS_MAX} rows` };
  const [head, ...rows] = data;
  if (head === undefined || rows.length === 0) return { refused: "the table has no rows below its head" };
  if (data.some((row) => row.length > COLUMNS_MAX))
    return { refused: `the table has more than ${COLUMNS_MAX} columns` };
  const single = data.every((row) => row.filter((cell) => cell.trim() !== "").length <= 1);
  const text = single
    ? rows.map((row) => linesOf(row.find((cell) => cell.trim() !== "") ?? "").join("\n"))
    : sectionsOf(head, rows);
  return { text: text.filter((part) => part !== "").join("\n\n"), title: "", url: null, language: null };
}

/** Excel writes `sep=;` above the table to tell itself the separator. */
function withoutSeparatorLine(source: string): { readonly source: string; readonly delimiter: string } {
  const line = /^"?sep=(.)"?[^\S\n]{0,100}\n/i.exec(source);
  return line === null ? { source, delimiter: "" } : { source: source.slice(line[0].length), delimiter: line[1] ?? "" };
}

function sectionsOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const names = head.map((name, i) => oneLine(name) || `column ${i + 1}`);
  return rows.map((row) => {
    const fields = row
      .map((cell, i) => ({ name: names[i] ?? `column ${i + 1}`, lines: linesOf(cell) }))
      .filter(({ lines }, i) => i > 0 && lines.length > 0)
      .map(({ name, lines }) => `- ${name}: ${lines.join("\n  ")}`);
    return `## ${oneLine(row[0] ?? "") || "—"}\n\n${fields.join("\n")}`;
  });
}

/** A cell's lines, indented as they are: the steps in a cell stay steps. */
function linesOf(cell: string): string[] {
  return cell
    .slice(0, CELL_CHARS_MAX)
    .trim()
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

function oneLine(cell: string): string {
  return cell.slice(0, CELL_CHARS_MAX).replace(/\s+/g, " ").trim();
}
