/**
 * What one answer of a model costs in tokens: the prompt with all passages that were found, and with those that a model is told; and whether
 * a passage with the right fact is among them. Tokens are bytes by four, which fits English within a tenth.
 */

import { PASSAGES_MAX, worthTelling } from "../../src/answering/worth-telling.ts";
import { fixedKnowledge } from "../../src/knowledge/search/fixed.ts";
import { promptFor } from "../../src/llm/prompts.ts";
import type { AnswerTask } from "../../src/llm.ts";
import { BASES, documentsOf, LANGUAGES, type QuestionFile, questionsIn } from "./ask.ts";

export type Told = {
  readonly before: number;
  readonly after: number;
  /** Of the system prompt and the question: what no trimming saves. */
  readonly fixed: number;
  readonly heldBefore: boolean;
  readonly heldAfter: boolean;
};

export async function tokensOf(file: QuestionFile): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const base of BASES) {
    const { asked } = await questionsIn(file, base);
    const documents = asked.length === 0 ? null : await documentsOf(base);
    if (documents === null) continue;
    const knowledge = await fixedKnowledge(documents);
    for (const [question, right] of asked) {
      const found = knowledge.retrieve(question, PASSAGES_MAX).passages;
      const kept = found.slice(0, worthTelling(found));
      const fact = new RegExp(right, "iu");
      const cost = (passages: AnswerTask["passages"]) =>
        tokens({ question, passages, language: LANGUAGES[base] ?? "en" });
      const holds = (passages: typeof found) =>
        passages.some(({ passage: { title, headings, text } }) => fact.test([title, ...headings, text].join("\n")));
      told.push({
        before: cost(found.map(({ passage }) => passage)),
        after: cost(kept.map(({ passage }) => passage)),
        fixed: cost([]),
        heldBefore: holds(found),
        heldAfter: holds(kept),
      });
    }
  }
  return told;
}

function tokens(asked: Pick<AnswerTask, "question" | "passages" | "language">): number {
  const { system, data } = promptFor({
    ...{ task: "answer", botName: "Gatehouse", instructions: "", history: [], channel: [] },
    ...asked,
  });
  return Math.ceil(Buffer.byteLength(`${system}${data}`) / 4);
}
