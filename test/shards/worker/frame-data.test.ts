import { expect, test } from "bun:test";
import { GUILD_CREATE, INTERACTION_CREATE, MESSAGE_CREATE } from "../../../shards/border/protocol.ts";
import { frameData } from "../../../shards/worker/frame-data.ts";
import { BOT, guildPayload, messagePayload } from "../../support/build.ts";

const frameOf = (d: unknown) => Buffer.from(JSON.stringify({ t: "", s: 1, op: 0, d }));
const known = () => BOT.userId;

test("of a guild the other members are left out once the bot is known, and nothing before", () => {
  const own = { user: { id: BOT.userId }, roles: [] };
  const d = guildPayload({ members: [{ user: { id: "1" }, roles: [] }, own] });
  expect(frameData(GUILD_CREATE, frameOf(d), known)).toMatchObject({ members: [own] });
  expect(frameData(GUILD_CREATE, frameOf(d), () => null)).toEqual(d);
});

test("of a message what nobody reads is left out, and nothing of any other frame", () => {
  const d = { ...messagePayload(), components: [1] };
  expect(frameData(MESSAGE_CREATE, frameOf(d), known)).not.toHaveProperty("components");
  expect(frameData(INTERACTION_CREATE, frameOf(d), known)).toEqual(d);
});

test("what is no JSON is nothing", () => {
  for (const kind of [MESSAGE_CREATE, GUILD_CREATE, INTERACTION_CREATE]) {
    expect(frameData(kind, Buffer.from('{"d":'), known)).toBeUndefined();
    expect(frameData(kind, Buffer.from("null"), known)).toBeUndefined();
  }
});
