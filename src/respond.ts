/**
 * ⑤–⑧ without Discord: question → what would be said, with everything that led to it. The pipeline sends it, `/ask` edits it
 * in, the playground and `gatehouse ask` show it.
 */
import { type Answer, answer } from "./answer.ts";
import type { Clock } from "./clock.ts";
import { courtesyIn } from "./courtesy.ts";
import { AppError } from "./errors.ts";
import { asksForPerson, type Escalation, escalation } from "./escalation.ts";
import type { GuildSettings } from "./guilds.ts";
import { languageFor, type Words, words } from "./i18n.ts";
import { judge } from "./judge.ts";
import { ANSWERABLE_MIN, type Knowledge, type Retrieval } from "./knowledge.ts";
import type { Exchanged, Llm } from "./llm.ts";
import type { Logger } from "./logger.ts";
import { leansOnHistory } from "./memory.ts";
import type { GuildId } from "./message.ts";
import { NOTHING_SPENT, type Spent } from "./record.ts";
import { harmless, render } from "./reply.ts";
import type { Source } from "./store/ports/conversations.ts";
import { languageOf } from "./text/language.ts";

export type Asked = {
  readonly guild: GuildId;
  readonly question: string;
  /** Read where it is needed only: most of what nobody asked the bot ends before. */
  readonly history: () => Promise<readonly Exchanged[]>;
  readonly channel: () => Promise<readonly Exchanged[]>;
  readonly settings: GuildSettings;
  readonly botName: string;
  /** An interaction's or a client's language, where the text does not say. */
  readonly locale?: string | null;
  readonly deadlineAtMs: number;
  /** When this talk was last marked for the team; null or left out: never. */
  readonly escalatedAtMs?: number | null;
  /** Nobody addressed the bot: it speaks only where the judge says that it helps, and asks this before it does. */
  readonly unasked?: () => Promise<Floor>;
};

/** Is the talk the bot's, or does an agent hold it? */
export type Floor = { readonly held: false; readonly escalatedAtMs: number | null } | { readonly held: true };

export type Response = {
  readonly kind: "known" | "not-in-knowledge" | "no-knowledge" | "courtesy" | "declined";
  /** Why an unasked answer was not given. */
  readonly declined: {
    readonly reason: "nothing-relevant" | "model-declined" | "agent-holds";
    readonly why: string | null;
  } | null;
  /** The judge's own words, where it was asked whether to speak. */
  readonly why: string | null;
  /** The member wants a person; `parts` say so. */
  readonly escalation: Escalation | null;
  /** What was looked for: the question, made whole where it leant on the talk before. */
  readonly question: string;
  readonly language: string;
  readonly retrieval: Retrieval;
  readonly answer: Answer | null;
  /** Harmless, without the sources' lines. */
  readonly text: string;
  readonly sources: readonly Source[];
  /** The messages to send, in order. */
  readonly parts: readonly string[];
  readonly words: Words["bot"];
  readonly spent: Spent;
};

