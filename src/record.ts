/**
 * ⑨ What became of a message: exactly one outcome each, with its reason. One row (where there is something to keep),
 * one log line, one counter (the worker counts what `handle` returns).
 */
import type { Bus } from "./bus.ts";
import type { ApplicationId, GuildId } from "./ids.ts";
import type { Logger } from "./logger.ts";
import type { Message } from "./message.ts";
import type { Exchange } from "./store/ports/conversations.ts";
import type { Store } from "./store.ts";

export type OutcomeKind =
  | "cleared"
  | "silent"
  | "answered"
  | "moderated"
  | "escalated"
  | "left-to-agent"
  | "merged"
  | "refused"
  | "failed"
  | "dropped";

export type Outcome = {
  readonly kind: OutcomeKind;
  /** A fixed kebab-case word: `not-mentioned`, `bot-author`, `not-in-knowledge`, `quota`, `timeout`… */
  readonly reason: string;
  /** From the gateway frame to the end of the work. */
  readonly ms: number;
  readonly model: string | null;
  /** The prompts' version, where a model was asked. */
  readonly prompts?: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
  /** The id of a kept answer: of all turns that say it, the first one and those that say it again. */
  readonly kept?: string;
};

export type Spent = Pick<Outcome, "model" | "prompts" | "tokensIn" | "tokensOut" | "costUsd">;

export const NOTHING_SPENT: Spent = { model: null, tokensIn: 0, tokensOut: 0, costUsd: 0 };

/** An answer of the last hour was said again: it cost nothing and is not counted. */
export const REUSED = "reused";

export function outcome(kind: OutcomeKind, reason: string, ms: number, spent: Spent = NOTHING_SPENT): Outcome {
  // Nine places, as they are kept: sums of doubles otherwise show their tails.
  const costUsd = Math.round(spent.costUsd * 1e9) / 1e9;
  return { kind, reason, ms: Math.max(0, Math.round(ms)), ...spent, costUsd };
}

export type Recorder = {
  /** The log line: debug for ordinary outcomes, a warning for failures. `cause`: the error. */
  log(application: ApplicationId, message: Message, result: Outcome, cause?: unknown): void;
  /** The row, once per trigger, and the news of it. */
  keep(guild: GuildId, exchange: Exchange): Promise<void>;
};

export function createRecorder(services: {
  readonly store: Store;
  readonly bus: Bus;
  readonly logger: Logger;
}): Recorder {
  const { store, bus, logger } = services;
  return {
    log(application, message, result, cause) {
      const level =
        result.kind === "failed" ? "warn" : result.kind === "silent" || result.kind === "cleared" ? "debug" : "info";
      if (!logger.isLevelEnabled(level)) return;
      const fields = { application, guild: message.guildId, channel: message.channelId, message: message.id };
      logger[level]({ ...fields, ...result, ...(cause === undefined ? {} : { error: cause }) }, "message-settled");
    },
    async keep(guild, exchange) {
      const first = await store.conversations.record(guild, exchange);
      if (first && exchange.conversation !== null) {
        await bus.publish({ type: "conversation-changed", guild, conversation: exchange.conversation });
        // A process that runs jobs tells the team at once.
        if (exchange.outcome.kind === "escalated") await bus.publish({ type: "job-ordered", job: "escalations" });
      }
    },
  };
}

/** The cost of one trigger's model calls so far, known even when a later stage fails. */
export type Spending = {
  add(spent: Spent): void;
  /** The last model named is the one that answered. */
  total(): Spent;
};

export function createSpending(): Spending {
  let total = NOTHING_SPENT;
  return {
    add({ model, prompts, tokensIn, tokensOut, costUsd }) {
      total = {
        ...total,
        ...(prompts === undefined ? {} : { prompts }),
        model: model ?? total.model,
        tokensIn: total.tokensIn + tokensIn,
        tokensOut: total.tokensOut + tokensOut,
        costUsd: total.costUsd + costUsd,
      };
    },
    total: () => total,
  };
}
