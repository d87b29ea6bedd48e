import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  BINARY,
  CLOSE,
  clientFrame,
  FrameReader,
  ProtocolError,
  TEXT,
} from "../../../../shards/gateway/websocket/frames.ts";

const PING = 9;
const PONG = 10;
const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];

/** A server's frame. */
function frame(opcode: number, payload: Uint8Array, isFinal = true): Buffer {
  const masked = clientFrame(opcode, payload, new Uint8Array(4));
  const head = masked.length - payload.length - 4;
  const bytes = Buffer.concat([masked.subarray(0, head), payload]);
  bytes[0] = (isFinal ? 0x80 : 0) | opcode;
  bytes[1] = (bytes[1] as number) & 0x7f;
  return bytes;
}

function read(chunks: readonly Uint8Array[]): unknown[] {
  const heard: unknown[] = [];
  const reader = new FrameReader({
    message: (bytes, isBinary) => heard.push([isBinary, bytes.toString("hex")]),
    ping: (payload) => heard.push(["ping", payload.toString("hex")]),
    close: (code, reason) => heard.push(["close", code, reason]),
  });
  for (const chunk of chunks) {
    const own = Buffer.from(chunk);
    reader.push(own);
    // Its memory is another chunk's by then.
    own.fill(0xee);
  }
  return heard;
}

/** The same bytes, in pieces that end at `cuts`. */
function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.map((n) => n % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(...LENGTHS).map((length) => new Uint8Array(length).fill(length % 251)),
);
const said = fc.oneof(
  fc.record({ isBinary: fc.boolean(), parts: fc.array(payload, { minLength: 1, maxLength: 3 }) }),
  fc.record({ ping: fc.uint8Array({ maxLength: 125 }) }),
);

describe("frames", () => {
  test("are the messages that were sent, however they are split and wherever chunks end", () => {
    fc.assert(
      fc.property(
        fc.array(said, { maxLength: 8 }),
        fc.array(fc.nat({ max: 400_000 }), { maxLength: 12 }),
        (all, cuts) => {
          const frames: Buffer[] = [];
          const expected: unknown[] = [];
          for (const one of all) {
            if ("ping" in one) {
              frames.push(frame(PING, one.ping));
              expected.push(["ping", Buffer.from(one.ping).toString("hex")]);
              continue;
            }
            one.parts.forEach((part, i) => {
              frames.push(frame(i > 0 ? 0 : one.isBinary ? BINARY : TEXT, part, i === one.parts.length - 1));
              // A control frame may come within a message.
              if (i < one.parts.length - 1) frames.push(frame(PONG, new Uint8Array(2)));
            });
            expected.push([one.isBinary, Buffer.concat(one.parts).toString("hex")]);
          }
          expect(read(cut(Buffer.concat(frames), cuts))).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("of a message that comes byte by byte are read like others", () => {
    for (const length of LENGTHS.slice(0, 5)) {
      const bytes = Buffer.concat([frame(TEXT, new Uint8Array(length).fill(65)), frame(TEXT, Buffer.from("next"))]);
      const heard = read([...bytes].map((byte) => Uint8Array.of(byte)));
      expect(heard).toEqual([
        [false, Buffer.alloc(length, 65).toString("hex")],
        [false, Buffer.from("next").toString("hex")],
      ]);
    }
  });

  test("tell a close's code and reason, or that there is none", () => {
    expect(read([frame(CLOSE, Buffer.concat([Buffer.from([0x0f, 0xa4]), Buffer.from("bad token")]))])).toEqual([
      ["close", 4004, "bad token"],
    ]);
    expect(read([frame(CLOSE, new Uint8Array(0))])).toEqual([["close", null, ""]]);
  });

  const endless = Buffer.from([0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0]);
  test.each([
    ["a mask", clientFrame(TEXT, Buffer.from("hi"), Uint8Array.of(1, 2, 3, 4))],
    ["a reserved bit", Buffer.from([0xc1, 0])],
    ["an unknown kind", frame(3, new Uint8Array(0))],
    ["a control frame in parts", frame(PING, new Uint8Array(0), false)],
    ["a long control frame", frame(PING, new Uint8Array(126))],
    ["half a close code", frame(CLOSE, new Uint8Array(1))],
    ["a part of nothing", frame(0, new Uint8Array(1))],
    [
      "a message within another",
      Buffer.concat([frame(TEXT, new Uint8Array(1), false), frame(TEXT, new Uint8Array(1))]),
    ],
    ["a message without end", endless],
  ])("break the protocol with %s, in one chunk or byte by byte", (_, bytes) => {
    expect(() => read([bytes])).toThrow(ProtocolError);
    expect(() => read([...bytes].map((byte) => Uint8Array.of(byte)))).toThrow(ProtocolError);
  });
});

test("a client's frame is masked, and unmasked it is what was said", () => {
  const mask = Uint8Array.of(9, 200, 3, 77);
  for (const length of LENGTHS) {
    const said = new Uint8Array(length).map((_, i) => i % 256);
    const bytes = clientFrame(TEXT, said, mask);
    expect(bytes[0]).toBe(0x81);
    expect((bytes[1] as number) & 0x80).toBe(0x80);
    const body = bytes.subarray(bytes.length - length);
    expect(Buffer.from(body.map((byte, i) => byte ^ (mask[i % 4] as number))).equals(said)).toBe(true);
  }
});
