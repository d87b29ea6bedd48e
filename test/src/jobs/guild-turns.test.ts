import { expect, test } from "bun:test";
import type { GuildId } from "../../../src/ids.ts";
import { createGuildTurns } from "../../../src/jobs/guild-turns.ts";

const [BUSY, CALM, NEW] = ["1", "2", "3"] as unknown as readonly [GuildId, GuildId, GuildId];

test("the guild that was served longest ago goes next, and a guild's own keep their order", () => {
  const turns = createGuildTurns();
  const waiting = [
    { guild: BUSY, n: 1 },
    { guild: BUSY, n: 2 },
    { guild: CALM, n: 3 },
    { guild: NEW, n: 4 },
  ];
  const order = () => turns.inTurn(waiting).map(({ n }) => n);
  expect(order()).toEqual([1, 2, 3, 4]);
  turns.took(BUSY);
  expect(order()).toEqual([3, 4, 1, 2]);
  turns.took(CALM);
  expect(order()).toEqual([4, 1, 2, 3]);
});
