/**
 * An answer's marks: `[2]`, `[1, 3]`. Marks inside code are code: `argv[1]` cites nothing, and `cd ./app` keeps its space.
 * Pure.
 */

const MARK = /\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]/g;
/** Fences, closed or not, and inline code. */
const CODE = /(```[\s\S]*?(?:```|$)|`[^`\n]+`)/;

/** The numbers that its marks name, each once, in order. */
export function citedIn(answer: string): readonly number[] {
  const marks = prose(answer).flatMap((part) => [...part.matchAll(MARK)]);
  return [...new Set(marks.flatMap((mark) => numbersOf(mark[1])))];
}

export function withoutMarks(answer: string): string {
  return inProse(answer, (part) => part.replace(MARK, " "));
}

/** `[4]` → `[1]`; a mark without a new number goes, with the space before it. */
export function renumber(answer: string, numberOf: ReadonlyMap<number, number>): string {
  return inProse(answer, (part) =>
    replaceMarks(part, (numbers) =>
      [...new Set(numbersOf(numbers).flatMap((n) => numberOf.get(n) ?? []))].map((n) => `[${n}]`).join(""),
    ).replace(/(\[\d{1,2}\])(?:\s*\1)+/g, "$1"),
  );
}

/** The replacement of each mark; an empty one takes the space before it along. */
function replaceMarks(part: string, replacement: (numbers: string) => string): string {
  let out = "";
  let at = 0;
  for (const mark of part.matchAll(MARK)) {
    const before = part.slice(at, mark.index);
    const put = replacement(mark[1] ?? "");
    out += put === "" ? withoutSpace(before) : before + put;
    at = mark.index + mark[0].length;
  }
  return out + part.slice(at);
}

/** Without the blanks at its end; a line's end stays. */
function withoutSpace(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] !== "\n" && /\s/.test(text[end - 1] ?? "")) end--;
  return text.slice(0, end);
}

function numbersOf(mark = ""): readonly number[] {
  return mark.split(",").map(Number);
}

function prose(text: string): readonly string[] {
  return text.split(CODE).filter((_, place) => place % 2 === 0);
}

function inProse(text: string, change: (part: string) => string): string {
  return text
    .split(CODE)
    .map((part, place) => (place % 2 === 0 ? change(part) : part))
    .join("");
}
