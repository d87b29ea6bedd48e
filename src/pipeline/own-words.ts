/** The bot's own recent messages: a reply to one may name the bot in no other way. Bounded, in the worker's memory. */

import type { ChannelId, MessageId } from "../ids.ts";
import { MEMORY_MS } from "../memory.ts";
import { createRecent } from "../recent.ts";

const MESSAGES_MAX = 5_000;
const CHANNELS_MAX = 20_000;

export type OwnWords = {
  note(channel: ChannelId, messages: readonly MessageId[], nowMs: number): void;
  has(message: MessageId): boolean;
  /** Of no interest to a message that is none of the bot's. */
  delete(message: MessageId): void;
  /** The bot spoke here within the time for which it remembers a talk. */
  lately(channel: ChannelId, nowMs: number): boolean;
  /** The bot spoke here at `sinceMs` or later. */
  spokeSince(channel: ChannelId, sinceMs: number): boolean;
};

/** `spoke` hears where the bot spoke, and until when its talk there is remembered. */
export function createOwnWords(spoke: (channel: ChannelId, untilMs: number) => void = () => {}): OwnWords {
  const own = createRecent<MessageId, true>(MESSAGES_MAX);
  const spokeAtMs = createRecent<ChannelId, number>(CHANNELS_MAX);

  return {
    note(channel, messages, nowMs) {
      for (const id of messages) own.set(id, true);
      if (messages.length === 0) return;
      spokeAtMs.set(channel, nowMs);
      spoke(channel, nowMs + MEMORY_MS);
    },
    has: (message) => own.has(message),
    delete: (message) => own.delete(message),
    lately(channel, nowMs) {
      const atMs = spokeAtMs.get(channel);
      return atMs !== undefined && nowMs - atMs < MEMORY_MS;
    },
    spokeSince: (channel, sinceMs) => (spokeAtMs.get(channel) ?? -1) >= sinceMs,
  };
}
