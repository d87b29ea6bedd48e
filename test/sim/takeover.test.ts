import { expect, test } from "bun:test";
import { takeoverLife } from "./takeover-world.ts";

/** A run has its share of lives; `TAKEOVER_LIVES=10000` takes 20 s. */
const LIVES = Number(Bun.env.TAKEOVER_LIVES ?? 1_000);
/** Seeds that once failed, so that they are never forgotten. */
const KEPT: readonly number[] = [];

test("from a takeover's commit on no answer is issued, and what was on the wire is gone when it is reported", async () => {
  let [takeovers, withdrawn] = [0, 0];
  for (const seed of [...KEPT, ...Array.from({ length: LIVES }, (_, index) => index + 1)]) {
    const report = await takeoverLife(seed);
    expect([seed, report.problems]).toEqual([seed, []]);
    takeovers += report.takeovers;
    withdrawn += report.withdrawn;
  }
  // It happened: many were taken over, and some answers were on the wire.
  expect(takeovers).toBeGreaterThan(LIVES / 2);
  expect(withdrawn).toBeGreaterThan(0);
}, 600_000);
