import { expect, test } from "bun:test";
import { barFor, createBar, moveBar } from "../../../src/prefilter/bar.ts";

test("a channel's bar settles where the agreed share passes, whatever its lines are like", () => {
  for (const shift of [-2.5, -1.5, -0.5]) {
    const bar = createBar();
    let passed = 0;
    for (let i = 0; i < 4_000; i++) {
      const logit = shift + 2 * Math.sin(i * 1.7) + Math.cos(i * 0.37);
      const passes = logit >= barFor(bar, `author${i}`, i * 1_000);
      moveBar(bar, `author${i}`, i * 1_000, passes);
      if (i >= 1_000 && passes) passed++;
    }
    expect(passed / 3_000).toBeCloseTo(0.2, 1);
  }
});

test("it stays within bounds: where nobody asks, small talk does not begin to pass, and where all ask, questions still do", () => {
  const quiet = createBar();
  const busy = createBar();
  for (let i = 0; i < 10_000; i++) {
    moveBar(quiet, "a", i, false);
    moveBar(busy, "a", i, true);
  }
  expect(quiet.level).toBe(-2);
  expect(busy.level).toBe(1.5);
});

test("who was just considered must say more for two minutes, others need not", () => {
  const bar = createBar();
  moveBar(bar, "ada", 0, true);
  expect(barFor(bar, "ada", 60_000)).toBeGreaterThan(barFor(bar, "bob", 60_000));
  expect(barFor(bar, "ada", 121_000)).toBe(barFor(bar, "bob", 121_000));
});

test("it remembers the authors of a crowd up to a bound", () => {
  const bar = createBar();
  for (let i = 0; i < 1_000; i++) moveBar(bar, `author${i}`, i, true);
  expect(bar.passedAtMs.size).toBeLessThanOrEqual(128);
});
