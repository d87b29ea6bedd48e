import { describe, expect, test } from "bun:test";
import { type Bar, barFor, createBar, moveBar, type WeighedLine } from "../../../src/smart/bar.ts";

const MINUTE_MS = 60_000;

function line(fields: Partial<WeighedLine> = {}): WeighedLine {
  return { author: "a", atMs: 0, logit: -9, passed: false, asks: false, ...fields };
}

/** Lines of others, a second apart, that do not pass. */
function others(bar: Bar, count: number, fromMs: number): void {
  for (let i = 0; i < count; i++) moveBar(bar, line({ author: "others", atMs: fromMs + i * 1_000 }));
}

/** A channel whose lines score like waves around `shift`; every `askingEvery`th asks. How many pass once the bar has settled. */
function passedShare(shift: number, askingEvery: number): number {
  const bar = createBar();
  let passed = 0;
  for (let i = 0; i < 4_000; i++) {
    const logit = shift + 2 * Math.sin(i * 1.7) + Math.cos(i * 0.37);
    const author = `author${i}`;
    const passes = logit >= barFor(bar, author, i * 1_000);
    moveBar(bar, line({ author, atMs: i * 1_000, logit, passed: passes, asks: i % askingEvery === 0 }));
    if (i >= 1_000 && passes) passed++;
  }
  return passed / 3_000;
}

describe("what a channel's lines are worth", () => {
  test("decides alone where no more of them pass than ask: the bar steers no channel to a share", () => {
    expect(passedShare(-5, 4)).toBe(0);
    expect(passedShare(-3.2, 4)).toBeGreaterThan(0.02);
    expect(passedShare(-3.2, 4)).toBeLessThan(0.2);
  });

  test("counts for little where nobody asks: of posts that look like requests hardly any is considered", () => {
    expect(passedShare(1, 100)).toBeLessThan(0.05);
  });

  test("is capped at a quarter of the lines, however many ask", () => {
    expect(passedShare(1, 1)).toBeCloseTo(0.25, 1);
  });
});

test("a new channel's bar finds its place within few lines, an old one's moves a little at a time", () => {
  const bar = createBar();
  const start = bar.level;
  moveBar(bar, line({ logit: 1, passed: true }));
  const first = bar.level - start;
  for (let i = 1; i < 200; i++) moveBar(bar, line({ atMs: i, logit: 9, passed: i % 2 === 0 }));
  const before = bar.level;
  moveBar(bar, line({ atMs: 200, logit: 9, passed: true }));
  expect(first).toBeGreaterThan(0.2);
  expect(bar.level - before).toBeLessThan(first);
});

test("it stays within bounds: never below merit, never out of a clear request's reach", () => {
  const quiet = createBar();
  const busy = createBar();
  for (let i = 0; i < 10_000; i++) {
    moveBar(quiet, line({ atMs: i }));
    moveBar(busy, line({ atMs: i, logit: 9, passed: true }));
  }
  expect(quiet.level).toBe(-1.2);
  expect(busy.level).toBe(4);
});

describe("who was just considered", () => {
  test("needs more than others to be considered again, less with each line that passes in the channel", () => {
    const bar = createBar();
    moveBar(bar, line({ author: "ada", logit: 3, passed: true }));
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
    moveBar(bar, line({ author: "ada", logit: 0.5, passed: true }));
    expect(barFor(bar, "ada", 10_000)).toBeLessThanOrEqual(1);
    expect(barFor(bar, "ada", 10_000)).toBeGreaterThan(0.5);
  });

  test("is like anybody after an hour, however quiet the channel was", () => {
    const bar = createBar();
    moveBar(bar, line({ author: "ada", logit: 3, passed: true }));
    expect(barFor(bar, "ada", 61 * MINUTE_MS)).toBe(barFor(bar, "bob", 61 * MINUTE_MS));
  });
});

test("it remembers the authors of a crowd up to a bound", () => {
  const bar = createBar();
  for (let i = 0; i < 1_000; i++) moveBar(bar, line({ author: `author${i}`, atMs: i, logit: 1, passed: true }));
  expect(bar.passed.size).toBeLessThanOrEqual(128);
});
