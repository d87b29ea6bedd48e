import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { dayIn, instantOf, isTimeZone, localTime, monthIn } from "../../src/time-zone.ts";

const ZONES = ["UTC", "Europe/Istanbul", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];
const zone = fc.constantFrom(...ZONES);
const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });

describe("time zones", () => {
  test("a wall clock's time leads back to a moment at which it shows that time", () => {
    fc.assert(
      fc.property(moment, zone, (ms, name) => {
        const local = localTime(ms, name);
        const { second, ...minute } = local;
        const found = instantOf(minute, name);
        expect(localTime(found, name)).toEqual({ ...minute, second: 0 });
        // Where it comes twice, the first of the two.
        expect(found).toBeLessThanOrEqual(ms);
      }),
    );
  });

  test("a time that daylight saving skips is the same moment by the offset before", () => {
    const skipped = instantOf({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, "Europe/Berlin");
    expect(localTime(skipped, "Europe/Berlin")).toMatchObject({ hour: 3, minute: 30 });
  });

  test("a month goes from its first midnight to the next one's, and every day of it is inside", () => {
    fc.assert(
      fc.property(moment, zone, (ms, name) => {
        const month = monthIn(ms, name);
        const day = dayIn(ms, name);
        expect(day >= month.from && day < month.until).toBe(true);
        expect(month.endsAtMs).toBeGreaterThan(ms);
        expect(dayIn(month.endsAtMs, name)).toBe(month.until);
        expect(dayIn(month.endsAtMs - 1, name) < month.until).toBe(true);
      }),
    );
  });

  test("a name that is no time zone counts as UTC", () => {
    expect(isTimeZone("Mars/Olympus")).toBe(false);
    expect(dayIn(0, "Mars/Olympus")).toBe("1970-01-01");
  });
});
