/** The team's work on conversations: waiting members, holders, agents' messages, notes, saved replies. */
import type { ApplicationId, ChannelId, GuildId, MessageId, UserId } from "../../ids.ts";
import type { ConversationRow, ConversationState, TurnRow } from "./conversations.ts";

/** A conversation as the live monitor lists it. */
export type LiveRow = {
  readonly conversation: ConversationRow;
  /** The member's last line, however much was said since; empty: none is kept. */
  readonly memberText: string;
  /** Its id, where the guild never joined. */
  readonly guildName: string;
  /** Whose bot speaks there; null where the guild never joined. */
  readonly application: ApplicationId | null;
  /** Since when its member waits for a person; null: does not, or somebody took it. */
  readonly waitingSinceMs: number | null;
};

/** A conversation that an agent holds now. */
export type HeldRow = {
  readonly guild: GuildId;
  readonly conversation: string;
  readonly channel: ChannelId;
  readonly member: UserId;
  readonly memberName: string;
  readonly agent: UserId;
  readonly idleAtMs: number;
};

export type NoteRow = {
  readonly id: string;
  /** `note`: a person's. Any other is an event: claimed, released, wanted, withdrawn, escalated, state, assigned. */
  readonly kind: string;
  readonly by: { readonly id: string; readonly name: string };
  readonly text: string;
  readonly atMs: number;
};

export type SavedReply = { readonly id: string; readonly title: string; readonly text: string };

export type DeskChange = {
  readonly state?: ConversationState;
  readonly assignee?: { readonly id: string; readonly name: string } | null;
  readonly readAtMs?: number;
  readonly wantedBy?: string | null;
};

export type DeskStore = {
  /**
   * Who waits for a person, longest first; then what goes on since `sinceMs` or is held by an agent, newest first. At most `limit`
   * in all. `guilds` null: of every guild that the bot is in.
   */
  live(guilds: readonly GuildId[] | null, sinceMs: number, limit: number): Promise<readonly LiveRow[]>;
  /** Null: of all guilds, as a process reads them once. */
  held(guild: GuildId | null): Promise<readonly HeldRow[]>;
  /** False where there is no such conversation. */
  change(guild: GuildId, conversation: string, change: DeskChange): Promise<boolean>;
  /** The conversation of a message, or the member's running one, or that in which the bot spoke last in a channel. */
  find(guild: GuildId, by: FindBy): Promise<ConversationRow | null>;
  /** An agent's words, once a message. */
  say(guild: GuildId, conversation: string, turn: Omit<TurnRow, "id" | "feedback">): Promise<boolean>;
  /** An agent's or a bot's message was edited; null: deleted. Only the text of the transcript; false: it is not there. */
  reword(guild: GuildId, message: MessageId, text: string | null): Promise<boolean>;
  note(guild: GuildId, conversation: string, note: Omit<NoteRow, "id" | "atMs">): Promise<void>;
  notes(guild: GuildId, conversation: string): Promise<readonly NoteRow[]>;
  replies(guild: GuildId): Promise<readonly SavedReply[]>;
  /** Null removes it; at most 100 a guild: false past that. */
  saveReply(guild: GuildId, id: string, reply: Omit<SavedReply, "id"> | null): Promise<boolean>;
};

export type FindBy =
  | { readonly message: MessageId }
  | { readonly channel: ChannelId; readonly member: UserId; readonly sinceMs: number }
  | { readonly channel: ChannelId; readonly botSpokeSinceMs: number };
