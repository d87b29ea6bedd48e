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

/** A first, honest cut: small talk by its words, questions by their form; moderation asks the model about floods and links. */
export function prefilter(message: Message, memory: PrefilterMemory): Triage {
  const text = message.content;
  const signals: Signal[] = [];
  const rate = memory.rate(message);
  if (rate > FLOOD_MESSAGES) signals.push({ name: "flood", saw: `${rate} messages in 10 s` });
  const link = LINK.exec(text)?.[0];
  if (link !== undefined) signals.push({ name: "link", saw: link.slice(0, 100) });
  const small = text.length <= SMALL_TALK_CHARS_MAX && SMALL_TALK.test(text);
  if (small) signals.push({ name: "small-talk", saw: text.slice(0, 100) });
  return {
    moderation: rate > FLOOD_MESSAGES || link !== undefined ? "ask-the-model" : "clear",
    answering: small || !/[\p{L}\p{N}]/u.test(text) ? "silent" : "consider",
    risk: Math.min(1, (rate > FLOOD_MESSAGES ? 0.5 : 0) + (link === undefined ? 0 : 0.2)),
    signals,
  };
}

const FLOOD_MESSAGES = 8;
const LINK = /https?:\/\/\S+/i;
const SMALL_TALK_CHARS_MAX = 60;
const SMALL_TALK =
  /^[\s\p{P}\p{Emoji}]*(?:(?:hi|hello|hey|yo|good (?:morning|night|evening)|thanks?|thank you|thx|ty|lol|lmao|haha\w*|ok(?:ay)?|yes|no|nice|cool|great|wow|same|brb|gg|np|you'?re welcome|bye|selam|merhaba|günaydın|iyi geceler|teşekkürler|sağ ?ol|tamam|evet|hayır|eyvallah|:\w+:|all|everyone|everybody|guys|man|bro|so much|a lot)[\s\p{P}\p{Emoji}]*)+$/iu;
