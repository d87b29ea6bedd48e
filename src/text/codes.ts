/**
 * Codes made of letters and a number: "ML-207", "ML207" and "ml 207" are one. With a space between them letters and a number are mostly
 * just words ("in 30 days"), so that they are read as a code only where the other side writes that code as one word. Pure, and linear in the text.
 */

const CODE = /(?<![\p{L}\p{N}])(\p{L}{1,6})(-?)(\d{2,6})(?![\p{L}\p{N}])/gu;
const CODE_OR_APART = /(?<![\p{L}\p{N}])(\p{L}{1,6})([- ]?)(\d{2,6})(?![\p{L}\p{N}])/gu;
/** In every code. */
const TWO_DIGITS = /\d\d/;

export type Code = {
  readonly kind: string;
  readonly number: string;
  readonly written: string;
  readonly apart: boolean;
};

/** Codes that are one word. */
export function wholeCodesIn(text: string): readonly Code[] {
  return [...text.matchAll(CODE)].map(read);
}

/** These, and what may be a code with a space in it. */
export function codesOrApartIn(text: string): readonly Code[] {
  return [...text.matchAll(CODE_OR_APART)].map(read);
}

/** One for every spelling. */
export function keyOf({ kind, number }: Pick<Code, "kind" | "number">): string {
  return `${kind.toLowerCase()}-${number}`;
}

/** `question` with its codes spelled as `text` spells them. */
export function spelledAsIn(question: string, text: string): string {
  if (codesOrApartIn(question).length === 0) return question;
  const together = new Map(wholeCodesIn(text).map((code) => [keyOf(code), code.written]));
  const apart = new Map(codesOrApartIn(text).map((code) => [keyOf(code), code.written]));
  return joinedCodes(question, (code) => {
    const key = keyOf(code);
    return together.get(key) ?? (code.apart ? undefined : apart.get(key));
  });
}

/** `text` with each code, also one with a space in it, as `spell` says; undefined leaves it as it is. */
export function joinedCodes(text: string, spell: (code: Code) => string | undefined): string {
  if (!TWO_DIGITS.test(text)) return text;
  return text.replace(CODE_OR_APART, (written, kind: string, gap: string, number: string) => {
    return spell({ kind, number, written, apart: gap === " " }) ?? written;
  });
}

function read([written, kind = "", gap, number = ""]: RegExpMatchArray): Code {
  return { kind, number, written, apart: gap === " " };
}
