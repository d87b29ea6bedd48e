import { describe, expect, test } from "bun:test";
import { createDeflate } from "node:zlib";
import fc from "fast-check";
import { createCompressor } from "../../../../bench/gateway/compressor.ts";
import type { Inflater } from "../../../../shards/gateway/inflate/native.ts";
import { TogetherInflater } from "../../../../shards/gateway/inflate/together.ts";
import { inflateNative } from "../../../../shards/gateway/inflate.ts";

type Heard = { readonly texts: string[]; readonly isBroken: boolean };

/** What is heard of messages that come in chunks of so many; `chunks` are gone through again and again. */
function hear(inflater: Inflater, messages: readonly Buffer[], chunks: readonly number[]): Heard {
  const texts: string[] = [];
  const keep = (bytes: Uint8Array, chunk?: Buffer) => {
    // A listener may look at what lies around a message.
    if (chunk !== undefined && chunk.indexOf(bytes) < 0) throw new Error("it does not lie in its chunk");
    texts.push(new TextDecoder().decode(bytes));
  };
  let n = 0;
  let left = chunks[0] ?? 1;
  try {
    for (const message of messages) {
      inflater.push(message, keep);
      if (--left > 0) continue;
      inflater.flush(keep);
      left = chunks[++n % chunks.length] ?? 1;
    }
    inflater.flush(keep);
    return { texts, isBroken: false };
  } catch (error) {
    expect(String(error)).toContain("broken");
    return { texts, isBroken: true };
  } finally {
    inflater.close();
  }
}

function compress(texts: readonly string[]): Buffer[] {
  const compressor = createCompressor("zlib-stream");
  return texts.map((text) => compressor.push(Buffer.from(text)));
}

const ALONE = [1];
const HOSTILE = [
  "{",
  "}",
  '"',
  "}{",
  '}{"',
  '}{"a',
  '{"',
  '"}',
  "\\",
  '\\"',
  ",",
  ":",
  " ",
  "\n",
  "[",
  "]",
  "a",
  "\0",
  "🐣",
];
const hostile = fc.array(fc.constantFrom(...HOSTILE), { maxLength: 12 }).map((parts) => parts.join(""));
const payload = fc.record({ t: hostile, s: fc.nat(), op: fc.constant(0), d: fc.dictionary(hostile, hostile) });
const compact = payload.map((value) => JSON.stringify(value));
const message = fc.oneof(
  { weight: 12, arbitrary: compact },
  { weight: 1, arbitrary: payload.map((value) => JSON.stringify(value, null, 1)) },
  { weight: 1, arbitrary: fc.constantFrom("{}", "[]", "1", "null", '"a"', '{"1":{}}') },
);
const chunks = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

const EMPTY = JSON.stringify({ t: "", s: 0, op: 0, d: {} });
const RARE = [JSON.stringify({ t: "", s: 100_348_412, op: 0, d: { "\n": "{", '}{"a]': "{{{" } }), EMPTY, EMPTY, EMPTY];

