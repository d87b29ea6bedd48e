import { expect, test } from "bun:test";
import { createRevivals } from "../../../shards/bot/revivals.ts";
import type { ApplicationId } from "../../../src/ids.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const BOT = "200000000000000001" as ApplicationId;

function scene(refusals: number) {
  const clock = simulatedClock(1);
  const atMs: number[] = [];
  const revivals = createRevivals(clock, async () => {
    atMs.push(clock.elapsedMs());
    if (atMs.length <= refusals) throw new Error("refused");
  });
  return { clock, atMs, revivals };
}

test("a bot that Discord takes after all is started once, and asked about no more", async () => {
  const { clock, atMs, revivals } = scene(2);
  revivals.later(BOT);
  await clock.advance(24 * 3_600_000);
  expect(atMs).toEqual([90_000, 270_000, 630_000]);
});

test("one that stays refused is asked about every quarter of an hour at most, by one timer", async () => {
  const { clock, atMs, revivals } = scene(Number.POSITIVE_INFINITY);
  for (let i = 0; i < 16; i++) revivals.later(BOT);
  await clock.advance(3_600_000);
  expect(atMs.length).toBeLessThanOrEqual(4);
  expect(atMs.slice(1).every((at, i) => at - (atMs[i] ?? 0) >= 90_000)).toBe(true);
});

test("whose start fails while somebody else takes it in hand is left to them", async () => {
  const clock = simulatedClock(1);
  let asked = 0;
  const revivals = createRevivals(clock, async () => {
    asked++;
    revivals.forget(BOT);
    throw new Error("refused");
  });
  revivals.later(BOT);
  await clock.advance(3_600_000);
  expect(asked).toBe(1);
});
