/**
 * Moderation's cases and what happened to them. Every change is an event in the guild's chain of hashes: what was changed by
 * hand is found by `verify`. A case is planned before anything is done, under a key that Discord's redelivery repeats.
 */

import type { ChannelId, GuildId, MessageId, UserId } from "../../ids.ts";
import type { Action } from "../../settings/form.ts";
import type { ListPage } from "./page.ts";

/**
 *   planned → applied → undone
 *          ↘ failed
 *   dry-run, review (a person decides), held (an exemption, the cap, a missing permission…) from the start
 */
export const CASE_STATES = ["planned", "applied", "failed", "dry-run", "review", "held", "undone"] as const;
export type CaseState = (typeof CASE_STATES)[number];

export type CaseVerdict = {
  /** `certain`: the prefilter alone. `cached`: the model's word on the same text before. */
  readonly source: "certain" | "model" | "cached" | "report" | "automod" | "raid";
  readonly signals: readonly { readonly name: string; readonly saw: string }[];
  readonly category: string;
  readonly severity: "none" | "low" | "medium" | "high" | "severe";
  readonly confidence: number;
  /** In the model's words; empty where `found` says it. */
  readonly reason: string;
  readonly found?: CaseFound;
  readonly model: string | null;
  readonly costUsd: number;
};

/** What no model said, as data: it is worded in the language of whoever reads it. */
export type CaseFound =
  | ({ readonly kind: "raid" } & Pick<RaidDetail, "cause" | "members" | "seconds">)
  | { readonly kind: "automod"; readonly did: readonly AutoModAct[]; readonly matched: string }
  | { readonly kind: "report"; readonly by: string };

export type AutoModAct = "blocked" | "alerted" | "timed-out" | "quarantined";

export type CasePlan = {
  /** Every act that is due, mildest first; empty where none is. */
  readonly acts: readonly Action[];
  readonly timeoutUntilMs?: number;
  readonly deleteSeconds?: number;
  /** It is about the title of the thread `message`: what is deleted is the title. */
  readonly title?: true;
  /** What was due and held back, and why. */
  readonly held: readonly { readonly action: Action; readonly why: string }[];
};

export type CaseInput = {
  readonly key: string;
  readonly channel: ChannelId;
  readonly channelName: string;
  readonly message: MessageId;
  readonly author: UserId;
  readonly authorName: string;
  readonly atMs: number;
  readonly evidence: string;
  readonly context: readonly { readonly author: string; readonly text: string }[];
  readonly rule: { readonly n: number; readonly text: string } | null;
  readonly verdict: CaseVerdict;
  /** The hardest that was asked for. */
  readonly action: Action | "none";
  readonly plan: CasePlan;
  readonly state: Exclude<CaseState, "applied" | "failed" | "undone">;
  readonly problem: string | null;
  /** What the case weighs on the ladder while it stands. */
  readonly strike: { readonly weight: number; readonly expiresAtMs: number | null } | null;
};

export type CaseRow = Omit<CaseInput, "strike" | "state"> & {
  readonly id: string;
  readonly guild: GuildId;
  readonly number: number;
  readonly state: CaseState;
  readonly undoneBy: string | null;
  readonly wrong: boolean;
  /** The text's time is over: `evidence` and `context` are empty. */
  readonly redacted: boolean;
  readonly updatedAtMs: number;
};

export type CaseEventKind =
  | CaseState
  | "wrong"
  | "note"
  | "appeal"
  | "appeal-answer"
  /** The answer did not reach the member, or nobody knows whether it did. */
  | "answer-unsent"
  /** An invitation for whom the case put out of the server, and whether it could be sent to them. */
  | "invited"
  | "invite-sent"
  | "invite-unsent"
  | "redacted";

export type CaseEvent = {
  readonly kind: CaseEventKind;
  /** `bot`, `job`, or the id of the person. */
  readonly by: string;
  readonly atMs: number;
  readonly detail: Readonly<Record<string, unknown>>;
  /** What a person wrote; null where nothing was, or where it went with the person's texts. */
  readonly text: string | null;
};

export type NewCaseEvent = {
  readonly kind: Exclude<CaseEventKind, "planned" | "redacted">;
  readonly by: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly text?: string;
  /** Of `failed` and `held`: why. */
  readonly problem?: string;
};

/** An expected "no": the case has gone on since, or has its one appeal. */
export type CaseChange = "changed" | "not-found" | "not-now" | "already";

