/**
 * Decides which frames need no parsing. In a guild whose mode is `mention`, a message is silent when its bytes hold none of the
 * bot's ids and nobody talks with the bot in its channel.
 *
 * Algorithm: search the raw bytes for the ids. If no id is there, the message cannot mention the bot, and this is proof. If an id is
 * there, the frame is parsed: it may stand in a place that means nothing. A `Finder` reads each byte of a stretch of the ring once,
 * however many frames lie in it, so the cost does not grow with the number of ids. JSON may write a digit as an escape (`\u0031`); a
 * frame with such an escape proves nothing. Parsing every frame instead costs about ten times as much.
 */
import { isDigit } from "./scan.ts";

/** Finds one pattern repeatedly in the same bytes. The positions asked for must grow. */
export class Finder {
  readonly #pattern: Buffer;
  #bytes: Buffer = Buffer.alloc(0);
  #at = -1;

  constructor(pattern: string) {
    this.#pattern = Buffer.from(pattern);
  }

  /** Where the next one in `bytes` at or after `from` starts; Infinity: there is none. Other bytes start over. */
  next(bytes: Buffer, from: number): number {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#at = -1;
    }
    if (this.#at < from) {
      const at = bytes.indexOf(this.#pattern, from);
      this.#at = at < 0 ? Number.POSITIVE_INFINITY : at;
    }
    return this.#at;
  }
}

const CHANNEL = '"channel_id":"';
/** The replied-to message. Discord sends null for a deleted one; where the field is missing, only a lookup tells its author. */
const ORIGINAL = Buffer.from('"referenced_message":');
const CHANNEL_KEY = Buffer.from(CHANNEL);
const ESCAPE = Buffer.from("\\u003");
const REPLY = Buffer.from('"message_reference":{');
const COMMA = 44;
const OPEN = 123;
const NEEDLES_MAX = 8192;

export class Proof {
  readonly #channels = new Finder(CHANNEL);
  readonly #escapes = new Finder("\\u003");
  readonly #replies = new Finder('"message_reference":{');
  readonly #shared = new Map<string, Finder>();
  readonly #own = new Map<string, Buffer>();
  #bytes: Buffer = Buffer.alloc(0);

  /** Everything below is about these bytes, whose frames are asked for in order. */
  over(bytes: Buffer): void {
    this.#bytes = bytes;
  }

  /** False: ids may hide in this frame, in escaped digits or in an original that was left out. Ask this first: it warms the cache. */
  isPlain(start: number, end: number): boolean {
    if (this.#escapes.next(this.#bytes, start) < end) return false;
    return this.#replies.next(this.#bytes, start) >= end || holds(this.#bytes, ORIGINAL, start, end);
  }

  /**
   * True: none of `needles` can be in a plain frame. The first of them (the bot's user) is every guild's and is looked for
   * in the whole stretch at once; the others (a role) are one guild's, and looked for in the frame.
   */
  lacks(needles: readonly string[], start: number, end: number): boolean {
    const first = needles[0];
    if (first !== undefined && this.#finder(first).next(this.#bytes, start) < end) return false;
    if (needles.length < 2) return true;
    const frame = this.#bytes.subarray(start, end);
    for (let i = 1; i < needles.length; i++) {
      if (frame.indexOf(this.#pattern(needles[i] as string)) >= 0) return false;
    }
    return true;
  }

  /** Where the digits of the one channel that this frame names start; -1: none, or several, or something else there. */
  channelAt(start: number, end: number): number {
    const bytes = this.#bytes;
    const first = this.#channels.next(bytes, start);
    if (first >= end || !isKey(bytes, first)) return -1;
    const at = first + CHANNEL.length;
    for (let key = this.#channels.next(bytes, at); key < end; key = this.#channels.next(bytes, key + 1)) {
      if (!sameDigits(bytes, at, key + CHANNEL.length)) return -1;
    }
    return isDigit(bytes[at]) ? at : -1;
  }

  #finder(needle: string): Finder {
    let finder = this.#shared.get(needle);
    if (finder === undefined) {
      if (this.#shared.size >= NEEDLES_MAX) this.#shared.clear();
      finder = new Finder(needle);
      this.#shared.set(needle, finder);
    }
    return finder;
  }

  #pattern(needle: string): Buffer {
    let pattern = this.#own.get(needle);
    if (pattern === undefined) {
      if (this.#own.size >= NEEDLES_MAX) this.#own.clear();
      pattern = Buffer.from(needle);
      this.#own.set(needle, pattern);
    }
    return pattern;
  }
}

/**
 * The same proof over one frame that lies alone: where the digits of its channel start, if it holds none of `needles`; -1: it may
 * hold one, or names no channel, or several. It says what `Proof` says.
 */
export function silentChannelAt(frame: Buffer, needles: readonly Buffer[]): number {
  for (const needle of needles) if (frame.indexOf(needle) >= 0) return -1;
  if (frame.indexOf(ESCAPE) >= 0) return -1;
  if (frame.indexOf(REPLY) >= 0 && frame.indexOf(ORIGINAL) < 0) return -1;
  const first = frame.indexOf(CHANNEL_KEY);
  if (first < 0 || !isKey(frame, first)) return -1;
  const at = first + CHANNEL.length;
  for (let key = frame.indexOf(CHANNEL_KEY, at); key >= 0; key = frame.indexOf(CHANNEL_KEY, key + 1)) {
    if (!sameDigits(frame, at, key + CHANNEL.length)) return -1;
  }
  return isDigit(frame[at]) ? at : -1;
}

/** The same number at both places: digit by digit up to the quote behind them. */
function sameDigits(bytes: Buffer, one: number, other: number): boolean {
  for (let i = 0; ; i++) {
    if (bytes[one + i] !== bytes[other + i]) return false;
    if (!isDigit(bytes[one + i])) return true;
  }
}

function holds(bytes: Buffer, pattern: Buffer, start: number, end: number): boolean {
  const at = bytes.indexOf(pattern, start);
  return at >= 0 && at < end;
}

/** True when this is a whole key: at the end of a longer string there would be a backslash before it. */
function isKey(bytes: Buffer, at: number): boolean {
  const before = bytes[at - 1];
  return before === COMMA || before === OPEN;
}
