/**
 * Asks the model about messages, many at once: those of one guild and its rules wait at most 250 ms for each other, or until
 * there are 16. A text that was judged lately gets the same verdict without a call. Never hangs: past 5 s a message is
 * `unjudged`, and so is whatever came back out of form. Nothing is asked twice.
 */
import { createHash } from "node:crypto";
import type { Clock, Timer } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { GuildId } from "../ids.ts";
import type { Llm, ModerateResult, ModerateTask } from "../llm.ts";
import type { Logger } from "../logger.ts";
import type { Quota, SoftLimits } from "../plans/quota.ts";
import { createRecent, guildShare } from "../recent.ts";
import { NOTHING_SPENT, type Spent } from "../record.ts";
import type { Rule } from "../settings/form.ts";

export type Question = {
  readonly guild: GuildId;
  readonly limits: SoftLimits;
  /** Only those that are on. */
  readonly rules: readonly Rule[];
  readonly author: string;
  readonly text: string;
  /** Earlier lines and the replied-to message: context, not to be judged. */
  readonly context: readonly { readonly author: string; readonly text: string }[];
};

export type Checked =
  | { readonly kind: "clean"; readonly source: "model" | "cached"; readonly spent: Spent }
  | {
      readonly kind: "breach";
      readonly source: "model" | "cached";
      readonly rule: Rule;
      readonly category: string;
      readonly severity: "low" | "medium" | "high" | "severe";
      readonly confidence: number;
      readonly reason: string;
      readonly spent: Spent;
    }
  | { readonly kind: "unjudged"; readonly why: Unjudged };

/** `nonsense`: the verdict names no rule of ours or another message, or does not have the form. */
export type Unjudged = "late" | "nonsense" | "away" | "overloaded" | "quota";

export type Check = {
  ask(question: Question): Promise<Checked>;
  /** Sends what waits now. */
  flush(): void;
};

/** The cost of a verdict without a model call. */
export const UNSPENT: Spent = NOTHING_SPENT;

export const BATCH_MAX = 16;
const BATCH_MS = 250;
const VERDICT_MS = 5_000;
const GUILD_WAITING_MAX = 256;
const WAITING_MAX = 2_000;
const AUTHOR_WAITING_MAX = 32;
const CACHED_MAX = 20_000;
const CACHED_MS = 3_600_000;
const TEXT_CHARS_MAX = 2_000;
const CONTEXT_CHARS_MAX = 300;

type Waiting = { readonly question: Question; readonly key: string | null; settle(checked: Checked): void };
type Batch = { readonly rules: readonly Rule[]; readonly waiting: Waiting[]; readonly timer: Timer };

export function createCheck(services: {
  readonly llm: Llm;
  readonly clock: Clock;
  readonly quota: Quota;
  readonly logger: Logger;
}): Check {
  const { llm, clock, quota, logger } = services;
  const cached = createRecent<string, { readonly checked: Checked; readonly atMs: number }>(
    CACHED_MAX,
    guildShare(CACHED_MAX),
  );
  const asking = new Map<string, Promise<Checked>>();
  const batches = new Map<string, Batch>();
  const guildWaiting = new Map<GuildId, number>();
  let waiting = 0;

  function ask(question: Question): Promise<Checked> {
    const { guild, rules, context } = question;
    const rulesKey = `${guild}:${hash(rules.map(({ n, text }) => [n, text]))}`;
    // An answered line may turn a text's meaning: only a verdict on a text without context is reused.
    const key = context.length > 0 ? null : `${rulesKey}:${hash(question.text)}`;
    const known = key === null ? undefined : cached.get(key);
    if (known !== undefined && clock.now() - known.atMs < CACHED_MS) return Promise.resolve(again(known.checked));
    const same = key === null ? undefined : asking.get(key);
    if (same !== undefined) return same.then(again);

    const mine = guildWaiting.get(guild) ?? 0;
    const byAuthor =
      batches.get(rulesKey)?.waiting.filter((one) => one.question.author === question.author).length ?? 0;
    if (waiting >= WAITING_MAX || mine >= GUILD_WAITING_MAX || byAuthor >= AUTHOR_WAITING_MAX)
      return Promise.resolve({ kind: "unjudged", why: "overloaded" });

    const { promise, resolve } = Promise.withResolvers<Checked>();
    waiting++;
    guildWaiting.set(guild, mine + 1);
    if (key !== null) asking.set(key, promise);
    void promise.then((checked) => {
      waiting--;
      const left = (guildWaiting.get(guild) ?? 1) - 1;
      if (left > 0) guildWaiting.set(guild, left);
      else guildWaiting.delete(guild);
      if (key === null) return;
      asking.delete(key);
      if (checked.kind !== "unjudged") cached.set(key, { checked, atMs: clock.now() });
    });

    let batch = batches.get(rulesKey);
    if (batch === undefined) {
      batch = { rules, waiting: [], timer: clock.after(BATCH_MS, () => send(rulesKey)) };
      batches.set(rulesKey, batch);
    }
    batch.waiting.push({ question, key, settle: resolve });
    if (batch.waiting.length >= BATCH_MAX) send(rulesKey);
    return promise;
  }

  function send(key: string): void {
    const batch = batches.get(key);
    if (batch === undefined) return;
    batches.delete(key);
    batch.timer.cancel();
    void judge(batch);
  }

  async function judge({ rules, waiting: asked }: Batch): Promise<void> {
    const first = asked[0]?.question;
    if (first === undefined) return;
    const { guild, limits } = first;
    const wish = { request: `moderation:${clock.id()}`, kind: "moderation", count: asked.length, limits } as const;
    const all = (why: Unjudged) => {
      for (const one of asked) one.settle({ kind: "unjudged", why });
    };
    try {
      if (!(await quota.admit(guild, wish)).admitted) return all("quota");
      const questions = asked.map(({ question }) => question);
      const { checked, judged, spent } = await judgeTogether(llm, rules, questions, guild);
      for (const [i, one] of asked.entries()) one.settle(checked[i] ?? NONSENSE);
      if (judged === 0) return await quota.release(guild, wish);
      const { tokensIn, tokensOut, costUsd } = spent;
      await quota.commit(guild, wish.request, { kind: "moderation", count: judged, tokensIn, tokensOut, costUsd });
    } catch (error) {
      all(unjudgedBy(error));
      if (!(error instanceof AppError)) throw error;
      logger.debug({ guild, reason: error.kind }, "messages-unjudged");
      // Verdicts that were given and not counted come back to the plan by themselves: better than counted twice.
      await quota.release(guild, wish);
    }
  }

  return {
    ask,
    flush() {
      for (const key of [...batches.keys()]) send(key);
    },
  };
}

