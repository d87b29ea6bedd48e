import { describe, expect, test } from "bun:test";
import { constants, createDeflate, createZstdCompress } from "node:zlib";
import { createInflater, type Inflater, inflateByStream, inflateNative } from "../../../shards/gateway/inflate.ts";

type Codec = "zlib-stream" | "zstd-stream";

/** What a server sends: one context, flushed at each message's end. */
async function compressed(codec: Codec, messages: readonly string[]): Promise<Buffer[]> {
  const stream = codec === "zlib-stream" ? createDeflate() : createZstdCompress();
  const flush = codec === "zlib-stream" ? constants.Z_SYNC_FLUSH : constants.ZSTD_e_flush;
  const frames: Buffer[] = [];
  for (const message of messages) {
    const pieces: Buffer[] = [];
    const collect = (piece: Buffer) => pieces.push(piece);
    stream.on("data", collect);
    stream.write(message);
    const { promise, resolve } = Promise.withResolvers<void>();
    stream.flush(flush, () => setImmediate(resolve));
    await promise;
    stream.off("data", collect);
    frames.push(Buffer.concat(pieces));
  }
  stream.end();
  return frames;
}

function message(n: number): string {
  return JSON.stringify({
    op: 0,
    s: n,
    t: "MESSAGE_CREATE",
    d: { id: `${n}`, content: `çok güzel ${n} ${"🐣".repeat(n % 7)}` },
  });
}

const MESSAGES = [
  ...Array.from({ length: 200 }, (_, n) => message(n)),
  JSON.stringify({ big: "x1y2z3".repeat(200_000) }),
  message(201),
];

async function inflateAll(inflater: Inflater, frames: readonly Buffer[]): Promise<string[]> {
  const texts: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const frame of frames) {
    inflater.push(frame, (bytes) => {
      texts.push(new TextDecoder().decode(bytes));
      if (texts.length === frames.length) resolve();
    });
  }
  inflater.flush((bytes) => {
    texts.push(new TextDecoder().decode(bytes));
    if (texts.length === frames.length) resolve();
  });
  await promise;
  inflater.close();
  return texts;
}

const WAYS = [
  ["the native handle", inflateNative],
  ["the public stream", (codec: Codec) => inflateByStream(codec, () => {})],
  ["what a shard uses", (codec: Codec) => createInflater(codec)],
] as const;

for (const codec of ["zlib-stream", "zstd-stream"] as const) {
  describe(codec, () => {
    for (const [name, create] of WAYS) {
      test(`${name} gives every message back, in order, over one context`, async () => {
        expect(await inflateAll(create(codec), await compressed(codec, MESSAGES))).toEqual(MESSAGES);
      });
    }

    test("a shard's inflater works synchronously on this runtime", async () => {
      const [frame] = await compressed(codec, ["hello"]);
      const texts: string[] = [];
      const inflater = createInflater(codec);
      inflater.push(frame ?? Buffer.alloc(0), (bytes) => texts.push(new TextDecoder().decode(bytes)));
      inflater.close();
      expect(texts).toEqual(["hello"]);
    });

    test("garbage throws and says so", () => {
      const inflater = createInflater(codec);
      const garbage = Uint8Array.fromHex("deadbeefdeadbeefdeadbeef0000ffff");
      expect(() => inflater.push(garbage, () => {})).toThrow("broken");
      inflater.close();
    });

    test("the public stream reports garbage to its owner", async () => {
      const { promise, resolve } = Promise.withResolvers<Error>();
      const inflater = inflateByStream(codec, resolve);
      inflater.push(Uint8Array.fromHex("deadbeefdeadbeefdeadbeef0000ffff"), () => {});
      expect((await promise).message).not.toBe("");
      inflater.close();
    });
  });
}

test("a zlib message that comes in several WebSocket frames is put together", async () => {
  const [frame = Buffer.alloc(0)] = await compressed("zlib-stream", [message(1)]);
  const texts: string[] = [];
  const inflater = createInflater("zlib-stream");
  const keep = (bytes: Uint8Array) => texts.push(new TextDecoder().decode(bytes));
  inflater.push(frame.subarray(0, 10), keep);
  expect(texts).toEqual([]);
  inflater.push(frame.subarray(10), keep);
  inflater.close();
  expect(texts).toEqual([message(1)]);
});
