/**
 * ⑦ Question and passages → a checked answer: known with its sources, or not known.
 *
 * One model call; when the model is missing, late, limited or wrong, the extractive one answers from the same passages.
 * Every claim of a model is checked before anybody sees it: the passages it names must exist and must support it.
 */

import type { Clock } from "../clock.ts";
import { AppError, type ErrorKind } from "../errors.ts";
import type { GuildId } from "../ids.ts";
import { NEAREST_ANSWERABLE_MIN, type PassageRow } from "../knowledge.ts";
import type { AnswerResult, AnswerTask, Completion, Llm } from "../llm.ts";
import type { Source } from "../store/ports/conversations.ts";
import { stemsOf } from "../text/stems.ts";
import { citedIn, renumber, withoutMarks } from "./citations.ts";
import { type Stated, withoutFalseFacts } from "./facts.ts";

export type Answer = {
  readonly kind: "known" | "unknown";
  /** With marks `[1]` that number `sources`; empty when unknown. Not yet neutralised. */
  readonly text: string;
  readonly sources: readonly Source[];
  readonly wantsHuman: boolean;
  readonly model: string;
  readonly prompts?: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
  /** Why the model did not answer; null when it did. */
  readonly fellBack: ErrorKind | "no-model" | null;
  /** Where a quote was found and not trusted: the page that it stands on. */
  readonly nearest: Source | null;
  /** Sentences of a model's that were left out, since their source does not say them. */
  readonly dropped: number;
};

export type AnswerInput = Omit<AnswerTask, "task"> & {
  /** Whose turn it takes at the model. */
  readonly guild: GuildId;
  /** 0…1: with less trust than this a quote is a guess, and is not given. */
  readonly trustMin: number;
  /** A model is told the first so many of the passages. */
  readonly told: number;
};

export type Models = { readonly llm: Llm | null; readonly extractive: Llm; readonly clock: Clock };

/**
 * Who addressed the bot gets a quote from here on, else the page that comes nearest. Of questions written for it (`bench answers`) about one
 * answer in eight is wrong then.
 */
export const TRUST_MIN = 0.6;
/** Nobody asked the bot: a wrong answer costs more than a silence. */
export const TRUST_UNASKED_MIN = 0.8;

/** With less there is nothing on that page either: a word of the question stands there by chance. */
const NEAREST_TRUST_MIN = 0.35;

/** One call of the model gets at most this long, even if more time is left. */
const MODEL_MS_MAX = 8_000;
/** Less is not worth asking for. */
const MODEL_MS_MIN = 700;
/** Kept back of the deadline for the fallback, the checks and the send. */
const SEND_MS = 1_500;

/** Never later than `deadlineAtMs`, except by a bug of an implementation. */
export async function answer(
  input: AnswerInput,
  { llm, extractive, clock }: Models,
  deadlineAtMs: number,
): Promise<Answer> {
  const { trustMin, guild, told, ...rest } = input;
  const task: AnswerTask = { task: "answer", ...rest };
  const toModel: AnswerTask = { ...task, passages: task.passages.slice(0, told) };
  let fellBack: Answer["fellBack"] = "no-model";

  // Also without a passage: that the member wants a person, in whatever language, only the model hears.
  if (llm !== null) {
    try {
      const budgetMs = Math.min(MODEL_MS_MAX, deadlineAtMs - SEND_MS - clock.now());
      if (budgetMs < MODEL_MS_MIN) throw new AppError("timeout", "no time is left for the model");
      const said = await within(budgetMs, clock, (signal) =>
        llm.complete(toModel, { deadlineMs: budgetMs, signal, guild }),
      );
      return checked(toModel, said, null);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      fellBack = error.kind;
    }
  }
  if (input.passages.length === 0 || input.found?.answerable === 0) return unknown(null, fellBack);
  const quoted = await extractive.complete(task, { deadlineMs: SEND_MS });
  const { trust = 1, used, known } = quoted.result;
  if (trust >= trustMin) return checked(task, quoted, fellBack);
  const isAbout = known && trust >= NEAREST_TRUST_MIN && (input.found?.answerable ?? 1) >= NEAREST_ANSWERABLE_MIN;
  const { sources } = sourcesOf(isAbout ? used : [], task.passages);
  return { ...unknown(quoted, fellBack), nearest: sources[0] ?? null };
}

