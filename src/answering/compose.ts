/**
 * ⑦ A look → what is said: a checked answer from the passages, a courtesy, or one line that says why there is none; with the
 * line about the team where the member wants a person. Called once the talk is the bot's.
 */
import { ANSWERABLE_MIN } from "../knowledge.ts";
import type { Spending } from "../record.ts";
import { harmless } from "../reply.ts";
import type { Source } from "../store/ports/conversations.ts";
import { type Answer, answer } from "./answer.ts";
import { courtesyIn } from "./courtesy.ts";
import { asksForPerson, type Escalation, escalation } from "./escalation.ts";
import { historyOf, type Inquiry, type Look, type Sources } from "./look.ts";

export type Composed = {
  readonly kind: "known" | "not-in-knowledge" | "no-knowledge" | "knowledge-loading" | "courtesy";
  /** The member wants a person; `shown` says so. */
  readonly escalation: Escalation | null;
  /** Null where none was tried. */
  readonly answer: Answer | null;
  /** The answer itself, harmless, as it is kept and remembered. */
  readonly text: string;
  readonly sources: readonly Source[];
  /** `text` with the line about the team. */
  readonly shown: string;
};

/**
 * Who addressed the bot gets a quote at less certainty than smart mode speaks at: a near miss with its source helps more than
 * "I don't know". Below this, where no model can tell, the knowledge base is taken not to hold the answer.
 */
const ADDRESSED_ANSWERABLE_MIN = ANSWERABLE_MIN * 0.4;

/** `escalatedAtMs`: when this talk was last marked for the team; null: never. */
export async function compose(
  found: Look,
  asked: Inquiry,
  escalatedAtMs: number | null,
  sources: Sources,
  spending: Spending,
): Promise<Composed> {
  const { retrieval, words: said, language, question } = found;
  const { settings, botName, deadlineAtMs, guild } = asked;
  const wish = (heardByModel: boolean) =>
    escalation(heardByModel || asksForPerson(asked.text), escalatedAtMs, sources.clock.now());
  const team = (of: Escalation) => (of === "marked" ? said.marked : said.markedBefore);
  /** Who wants a person is not told what the knowledge base lacks. */
  const inOneLine = (kind: Composed["kind"], line: string, tried: Answer | null): Composed => {
    const wanted = wish(tried?.wantsHuman === true);
    const text = wanted === null ? line : team(wanted);
    return { kind, escalation: wanted, answer: tried, text, sources: [], shown: text };
  };

  const courtesy = courtesyIn(asked.text);
  if (courtesy !== null) return inOneLine("courtesy", courtesy === "thanks" ? said.welcome : said.askSomething, null);
  const passages = retrieval.passages.map((ranked) => ranked.passage);
  if (retrieval.loading) return inOneLine("knowledge-loading", said.knowledgeLoading, null);
  if (passages.length === 0 && (await sources.knowledge.empty(guild))) {
    return inOneLine("no-knowledge", said.emptyKnowledge, null);
  }
  const task = {
    ...{ question, passages, language, botName, instructions: settings.instructions },
    history: found.history ?? (await historyOf(asked)),
    channel: await asked.channel(),
  };
  const { answerable } = retrieval;
  const certainty = { answerable, answerableMin: ADDRESSED_ANSWERABLE_MIN };
  const tried = await answer({ ...task, ...certainty }, sources, deadlineAtMs);
  spending.add(tried.model === "none" ? { ...tried, model: null } : tried);
  if (tried.fellBack !== null && tried.fellBack !== "no-model") {
    sources.logger.warn({ guild, reason: tried.fellBack }, "model-bypassed");
  }
  const text = tried.kind === "known" ? harmless(tried.text, passages, said) : "";
  if (text === "") return inOneLine("not-in-knowledge", said.notInKnowledge, tried);

  const wanted = wish(tried.wantsHuman);
  const shown = wanted === null ? text : `${text}\n\n${team(wanted)}`;
  return { kind: "known", escalation: wanted, answer: tried, text, sources: tried.sources, shown };
}
