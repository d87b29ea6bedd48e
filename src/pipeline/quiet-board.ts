/**
 * Port: what a worker tells the main thread of its guilds, so that main proves silence by itself and most messages never reach the
 * worker. A guild's part holds while its version stays, and until its settings are due to be read again.
 *
 * The worker says `changed` in the same turn in which something changes that a proof rests on. Implementation:
 * shards/border/quiet.ts, in shared memory.
 */
import type { ApplicationId, ChannelId, GuildId } from "../ids.ts";

export type QuietBoard = {
  /** Changes with each `changed` of this guild; other guilds may change it too. */
  version(guild: GuildId): number;
  /** The guild's settings or needles are others now: what was published of it no longer holds. */
  changed(guild: GuildId): void;
  /** The same for all guilds. */
  allChanged(): void;
  /** Messages in this channel are read until `untilMs` of the wall's clock; Infinity: for good. */
  active(channel: ChannelId, untilMs: number): void;
  /** Until `untilMs` a message of this guild is silent for this bot if it holds none of `needles` and its channel is not active. */
  publish(application: ApplicationId, guild: GuildId, needles: readonly string[], untilMs: number): void;
};

/** Nobody reads it: a pipeline without a main thread. */
export const UNREAD_BOARD: QuietBoard = {
  version: () => 0,
  changed: () => {},
  allChanged: () => {},
  active: () => {},
  publish: () => {},
};
