/**
 * ⑤⑥ Inquiry → the passages that may answer it and, where nobody addressed the bot, whether it helps to speak.
 *
 * A follow-up is first made whole from the talk before it. Each model call is made once, even if a later stage fails; what it
 * cost goes to `spending` as soon as it is known.
 */
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type BotWords, botLines } from "../i18n.ts";
import type { GuildId } from "../ids.ts";
import { ANSWERABLE_MIN, type Knowledge, type Retrieval } from "../knowledge.ts";
import type { AnswerTask, Exchanged, Llm } from "../llm.ts";
import type { Logger } from "../logger.ts";
import { leansOnHistory } from "../memory.ts";
import type { Plans } from "../plans/plans.ts";
import type { Spending } from "../record.ts";
import type { GuildSettings } from "../settings/form.ts";
import { languageOf } from "../text/language.ts";
import { TRUST_MIN, TRUST_UNASKED_MIN } from "./answer.ts";
import { type Asks, asksFor } from "./asks.ts";
import { type Judgement, judgeHelp } from "./judge.ts";
import { PASSAGES_MAX } from "./worth-telling.ts";

export type Inquiry = {
  readonly guild: GuildId;
  readonly text: string;
  /** Read only where it is needed: most unasked lines end earlier. */
  readonly history: () => Promise<readonly Exchanged[]>;
  readonly channel: () => Promise<readonly Exchanged[]>;
  readonly settings: GuildSettings;
  readonly botName: string;
  /** An interaction's or a client's language, where the text does not say. */
  readonly locale?: string | null;
  readonly deadlineAtMs: number;
  /** Nobody addressed the bot: it speaks only where the judgement says that it helps. */
  readonly unasked: boolean;
};

/** Ports that an answer needs. `knowledge` may wait for its store; a model call is never repeated here. */
export type Sources = {
  readonly knowledge: Pick<Knowledge, "retrieve" | "empty">;
  readonly llm: Llm | null;
  readonly extractive: Llm;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What a member who wants a person is told depends on it. */
  readonly plans: Pick<Plans, "features">;
};

export type Lookup = {
  /** A courtesy and the wish for a person are answered without knowledge: nothing is looked up, no model is asked. */
  readonly asks: Asks;
  /** The query: the question, made whole where it leant on the talk before. */
  readonly question: string;
  readonly retrieval: Retrieval;
  /** Null where the bot was addressed: then it answers. */
  readonly judgement: Judgement | null;
  /** 0…1: how far a quote must be trusted to be given. */
  readonly trustMin: number;
  /** The talk before; null where it was not needed yet. */
  readonly history: readonly Exchanged[] | null;
};

/** The language of an answer, and the bot's own lines in it. */
export type Voice = { readonly language: string; readonly words: BotWords };

const REWRITE_MS_MAX = 2_500;
const HISTORY_TURNS_MAX = 8;

/** `asks`: what its text asks for, where that is known already. */
export async function look(
  asked: Inquiry,
  sources: Sources,
  spending: Spending,
  asks: Asks = asksFor(asked.text),
): Promise<Lookup> {
  if (asks !== "knowledge") {
    // Nobody waits for a courtesy that they did not offer the bot.
    const silent: Judgement = { speak: false, reason: "nothing-relevant", why: null };
    const judgement = asked.unasked && asks !== "person" ? silent : null;
    return { asks, history: null, ...NOTHING_LOOKED_UP, question: asked.text, judgement, trustMin: TRUST_MIN };
  }
  const history = !asked.unasked || leansOnHistory(asked.text) ? await historyOf(asked) : null;
  // A member who follows up the bot's answer speaks to the bot.
  const isGoingOn = history !== null && history.length > 0;
  const trustMin = asked.unasked && !isGoingOn ? TRUST_UNASKED_MIN : TRUST_MIN;
  const question = await makeWhole(asked, history ?? [], sources, spending);
  const { guild, deadlineAtMs } = asked;
  // Of a line that nobody asked the bot, passages are read where it may speak.
  const answerableMin = asked.unasked ? ANSWERABLE_MIN : 0;
  const retrieval = await sources.knowledge.retrieve(guild, question, PASSAGES_MAX, deadlineAtMs, answerableMin);
  const judgement = asked.unasked ? await judged(asked, { question, retrieval, trustMin }, sources, spending) : null;
  return { asks, history, question, retrieval, judgement, trustMin };
}

/** Asked for once the bot is to speak: detecting a language costs as much as a line's whole way to its silence. */
export async function voiceFor(asked: Inquiry, { history }: Pick<Lookup, "history">): Promise<Voice> {
  const own = languageOf(asked.text);
  const language = own === "und" ? languageFrom(history ?? (await historyOf(asked)), asked) : own;
  return { language, words: botLines(language, asked.settings.language) };
}

const NOTHING_LOOKED_UP = { retrieval: { passages: [], answerable: 0 } } as const;

export async function historyOf({ history }: Inquiry): Promise<readonly Exchanged[]> {
  return (await history()).slice(-HISTORY_TURNS_MAX);
}

async function judged(
  asked: Inquiry,
  { question, retrieval, trustMin }: Pick<Lookup, "question" | "retrieval" | "trustMin">,
  { llm, extractive, clock }: Sources,
  spending: Spending,
): Promise<Judgement> {
  const { guild, channel, deadlineAtMs, settings, botName } = asked;
  const passages = retrieval.passages.map((ranked) => ranked.passage);
  const trusted = async (): Promise<boolean> => {
    const own = languageOf(question);
    const task: AnswerTask = {
      ...{ task: "answer", question, passages, found: retrieval, botName, history: [], channel: [] },
      ...{ instructions: "", language: own === "und" ? settings.language : own },
    };
    const { result } = await extractive.complete(task, { deadlineMs: deadlineAtMs - clock.now() });
    return result.known && (result.trust ?? 1) >= trustMin;
  };
  const { answerable } = retrieval;
  const considered = { guild, text: question, channel, answerable, answerableMin: ANSWERABLE_MIN, passages, trusted };
  return await judgeHelp(considered, llm, deadlineAtMs - clock.now(), spending);
}

/** The language of the asker's earlier words; without any, Discord's locale or the admin's setting. */
function languageFrom(history: readonly Exchanged[], { locale, settings }: Inquiry): string {
  for (const { role, text } of history.toReversed()) {
    const before = role === "member" ? languageOf(text) : "und";
    if (before !== "und") return before;
  }
  return locale?.toLowerCase().split(/[-_]/)[0] || settings.language;
}

/** A follow-up ("and on Windows?") as a question that stands alone. Without a model's help: both questions' words. */
async function makeWhole(
  asked: Inquiry,
  history: readonly Exchanged[],
  { llm, extractive, clock, logger }: Sources,
  spending: Spending,
): Promise<string> {
  const { guild, text, deadlineAtMs } = asked;
  if (history.length === 0 || !leansOnHistory(text)) return text;
  const own = languageOf(text);
  const language = own === "und" ? languageFrom(history, asked) : own;
  const task = { task: "rewrite", question: text, history, language } as const;
  const budgetMs = Math.min(REWRITE_MS_MAX, (deadlineAtMs - clock.now()) / 3);
  if (llm !== null && budgetMs > 300) {
    try {
      const completion = await llm.complete(task, { deadlineMs: budgetMs, guild });
      spending.add(completion);
      const whole = completion.result.question.trim();
      if (whole !== "") return whole;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.debug({ reason: error.kind }, "rewrite-failed");
    }
  }
  return (await extractive.complete(task, { deadlineMs: budgetMs })).result.question;
}
