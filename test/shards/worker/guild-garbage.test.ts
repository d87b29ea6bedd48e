import { expect, test } from "bun:test";
import { GuildGarbage } from "../../../shards/worker/guild-garbage.ts";

function watched() {
  let nowMs = 0;
  let collections = 0;
  const garbage = new GuildGarbage(
    () => {
      collections++;
    },
    () => nowMs,
  );
  return {
    garbage,
    collections: () => collections,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test("garbage is collected after every two megabytes of parsed guilds", () => {
  const at = watched();
  for (let i = 0; i < 8; i++) at.garbage.parsed(512 << 10);
  expect(at.collections()).toBe(2);
});

test("what recording guilds leaves is collected too", () => {
  const at = watched();
  for (let i = 0; i < 256; i++) at.garbage.recorded();
  expect(at.collections()).toBe(2);
});

test("what is left is collected once, when the start is over", () => {
  const at = watched();
  at.garbage.quietSince(-5_000);
  expect(at.collections()).toBe(0);
  at.garbage.parsed(10);
  at.garbage.quietSince(0);
  expect(at.collections()).toBe(0);
  at.pass(1_001);
  at.garbage.quietSince(0);
  at.garbage.quietSince(0);
  expect(at.collections()).toBe(1);
});