export type CaseFilter = {
  readonly action?: Action | "none";
  readonly rule?: number;
  readonly member?: UserId;
  readonly channel?: ChannelId;
  readonly state?: CaseState;
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Words that the message holds, all of them. */
  readonly text?: string;
};

export type CasesStore = {
  /** Writes cases, once each per key; says of each whether it was there before, with its state then. */
  plan(
    guild: GuildId,
    cases: readonly CaseInput[],
  ): Promise<readonly { readonly case: CaseRow; readonly fresh: boolean }[]>;
  /** Appends events, each if the case may go that way: applied and failed from planned, undone from applied. */
  append(
    guild: GuildId,
    events: readonly { readonly case: string; readonly event: NewCaseEvent }[],
  ): Promise<readonly CaseChange[]>;
  get(
    guild: GuildId,
    id: string,
  ): Promise<{ readonly case: CaseRow; readonly events: readonly CaseEvent[]; readonly strikes: number } | null>;
  list(guild: GuildId, filter: CaseFilter, limit: number, before?: string): Promise<ListPage<CaseRow>>;
  /** The weight of each member's strikes that still stand, in the order of the members. */
  strikes(guild: GuildId, members: readonly UserId[]): Promise<readonly number[]>;
  /** Walks the guild's chain. The first thing that does not fit, or null. */
  verify(guild: GuildId): Promise<{ readonly cases: number; readonly events: number; readonly problem: string | null }>;
  /** Empties the texts of a guild's cases older than that, at most `limit`; how many. */
  redact(guild: GuildId, beforeMs: number, limit: number): Promise<number>;
  /** Guilds that have cases. */
  guilds(): Promise<readonly GuildId[]>;
  /** What people said was judged wrongly, newest first. */
  examples(guild: GuildId, limit: number): Promise<readonly CaseExample[]>;
};

/** Cases that are planned: who is at them, and which have nobody. */
export type UnsettledStore = {
  /** Of any guild, not marked for `olderThanMs`; marked, so that no other process takes them for as long. */
  take(olderThanMs: number, limit: number): Promise<readonly CaseRow[]>;
  /** Marks those of a guild that are still planned. */
  hold(guild: GuildId, cases: readonly string[]): Promise<void>;
};

export type CaseExample = {
  readonly case: string;
  readonly text: string;
  readonly rule: string;
  readonly by: string;
  readonly atMs: number;
};

/** `unjudged`: messages that no verdict was given on, and why (`detail.why`). */
export type AlertKind = "cap" | "raid" | "missing-permission" | "role-order" | "unjudged";

export type AlertRow = {
  readonly kind: AlertKind;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly atMs: number;
  /** It ends by itself then. */
  readonly untilMs: number | null;
};

/** Of a raid that is held off: what made it one, what is done, what was there before, when it ends. */
export type RaidDetail = {
  readonly cause: "flood" | "joins";
  /** Members who wrote the same, or who joined, within `seconds`. */
  readonly members: number;
  readonly seconds: number;
  readonly slowS: number;
  readonly beganAtMs: number;
  readonly endsAtMs: number;
  /** Newcomers are timed out until its end. */
  readonly timesOut: boolean;
  /** It only says what would have been. */
  readonly dryRun: boolean;
  readonly channels: readonly { readonly id: ChannelId; readonly before: number }[];
};

/** What an admin must hear of, once until somebody says that it is seen to. */
export type AlertsStore = {
  /** True for whoever raised it: the one who tells the admins. */
  raise(guild: GuildId, alert: Omit<AlertRow, "atMs">): Promise<boolean>;
  open(guild: GuildId): Promise<readonly AlertRow[]>;
  /** Of all guilds, the oldest first, at most 1,000: for a job that ends what is over. */
  ofKind(kind: AlertKind): Promise<readonly (AlertRow & { readonly guild: GuildId })[]>;
  /** What an open alert says, in other words. False where it was not open. */
  revise(guild: GuildId, kind: AlertKind, detail: AlertRow["detail"]): Promise<boolean>;
  /** False where it was not open. */
  resolve(guild: GuildId, kind: AlertKind): Promise<boolean>;
};

export type ReportsStore = {
  /** Once per message and reporter. `today`: how many this member made in 24 h, this one included. */
  add(
    guild: GuildId,
    message: MessageId,
    reporter: UserId,
  ): Promise<{
    readonly fresh: boolean;
    readonly today: number;
    readonly upheld: number;
    readonly dismissed: number;
    /** How many members reported this message. */
    readonly onMessage: number;
  }>;
  settle(guild: GuildId, message: MessageId, state: "upheld" | "dismissed"): Promise<void>;
};
