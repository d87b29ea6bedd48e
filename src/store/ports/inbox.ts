import type { ApplicationId, GuildId, MessageId } from "../../ids.ts";

/** What one bot's gateway can do, or the interactions of all bots, which need no gateway. */
export type InboxOf = ApplicationId | "interactions";

/**
 * A message held over 2 s is written here and its sequence settles; a restart runs it again. `holder` names the process that
 * works on it. What was taken three times, or parked, is kept and not taken any more.
 */
export type InboxStore = {
  put(
    application: ApplicationId,
    message: MessageId,
    guild: GuildId | null,
    payload: string,
    holder: string,
  ): Promise<void>;
  remove(application: ApplicationId, message: MessageId): Promise<void>;
  /** Nobody is to try this one again by itself: it ends who does. */
  park(application: ApplicationId, message: MessageId): Promise<void>;
  /** Every process that some message of theirs belongs to. */
  holders(whose: InboxOf): Promise<readonly string[]>;
  /**
   * What others left, oldest first: those of the `dead` at once, anybody's whose time is up, but never one's own. Marks it
   * taken by `holder` for `ttlMs`.
   */
  take(
    whose: InboxOf,
    by: {
      readonly holder: string;
      readonly dead: readonly string[];
      readonly limit: number;
      readonly ttlMs: number;
    },
  ): Promise<
    readonly {
      readonly application: ApplicationId;
      readonly message: MessageId;
      readonly guild: GuildId | null;
      readonly payload: string;
      readonly attempts: number;
    }[]
  >;
};
