/**
 * Ids out of bytes as strings, each made once: guilds, channels, people and roles come again with every frame, and a string that is the same
 * one is found in a map without being hashed or compared anew.
 */

const ZERO = 48;
const ID_BITS = 15;
const ID_SLOTS = 1 << ID_BITS;
const ID_WORDS = 4;
/** 2³² divided by the golden ratio: multiplying by it spreads small differences over the high bits (Knuth, multiplicative hashing). */
const GOLDEN_RATIO = 0x9e3779b1;

/** Remembers the strings of ids, so that each is made once. Two ids with the same slot replace each other; all digits are compared. */
export class IdStrings {
  readonly #ids: (string | undefined)[] = new Array(ID_SLOTS).fill(undefined);
  /** Per slot: the digits by sevens as numbers, and how many there are. */
  readonly #words = new Int32Array(ID_SLOTS * ID_WORDS);

  /** The digits at `at` as a string. */
  of(bytes: Uint8Array, at: number): string {
    let a = 0;
    let b = 0;
    let c = 0;
    let end = at;
    let digit = (bytes[end] as number) - ZERO;
    for (; end < at + 7 && digit >= 0 && digit <= 9; digit = (bytes[++end] as number) - ZERO) a = (a * 10 + digit) | 0;
    for (; end < at + 14 && digit >= 0 && digit <= 9; digit = (bytes[++end] as number) - ZERO) b = (b * 10 + digit) | 0;
    for (; end < at + 21 && digit >= 0 && digit <= 9; digit = (bytes[++end] as number) - ZERO) c = (c * 10 + digit) | 0;
    // No snowflake.
    if (digit >= 0 && digit <= 9) {
      while (digit >= 0 && digit <= 9) digit = (bytes[++end] as number) - ZERO;
      return text(bytes, at, end);
    }
    const length = end - at;
    const slot = Math.imul(a ^ Math.imul(b, 31) ^ Math.imul(c, 29_791), GOLDEN_RATIO) >>> (32 - ID_BITS);
    const words = this.#words;
    const word = slot * ID_WORDS;
    const known = words[word] === a && words[word + 1] === b && words[word + 2] === c && words[word + 3] === length;
    if (known && length > 0) return this.#ids[slot] as string;
    const id = text(bytes, at, end);
    this.#ids[slot] = id;
    words[word] = a;
    words[word + 1] = b;
    words[word + 2] = c;
    words[word + 3] = length;
    return id;
  }
}

/** This thread's. */
export const idStrings = new IdStrings();

function text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
