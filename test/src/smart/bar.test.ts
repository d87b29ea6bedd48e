import { describe, expect, test } from "bun:test";
import { type Bar, barFor, createBar, moveBar } from "../../../src/smart/bar.ts";

const MINUTE_MS = 60_000;

/** Lines of others, a second apart, that do not pass. */
function others(bar: Bar, count: number, fromMs: number): void {
  for (let i = 0; i < count; i++) moveBar(bar, "others", fromMs + i * 1_000, -9, false);
}

test("a channel's bar settles where the agreed share passes, whatever its lines are like", () => {
  for (const shift of [-2.5, -1.5, -0.5]) {
    const bar = createBar();
    let passed = 0;
    for (let i = 0; i < 4_000; i++) {
      const logit = shift + 2 * Math.sin(i * 1.7) + Math.cos(i * 0.37);
      const passes = logit >= barFor(bar, `author${i}`, i * 1_000);
      moveBar(bar, `author${i}`, i * 1_000, logit, passes);
      if (i >= 1_000 && passes) passed++;
    }
    expect(passed / 3_000).toBeCloseTo(0.2, 1);
  }
});

test("a new channel's bar finds its place within few lines, an old one's moves a little at a time", () => {
  const bar = createBar();
  moveBar(bar, "a", 0, 1, true);
  const first = bar.level;
  for (let i = 1; i < 200; i++) moveBar(bar, "a", i, -1, i % 5 === 0);
  const before = bar.level;
  moveBar(bar, "a", 200, 1, true);
  expect(first).toBeGreaterThan(3 * (bar.level - before));
});

test("it stays within bounds: where nobody asks, small talk does not begin to pass, and where all ask, questions still do", () => {
  const quiet = createBar();
  const busy = createBar();
  for (let i = 0; i < 10_000; i++) {
    moveBar(quiet, "a", i, -9, false);
    moveBar(busy, "a", i, 9, true);
  }
  expect(quiet.level).toBe(-2.5);
  expect(busy.level).toBe(2);
});

describe("who was just considered", () => {
  test("needs more than others to be considered again, less with each line that passes in the channel", () => {
    const bar = createBar();
    moveBar(bar, "ada", 0, 3, true);
    const above = () => barFor(bar, "ada", MINUTE_MS) - barFor(bar, "bob", MINUTE_MS);
    const atOnce = above();
    others(bar, 20, 0);
    const later = above();
    others(bar, 100, 0);
    expect(atOnce).toBeGreaterThan(2);
    expect(later).toBeGreaterThan(0.1);
    expect(later).toBeLessThan(atOnce);
    expect(above()).toBeLessThan(0.01);
  });

  test('passes all the same with a line that outdoes the one before: the question after "I have a question"', () => {
    const bar = createBar();
    moveBar(bar, "ada", 0, 0.5, true);
    expect(barFor(bar, "ada", 10_000)).toBeLessThanOrEqual(1);
    expect(barFor(bar, "ada", 10_000)).toBeGreaterThan(0.5);
  });

  test("is like anybody after an hour, however quiet the channel was", () => {
    const bar = createBar();
    moveBar(bar, "ada", 0, 3, true);
    expect(barFor(bar, "ada", 61 * MINUTE_MS)).toBe(barFor(bar, "bob", 61 * MINUTE_MS));
  });
});

test("it remembers the authors of a crowd up to a bound", () => {
  const bar = createBar();
  for (let i = 0; i < 1_000; i++) moveBar(bar, `author${i}`, i, 1, true);
  expect(bar.passed.size).toBeLessThanOrEqual(128);
});
