import { expect, test } from "bun:test";
import fc from "fast-check";
import { createDirectory } from "../../../src/directory.ts";
import { guildData } from "../../../src/payload.ts";
import { BOT, CHANNEL, GUILD, guildPayload } from "../../support/build.ts";

function frameOf(d: unknown): Buffer {
  return Buffer.from(JSON.stringify({ t: "GUILD_CREATE", s: 7, op: 0, d }));
}

/** All that a directory says of a guild once it has read it. */
function told(data: unknown) {
  const directory = createDirectory(BOT);
  const change = directory.observe("GUILD_CREATE", data);
  const channel = directory.channel(GUILD, CHANNEL);
  return { change, channel, name: directory.guildName(GUILD), permissions: directory.permissions(GUILD, CHANNEL) };
}

const person = fc.record({
  user: fc.oneof(fc.record({ id: fc.constantFrom(BOT.userId, "1", "22"), bot: fc.boolean() }), fc.jsonValue()),
  roles: fc.array(fc.constantFrom("31", "32")),
  nick: fc.option(fc.constantFrom(BOT.userId, "x]}", '"')),
});
const some = fc.oneof(fc.array(person), fc.array(fc.jsonValue()), fc.jsonValue());

test("of a guild its directory hears the same, whoever else is in it and whatever else is told", () => {
  fc.assert(
    fc.property(
      some,
      fc.array(fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (members, presences, more) => {
        const d = { ...more, ...guildPayload(), members, presences };
        const data = guildData(frameOf(d), BOT.userId);
        expect(told(data ?? JSON.parse(JSON.stringify(d)))).toEqual(told(d));
      },
    ),
    { numRuns: 500 },
  );
});

test("of a thousand members only the bot's own is read", () => {
  const others = Array.from({ length: 1_000 }, (_, i) => ({ user: { id: String(i) }, roles: [] }));
  const own = { user: { id: BOT.userId, bot: true }, roles: ["31"] };
  const d = { ...guildPayload(), members: [...others.slice(500), own, ...others.slice(0, 500)] };
  expect(guildData(frameOf(d), BOT.userId)).toMatchObject({ id: GUILD, members: [own] });
  expect(guildData(frameOf({ ...d, members: others }), BOT.userId)).toMatchObject({ members: [] });
});

test("a guild whose ids are written with escapes is left to JSON.parse", () => {
  const escaped = BOT.userId.replace("5", "\\u0035");
  const bytes = Buffer.from(frameOf(guildPayload()).toString().replaceAll(BOT.userId, escaped));
  expect(told(JSON.parse(bytes.toString()).d)).toEqual(told(guildPayload()));
  expect(guildData(bytes, BOT.userId)).toBeUndefined();
});

test("what JSON.parse refuses is not read", () => {
  const whole = frameOf(guildPayload());
  for (const cut of [0, 1, 60, whole.length - 1]) {
    expect(guildData(whole.subarray(0, cut), BOT.userId)).toBeUndefined();
  }
});