export type RespondServices = {
  readonly knowledge: Knowledge;
  readonly llm: Llm | null;
  readonly extractive: Llm;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Passages given to an answer; the same number a person would skim. */
const PASSAGES_MAX = 8;
/**
 * Who addressed the bot gets a quote at less certainty than smart mode speaks at: a near miss with its source helps more than
 * "I don't know". Below this, where no model can tell, the knowledge base is taken not to hold the answer.
 */
const ADDRESSED_ANSWERABLE_MIN = ANSWERABLE_MIN * 0.4;
const REWRITE_MS_MAX = 2_500;
const HISTORY_TURNS_MAX = 8;

export async function respond(asked: Asked, services: RespondServices): Promise<Response> {
  const early = asked.unasked === undefined || leansOnHistory(asked.question) || languageOf(asked.question) === "und";
  let history = early ? await historyOf(asked) : [];
  const language = languageOfAsker(asked, history);
  const whole = await makeWhole(asked.question, history, language, asked.deadlineAtMs, services);
  const retrieval = await services.knowledge.retrieve(asked.guild, whole.question, PASSAGES_MAX);
  const draft: Draft = {
    question: whole.question,
    language,
    retrieval,
    words: words(languageFor(language, asked.settings.language)).bot,
    escalation: escalationOf(asked, false, services.clock.now()),
    why: null,
    spent: whole.spent,
  };
  if (asked.unasked === undefined) return await answered(draft, asked, history, services);

  const passages = retrieval.passages.map((ranked) => ranked.passage);
  const judged = await judge(
    {
      text: asked.question,
      channel: asked.channel,
      passages,
      answerable: retrieval.answerable,
      answerableMin: ANSWERABLE_MIN,
    },
    services.llm,
    asked.deadlineAtMs - services.clock.now(),
  );
  const decided = {
    ...draft,
    why: judged.why,
    spent: judged.spent === null ? draft.spent : sum(draft.spent, judged.spent),
  };
  const decline = (reason: NonNullable<Response["declined"]>["reason"]): Response => {
    const declined = { reason, why: judged.why };
    return { ...decided, ...NOTHING_SAID, kind: "declined", declined, escalation: null };
  };
  if (!judged.speak) return decline(judged.reason);
  const floor = await asked.unasked();
  if (floor.held) return decline("agent-holds");
  if (!early) history = await historyOf(asked);
  return await answered(decided, { ...asked, escalatedAtMs: floor.escalatedAtMs }, history, services);
}

async function historyOf({ history }: Asked): Promise<readonly Exchanged[]> {
  return (await history()).slice(-HISTORY_TURNS_MAX);
}

type Draft = Pick<Response, "question" | "language" | "retrieval" | "words" | "escalation" | "why" | "spent">;

const NOTHING_SAID = { answer: null, declined: null, text: "", sources: [], parts: [] } as const;

async function answered(
  draft: Draft,
  asked: Asked,
  history: readonly Exchanged[],
  services: RespondServices,
): Promise<Response> {
  const { retrieval, words: said } = draft;
  const courtesy = courtesyIn(asked.question);
  if (courtesy !== null)
    return inOneLine(draft, "courtesy", null, courtesy === "thanks" ? said.welcome : said.askSomething);
  const passages = retrieval.passages.map((ranked) => ranked.passage);
  if (passages.length === 0 && (await services.knowledge.empty(asked.guild))) {
    return inOneLine(draft, "no-knowledge", null, said.emptyKnowledge);
  }
  const found = await answer(
    {
      question: draft.question,
      passages,
      history,
      channel: await asked.channel(),
      language: draft.language,
      instructions: asked.settings.instructions,
      botName: asked.botName,
      answerable: retrieval.answerable,
      answerableMin: ADDRESSED_ANSWERABLE_MIN,
    },
    services,
    asked.deadlineAtMs,
  );
  if (found.fellBack !== null && found.fellBack !== "no-model") {
    services.logger.warn({ guild: asked.guild, reason: found.fellBack }, "model-bypassed");
  }
  const spent = sum(draft.spent, found.model === "none" ? { ...found, model: null } : found);
  const escalation = escalationOf(asked, found.wantsHuman, services.clock.now());
  const now = { ...draft, spent, escalation };
  const text = found.kind === "known" ? harmless(found.text, passages, said) : "";
  if (text === "") return inOneLine(now, "not-in-knowledge", found, said.notInKnowledge);

  const { sources } = found;
  const shown = escalation === null ? text : `${text}\n\n${escalationLine(escalation, said)}`;
  return { ...now, kind: "known", declined: null, answer: found, text, sources, parts: render(shown, sources, said) };
}

/** Who wants a person is not told what the knowledge base lacks. */
function inOneLine(
  draft: Draft,
  kind: "not-in-knowledge" | "no-knowledge" | "courtesy",
  found: Answer | null,
  line: string,
): Response {
  const text = draft.escalation === null ? line : escalationLine(draft.escalation, draft.words);
  return { ...draft, ...NOTHING_SAID, kind, answer: found, text, parts: [text] };
}

function escalationOf(asked: Asked, heardByModel: boolean, nowMs: number): Escalation | null {
  return escalation(heardByModel || asksForPerson(asked.question), asked.escalatedAtMs ?? null, nowMs);
}

function escalationLine(of: Escalation, said: Words["bot"]): string {
  return of === "marked" ? said.marked : said.markedBefore;
}

/** The asker's own words first, then what was said before, then what Discord or the admin says. */
function languageOfAsker(asked: Asked, history: readonly Exchanged[]): string {
  const own = languageOf(asked.question);
  if (own !== "und") return own;
  const before = history.findLast((turn) => turn.role === "member" && languageOf(turn.text) !== "und");
  if (before !== undefined) return languageOf(before.text);
  return asked.locale?.toLowerCase().split(/[-_]/)[0] || asked.settings.language;
}

/** The last model named is the one that answered. */
function sum(before: Spent, more: Spent): Spent {
  return {
    model: more.model ?? before.model,
    tokensIn: before.tokensIn + more.tokensIn,
    tokensOut: before.tokensOut + more.tokensOut,
    costUsd: before.costUsd + more.costUsd,
  };
}

/** A follow-up ("and on Windows?") as a question that stands alone. Without a model's help: both questions' words. */
async function makeWhole(
  question: string,
  history: readonly Exchanged[],
  language: string,
  deadlineAtMs: number,
  services: RespondServices,
): Promise<{ readonly question: string; readonly spent: Spent }> {
  if (history.length === 0 || !leansOnHistory(question)) return { question, spent: NOTHING_SPENT };
  const task = { task: "rewrite", question, history, language } as const;
  const budgetMs = Math.min(REWRITE_MS_MAX, (deadlineAtMs - services.clock.now()) / 3);
  if (services.llm !== null && budgetMs > 300) {
    try {
      const { result, ...spent } = await services.llm.complete(task, { deadlineMs: budgetMs });
      const { model, tokensIn, tokensOut, costUsd } = spent;
      if (result.question.trim() !== "")
        return { question: result.question.trim(), spent: { model, tokensIn, tokensOut, costUsd } };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      services.logger.debug({ reason: error.kind }, "rewrite-failed");
    }
  }
  const { result } = await services.extractive.complete(task, { deadlineMs: budgetMs });
  return { question: result.question, spent: NOTHING_SPENT };
}
