/**
 * ⑦ Port: one task in, one checked result out. A model is a value; what it is told is in llm/prompts.
 *
 * A result always has its task's form: what a model returns otherwise is an `invalid` AppError. `limits.deadlineMs` is for
 * the whole call with its one retry; past it the call throws `timeout`, it never hangs.
 * Implementations: llm/groq, llm/extractive (no key: only `answer` and `rewrite`), llm/scripted (tests).
 */
import type { GuildId } from "./ids.ts";
import type { PassageRow, Retrieval } from "./knowledge.ts";

export type Exchanged = { readonly role: "member" | "bot" | "agent"; readonly author: string; readonly text: string };

export type AnswerTask = {
  readonly task: "answer";
  readonly question: string;
  readonly passages: readonly PassageRow[];
  readonly history: readonly Exchanged[];
  /** The channel's last messages, where the admin allowed it. */
  readonly channel: readonly Exchanged[];
  /** ISO 639-1 of the asker. */
  readonly language: string;
  readonly instructions: string;
  readonly botName: string;
  /** The search's own signals, for passages that come from one: quotes are chosen and trusted by them. Not sent to a model. */
  readonly found?: Pick<Retrieval, "asked" | "answerable">;
};

export type AnswerResult = {
  readonly answer: string;
  /** 1-based numbers of the passages used, in the order of use. */
  readonly used: readonly number[];
  readonly known: boolean;
  readonly wantsHuman: boolean;
  /** Of quotes, which nobody judged: 0…1, how likely they answer the question. */
  readonly trust?: number;
};

/** "and on Windows?" → a question that stands alone. */
export type RewriteTask = {
  readonly task: "rewrite";
  readonly question: string;
  readonly history: readonly Exchanged[];
  readonly language: string;
};
export type RewriteResult = { readonly question: string };

/** Smart mode: is this a request that the passages answer? */
export type JudgeTask = {
  readonly task: "judge";
  readonly text: string;
  readonly channel: readonly Exchanged[];
  readonly passages: readonly PassageRow[];
};
export type JudgeResult = { readonly help: boolean; readonly reason: string };

export type ModerateTask = {
  readonly task: "moderate";
  readonly rules: readonly string[];
  readonly messages: readonly {
    readonly n: number;
    readonly author: string;
    readonly text: string;
    /** Earlier lines and the message that it replies to: context, not to be judged. */
    readonly context?: readonly { readonly author: string; readonly text: string }[];
  }[];
};
export type ModerateResult = {
  readonly verdicts: readonly {
    readonly message: number;
    /** 1-based number of the rule broken; 0: none. */
    readonly rule: number;
    readonly category: "none" | "spam" | "scam" | "harassment" | "hate" | "sexual" | "violence" | "other";
    readonly severity: "none" | "low" | "medium" | "high" | "severe";
    readonly confidence: number;
    readonly reason: string;
  }[];
};

/** A message that nobody asked for, on a topic, out of passages. */
export type PostTask = {
  readonly task: "post";
  readonly topic: string;
  readonly passages: readonly PassageRow[];
  /** Posts that the new one must not repeat. */
  readonly previous: readonly string[];
  readonly language: string;
  readonly instructions: string;
  readonly botName: string;
};
export type PostResult = {
  /** Empty where the passages hold nothing about the topic. */
  readonly text: string;
  /** 1-based numbers of the passages used. */
  readonly used: readonly number[];
};

/** The member's wish and the attempts so far, for the team that is called. */
export type SummaryTask = {
  readonly task: "summary";
  readonly turns: readonly Exchanged[];
  readonly language: string;
};
export type SummaryResult = { readonly summary: string };

export type Task = SummaryTask | AnswerTask | RewriteTask | JudgeTask | ModerateTask | PostTask;

export type ResultOf<T extends Task> = T extends SummaryTask
  ? SummaryResult
  : T extends PostTask
    ? PostResult
    : T extends AnswerTask
      ? AnswerResult
      : T extends RewriteTask
        ? RewriteResult
        : T extends JudgeTask
          ? JudgeResult
          : ModerateResult;

export type Completion<R> = {
  readonly result: R;
  readonly model: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
  readonly ms: number;
  /** Which version of the prompts the model was told; left out where none was. */
  readonly prompts?: number;
};

export type Limits = {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** On whose behalf: guilds take turns where the model's limit is near. */
  readonly guild?: GuildId;
  /** Tries that may each be paid for; left out: the implementation's own bound. */
  readonly triesMax?: number;
};

/** A configured model: is it served, and which one answers in its place. */
export type ServedModel = { readonly model: string; readonly served: boolean; readonly instead: string | null };

/** What is left of one of a model's limits, in all processes: `requests` a day, `tokens` a minute. */
export type ModelLevel = { readonly model: string; readonly of: string; readonly limit: number; readonly left: number };

export type Llm = {
  readonly name: string;
  /** What writes answers: with another model or prompts, the same question may get another one. Left out where that is not known. */
  readonly answers?: { readonly model: string; readonly prompts: number };
  /** Asks the provider which models it serves; left out where there is none to ask. Throws AppError. */
  served?(deadlineMs: number): Promise<readonly ServedModel[]>;
  complete<T extends Task>(task: T, limits: Limits): Promise<Completion<ResultOf<T>>>;
};
