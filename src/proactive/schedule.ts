/**
 * When a schedule's slots are. Pure.
 *
 * A slot is a wall-clock time in the schedule's time zone. Every 2, 4, 6 or 12 hours: the times of day that are so far from its
 * own; daily, every 2 days (even days since 1970) and weekly: its own time. A slot inside the quiet hours is left out. Where
 * daylight saving skips or repeats an hour, time-zone.ts says which moment it is.
 */
import type { Frequency, Schedule } from "../proactive.ts";
import { instantOf, localTime } from "../time-zone.ts";

const MINUTES_A_DAY = 24 * 60;
const DAY_MS = 86_400_000;

type Timing = Pick<Schedule, "frequency" | "at" | "weekday" | "timeZone" | "quiet">;

const INTERVAL_MS: Readonly<Record<Frequency, number>> = {
  "2h": DAY_MS / 12,
  "4h": DAY_MS / 6,
  "6h": DAY_MS / 4,
  "12h": DAY_MS / 2,
  daily: DAY_MS,
  "2-days": 2 * DAY_MS,
  weekly: 7 * DAY_MS,
};
/** Every frequency has a slot within so many days, if it has one at all. */
const DAYS_MAX = 16;

/** The first slot after `afterMs`; null where quiet hours leave none. */
export function nextSlot(timing: Timing, afterMs: number): number | null {
  const { year, month, day } = localTime(afterMs, timing.timeZone);
  for (let offset = -1; offset < DAYS_MAX; offset++) {
    const date = new Date(Date.UTC(year, month - 1, day + offset));
    if (!isDay(timing, date)) continue;
    for (const minutes of minutesOf(timing)) {
      if (isQuiet(timing.quiet, minutes)) continue;
      const slot = instantOf(
        {
          ...{ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
          ...{ hour: Math.floor(minutes / 60), minute: minutes % 60 },
        },
        timing.timeZone,
      );
      if (slot > afterMs) return slot;
    }
  }
  return null;
}

/** The slot that is to be posted at `nowMs`: the newest that has come and is not late. */
export function slotDue(timing: Timing, nowMs: number): number | null {
  let due: number | null = null;
  for (
    let slot = nextSlot(timing, nowMs - lateMsMax(timing) - 1);
    slot !== null && slot <= nowMs;
    slot = nextSlot(timing, slot)
  ) {
    due = slot;
  }
  return due;
}

/** A slot that is later than this is skipped, not caught up. */
export function lateMsMax({ frequency }: Pick<Schedule, "frequency">): number {
  return INTERVAL_MS[frequency] / 4;
}

function isDay({ frequency, weekday }: Timing, date: Date): boolean {
  if (frequency === "weekly") return date.getUTCDay() === weekday;
  if (frequency === "2-days") return (date.getTime() / DAY_MS) % 2 === 0;
  return true;
}

/** The minutes of a day that are slots, in order. */
function minutesOf({ frequency, at }: Timing): readonly number[] {
  const every = INTERVAL_MS[frequency] / 60_000;
  if (every >= MINUTES_A_DAY) return [at];
  return Array.from({ length: MINUTES_A_DAY / every }, (_, place) => (at % every) + place * every);
}

function isQuiet(quiet: Schedule["quiet"], minutes: number): boolean {
  if (quiet === null || quiet.from === quiet.until) return false;
  if (quiet.from < quiet.until) return minutes >= quiet.from && minutes < quiet.until;
  return minutes >= quiet.from || minutes < quiet.until;
}
