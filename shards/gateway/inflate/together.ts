/**
 * Inflates the messages of a zlib-stream that came at once with one call, and tells them apart again. A call costs as much as a fifth
 * of a message.
 *
 * Algorithm: JSON holds `}{` in strings only, and where a string ends with it, no letter follows the quote. So `}{"` and a letter lie
 * between two messages, and where there are as many of them as messages, less one, they are all. If there are not as many (a message
 * may be written otherwise, or be no JSON), or if the stream is broken, the messages are inflated once more, one after the other, and
 * so is all that comes later: by a stream without zlib's head that knows what came before. So each message is what it would be by itself,
 * and what came before a stream broke is heard.
 */
import { type Inflater, NativeInflater, type OnFrame } from "./native.ts";

/** Of compressed messages. What they inflate to shall fit into the processor's cache. */
const TOGETHER_BYTES_MAX = 16 * 1024;
const BETWEEN = Buffer.from('}{"');

export class TogetherInflater implements Inflater {
  #native = new NativeInflater("zlib");
  /** The first message brings zlib's head. */
  #way: "first" | "together" | "alone" = "first";
  readonly #waiting = Buffer.allocUnsafeSlow(TOGETHER_BYTES_MAX);
  #waitingBytes = 0;
  /** Where each message that waits ends. */
  #ends: number[] = [];
  #isClosed = false;

  push(message: Uint8Array, frame: OnFrame): void {
    if (this.#waitingBytes + message.length > TOGETHER_BYTES_MAX) this.flush(frame);
    if (this.#way === "together" && message.length <= TOGETHER_BYTES_MAX) {
      this.#waiting.set(message, this.#waitingBytes);
      this.#waitingBytes += message.length;
      this.#ends.push(this.#waitingBytes);
      return;
    }
    if (this.#way === "first") this.#way = "together";
    this.#inflate(message, frame);
  }

  flush(frame: OnFrame): void {
    const ends = this.#ends;
    if (ends.length === 0 || this.#isClosed) return;
    const messages = this.#waiting.subarray(0, this.#waitingBytes);
    this.#ends = [];
    this.#waitingBytes = 0;
    if (ends.length === 1) this.#inflate(messages, frame);
    else this.#inflateAll(messages, ends, frame);
  }

  close(): void {
    this.#isClosed = true;
    this.#native.close();
  }

  #inflate(message: Uint8Array, frame: OnFrame): void {
    if (this.#isClosed) return;
    const inflated = this.#native.inflate(message);
    if (inflated.length > 0) frame(inflated);
  }

  #inflateAll(messages: Buffer, ends: readonly number[], frame: OnFrame): void {
    let inflated: Buffer;
    try {
      inflated = this.#native.inflate(messages);
    } catch (problem) {
      this.#goAlone();
      eachOf(messages, ends, (message) => this.#inflate(message, frame));
      throw problem;
    }
    const found = endsOf(inflated, ends.length);
    if (found !== null) {
      eachOf(inflated, found, (message) => {
        if (!this.#isClosed) frame(message, inflated);
      });
      return;
    }
    this.#goAlone();
    let at = 0;
    eachOf(messages, ends, (message) =>
      this.#inflate(message, (bytes) => {
        // Damage that did not show left the stream in the middle of a block, where no other can go on.
        if (!inflated.subarray(at, at + bytes.length).equals(bytes)) throw new Error("the compressed stream is broken");
        at += bytes.length;
        frame(bytes);
      }),
    );
  }

  #goAlone(): void {
    const past = this.#native.past();
    this.#native.close();
    this.#native = new NativeInflater("raw-deflate", past);
    this.#way = "alone";
  }
}

/** Where each of so many messages ends; null: it does not show. */
function endsOf(inflated: Buffer, messages: number): number[] | null {
  const ends: number[] = [];
  for (let at = inflated.indexOf(BETWEEN); at >= 0; at = inflated.indexOf(BETWEEN, at + 1)) {
    if (!isLetter(inflated[at + BETWEEN.length])) continue;
    if (ends.push(at + 1) === messages) return null;
  }
  ends.push(inflated.length);
  return ends.length === messages ? ends : null;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 97 && byte <= 122;
}

function eachOf(bytes: Buffer, ends: readonly number[], one: (bytes: Buffer) => void): void {
  let start = 0;
  for (const end of ends) {
    one(bytes.subarray(start, end));
    start = end;
  }
}
