import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
  ABSENT,
  channelAt,
  digitsEnd,
  guildAt,
  hashDigits,
  hashId,
  type MessageIds,
  scanEnvelope,
  scanMessage,
} from "../../../shards/border/scan.ts";
import { messageData, messageFrame } from "../support/frames.ts";

/** Text that hurts: quotes, backslashes, keys of ours inside strings, braces, control characters, any unicode. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    '"guild_id":"1"',
    '\\"guild_id\\":\\"1\\"',
    '"},"s":7,"t":"X"}',
    ',"channel_id":"5',
    "}}",
    "\\",
    '\\\\"',
    "\u2028😀",
    '"op":1',
    "",
  ),
);
const id = fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String);
const maybeId = fc.option(fc.option(id, { nil: null }), { nil: undefined, freq: 4 });
const anything = fc.jsonValue({ maxDepth: 3, stringUnit: "binary" });
const nested = fc.record(
  { id: maybeId, channel_id: maybeId, guild_id: maybeId, author: anything },
  { requiredKeys: [] },
);

function shuffled<T extends object>(members: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return members.chain(
    (object): fc.Arbitrary<T> =>
      fc
        .shuffledSubarray(Object.keys(object), { minLength: Object.keys(object).length })
        .map((keys) => Object.fromEntries(keys.map((key) => [key, object[key as keyof T]])) as T),
  );
}

const data = shuffled(
  fc.record(
    {
      id: maybeId,
      channel_id: maybeId,
      guild_id: maybeId,
      author: fc.oneof(
        shuffled(fc.record({ id: maybeId, username: nasty, bot: fc.boolean(), x: nested }, { requiredKeys: [] })),
        fc.constant(null),
      ),
      content: nasty,
      message_reference: nested,
      referenced_message: fc.record(
        { guild_id: maybeId, id: maybeId, content: nasty, author: nested },
        { requiredKeys: [] },
      ),
      member: anything,
      nonce: fc.oneof(nasty, fc.integer()),
      mentions: fc.array(nested, { maxLength: 3 }),
      flags: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    },
    { requiredKeys: [] },
  ),
);
const frames = shuffled(
  fc.record({
    op: fc.constantFrom(0, 1, 7, 9, 10, 11),
    s: fc.oneof(fc.nat(), fc.constant(null)),
    t: fc.oneof(fc.constantFrom("MESSAGE_CREATE", "READY", "SOME_NEW_EVENT"), fc.constant(null)),
    d: fc.oneof({ weight: 9, arbitrary: data }, { weight: 1, arbitrary: anything }),
  }),
);
const spacing = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 2) });

type Frame = { op: number; s: number | null; t: string | null; d: unknown };

describe("the scan agrees with JSON.parse", () => {
  test("on 100,000 generated frames", () => {
    let compact = 0;
    let doubts = 0;
    fc.assert(
      fc.property(frames, spacing, (frame, indent) => {
        const bytes = Buffer.from(JSON.stringify(frame, null, indent));
        const parsed = JSON.parse(bytes.toString()) as Frame;
        const envelope = scanEnvelope(bytes);
        if (indent === 0) {
          compact++;
          if (envelope === null) doubts++;
        }
        if (envelope !== null) expect(envelope).toEqual({ op: parsed.op, s: parsed.s, t: parsed.t });
        const ids = scanMessage(bytes);
        if (ids !== null) expect(ids).toEqual(idsOf(parsed.d));
        const guild = guildAt(bytes);
        if (guild >= 0) expect(textAt(bytes, guild)).toBe(String(member(parsed.d, "guild_id")));
        else if (guild === ABSENT) expect(member(parsed.d, "guild_id") ?? null).toBeNull();
        const channel = channelAt(bytes);
        if (channel >= 0) expect(textAt(bytes, channel)).toBe(String(member(parsed.d, "channel_id")));
        else if (channel === ABSENT) expect(member(parsed.d, "channel_id") ?? null).toBeNull();
      }),
      { numRuns: 100_000, seed: 20_260_101 },
    );
    // A scan that always doubts agrees as well.
    expect(doubts / compact).toBeLessThan(0.02);
  }, 120_000);

  test("on bytes cut or changed at random it answers or doubts, and never throws", () => {
    fc.assert(
      fc.property(frames, fc.nat(), fc.nat(255), fc.boolean(), (frame, where, byte, cut) => {
        const whole = Buffer.from(JSON.stringify(frame));
        const bytes = cut ? whole.subarray(0, where % (whole.length + 1)) : whole;
        if (!cut && bytes.length > 0) bytes[where % bytes.length] = byte;
        scanEnvelope(bytes);
        scanMessage(bytes);
        guildAt(bytes);
        channelAt(bytes);
      }),
      { numRuns: 20_000 },
    );
  }, 60_000);
});

test("a frame as Discord writes it is read without doubt", () => {
  const bytes = messageFrame({ seq: 42, guild: "900000000000000001" });
  expect(scanEnvelope(bytes)).toEqual({ op: 0, s: 42, t: "MESSAGE_CREATE" });
  expect(textAt(bytes, guildAt(bytes))).toBe("900000000000000001");
});

/** One of each kind, after the examples of Discord's documentation, as its gateway writes them. */
const GOLDEN = readFileSync(join(import.meta.dir, "..", "..", "golden", "frames.jsonl"), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => Buffer.from(line));

