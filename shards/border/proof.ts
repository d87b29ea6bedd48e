/**
 * Decides which frames need no parsing. In a guild whose mode is `mention`, a message is silent when its bytes hold none of the
 * bot's ids and nobody talks with the bot in its channel.
 *
 * Algorithm: search the raw bytes for the ids. If no id is there, the message cannot mention the bot, and this is proof. If an id is
 * there, the frame is parsed: it may stand in a place that means nothing. A `Finder` reads each byte of a stretch once (of the ring, or
 * of what came from the network at once), however many frames lie in it, so the cost does not grow with the number of ids. JSON may write a digit as an escape (`\u0031`); a
 * frame with such an escape proves nothing. Parsing every frame instead costs about ten times as much.
 */
import { isDigit } from "./scan.ts";

/** Finds one pattern repeatedly in the same bytes. Cheap where the positions asked for grow. */
export class Finder {
  readonly #pattern: Buffer;
  #bytes: Buffer = Buffer.alloc(0);
  /** There is none from here up to `#at`. */
  #from = 0;
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
    if (this.#at < from || from < this.#from) {
      this.#from = from;
      const at = bytes.indexOf(this.#pattern, from);
      this.#at = at < 0 ? Number.POSITIVE_INFINITY : at;
    }
    return this.#at;
  }
}

const CHANNEL = '"channel_id":"';
/** The replied-to message. Discord sends null for a deleted one; where the field is missing, only a lookup tells its author. */
const ORIGINAL = Buffer.from('"referenced_message":');
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

  /**
   * All three at once: where the digits of this frame's channel start, if it holds none of these; -1: it may hold one, or what
   * `channelAt` says. `shared` finds what is every guild's; `own` are one guild's.
   */
  silentChannelAt(shared: Finder | null, own: readonly Buffer[], frame: Buffer, start: number): number {
    const end = start + frame.length;
    if (shared !== null && shared.next(this.#bytes, start) < end) return -1;
    for (const pattern of own) if (frame.indexOf(pattern) >= 0) return -1;
    return this.isPlain(start, end) ? this.channelAt(start, end) : -1;
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
