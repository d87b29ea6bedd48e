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

/** The bar for a newcomer after so many lines of a channel. */
function barAfter(lines: number, of: (i: number) => Partial<WeighedLine>): number {
  const bar = createBar();
  for (let i = 0; i < lines; i++) moveBar(bar, line({ author: `a${i}`, atMs: i * 1_000, ...of(i) }));
  return barFor(bar, "newcomer", lines * 1_000);
}

describe("what a line is worth", () => {
  test("is the same in a channel where little passes as in one where a third does: no share is steered to", () => {
    expect(barAfter(2_000, () => ({}))).toBe(0);
    expect(barAfter(2_000, (i) => ({ logit: 2, passed: i % 3 === 0 }))).toBe(0);
  });

  test("meets less doubt in a channel that is known to ask much", () => {
    const asksOften = (i: number) => ({ asks: i % 4 === 0 });
    expect(barAfter(50, asksOften)).toBe(0);
    expect(barAfter(500, asksOften)).toBeLessThan(-1);
    expect(barAfter(500, (i) => ({ asks: i % 20 === 0 }))).toBe(0);
  });

  test("is capped where everything passes, and freed again", () => {
    const bar = createBar();
    let passed = 0;
    for (let i = 0; i < 2_000; i++) {
      const passes = 2 >= barFor(bar, `a${i}`, i * 1_000);
      moveBar(bar, line({ author: `a${i}`, atMs: i * 1_000, logit: 2, passed: passes }));
      if (i >= 500 && passes) passed++;
    }
    expect(passed / 1_500).toBeLessThan(0.6);
    expect(passed / 1_500).toBeGreaterThan(0.4);
    others(bar, 200, 2_000_000);
    expect(barFor(bar, "newcomer", 3_000_000)).toBe(0);
  });
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
