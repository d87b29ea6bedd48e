/**
 * Transport compression: one context for each connection, one function for each codec. Frames leave in the order they came in.
 *
 * Algorithm: the fast way writes synchronously to the codec's native handle (inflate/native.ts), and to zlib's what came at once
 * (inflate/together.ts). The handle is not documented, so it is tested on a known stream first. If the test fails, the public stream is
 * used; it is asynchronous and about five times slower. https://docs.discord.com/developers/events/gateway#transport-compression
 */
import { constants, createInflate, createZstdDecompress } from "node:zlib";
import { FRAME_BYTES_MAX, type Inflater, NativeInflater, type OnFrame } from "./inflate/native.ts";
import { TogetherInflater } from "./inflate/together.ts";

export type { Inflater } from "./inflate/native.ts";

export type Compression = "zstd-stream" | "zlib-stream" | "none";

/** `onBroken` hears of a stream that broke asynchronously (only the fallback does). */
export function createInflater(
  compression: Exclude<Compression, "none">,
  onBroken: (error: Error) => void = () => {},
): Inflater {
  const isZlib = compression === "zlib-stream";
  if (!nativeWorks(compression)) {
    const stream = inflateByStream(compression, onBroken);
    return isZlib ? joined(stream) : stream;
  }
  return isZlib ? joined(new TogetherInflater()) : inflateNative(compression);
}

// — the native handle ————————————————————————————————————————————————————————

const works = new Map<string, boolean>();

/** Two messages of one context, whose second refers back to the first. */
const PROOF = {
  "zlib-stream": ["789caa56ca2f50b23234a805000000ffff", "aa86300c6b01000000ffff"],
  "zstd-stream": ["28b52ffd00584800007b226f70223a31307d", "4800007b226f70223a31317d"],
};

function nativeWorks(compression: Exclude<Compression, "none">): boolean {
  const known = works.get(compression);
  if (known !== undefined) return known;
  let proven = false;
  try {
    const inflater = inflateNative(compression);
    const texts: string[] = [];
    for (const hex of PROOF[compression]) {
      inflater.push(Uint8Array.fromHex(hex), (bytes) => texts.push(new TextDecoder().decode(bytes)));
    }
    inflater.close();
    proven = texts.join("\n") === '{"op":10}\n{"op":11}';
  } catch {
    proven = false;
  }
  works.set(compression, proven);
  return proven;
}

/** Each message by itself. */
export function inflateNative(compression: Exclude<Compression, "none">): Inflater {
  const native = new NativeInflater(compression === "zlib-stream" ? "zlib" : "zstd");
  return {
    push(bytes, frame) {
      const inflated = native.inflate(bytes);
      if (inflated.length > 0) frame(inflated);
    },
    flush() {},
    close: () => native.close(),
  };
}

// — the public stream ————————————————————————————————————————————————————————

export function inflateByStream(compression: Exclude<Compression, "none">, onBroken: (error: Error) => void): Inflater {
  const isZlib = compression === "zlib-stream";
  const stream = isZlib
    ? createInflate({ flush: constants.Z_SYNC_FLUSH })
    : createZstdDecompress({ flush: constants.ZSTD_e_flush });
  let pieces: Buffer[] = [];
  let size = 0;
  let closed = false;
  const fail = (error: Error) => {
    if (closed) return;
    closed = true;
    onBroken(error);
  };
  stream.on("error", fail);
  stream.on("data", (piece: Buffer) => {
    pieces.push(piece);
    size += piece.length;
    if (size > FRAME_BYTES_MAX) fail(new Error("a frame inflates beyond every bound"));
  });
  // One write at a time: the pieces of two messages would run together.
  const queue: { readonly bytes: Buffer; readonly frame: OnFrame }[] = [];
  const next = () => {
    const job = queue[0];
    if (job === undefined || closed) return;
    // The last pieces are emitted on the turn after the write is called done.
    stream.write(job.bytes, () => setImmediate(() => done(job.frame)));
  };
  const done = (frame: OnFrame) => {
    if (closed) return;
    const whole = Buffer.concat(pieces);
    pieces = [];
    size = 0;
    queue.shift();
    if (whole.length > 0) frame(whole);
    next();
  };
  return {
    push(bytes, frame) {
      queue.push({ bytes: Buffer.from(bytes), frame });
      if (queue.length === 1) next();
    },
    flush() {},
    close() {
      closed = true;
      stream.destroy();
    },
  };
}

/** zlib-stream marks a message's end (00 00 FF FF); a message may come in several WebSocket frames until then. */
function joined(inner: Inflater): Inflater {
  let parts: Uint8Array[] = [];
  let size = 0;
  return {
    push(bytes, frame) {
      if (!endsMessage(bytes)) {
        size += bytes.length;
        if (size > FRAME_BYTES_MAX) throw new Error("a compressed message does not end");
        parts.push(new Uint8Array(bytes));
        return;
      }
      if (parts.length === 0) return inner.push(bytes, frame);
      const whole = Buffer.concat([...parts, bytes]);
      parts = [];
      size = 0;
      inner.push(whole, frame);
    },
    flush: (frame) => inner.flush(frame),
    close: () => inner.close(),
  };
}

function endsMessage(bytes: Uint8Array): boolean {
  const n = bytes.length;
  return n >= 4 && bytes[n - 1] === 0xff && bytes[n - 2] === 0xff && bytes[n - 3] === 0 && bytes[n - 4] === 0;
}
