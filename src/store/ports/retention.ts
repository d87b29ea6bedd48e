/** What is kept for how long, and what is taken out before its time: at a member's wish, or because Discord's message went. */
import type { GuildId, MessageId, UserId } from "../../ids.ts";

/** A guild as the sweeper sees it. */
export type Kept = {
  readonly guild: GuildId;
  readonly leftAtMs: number | null;
  readonly turnsDays: number;
  readonly silencesDays: number;
  readonly leftDays: number;
};

export type RetentionStore = {
  /** By id, those behind `after`. */
  guilds(after: GuildId | null, limit: number): Promise<readonly Kept[]>;
  /** Removes at most about `limit` conversations and decisions that ended before; how many rows went. */
  expire(
    guild: GuildId,
    before: { readonly turnsMs: number; readonly silencesMs: number },
    limit: number,
  ): Promise<number>;
  /**
   * Removes what is known of a guild that the bot has left, at most `limit` rows of each table; how many went. Its settings,
   * its bot and what it used stay.
   */
  eraseLeft(guild: GuildId, limit: number): Promise<number>;
  /** Empties every text of this member's conversations; that they were, and what they cost, stays. How many turns it was. */
  forgetMember(guild: GuildId, member: UserId): Promise<number>;
  /** Empties the turns of messages that were deleted on Discord; how many there were. */
  emptyMessages(guild: GuildId, messages: readonly MessageId[]): Promise<number>;
};
