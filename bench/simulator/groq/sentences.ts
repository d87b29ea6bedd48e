/**
 * A passage as sentences of plain prose: wrapped lines joined, list items and table rows one sentence
 * each (`Price a month: Nest €4, Flock €11`), headings, code fences and markup left out.
 */
const CHARS_MIN = 8;

export function sentences(text: string): string[] {
  return blocksOf(text.replace(/```[\s\S]*?(```|$)/g, "\n\n"))
    .flatMap((block) => plain(block).split(/(?<=[.!?…]["”)]?)\s+(?=[\p{Lu}\p{N}"“(])/u))
    .map((sentence) => sentence.replace(/\s+/g, " ").trim())
    .filter((sentence) => sentence.length >= CHARS_MIN && /\p{L}{2}/u.test(sentence));
}

function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  let open = false;
  let head: readonly string[] | undefined;
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    const item = /^(?:[-*+•]|\d{1,3}[.)])\s+(.*)$/.exec(line)?.[1];
    const cells = line.startsWith("|") ? cellsOf(line) : undefined;
    if (cells) {
      if (head && !cells.every((cell) => /^:?-+:?$/.test(cell))) blocks.push(row(head, cells));
      head ??= cells;
    } else if (item !== undefined) blocks.push(item);
    else if (open && line !== "" && !line.startsWith("#")) blocks.push(`${blocks.pop()} ${line}`);
    else if (line !== "" && !line.startsWith("#")) blocks.push(line);
    open = line !== "" && !line.startsWith("#") && !cells;
    if (!cells) head = undefined;
  }
  return blocks;
}

function row(head: readonly string[], [name = "", ...cells]: readonly string[]): string {
  const named = cells.map((cell, index) => `${head[index + 1] ?? ""} ${cell}`.trim());
  return `${name}: ${named.join(", ")}`;
}

/** Of a table's row, as Markdown writes it. */
export function cellsOf(line: string): string[] {
  return line
    .replace(/^\|/, "")
    .replace(/\|$/, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** `code` keeps its backticks: Discord shows them as the writer meant. */
function plain(block: string): string {
  return block
    .replace(/^>\s?/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__)/g, "");
}
