/**
 * A table → one section a row: the first column as heading, the others as "name: value" lines, so that a passage says what
 * its numbers mean. papaparse reads it (separator guessed).
 */
import Papa from "papaparse";
import { decodeText } from "./decode.ts";
import type { Extracted, Refused } from "./document.ts";

const COLUMNS_MAX = 200;
const ROWS_MAX = 50_000;
const CELL_CHARS_MAX = 20_000;

export function extractCsv(bytes: Uint8Array): Extracted | Refused {
  const source = decodeText(bytes);
  const columns = (source.slice(0, source.indexOf("\n") >>> 0).match(/[,;\t|]/g)?.length ?? 0) + 1;
  if (columns > COLUMNS_MAX) return { refused: `the table has more than ${COLUMNS_MAX} columns` };
  const { data } = Papa.parse<string[]>(source, { skipEmptyLines: "greedy", preview: ROWS_MAX + 2 });
  if (data.length > ROWS_MAX + 1) return { refused: `the table has more than ${ROWS_MAX} rows` };
  const [head, ...rows] = data;
  if (head === undefined || rows.length === 0) return { refused: "the table has no rows below its head" };
  if (data.some((row) => row.length > COLUMNS_MAX))
    return { refused: `the table has more than ${COLUMNS_MAX} columns` };
  const names = head.map((name, i) => oneLine(name) || `column ${i + 1}`);
  const sections = rows.map((row) => {
    const lines = row
      .map((cell, i) => ({ name: names[i] ?? `column ${i + 1}`, value: oneLine(cell) }))
      .filter(({ value }, i) => i > 0 && value !== "")
      .map(({ name, value }) => `- ${name}: ${value}`);
    return `## ${oneLine(row[0] ?? "") || "—"}\n\n${lines.join("\n")}`;
  });
  return { text: sections.join("\n\n"), title: "", url: null, language: null };
}

function oneLine(cell: string): string {
  return cell.slice(0, CELL_CHARS_MAX).replace(/\s+/g, " ").trim();
}
