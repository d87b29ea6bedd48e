import { expect, test } from "bun:test";
import type { ApplicationId } from "../../../src/ids.ts";
import { applicationOf, setsInForce, taggedKey } from "../../../src/status/shard-sets.ts";
import type { ShardRow } from "../../../src/store/ports/shards.ts";

const BOT = "1" as ApplicationId;
const OTHER = "2" as ApplicationId;

function rows(application: ApplicationId, shards: number, held: number): ShardRow[] {
  return Array.from({ length: shards }, (_, shard) => ({
    application,
    shard,
    shards,
    holder: shard < held ? "a" : null,
    fence: 1,
    untilMs: 100,
    session: null,
  }));
}

test("while the number changes the set that is held more is in force, and each bot has one", () => {
  const all = [...rows(BOT, 2, 2), ...rows(taggedKey(BOT, 4), 4, 1), ...rows(OTHER, 1, 0)];
  expect(setsInForce(all, 50).map((row) => [row.application, row.shard, row.shards])).toEqual([
    [BOT, 0, 2],
    [BOT, 1, 2],
    [OTHER, 0, 1],
  ]);
  const later = [...rows(BOT, 2, 0), ...rows(taggedKey(BOT, 4), 4, 4)];
  expect(setsInForce(later, 50)).toHaveLength(4);
  expect(new Set(setsInForce(later, 50).map((row) => row.application))).toEqual(new Set([BOT]));
});

test("a lease that ran out counts as not held", () => {
  expect(setsInForce([...rows(BOT, 2, 2), ...rows(taggedKey(BOT, 4), 4, 0)], 200)).toHaveLength(4);
});

test("the bot is told from a lease's name", () => {
  expect([applicationOf(BOT), applicationOf(taggedKey(BOT, 16))]).toEqual([BOT, BOT]);
});
