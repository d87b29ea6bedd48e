import { expect, test } from "bun:test";
import fc from "fast-check";
import { messageData, readMessage } from "../../../src/payload.ts";
import { messagePayload } from "../../support/build.ts";

/** The whole frame made objects of; undefined where it is not JSON or has no `d`. */
function parsed(bytes: Buffer): unknown {
  try {
    return (JSON.parse(bytes.toString()) as { d?: unknown } | null)?.d;
  } catch {
    return undefined;
  }
}

function frameOf(d: unknown, text = JSON.stringify(d)): Buffer {
  return Buffer.from(`{"t":"MESSAGE_CREATE","s":7,"op":0,"d":${text}}`);
}

const id = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(String);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom('say "hi"\n\\', "null", "", "\u2028 \ud83d\ude00", "\0"),
);
const some = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(fc.jsonValue()) });
const person = fc.record(
  { id, username: text, global_name: fc.option(text), bot: fc.boolean(), system: fc.boolean(), clan: fc.jsonValue() },
  { requiredKeys: ["id"] },
);
/** As Discord sends them, with every member that is read, and as nobody sends them. */
const payload = fc.record(
  {
    id,
    channel_id: id,
    guild_id: fc.option(id),
    author: fc.oneof({ weight: 9, arbitrary: person }, { weight: 1, arbitrary: fc.jsonValue() }),
    member: fc.oneof(
      fc.record({
        roles: fc.array(id),
        nick: fc.option(text),
        joined_at: fc.constant("2024-05-06T07:08:09.123000+00:00"),
      }),
      fc.jsonValue(),
    ),
    content: text,
    type: fc.constantFrom(0, 19, 7, -0, 1.5, 1e30),
    webhook_id: fc.option(id),
    timestamp: fc.constantFrom("2026-01-05T10:00:00.123456+00:00", "yesterday"),
    mentions: fc.oneof(some, fc.array(person)),
    mention_roles: fc.oneof(some, fc.array(id)),
    mention_everyone: fc.oneof(fc.boolean(), fc.jsonValue()),
    message_reference: fc.option(fc.record({ message_id: id, channel_id: id, type: fc.constantFrom(0, 1) })),
    referenced_message: fc.option(fc.record({ author: person, content: text })),
    attachments: fc.oneof(some, fc.array(fc.record({ filename: text, size: fc.nat(), url: text }))),
    embeds: fc.oneof(some, fc.array(fc.record({ title: text, description: text }))),
    message_snapshots: some,
    poll: fc.jsonValue(),
    sticker_items: fc.array(fc.record({ name: text })),
    reactions: fc.array(fc.record({ count: fc.nat() })),
    nonce: fc.jsonValue(),
    components: some,
    'own "id"': fc.jsonValue(),
  },
  { requiredKeys: ["id", "channel_id", "author"] },
);

test("a message read from its bytes is the message that JSON.parse would make of them", () => {
  fc.assert(
    fc.property(payload, (d) => {
      const bytes = frameOf(d);
      const data = messageData(bytes);
      expect(readMessage(data ?? parsed(bytes))).toEqual(readMessage(parsed(bytes)));
    }),
    { numRuns: 500 },
  );
});

test("an ordinary message, a reply and one with a file are read without doubt", () => {
  for (const fields of [
    {},
    { content: 'quotes "and" \\ and ğüş 😀' },
    { message_reference: { message_id: "5" }, referenced_message: { author: { id: "7" } } },
    { attachments: [{ filename: "log.txt", size: 4 }] },
  ]) {
    const bytes = frameOf(messagePayload(fields));
    const data = messageData(bytes);
    expect(data).toBeDefined();
    expect(readMessage(data)).toEqual(readMessage(parsed(bytes)));
  }
});

test("the order of a frame's members does not matter", () => {
  const d = JSON.stringify(messagePayload());
  for (const frame of [`{"op":0,"s":7,"d":${d},"t":"MESSAGE_CREATE"}`, `{"d":${d}}`]) {
    expect(readMessage(messageData(Buffer.from(frame)))).toEqual(readMessage(JSON.parse(d)));
  }
});

test("what JSON.parse refuses is never read, whatever was changed, added or cut", () => {
  const change = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom("set", "cut", "drop", "insert", "twice"),
    byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('"\\{}[],:0-.eEu \n'))),
  });
  fc.assert(
    fc.property(payload, fc.array(change, { minLength: 1, maxLength: 3 }), (d, changes) => {
      let bytes = frameOf(d);
      for (const { at, kind, byte } of changes) {
        const place = bytes.length === 0 ? 0 : at % bytes.length;
        const behind = bytes.subarray(kind === "set" || kind === "drop" ? place + 1 : place);
        const between =
          kind === "drop" || kind === "cut" ? [] : kind === "twice" ? [...bytes.subarray(place, place + 9)] : [byte];
        bytes = Buffer.concat([
          bytes.subarray(0, place),
          Buffer.from(between),
          kind === "cut" ? Buffer.alloc(0) : behind,
        ]);
      }
      const data = messageData(bytes);
      if (data !== undefined) expect(readMessage(data)).toEqual(readMessage(parsed(bytes)));
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ["a key with an escape", '{"d":{"\\u0069d":"1"}}'],
  ["one key twice", '{"d":{"id":"1","id":"2"}}'],
  ["spaces", '{"d": {"id":"1"}}'],
  ["something behind the frame", '{"d":{"id":"1"}}x'],
  ["a number that is none", '{"d":{"type":01}}'],
  ["a broken escape", '{"d":{"content":"\\x"}}'],
  ["half an escape", '{"d":{"content":"\\u12g4"}}'],
  ["a raw line break in a text", '{"d":{"content":"a\nb"}}'],
  ["a frame without d", '{"t":"MESSAGE_CREATE"}'],
  ["d that is no object", '{"d":[1]}'],
  ["nothing", ""],
])("is left to JSON.parse: %s", (_, frame) => {
  expect(messageData(Buffer.from(frame))).toBeUndefined();
});

test("a thousand levels are not walked, and no stack is used up", () => {
  const deep = `${"[".repeat(1_000)}${"]".repeat(1_000)}`;
  expect(messageData(frameOf(null, `{"id":"1","nonce":${deep}}`))).toBeUndefined();
  expect(messageData(frameOf(null, `{"id":"1","nonce":${"[".repeat(1_000_000)}`))).toBeUndefined();
});
