/**
 * What a guild's worker remembers between messages: how fast an author writes, how often a text came. Time is the messages'
 * own (Discord's clock), so that a replay counts as it did the first time. Tables are fixed in size and take a guild's newest:
 * an author or a text that is pushed out is new again.
 */
import type { Message } from "../message.ts";

export type PrefilterMemory = {
  /** How many messages this author sent in the last 10 s, this one included. */
  readonly rate: (message: Message) => number;
  /** How often this author wrote this text in the last minute, this one included. */
  readonly repeats: (message: Message, foldedHash: number) => number;
  /** How many members wrote this text in the last minute, at most 32; two may be taken for one. */
  readonly members: (message: Message, foldedHash: number) => number;
};

const RATE_MS = 10_000;
const REPEAT_MS = 60_000;
/** Powers of two; an entry lives in one of WAYS places. */
const AUTHORS = 64;
const TEXTS = 128;
const WAYS = 4;
/** Times kept per author: more than this in 10 s is a flood whatever its exact size. */
const TIMES = 16;

/** One guild's memory: 14 kB, made at the first message. */
export function createPrefilterMemory(): PrefilterMemory {
  const authors = new Uint32Array(AUTHORS);
  const times = new Float64Array(AUTHORS * TIMES);
  const heads = new Uint8Array(AUTHORS);
  const own = createCounts((count) => count + 1);
  // A bit a member: enough to tell many from few, in four bytes.
  const all = createCounts((bits, author) => bits | (1 << (author & 31)));

  return {
    rate(message) {
      const key = hashOf(message.author.id);
      const slot = slotOf(authors, key, (place) => times[place * TIMES + (heads[place] ?? 0)] ?? 0);
      const base = slot * TIMES;
      if (authors[slot] !== key) {
        authors[slot] = key;
        times.fill(0, base, base + TIMES);
      }
      const now = message.createdAtMs;
      const head = ((heads[slot] ?? 0) + 1) % TIMES;
      heads[slot] = head;
      times[base + head] = now;
      let recent = 0;
      for (let i = 0; i < TIMES; i++) if (now - (times[base + i] ?? 0) < RATE_MS) recent++;
      return recent;
    },
    repeats: (message, foldedHash) => own(foldedHash ^ hashOf(message.author.id), 0, message.createdAtMs),
    members(message, foldedHash) {
      const bits = all(foldedHash, hashOf(message.author.id), message.createdAtMs);
      let count = 0;
      for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
      return count;
    },
  };
}

type Counts = (text: number, author: number, nowMs: number) => number;

/** A number by text, forgotten a minute after the text first came. */
function createCounts(next: (before: number, author: number) => number): Counts {
  const texts = new Uint32Array(TEXTS);
  const firsts = new Float64Array(TEXTS);
  const lasts = new Float64Array(TEXTS);
  const values = new Int32Array(TEXTS);
  return (text, author, nowMs) => {
    const key = (text | 1) >>> 0;
    const slot = slotOf(texts, key, (place) => lasts[place] ?? 0);
    if (texts[slot] !== key || nowMs - (firsts[slot] ?? 0) >= REPEAT_MS) {
      texts[slot] = key;
      firsts[slot] = nowMs;
      values[slot] = 0;
    }
    lasts[slot] = nowMs;
    values[slot] = next(values[slot] ?? 0, author);
    return values[slot] ?? 1;
  };
}

/** The place of `key` among its few, or of the one that was silent longest. */
function slotOf(keys: Uint32Array, key: number, lastAt: (place: number) => number): number {
  const base = (key & (keys.length / WAYS - 1)) * WAYS;
  let oldest = base;
  for (let place = base; place < base + WAYS; place++) {
    if (keys[place] === key) return place;
    if (lastAt(place) < lastAt(oldest)) oldest = place;
  }
  return oldest;
}

let lastId = "";
let lastHash = 1;

/** Snowflakes differ in their middle digits; FNV-1a over all of them. A message asks for its author's several times. */
function hashOf(id: string): number {
  if (id === lastId) return lastHash;
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  lastId = id;
  lastHash = (hash ^ (hash >>> 15)) >>> 0 || 1;
  return lastHash;
}
