/**
 * A text as its words, their stems, and phrases of two and three words, hashed; how it begins and ends and how long it is stand among
 * them. Scored by the same linear model as character n-grams (grams.ts): how people ask is in few short words and their order.
 */
import type { GramModel } from "../text/grams.ts";

/** More of a text than this changes no score. */
const WORDS_MAX = 64;
const STEM_BYTES = 5;
const OPENING_WORDS = 4;

/** FNV-1a. */
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Hashes of the last text's phrases; reused. */
const found = new Int32Array(4 * WORDS_MAX + 3 * OPENING_WORDS);

/** Fills `found` and returns how many there are. Called with folded bytes: words are letters, digits and apostrophes. */
function phrases(bytes: Uint8Array, length: number): number {
  let n = 0;
  let words = 0;
  let before = 0;
  let earlier = 0;
  let opening = BASIS;
  let last = 32;
  for (let i = 0; i < length && words < WORDS_MAX; ) {
    const byte = bytes[i] ?? 32;
    if (byte !== 32) last = byte;
    if (!isWord(byte) && byte !== 63 && byte !== 33) {
      i++;
      continue;
    }
    let hash = Math.imul(BASIS ^ byte, PRIME);
    let stem = 0;
    const from = i++;
    if (isWord(byte)) {
      for (; i < length && isWord(bytes[i] ?? 32); i++) {
        if (i - from === STEM_BYTES) stem = hash;
        hash = Math.imul(hash ^ (bytes[i] ?? 32), PRIME);
      }
      last = bytes[i - 1] ?? 32;
    }
    found[n++] = mixed(hash);
    if (stem !== 0) found[n++] = mixed(stem ^ 0x5bd1e995);
    const two = Math.imul(before, 0x85ebca6b) ^ hash;
    if (words > 0) found[n++] = mixed(two ^ 0x27d4eb2f);
    if (words > 1) found[n++] = mixed(Math.imul(earlier, 0xc2b2ae35) ^ Math.imul(two, 0x9e3779b1));
    if (words < OPENING_WORDS) {
      found[n++] = mixed(Math.imul(hash, 0x165667b1) + words);
      opening = Math.imul(opening ^ hash, PRIME);
      if (words === 1 || words === 2) found[n++] = mixed(opening ^ 0x3c6ef372);
    }
    earlier = before;
    before = hash;
    words++;
  }
  found[n++] = mixed(0x7f4a7c15 + Math.min(12, Math.floor(Math.log2(1 + length) * 1.5)));
  found[n++] = mixed(0x2545f491 + last);
  return n;
}

export function phrasesOf(bytes: Uint8Array, length: number): Int32Array {
  return found.slice(0, phrases(bytes, length));
}

/** The model's logit for a folded text. */
export function phraseScore({ bias, scale, bits, weights }: GramModel, bytes: Uint8Array, length: number): number {
  const mask = (1 << bits) - 1;
  const count = phrases(bytes, length);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += weights[(found[i] ?? 0) & mask] ?? 0;
  return bias + (sum * scale) / Math.sqrt(count);
}

function isWord(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte === 39 || byte >= 128;
}

function mixed(hash: number): number {
  const h = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
