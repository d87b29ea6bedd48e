/**
 * What is to be done to the world, once each: replies, acts of moderation, mails, posts. Keyed by what triggered it.
 *
 *   planned ── begin ──▶ sent ── finish ──▶ done | failed | refused | unknown
 *      ▲                  │
 *      └──── again ───────┘
 *
 * A task that was planned survives a kill: `claim` lends it to one process for a time, and to the next one when that time is
 * over. `sent` means that it may have happened: whoever claims such a task looks first, or finishes it as `unknown`. An effect
 * that nobody planned (an answer, which the inbox brings back) starts at `begin`.
 */
import type { GuildId, MessageId, UserId } from "../../ids.ts";

export type OutboxState = "planned" | "sent" | "done" | "failed" | "refused" | "unknown";

export type OutboxTask = {
  readonly key: string;
  /** Null in a direct message that belongs to no guild. */
  readonly guild: GuildId | null;
  /** A fixed kebab-case word; each kind has one reader, who knows the payload's form. */
  readonly kind: string;
  readonly conversation: string | null;
  /** JSON; null once it is done. */
  readonly payload: unknown;
  readonly state: OutboxState;
  /** How often it was claimed or begun. As the `claim` of `begin` and `finish` it refuses a process whose time was over. */
  readonly attempts: number;
  readonly message: MessageId | null;
  readonly problem: string | null;
  /** The request that it was planned in. */
  readonly request: string | null;
  readonly createdAtMs: number;
  readonly sentAtMs: number | null;
};

export type OutboxBegin =
  | { readonly state: "begun" }
  /** An agent speaks in its conversation now. */
  | { readonly state: "held"; readonly agent: UserId }
  /** It happened already, with what it made. */
  | { readonly state: "done"; readonly message: MessageId | null }
  /** Somebody sent it and did not say how it ended. */
  | { readonly state: "in-flight"; readonly sinceMs: number }
  /** Not to be done: it was refused, nobody will know how it ended, or the claim is another's by now. */
  | { readonly state: "closed"; readonly why: "refused" | "unknown" | "taken" };

export type OutboxEnd =
  | { readonly message: MessageId | null }
  | { readonly failed: string }
  | { readonly refused: string }
  | { readonly unknown: string }
  /** Not done, and tried again from `atMs` on. */
  | { readonly again: string; readonly atMs: number };

export type OutboxStore = {
  /** Writes what is to be done at `atMs` (now, where it is left out), once a key: false where it is there already. */
  plan(
    guild: GuildId | null,
    task: {
      readonly key: string;
      readonly kind: string;
      readonly payload: unknown;
      readonly conversation?: string;
      readonly atMs?: number;
    },
  ): Promise<boolean>;
  /** Lends tasks that are due to the caller for `leaseMs`, with turns between guilds; the oldest of a guild first. */
  claim(
    kinds: readonly string[],
    by: { readonly limit: number; readonly leaseMs: number },
  ): Promise<readonly OutboxTask[]>;
  /** Marks it in flight, in one transaction with the takeover's fence where it has a conversation. */
  begin(guild: GuildId | null, key: string, conversation: string | null, claim?: number): Promise<OutboxBegin>;
  /** How it ended; false when it is done already, or when the claim is another's by now. */
  finish(guild: GuildId | null, key: string, end: OutboxEnd, claim?: number): Promise<boolean>;
  get(guild: GuildId | null, key: string): Promise<OutboxTask | null>;
  /** What is in flight is to be sent again: the mark is made anew, in one transaction with the fence as it is now. */
  again(guild: GuildId | null, key: string, conversation: string | null): Promise<OutboxBegin>;
  /** Sends still in flight in a conversation, for a takeover that waits for them; and those done after `sinceMs`. */
  inFlight(guild: GuildId, conversation: string, sinceMs?: number): Promise<readonly OutboxTask[]>;
  /** What is open and due, by kind, with the age of the oldest: a number that grows says that nobody works on it. */
  backlog(): Promise<readonly { readonly kind: string; readonly tasks: number; readonly oldestMs: number }[]>;
};