describe("messages inflated together", () => {
  test("are what each is by itself, whatever JSON they hold", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 40 }), chunks, (texts, sizes) => {
        expect(hear(new TogetherInflater(), compress(texts), sizes)).toEqual({ texts, isBroken: false });
      }),
    );
  });

  test("lie in one chunk, where they can be told apart", () => {
    const texts = Array.from({ length: 100 }, (_, n) =>
      JSON.stringify({ t: "A", s: n, d: { content: "}{", nonce: '}{"a' } }),
    );
    const inflater = new TogetherInflater();
    const lie = new Set<Buffer | undefined>();
    for (const bytes of compress(texts)) inflater.push(bytes, (_, chunk) => lie.add(chunk));
    inflater.flush((_, chunk) => lie.add(chunk));
    inflater.close();
    // The first, which is read at once, lies alone.
    expect(lie.size).toBe(2);
  });

  test("come up in order, however many come at once", () => {
    const texts = Array.from({ length: 3_000 }, (_, n) =>
      JSON.stringify({ t: "A", d: `${n * 7_919}`.repeat(1 + (n % 9)) }),
    );
    expect(hear(new TogetherInflater(), compress(texts), [texts.length])).toEqual({ texts, isBroken: false });
  });

  test.each(['{"t":"A"}', '{ "t": "A" }'])("leave off where who listens ends the stream (%s)", (text) => {
    for (const last of [1, 3]) {
      const inflater = new TogetherInflater();
      let heard = 0;
      const keep = () => {
        heard++;
        if (heard === last) inflater.close();
      };
      for (const message of compress(Array.from({ length: 9 }, () => text))) inflater.push(message, keep);
      inflater.flush(keep);
      expect(heard).toBe(last);
    }
  });

  test("that are no JSON are heard as they came, unless they look like several", () => {
    const odd = fc.oneof(
      message,
      hostile.filter((text) => !text.includes("}{")),
    );
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 40 }), chunks, (texts, sizes) => {
        const heard = texts.filter((text) => text !== "");
        expect(hear(new TogetherInflater(), compress(texts), sizes)).toEqual({ texts: heard, isBroken: false });
      }),
    );
  });

  test("of a stream that breaks are heard as far as it was whole", () => {
    const messages = compress(Array.from({ length: 9 }, (_, n) => JSON.stringify({ t: "A", s: n, d: {} })));
    // A block of a kind that does not exist.
    messages[6] = Buffer.from("0600000000ffff", "hex");
    const alone = hear(inflateNative("zlib-stream"), messages, ALONE);
    expect(alone).toMatchObject({ isBroken: true, texts: { length: 6 } });
    expect(hear(new TogetherInflater(), messages, [9])).toEqual(alone);
  });

  test("of a damaged stream are heard up to the chunk with the damage, and it breaks where it would", () => {
    const damage = fc.record({ place: fc.nat(), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(
        fc.array(compact, { minLength: 2, maxLength: 40 }),
        chunks,
        damage,
        (texts, sizes, { place, at, bits }) => {
          const messages = compress(texts);
          const damaged = place % texts.length;
          const message = messages[damaged] ?? Buffer.alloc(0);
          // Not of its end: it is how a message's end shows.
          const byte = at % (message.length - 4);
          message[byte] = (message[byte] ?? 0) ^ bits;
          let [whole, end] = [0, 0];
          for (let n = 0; end <= damaged; n++) {
            whole = end;
            end += sizes[n % sizes.length] ?? 1;
          }

          const together = hear(new TogetherInflater(), messages, sizes);
          expect(together.texts.slice(0, whole)).toEqual(texts.slice(0, whole));
          if (hear(inflateNative("zlib-stream"), messages, ALONE).isBroken) expect(together.isBroken).toBe(true);
        },
      ),
      // The rarest: damage that shows only where the messages cannot be told apart.
      { numRuns: 1_000, examples: [[RARE, [3, 1], { place: 0, at: 61_435_926, bits: 25 }]] },
    );
  });

  test("that inflate to much, beside ones that are written otherwise, are what each is by itself", () => {
    const long = JSON.stringify({ t: "A", d: "ab".repeat(3_000_000) });
    const short = JSON.stringify({ t: "A", d: "ab" });
    const texts = [short, long, short, short, long, long, short, '{ "t": "A" }', short, short];
    expect(hear(new TogetherInflater(), compress(texts), [4, 2])).toEqual({ texts, isBroken: false });
  });

  test("of a stream whose sum is wrong at its end break it", async () => {
    const stream = createDeflate();
    const pieces: Buffer[] = [];
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    const ended = new Promise((resolve) => stream.on("end", resolve));
    stream.write('{"a":1}');
    await new Promise<void>((resolve) => stream.flush(() => resolve()));
    const first = Buffer.concat(pieces.splice(0));
    stream.write('{"a":2}');
    await new Promise<void>((resolve) => stream.flush(() => resolve()));
    const second = Buffer.concat(pieces.splice(0));
    stream.end('{"a":3}');
    await ended;
    const last = Buffer.concat(pieces);
    const sum = last.length - 1;
    last[sum] = (last[sum] ?? 0) ^ 1;
    expect(hear(new TogetherInflater(), [first, second, last], [3]).isBroken).toBe(true);
    expect(hear(inflateNative("zlib-stream"), [first, second, last], ALONE).isBroken).toBe(true);
  });
});
