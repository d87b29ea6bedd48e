/** Members' wishes for a person, and their outcomes. The mail, the message and the webhook of each are tasks of the outbox. */
import type { ChannelId, GuildId, UserId } from "../../ids.ts";

/** Cause: the model or a phrase, the button under an answer, two failures in a row. */
export type EscalationReason = "asked" | "button" | "failures";

/**
 * `none`: nobody set an address. `unknown`: the mail server may have it; a person must look. `earlier`: asked again within the hour
 * after the team was told, so it waits once more and nobody is told once more.
 */
export type MailState = "none" | "planned" | "sent" | "failed" | "unknown" | "earlier";

export type EscalationRow = {
  readonly id: string;
  readonly guild: GuildId;
  readonly conversation: string;
  readonly channel: ChannelId;
  readonly channelName: string;
  readonly member: UserId;
  readonly memberName: string;
  readonly atMs: number;
  readonly reason: EscalationReason;
  readonly summary: string;
  readonly mail: MailState;
  readonly mailProblem: string | null;
  readonly takenAtMs: number | null;
  readonly takenBy: string | null;
  readonly closedAtMs: number | null;
  readonly remindedAtMs: number | null;
};

export type EscalationsStore = {
  /** Marks the conversation; null where the team was told of the same member in this channel within the hour. */
  open(
    guild: GuildId,
    conversation: string,
    by: { readonly trigger: string; readonly reason: EscalationReason },
  ): Promise<string | null>;
  get(guild: GuildId, id: string): Promise<EscalationRow | null>;
  /** Of a conversation, newest first. */
  of(guild: GuildId, conversation: string): Promise<readonly EscalationRow[]>;
  /** Somebody took it: its member no longer waits, here or in an earlier conversation of theirs in this channel. */
  take(guild: GuildId, conversation: string, by: string): Promise<void>;
  /** Resolved: the same, and asking again is asking anew. */
  close(guild: GuildId, conversation: string): Promise<void>;
  summarise(guild: GuildId, id: string, summary: string): Promise<void>;
  mailed(guild: GuildId, id: string, state: MailState, problem: string | null): Promise<void>;
  /** Of all guilds: those that nobody took within the time that their guild has set, and nobody was reminded of; oldest first. */
  waiting(nowMs: number, limit: number): Promise<readonly EscalationRow[]>;
  /** True for the one caller that may remind. */
  remind(guild: GuildId, id: string): Promise<boolean>;
};

/** The outbox's kinds that an escalation plans, in its own transaction. */
export const ESCALATION_KINDS = ["escalation-mail", "escalation-post", "escalation-webhook"] as const;
