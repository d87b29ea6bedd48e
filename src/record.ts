/**
 * ⑨ What became of a message: exactly one outcome each, with its reason. One row (where there is something to keep),
 * one log line, one counter.
 */

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
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
};
