import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { alike, similarity } from "../../src/proactive/alike.ts";
import { lateMsMax, nextSlot, slotDue } from "../../src/proactive/schedule.ts";
import { FREQUENCIES, type Schedule } from "../../src/proactive.ts";
import { localTime } from "../../src/time-zone.ts";

type Timing = Parameters<typeof nextSlot>[0];

const minute = fc.integer({ min: 0, max: 1_439 });
const timing = fc.record<Timing>({
  frequency: fc.constantFrom(...FREQUENCIES),
  at: minute,
  weekday: fc.integer({ min: 0, max: 6 }),
  timeZone: fc.constantFrom("UTC", "Europe/Istanbul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"),
  quiet: fc.option(fc.record({ from: minute, until: minute }), { nil: null }),
});
const moment = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) });
const HOUR_MS = 3_600_000;

function at(fields: Partial<Schedule>): Timing {
  return { frequency: "daily", at: 540, weekday: 1, timeZone: "UTC", quiet: null, ...fields };
}

describe("slots", () => {
  test("come after what was asked, in order, and asking from just before a slot gives the slot", () => {
    fc.assert(
      fc.property(timing, moment, (of, from) => {
        let last = from;
        for (let i = 0; i < 5; i++) {
          const slot = nextSlot(of, last);
          if (slot === null) return;
          expect(slot).toBeGreaterThan(last);
          expect(nextSlot(of, slot - 1)).toBe(slot);
          last = slot;
        }
      }),
    );
  });

  test("stand at their local time, outside quiet hours, but for the hour that daylight saving skips", () => {
    fc.assert(
      fc.property(timing, moment, (of, from) => {
        const slot = nextSlot(of, from);
        if (slot === null) return;
        const { hour, minute: minutes } = localTime(slot, of.timeZone);
        const shown = hour * 60 + minutes;
        const skips = localTime(slot, of.timeZone).day !== localTime(slot - 4 * HOUR_MS, of.timeZone).day || hour < 5;
        const every = { "2h": 120, "4h": 240, "6h": 360, "12h": 720 }[of.frequency as string] ?? 1_440;
        if (!skips) {
          expect((shown - of.at) % every).toBeCloseTo(0);
          const { quiet } = of;
          if (quiet !== null && quiet.from < quiet.until)
            expect(shown >= quiet.from && shown < quiet.until).toBe(false);
        }
      }),
    );
  });

  test("are as many a day as their frequency says", () => {
    const countOn = (of: Timing) => {
      let slots = 0;
      const end = Date.UTC(2026, 5, 15);
      for (let slot = nextSlot(of, Date.UTC(2026, 5, 1) - 1); slot !== null && slot < end; slot = nextSlot(of, slot))
        slots++;
      return slots;
    };
    expect(FREQUENCIES.map((frequency) => countOn(at({ frequency })))).toEqual([168, 84, 56, 28, 14, 7, 2]);
  });

  test("keep their wall-clock time through daylight saving", () => {
    const of = at({ timeZone: "Europe/Berlin", at: 9 * 60 });
    for (const day of ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"]) {
      const slot = nextSlot(of, Date.parse(`${day}T00:00:00Z`)) ?? 0;
      expect(localTime(slot, "Europe/Berlin")).toMatchObject({ hour: 9, minute: 0 });
    }
  });

  test("quiet hours may go over midnight, and may leave nothing", () => {
    const night = at({ frequency: "6h", at: 0, quiet: { from: 22 * 60, until: 7 * 60 } });
    const first = nextSlot(night, Date.UTC(2026, 5, 1)) ?? 0;
    expect(localTime(first, "UTC").hour).toBe(12);
    expect(nextSlot(at({ at: 60, quiet: { from: 0, until: 120 } }), 0)).toBeNull();
  });

  test("a slot is due until it is a quarter of its interval late, and of several the newest", () => {
    fc.assert(
      fc.property(timing, moment, (of, now) => {
        const due = slotDue(of, now);
        if (due !== null) {
          expect(due).toBeLessThanOrEqual(now);
          expect(now - due).toBeLessThanOrEqual(lateMsMax(of));
          const next = nextSlot(of, due);
          if (next !== null) expect(next).toBeGreaterThan(now);
        }
      }),
    );
    const slot = nextSlot(at({}), Date.UTC(2026, 5, 1)) ?? 0;
    expect(slotDue(at({}), slot + 6 * HOUR_MS)).toBe(slot);
    expect(slotDue(at({}), slot + 6 * HOUR_MS + 1)).toBeNull();
  });
});

describe("alike", () => {
  const post = "Hold the hub's button for 3 seconds: the pairing window stays open for 120 seconds.";
  test("another greeting, marks or links make no new post", () => {
    expect(alike(`Did you know? ${post.toUpperCase()} https://docs.example/x`, post)).toBe(true);
    expect(alike(post.replaceAll(",", ";"), post)).toBe(true);
  });

  test("another subject does", () => {
    expect(alike("Refunds are paid within 14 days of the purchase, without a reason.", post)).toBe(false);
  });

  test("is the same whichever is first, one with itself, and never out of bounds", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(similarity(a, b)).toBe(similarity(b, a));
        expect(similarity(a, a)).toBe(1);
        expect(similarity(a, b)).toBeGreaterThanOrEqual(0);
        expect(similarity(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
