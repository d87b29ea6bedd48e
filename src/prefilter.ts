/**
 * ② The cheap look at every message: pure, no await, microseconds. Says what a model need not be asked.
 *
 * Text is folded once (case, look-alikes, İ/ı, zero-width), then one pass per signal. Each signal is a file in prefilter/
 * and says what it saw, so that an admin can read why. Called by the pipeline for every message, and by `gatehouse probe prefilter`.
 */
import type { Message } from "./message.ts";

export type Signal = {
  /** The file in prefilter/ that raised it. */
  readonly name: string;
  /** The piece of text or the count that raised it, ≤ 100 characters. */
  readonly saw: string;
};

export type Triage = {
  /** `certain`: a breach no model need confirm. `clear`: nothing a model need look at. */
  readonly moderation: "clear" | "certain" | "ask-the-model";
  /** `must`: addressed to the bot, as far as the text alone tells. `consider`: may be a request. `silent`: small talk. */
  readonly answering: "silent" | "consider" | "must";
  /** 0…1. */
  readonly risk: number;
  readonly signals: readonly Signal[];
};

/** What a guild's worker remembers between messages (floods, duplicates); bounded, per guild. */
export type PrefilterMemory = {
  /** How many messages this author sent in the last 10 s, this one included. */
  readonly rate: (message: Message) => number;
  /** How often this text stood in the guild in the last minute, this one included. */
  readonly repeats: (message: Message, foldedHash: number) => number;
};