/** The port promises a deadline; an answer must not depend on the promise. */
async function within<T>(ms: number, clock: Clock, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = clock.after(ms, () => {
    late.reject(new AppError("timeout", `the model did not answer within ${ms} ms`));
    abort.abort();
  });
  try {
    return await Promise.race([run(abort.signal), late.promise]);
  } finally {
    timer.cancel();
  }
}

function checked(task: AnswerTask, completion: Completion<AnswerResult>, fellBack: Answer["fellBack"]): Answer {
  const { result } = completion;
  const text = result.answer.trim();
  // Passages that the model says it used or marked, without those that do not exist.
  const used = [...result.used, ...citedIn(text)];
  const passages = used.flatMap((n) => task.passages[n - 1] ?? []);
  if (!result.known || passages.length === 0 || !supported(text, passages, task)) return unknown(completion, fellBack);

  // A quote is exact; a model's words are held against what they cite.
  const said = fellBack === null ? withoutFalseFacts(text, task.passages, task.question, task.language) : exactly(text);
  const dropped = said.dropped.length;
  if (said.kept < KEPT_MIN) return { ...unknown(completion, fellBack), dropped };
  const { sources, numberOf } = sourcesOf(used, task.passages);
  return {
    kind: "known",
    text: renumber(said.text, numberOf),
    sources,
    ...spent(completion),
    fellBack,
    nearest: null,
    dropped,
  };
}

function exactly(text: string): Stated {
  return { text, kept: 1, dropped: [] };
}

function unknown(completion: Completion<AnswerResult> | null, fellBack: Answer["fellBack"]): Answer {
  return { kind: "unknown", text: "", sources: [], ...spent(completion), fellBack, nearest: null, dropped: 0 };
}

function spent(completion: Completion<AnswerResult> | null) {
  return {
    wantsHuman: completion?.result.wantsHuman ?? false,
    model: completion?.model ?? "none",
    ...(completion?.prompts === undefined ? {} : { prompts: completion.prompts }),
    tokensIn: completion?.tokensIn ?? 0,
    tokensOut: completion?.tokensOut ?? 0,
    costUsd: completion?.costUsd ?? 0,
  };
}

/** An answer that loses more than half of itself is not in the knowledge base. */
const KEPT_MIN = 0.5;

/** At least this share of an answer's words must be in what it cites (or in the question), in the same language. */
const SUPPORT_MIN = 0.3;
/** Of numbers and names with digits in them, in any language. */
const FACTS_SUPPORT_MIN = 0.5;

function supported(text: string, passages: readonly PassageRow[], task: AnswerTask): boolean {
  const language = passages.find((passage) => passage.language !== "und")?.language ?? task.language;
  const said = [...new Set(stemsOf(withoutMarks(text), language))];
  const held = new Set(
    [task.question, ...passages.flatMap((p) => [p.title, ...p.headings, p.text])].flatMap((t) => stemsOf(t, language)),
  );
  const share = (stems: readonly string[]) => stems.filter((stem) => held.has(stem)).length / Math.max(1, stems.length);
  const facts = said.filter((stem) => /\d/.test(stem));
  if (facts.length >= 3 && share(facts) < FACTS_SUPPORT_MIN) return false;
  // A translation shares names and numbers only; there the model's word has to do.
  return task.language === language ? share(said) >= SUPPORT_MIN : share(said) > 0;
}

/** One source a page, in the order of use; a passage knows its page's number. */
function sourcesOf(used: readonly number[], passages: readonly PassageRow[]) {
  const sources: Source[] = [];
  const numberOf = new Map<number, number>();
  const pages = new Map<string, number>();
  for (const n of used) {
    const passage = passages[n - 1];
    if (passage === undefined) continue;
    const page = passage.document;
    const known = pages.get(page);
    numberOf.set(n, known ?? sources.length + 1);
    if (known !== undefined) continue;
    sources.push({ n: sources.length + 1, title: passage.title, url: passage.url, passage: passage.id });
    pages.set(page, sources.length);
  }
  return { sources, numberOf };
}
