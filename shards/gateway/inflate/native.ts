/**
 * node:zlib's codecs by their native handle: `writeSync`, which reports through `_writeState`. That is not documented: inflate.ts tests
 * it on a known stream before it is used.
 */
import { constants, createInflate, createInflateRaw, createZstdDecompress } from "node:zlib";

/** `bytes` are valid during the call only. `chunk`: where other messages lie beside them, in order; undefined: they lie alone. */
export type OnFrame = (bytes: Uint8Array, chunk?: Buffer) => void;

/** One connection's messages, in the order they came in. */
export type Inflater = {
  /** Calls `frame` once for each whole message, now or in a later call. Throws when the stream is broken. */
  push(bytes: Uint8Array, frame: OnFrame): void;
  /** No message waits any longer. Throws as `push` does. */
  flush(frame: OnFrame): void;
  close(): void;
};

export type Codec = "zlib" | "raw-deflate" | "zstd";

type Handle = {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void;
  close(): void;
  onerror: (message: string, errno: number, code: string) => void;
};
type Stream = { readonly _handle: Handle; readonly _writeState: Uint32Array };

/** Larger than any READY. A server that sends more is broken or hostile. */
export const FRAME_BYTES_MAX = 256 * 1024 * 1024;
const OUTPUT_BYTES_START = 128 * 1024;
/** Memory grown by one huge frame is not kept for ever. */
const OUTPUT_BYTES_KEPT = 4 * 1024 * 1024;
/** As far as deflate refers back. */
const PAST_BYTES = 32 * 1024;

export class NativeInflater {
  readonly #handle: Handle;
  readonly #state: Uint32Array;
  readonly #flush: number;
  readonly #isRaw: boolean;
  /** So much of what was inflated is kept for `past`. */
  readonly #pastBytes: number;
  #problem: string | null = null;
  #output = Buffer.allocUnsafeSlow(OUTPUT_BYTES_START);
  /** What the last call inflated. */
  #start = 0;
  #end = 0;

  /** Throws where the runtime has no such handle. `past`: what a raw stream may refer back to. */
  constructor(codec: Codec, past?: Buffer) {
    const stream = open(codec, past) as unknown as Stream;
    this.#handle = stream._handle;
    this.#state = stream._writeState;
    if (typeof this.#handle?.writeSync !== "function" || !(this.#state instanceof Uint32Array)) {
      throw new Error("this runtime's codec has no synchronous handle");
    }
    this.#isRaw = codec === "raw-deflate";
    this.#pastBytes = codec === "zlib" ? PAST_BYTES : 0;
    this.#flush = codec === "zstd" ? constants.ZSTD_e_flush : constants.Z_SYNC_FLUSH;
    this.#handle.onerror = (message, errno, code) => {
      this.#problem = `${code ?? errno}: ${message}`;
    };
  }

  /** What `input` inflates to, valid until the next call. Throws when the stream is broken. */
  inflate(input: Uint8Array): Buffer {
    this.#makeRoom();
    const start = this.#end;
    this.#start = start;
    let inputLeft = input.length;
    let end = start;
    for (;;) {
      const output = this.#output;
      const at = input.length - inputLeft;
      this.#handle.writeSync(this.#flush, input, at, inputLeft, output, end, output.length - end);
      if (this.#problem !== null) throw new Error(`the compressed stream is broken (${this.#problem})`);
      end = output.length - (this.#state[0] ?? 0);
      inputLeft = this.#state[1] ?? 0;
      if (end < output.length) break;
      if (output.length >= FRAME_BYTES_MAX) throw new Error("a frame inflates beyond every bound");
      this.#output = Buffer.allocUnsafeSlow(output.length * 2);
      output.copy(this.#output, 0, 0, end);
    }
    // A raw stream does not read the sum that stands behind its end.
    if (inputLeft > 0 && this.#isRaw) throw new Error("the compressed stream is broken (it ended)");
    this.#end = end;
    return this.#output.subarray(start, end);
  }

  /** What a zlib-stream had inflated before the last call, as far as a raw stream that goes on from there may refer to it. */
  past(): Buffer {
    return Buffer.from(this.#output.subarray(Math.max(0, this.#start - this.#pastBytes), this.#start));
  }

  close(): void {
    this.#handle.close();
  }

  #makeRoom(): void {
    const output = this.#output;
    const kept = this.#pastBytes;
    if (this.#end < 2 * kept) return;
    if (output.length > OUTPUT_BYTES_KEPT) this.#output = Buffer.allocUnsafeSlow(OUTPUT_BYTES_START);
    this.#end = kept === 0 ? 0 : output.copy(this.#output, 0, this.#end - kept, this.#end);
  }
}

function open(codec: Codec, past?: Buffer) {
  if (codec === "zstd") return createZstdDecompress();
  if (codec === "zlib") return createInflate();
  return createInflateRaw(past === undefined || past.length === 0 ? {} : { dictionary: past });
}
