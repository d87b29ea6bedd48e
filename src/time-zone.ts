/**
 * Days, months and wall-clock times in a time zone, daylight saving included. Pure, on Intl's rules.
 *
 * Algorithm: local → instant guesses with the zone's offset at the guess and corrects it once. A local time that daylight
 * saving skips becomes the same moment by the offset before it (02:30 → 03:30); one that comes twice is the first of the two.
 */

export type LocalTime = {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
};

const FORMATS_MAX = 1_000;
const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** An unknown zone counts as UTC: settings are checked when they are saved, and an older one must not stop the clock. */
export function localTime(ms: number, zone: string): LocalTime {
  // Most accounts' zone, and it needs none of Intl's data, which takes tens of milliseconds to load.
  if (zone === "UTC") return utcTime(ms);
  const format = isTimeZone(zone) ? formatOf(zone) : formatOf("UTC");
  const of: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) of[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = of;
  return { year, month, day, hour, minute, second };
}

function utcTime(ms: number): LocalTime {
  const at = new Date(ms);
  return {
    ...{ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() },
    ...{ hour: at.getUTCHours(), minute: at.getUTCMinutes(), second: at.getUTCSeconds() },
  };
}

/** The instant at which a wall clock in `zone` shows this; days and minutes may run over. */
export function instantOf(local: Omit<LocalTime, "second">, zone: string): number {
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  const before = asUtc - offsetAt(asUtc - 86_400_000 / 2, zone);
  const after = asUtc - offsetAt(asUtc + 86_400_000 / 2, zone);
  // Of two right ones the first; of none (skipped) the one by the offset before the change.
  const right = [before, after].filter((ms) => ms + offsetAt(ms, zone) === asUtc);
  return right.length > 0 ? Math.min(...right) : before;
}

/** `2026-11-28` */
export function dayIn(ms: number, zone: string): string {
  const { year, month, day } = localTime(ms, zone);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

export type Month = {
  /** `2026-11` */
  readonly name: string;
  /** The first day, and the first of the next month. */
  readonly from: string;
  readonly until: string;
  readonly days: number;
  /** When the next one begins. */
  readonly endsAtMs: number;
};

export function monthIn(ms: number, zone: string): Month {
  const { year, month } = localTime(ms, zone);
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  const name = `${year}-${two(month)}`;
  return {
    name,
    from: `${name}-01`,
    until: `${next.year}-${two(next.month)}-01`,
    days: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    endsAtMs: instantOf({ ...next, day: 1, hour: 0, minute: 0 }, zone),
  };
}

function offsetAt(ms: number, zone: string): number {
  const { year, month, day, hour, minute, second } = localTime(ms, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (formats.size >= FORMATS_MAX) formats.clear();
  formats.set(zone, made);
  return made;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
