/**
 * The frames of RFC 6455, as a client reads and writes them: https://datatracker.ietf.org/doc/html/rfc6455#section-5
 *
 * Algorithm: a frame that lies whole in a chunk is handed on where it lies, as a view. One that is cut by a chunk's end is collected in
 * memory of its own length. No extension is asked for, so a reserved bit is an error.
 */

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
const PING = 9;
export const PONG = 10;
const CONTINUATION = 0;

const FINAL = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;
/** First byte, second byte, and eight of a length. */
const HEAD_BYTES_MAX = 10;
const CONTROL_BYTES_MAX = 125;
/** Larger than any READY. A server that sends more is broken or hostile. */
const MESSAGE_BYTES_MAX = 256 * 1024 * 1024;

/** The other side does not speak the protocol; `code` tells it so. */
export class ProtocolError extends Error {
  readonly code = 1002;
}

export type FrameListener = {
  /** A whole message; `bytes` are valid during the call only. `chunk`: where others lie beside it; undefined: it lies alone. */
  message(bytes: Buffer, isBinary: boolean, chunk?: Buffer): void;
  ping(payload: Buffer): void;
  /** `code` null: none was given. */
  close(code: number | null, reason: string): void;
};

export class FrameReader {
  readonly #listener: FrameListener;
  /** The beginning of a frame whose length is not known yet. */
  readonly #head = Buffer.alloc(HEAD_BYTES_MAX);
  #headBytes = 0;
  /** A frame that is cut by a chunk's end: its first byte, and what came of its payload. */
  #first = 0;
  #payload: Buffer | null = null;
  #payloadBytes = 0;
  /** A message in several frames. */
  #parts: Buffer[] = [];
  #partsBytes = 0;
  #partsAreBinary: boolean | null = null;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** Throws `ProtocolError`. No frame keeps `chunk`. */
  push(chunk: Buffer): void {
    const end = chunk.length;
    let at = this.#goOn(chunk);
    while (at < end) {
      const head = end - at < 2 ? HEAD_BYTES_MAX : headBytes(chunk[at + 1] as number);
      if (end - at < head) {
        this.#headBytes = chunk.copy(this.#head, 0, at);
        return;
      }
      const length = payloadLength(chunk, at);
      const first = chunk[at] as number;
      at += head;
      if (end - at < length) {
        this.#begin(first, length);
        this.#payloadBytes = chunk.copy(this.#payload as Buffer, 0, at);
        return;
      }
      this.#frame(first, chunk.subarray(at, at + length), chunk);
      at += length;
    }
  }

  /** Adds to what an earlier chunk began; answers where the next frame starts. */
  #goOn(chunk: Buffer): number {
    let at = 0;
    if (this.#headBytes > 0) {
      while (!this.#isHeadWhole()) {
        if (at === chunk.length) return at;
        this.#head[this.#headBytes++] = chunk[at++] as number;
      }
      const length = payloadLength(this.#head, 0);
      this.#headBytes = 0;
      this.#begin(this.#head[0] as number, length);
    }
    const payload = this.#payload;
    if (payload === null) return at;
    const bytes = chunk.copy(payload, this.#payloadBytes, at);
    this.#payloadBytes += bytes;
    if (this.#payloadBytes < payload.length) return chunk.length;
    this.#payload = null;
    this.#frame(this.#first, payload);
    return at + bytes;
  }

  #isHeadWhole(): boolean {
    return this.#headBytes >= 2 && this.#headBytes >= headBytes(this.#head[1] as number);
  }

  #begin(first: number, length: number): void {
    this.#first = first;
    this.#payload = Buffer.allocUnsafeSlow(length);
    this.#payloadBytes = 0;
  }

  #frame(first: number, payload: Buffer, chunk?: Buffer): void {
    // Nearly all of them: one frame is one message.
    if ((first === (FINAL | TEXT) || first === (FINAL | BINARY)) && this.#partsAreBinary === null) {
      this.#listener.message(payload, first === (FINAL | BINARY), chunk);
      return;
    }
    if ((first & RESERVED) !== 0) throw new ProtocolError("a reserved bit is set");
    const isFinal = (first & FINAL) !== 0;
    const opcode = first & 0x0f;
    if (opcode === CONTINUATION || opcode === TEXT || opcode === BINARY) this.#part(opcode, payload, isFinal);
    else this.#control(opcode, payload, isFinal);
  }

  #part(opcode: number, payload: Buffer, isFinal: boolean): void {
    if ((opcode === CONTINUATION) !== (this.#partsAreBinary !== null)) {
      throw new ProtocolError("frames of a message are out of order");
    }
    this.#partsAreBinary ??= opcode === BINARY;
    this.#partsBytes += payload.length;
    if (this.#partsBytes > MESSAGE_BYTES_MAX) throw new ProtocolError("a message is too long");
    this.#parts.push(Buffer.from(payload));
    if (!isFinal) return;
    const whole = Buffer.concat(this.#parts);
    const isBinary = this.#partsAreBinary;
    this.#parts = [];
    this.#partsBytes = 0;
    this.#partsAreBinary = null;
    this.#listener.message(whole, isBinary);
  }

  #control(opcode: number, payload: Buffer, isFinal: boolean): void {
    if (!isFinal || payload.length > CONTROL_BYTES_MAX) throw new ProtocolError("a control frame is too long");
    if (opcode === PING) this.#listener.ping(payload);
    else if (opcode === CLOSE) {
      if (payload.length === 1) throw new ProtocolError("a close code is cut");
      const code = payload.length === 0 ? null : payload.readUInt16BE(0);
      this.#listener.close(code, payload.subarray(2).toString());
    } else if (opcode !== PONG) throw new ProtocolError(`there is no frame of kind ${opcode}`);
  }
}

function headBytes(second: number): number {
  const length = second & 0x7f;
  return length < 126 ? 2 : length === 126 ? 4 : HEAD_BYTES_MAX;
}

/** Of the frame whose whole head starts at `at`. */
function payloadLength(bytes: Buffer, at: number): number {
  const second = bytes[at + 1] as number;
  if ((second & MASKED) !== 0) throw new ProtocolError("a server masks nothing");
  if (second < 126) return second;
  if (second === 126) return ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  const length = bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
  if (length > MESSAGE_BYTES_MAX) throw new ProtocolError("a message is too long");
  return length;
}

/** A whole frame of a client, masked with `mask` (4 bytes, any). */
export function clientFrame(opcode: number, payload: Uint8Array, mask: Uint8Array): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : HEAD_BYTES_MAX;
  const frame = Buffer.alloc(head + 4 + length);
  frame[0] = FINAL | opcode;
  if (head === 2) frame[1] = MASKED | length;
  else if (head === 4) {
    frame[1] = MASKED | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = MASKED | 127;
    frame.writeUInt32BE(length, 6);
  }
  frame.set(mask, head);
  for (let i = 0; i < length; i++) frame[head + 4 + i] = (payload[i] as number) ^ (mask[i & 3] as number);
  return frame;
}
