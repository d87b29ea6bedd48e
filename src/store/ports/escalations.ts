/** Who asked for a person, and what became of it. The mail, the message and the webhook of each are tasks of the outbox. */
import type { ChannelId, GuildId, UserId } from "../../ids.ts";

/** What led to it: the model or a phrase, the button under an answer, two failures in a row. */
export type EscalationReason = "asked" | "button" | "failures";

/** `none`: nobody set an address. `unknown`: the mail server may have it; a person must look. */
export type MailState = "none" | "planned" | "sent" | "failed" | "unknown";

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
  /** Marks the conversation; null where the same member was escalated in this channel within the hour. */
  open(
    guild: GuildId,
    conversation: string,
    by: { readonly trigger: string; readonly reason: EscalationReason },
  ): Promise<string | null>;
  get(guild: GuildId, id: string): Promise<EscalationRow | null>;
  /** Of a conversation, newest first. */
  of(guild: GuildId, conversation: string): Promise<readonly EscalationRow[]>;
  /** Somebody took it; those open in the conversation are no longer waiting. */
  take(guild: GuildId, conversation: string, by: string): Promise<void>;
  close(guild: GuildId, conversation: string): Promise<void>;
  summarise(guild: GuildId, id: string, summary: string): Promise<void>;
  mailed(guild: GuildId, id: string, state: MailState, problem: string | null): Promise<void>;
  /** Of all guilds: open, begun before `beforeMs`, nobody reminded of them; oldest first. */
  waiting(beforeMs: number, limit: number): Promise<readonly EscalationRow[]>;
  /** True for the one caller that may remind. */
  remind(guild: GuildId, id: string): Promise<boolean>;
};

/** The outbox's kinds that an escalation plans, in its own transaction. */
export const ESCALATION_KINDS = ["escalation-mail", "escalation-post", "escalation-webhook"] as const;
