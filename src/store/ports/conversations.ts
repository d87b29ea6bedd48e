/** Conversations with their turns, and who speaks in them. */
import type { ApplicationId, ChannelId, GuildId, MessageId, UserId } from "../../ids.ts";
import type { Outcome } from "../../record.ts";
import type { Takeover, TakeoverEvent, TakeoverRefusal } from "../../takeover.ts";
import type { ListPage } from "./page.ts";
import type { UsageEntry } from "./usage.ts";

export type ConversationRow = {
  readonly id: string;
  readonly guild: GuildId;
  readonly channel: ChannelId;
  readonly channelName: string;
  readonly member: UserId;
  readonly memberName: string;
  readonly startedAtMs: number;
  readonly lastAtMs: number;
  readonly turns: number;
  readonly takeover: Takeover;
  readonly escalatedAtMs: number | null;
  readonly lastText: string;
  readonly lastRole: TurnRow["role"] | null;
  /** The agent's name while one holds it, and who else asks for it. */
  readonly agentName: string | null;
  readonly wantedBy: string | null;
  readonly state: ConversationState;
  readonly assignee: { readonly id: string; readonly name: string } | null;
  /** When somebody of the team last looked. */
  readonly readAtMs: number | null;
};

/** A resolved conversation is over: its member's next message begins another. */
export const CONVERSATION_STATES = ["open", "waiting", "resolved"] as const;
export type ConversationState = (typeof CONVERSATION_STATES)[number];

export type Source = {
  readonly n: number;
  readonly title: string;
  readonly url: string | null;
  readonly passage: string;
};

export type TurnRow = {
  readonly id: string;
  readonly role: "member" | "bot" | "agent";
  readonly author: string;
  readonly text: string;
  readonly atMs: number;
  readonly message: MessageId | null;
  readonly sources: readonly Source[];
  readonly outcome: Outcome | null;
  readonly feedback: "up" | "down" | null;
  readonly editedAtMs?: number | null;
  /** Taken back: its text is gone in Discord. */
  readonly deletedAtMs?: number | null;
  /** Names of the files that came with it. */
  readonly files?: readonly string[];
};

export type ConversationFilter = {
  /** Words (sought.ts) that stand in one of its texts or in the member's name; without any the text as it is. */
  readonly text?: string;
  readonly member?: UserId;
  readonly channel?: ChannelId;
  readonly state?: "open" | "agent" | "escalated" | "not-found" | "disliked" | "resolved";
  readonly sinceMs?: number;
};

/** A list's excerpts of a conversation. */
export type Glimpse = {
  /** The member's last words, and the text after them; empty: none. */
  readonly question: string;
  readonly reply: string;
  /** Some answer of it was "not in the knowledge base", or was marked as not helpful. */
  readonly notFound: boolean;
  readonly disliked: boolean;
  /** The newest turn that holds the text that was looked for; a long one from a little before it, after "…". */
  readonly hit: { readonly turn: string; readonly text: string } | null;
};

export type ConversationsStore = {
  /** The running conversation of a member in a channel, or a new one when the last turn is older than `idleMs`. */
  open(
    guild: GuildId,
    who: {
      readonly channel: ChannelId;
      readonly channelName: string;
      readonly member: UserId;
      readonly memberName: string;
    },
    idleMs: number,
  ): Promise<ConversationRow>;
  /** Writes what one trigger led to: its turns, outcome and usage, once per `trigger`; false when it was there already. */
  record(guild: GuildId, exchange: Exchange): Promise<boolean>;
  /** With a text, "not-found" or "disliked" a page may have fewer rows than there are, or none, and a cursor to go on from. */
  list(guild: GuildId, filter: ConversationFilter, limit: number, before?: string): Promise<ListPage<ConversationRow>>;
  /** By id; `text` as in the filter. */
  glimpses(guild: GuildId, ids: readonly string[], text?: string): Promise<ReadonlyMap<string, Glimpse>>;
  get(
    guild: GuildId,
    id: string,
  ): Promise<{ readonly conversation: ConversationRow; readonly turns: readonly TurnRow[] } | null>;
  feedback(guild: GuildId, message: MessageId, value: "up" | "down"): Promise<boolean>;
  /**
   * May an answer be said again? False where the guild's knowledge is of another version by now, or a turn since `sinceMs` whose outcome
   * has this `kept` was disliked, or its conversation was ever handed to the team.
   */
  stands(guild: GuildId, kept: string, knowledge: number, sinceMs: number): Promise<boolean>;
  /** Applies `event` to the takeover of a conversation in one transaction. */
  takeover(
    guild: GuildId,
    conversation: string,
    event: TakeoverEvent,
    by?: { readonly name?: string; readonly idleMs?: number },
  ): Promise<Takeover | TakeoverRefusal | null>;
  /** Channels that have conversations, by newest: a filter's choices. */
  channels(guild: GuildId, limit: number): Promise<readonly { readonly id: ChannelId; readonly name: string }[]>;
  /** The newest conversation of any guild this member spoke in with this bot: where a direct message finds its knowledge. */
  homeOf(application: ApplicationId, member: UserId): Promise<GuildId | null>;
};

export type Exchange = {
  readonly trigger: string;
  readonly conversation: string | null;
  readonly channel: ChannelId;
  readonly turns: readonly Omit<TurnRow, "id" | "feedback">[];
  /** `escalated` marks the conversation for the team, from now on. */
  readonly outcome: Outcome;
  readonly why?: string | null;
  readonly usage: UsageEntry | null;
};
