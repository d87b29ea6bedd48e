import { expect, test } from "bun:test";
import { growthInTenMinutes, lowestByMinute } from "../../../bench/deployment/slope.ts";

const MINUTE_MS = 60_000;

/** Looked at every two seconds for so many minutes. */
const looked = (minutes: number, value: (atMs: number) => number) =>
  Array.from({ length: minutes * 30 }, (_, n) => ({ atMs: n * 2_000, value: value(n * 2_000) }));

test("what grows by 100 a minute grows by 1,000 in ten", () => {
  expect(growthInTenMinutes(looked(12, (atMs) => (atMs / MINUTE_MS) * 100))).toBeCloseTo(1_000);
});

test("a saw that falls back to the same value every minute does not grow", () => {
  expect(growthInTenMinutes(looked(12, (atMs) => 5_000 + (atMs % MINUTE_MS)))).toBe(0);
});

test("one minute that stands out changes nothing", () => {
  expect(growthInTenMinutes(looked(12, (atMs) => (Math.floor(atMs / MINUTE_MS) === 7 ? 90_000 : 5_000)))).toBe(0);
});

test("less than two minutes tell nothing", () => {
  expect(growthInTenMinutes(looked(1, (atMs) => atMs))).toBe(0);
});

test("every minute counts with its lowest value", () => {
  expect(lowestByMinute(looked(2, (atMs) => Math.abs(atMs - 30_000)))).toEqual([
    { atMs: 0, value: 0 },
    { atMs: MINUTE_MS, value: 30_000 },
  ]);
});
