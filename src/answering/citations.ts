/**
 * An answer's marks: `[2]`, `[1, 3]`. What stands in code is code: `argv[1]` cites nothing, and `cd ./app` keeps its space.
 * Pure.
 */

const MARK = /\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]/g;
const SPACED_MARK = new RegExp(`[^\\S\\n]*${MARK.source}`, "g");
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

/** `[4]` → `[1]`; a mark of what has no number goes, with the space before it. */
export function renumber(answer: string, numberOf: ReadonlyMap<number, number>): string {
  return inProse(answer, (part) =>
    part
      .replace(SPACED_MARK, (whole, numbers: string) => {
        const marks = [...new Set(numbersOf(numbers).flatMap((n) => numberOf.get(n) ?? []))].map((n) => `[${n}]`);
        return marks.length === 0 ? "" : (/^\s*/.exec(whole)?.[0] ?? "") + marks.join("");
      })
      .replace(/(\[\d{1,2}\])(?:\s*\1)+/g, "$1"),
  );
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