test(`${GOLDEN.length} golden frames are read without doubt, and as JSON.parse reads them`, () => {
  expect(GOLDEN.length).toBeGreaterThan(30);
  for (const bytes of GOLDEN) {
    const { op, s, t, d } = JSON.parse(bytes.toString()) as Frame;
    expect(scanEnvelope(bytes)).toEqual({ op, s, t });
    for (const [key, at] of [
      ["guild_id", guildAt(bytes)],
      ["channel_id", channelAt(bytes)],
    ] as const) {
      const id = member(d, key);
      if (typeof id === "string") expect([key, textAt(bytes, at)]).toEqual([key, id]);
      else expect(at).toBeLessThan(0);
    }
    if (t === "MESSAGE_CREATE") expect(scanMessage(bytes)).toEqual(idsOf(d));
  }
});

test("members of the frame may stand in any order", () => {
  const d = messageData({ seq: 1 });
  for (const frame of [
    { op: 0, d, s: 9, t: "X" },
    { d, t: "X", s: 9, op: 0 },
    { s: 9, d, op: 0, t: "X" },
  ]) {
    const bytes = Buffer.from(JSON.stringify(frame));
    expect(scanEnvelope(bytes)).toEqual({ op: 0, s: 9, t: "X" });
    expect(textAt(bytes, guildAt(bytes))).toBe("200000000000000001");
  }
});

test("a direct message that forwards from a guild has no guild", () => {
  const d = { ...messageData({ seq: 1, guild: null }), message_reference: { type: 1, guild_id: "7", channel_id: "8" } };
  expect(guildAt(Buffer.from(JSON.stringify({ t: "MESSAGE_CREATE", s: 1, op: 0, d })))).toBe(ABSENT);
});

test("a key written with escapes is left to JSON.parse", () => {
  expect(scanMessage(Buffer.from('{"op":0,"d":{"guild\\u005fid":"7"}}'))).toBeNull();
  expect(guildAt(Buffer.from('{"op":0,"d":{"a":1,"x\\"guild_id":"7"}}'))).not.toBeGreaterThanOrEqual(0);
});

test("an id hashes alike in bytes and as a string", () => {
  fc.assert(fc.property(id, (text) => expect(hashDigits(Buffer.from(`${text}"`), 0)).toBe(hashId(text))));
});

function idsOf(d: unknown): MessageIds {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    id: text(member(d, "id")),
    channel: text(member(d, "channel_id")),
    guild: text(member(d, "guild_id")),
    author: text(member(member(d, "author"), "id")),
  };
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, digitsEnd(bytes, at));
}
