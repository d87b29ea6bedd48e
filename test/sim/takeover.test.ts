import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openStoreInTime, type StoreInTime } from "../support/store-in-time.ts";
import { takeoverLife } from "./takeover-world.ts";

/** A run has its share of lives; `TAKEOVER_LIVES=10000` takes 20 s, and `TAKEOVER_LIVES_SQL` as many over PostgreSQL half an hour. */
const LIVES = Number(Bun.env.TAKEOVER_LIVES ?? 1_000);
const LIVES_SQL = Number(Bun.env.TAKEOVER_LIVES_SQL ?? 40);
/** Seeds that once failed, so that they are never forgotten. */
const KEPT: readonly number[] = [];

async function live(lives: number, kept?: StoreInTime): Promise<void> {
  let [takeovers, withdrawn] = [0, 0];
  for (const seed of [...KEPT, ...Array.from({ length: lives }, (_, index) => index + 1)]) {
    const report = await takeoverLife(seed, kept);
    expect([seed, report.problems]).toEqual([seed, []]);
    takeovers += report.takeovers;
    withdrawn += report.withdrawn;
  }
  // It happened: many were taken over, and some answers were on the wire.
  expect(takeovers).toBeGreaterThan(lives / 2);
  expect(withdrawn).toBeGreaterThan(0);
}

describe("from a takeover's commit on no answer is issued, and what was on the wire is gone when it is reported", () => {
  test("over the store's double", () => live(LIVES), 600_000);

  describe("over PostgreSQL", () => {
    let kept: StoreInTime;
    beforeAll(async () => {
      kept = await openStoreInTime();
    }, 60_000);
    afterAll(() => kept?.close(), 60_000);
    test("whose rows and locks are the fence", () => live(LIVES_SQL, kept), 3_600_000);
  });
});
