import { expect, test } from "bun:test";
import { createCompressor } from "../../../../bench/gateway/compressor.ts";
import { NativeInflater } from "../../../../shards/gateway/inflate/native.ts";

const MEGABYTE = 1 << 20;

function inflated(inflater: NativeInflater, bytes: Uint8Array): string {
  return inflater.inflate(bytes).toString();
}

test("a raw stream goes on where a zlib-stream is, given what came before", () => {
  const compressor = createCompressor("zlib-stream");
  const texts = Array.from({ length: 400 }, (_, n) => `${n % 150} was here, and so was ${(n * 7) % 150} `.repeat(9));
  const messages = texts.map((text) => compressor.push(Buffer.from(text)));
  const zlib = new NativeInflater("zlib");
  for (const [n, message] of messages.entries()) {
    expect(inflated(zlib, message)).toBe(texts[n] ?? "");
    if (n % 40 !== 0 || n === 0) continue;
    const raw = new NativeInflater("raw-deflate", zlib.past());
    for (let from = n; from < n + 3; from++) expect(inflated(raw, messages[from] ?? message)).toBe(texts[from] ?? "");
    raw.close();
  }
  zlib.close();
});

test("a raw stream that ends is broken", () => {
  const raw = new NativeInflater("raw-deflate");
  // An empty last block, and four bytes of a sum.
  expect(() => raw.inflate(Uint8Array.fromHex("030000000001"))).toThrow("broken");
  raw.close();
});

test("nothing inflates beyond 256 MB", () => {
  const compressor = createCompressor("zlib-stream");
  const zeros = new Uint8Array(MEGABYTE);
  const bomb = Buffer.concat(Array.from({ length: 260 }, () => compressor.push(zeros)));
  const inflater = new NativeInflater("zlib");
  expect(() => inflater.inflate(bomb)).toThrow("beyond every bound");
  inflater.close();
});