const NONSENSE: Checked = { kind: "unjudged", why: "nonsense" };

export type BareQuestion = Pick<Question, "author" | "text" | "context">;

/** One call about at most `BATCH_MAX` messages, in their order; throws what the model's port throws. */
export async function judgeTogether(
  llm: Llm,
  rules: readonly Rule[],
  asked: readonly BareQuestion[],
  guild?: GuildId,
): Promise<{ readonly checked: readonly Checked[]; readonly judged: number; readonly spent: Spent }> {
  const done = await llm.complete(taskOf(rules, asked), {
    deadlineMs: VERDICT_MS,
    ...(guild === undefined ? {} : { guild }),
  });
  const read = asked.map((_, i) => readVerdict(done.result, i + 1, rules));
  const judged = read.filter((one) => one.kind !== "unjudged").length;
  const share = shareOf(done, judged);
  return {
    checked: read.map((one) => (one.kind === "unjudged" ? one : { ...one, spent: share })),
    judged,
    spent: done,
  };
}

export function unjudgedBy(error: unknown): Unjudged {
  if (!(error instanceof AppError)) return "away";
  return error.kind === "timeout" ? "late" : error.kind === "invalid" ? "nonsense" : "away";
}

/** Exactly one verdict on this message, under a rule that was given; anything else is no verdict. */
function readVerdict(result: ModerateResult, n: number, rules: readonly Rule[]): Checked {
  const found = result.verdicts.filter(({ message }) => message === n);
  const [one] = found;
  if (one === undefined || found.length > 1) return NONSENSE;
  const { rule, category, severity, confidence, reason } = one;
  if (!Number.isInteger(rule) || rule < 0 || rule > rules.length || !(confidence >= 0 && confidence <= 1))
    return NONSENSE;
  const broken = rules[rule - 1];
  // Half a breach is none.
  if (broken === undefined || severity === "none") return { kind: "clean", source: "model", spent: NOTHING_SPENT };
  const shown = reason.slice(0, 300);
  return {
    ...{ kind: "breach", source: "model", rule: broken, category, severity, confidence, reason: shown },
    spent: NOTHING_SPENT,
  };
}

function taskOf(rules: readonly Rule[], asked: readonly BareQuestion[]): ModerateTask {
  // Members choose their names, so letters mark the authors.
  const names = new Map<string, string>();
  const nameOf = (author: string) => {
    const known = names.get(author) ?? `member ${names.size + 1}`;
    names.set(author, known);
    return known;
  };
  return {
    task: "moderate",
    rules: rules.map(({ text }) => text),
    messages: asked.map((question, i) => ({
      n: i + 1,
      author: nameOf(question.author),
      text: question.text.slice(0, TEXT_CHARS_MAX),
      ...(question.context.length === 0
        ? {}
        : {
            context: question.context.map(({ author, text }) => ({
              author: nameOf(author),
              text: text.slice(0, CONTEXT_CHARS_MAX),
            })),
          }),
    })),
  };
}

/** The cost of one of `judged` messages. */
function shareOf({ model, tokensIn, tokensOut, costUsd }: Spent, judged: number): Spent {
  const among = Math.max(1, judged);
  return {
    model,
    tokensIn: Math.round(tokensIn / among),
    tokensOut: Math.round(tokensOut / among),
    costUsd: costUsd / among,
  };
}

function again(checked: Checked): Checked {
  return checked.kind === "unjudged" ? checked : { ...checked, source: "cached", spent: NOTHING_SPENT };
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 22);
}
