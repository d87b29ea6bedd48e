/**
 * THE SPINE: a message's way, ② to ⑨. All branching is here; stages do not know each other.
 *
 * `handle` is synchronous up to its first await (prefilter, windows, memory): a lane waits for that part only.
 * Called by a worker for every MESSAGE_CREATE that its interest does not rule out.
 */
import type { ApplicationId, ChannelId, GuildId, Message } from "./message.ts";
import type { Outcome } from "./record.ts";

export type Trigger = {
  readonly application: ApplicationId;
  readonly message: Message;
  /** When the frame came in: `performance.timeOrigin + performance.now()`, comparable across threads. */
  readonly receivedAtMs: number;
};

/**
 * What makes a frame of this guild worth parsing. In a `mention` guild without moderation a message that holds none of
 * `needles` in its bytes, in a channel that is not `active`, is proven silent.
 */
export type Interest = {
  readonly everything: boolean;
  /** Ids of the bot's user and its managed role. */
  readonly needles: readonly string[];
  readonly active: (channel: ChannelId) => boolean;
};

export type Pipeline = {
  handle(trigger: Trigger): Outcome | Promise<Outcome>;
  /** Any other dispatch: what we know of guilds, edits and deletions, interactions. */
  observe(application: ApplicationId, type: string, data: unknown): Promise<void> | undefined;
  interest(application: ApplicationId, guild: GuildId | null): Interest;
  /** Settles when no work is left, or `deadlineMs` has passed. */
  drain(deadlineMs: number): Promise<void>;
};
