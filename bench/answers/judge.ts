/**
 * The answers written by hand, true and false in their source's own words, held against what they cite by the check that a model's
 * answer goes through. Each page is the first passage, all other pages of its file come after it.
 */
import { join } from "node:path";
import { withoutFalseFacts } from "../../src/answering/facts.ts";
import type { PassageRow } from "../../src/knowledge.ts";

/** Seen while the check was made. */
export const ANSWER_FILES = [
  "facts.json",
  "facts-forms.json",
  "facts-held.json",
  "facts-languages.json",
  "facts-last.json",
  "facts-later.json",
  "facts-tuning.json",
  "facts-unseen.json",
] as const;
/** Written before the last changes to the check and judged once: 2 of 30 false ones passed, 4 of 30 true ones failed. Five of the six were mended after that. */
export const UNSEEN_ANSWER_FILES = ["facts-kept.json"] as const;

type AnswersOfPage = {
  readonly title: string;
  readonly language?: string;
  readonly text: string;
  readonly true: readonly string[];
  readonly false: readonly string[];
};

export type JudgedAnswer = { readonly answer: string; readonly right: boolean; readonly passes: boolean };

export async function judgeAnswers(
  file: (typeof ANSWER_FILES)[number] | (typeof UNSEEN_ANSWER_FILES)[number],
): Promise<readonly JudgedAnswer[]> {
  const pages = (await Bun.file(join(import.meta.dir, file)).json()) as readonly AnswersOfPage[];
  return pages.flatMap((page) => {
    const language = page.language ?? "en";
    const passages = [page, ...pages.filter((other) => other !== page)].map((from) => passageOf(from, language));
    const passes = (answer: string) => withoutFalseFacts(answer, passages, "?", language).dropped.length === 0;
    return [
      ...page.true.map((answer) => ({ answer, right: true, passes: passes(answer) })),
      ...page.false.map((answer) => ({ answer, right: false, passes: passes(answer) })),
    ];
  });
}

/** Tokens of an answer as people wrote the true ones of these files, with the form that a model gives it; bytes by four. */
export async function writtenTokens(): Promise<number> {
  const files = await Promise.all(ANSWER_FILES.map((file) => judgeAnswers(file)));
  const sizes = files
    .flat()
    .filter(({ right }) => right)
    .map(({ answer }) => Buffer.byteLength(JSON.stringify({ known: true, answer, used: [1], wants_human: false })) / 4);
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length));
}

function passageOf({ title, text }: AnswersOfPage, language: string): PassageRow {
  return {
    ...{
      id: "p",
      document: "d",
      source: "s",
      kind: "text",
      title,
      headings: [],
      url: null,
      language,
      text,
      position: 0,
    },
  };
}
