/** When the team is there, by the guild's own hours and time zone. Pure. */
import type { GuildSettings } from "../settings/form.ts";
import { instantOf, localTime } from "../time-zone.ts";

export type There =
  /** Nobody set hours: nothing is promised. */
  | { readonly there: "unknown" }
  | { readonly there: "now"; readonly untilMs: number }
  | { readonly there: "later"; readonly fromMs: number }
  /** No day has hours. */
  | { readonly there: "never" };

const DAYS_AHEAD = 8;
const DAY_MS = 86_400_000;

export function teamHours({ week, zone }: GuildSettings["people"], nowMs: number): There {
  if (week === null) return { there: "unknown" };
  // From yesterday, whose hours may end after midnight.
  for (let ahead = -1; ahead <= DAYS_AHEAD; ahead++) {
    const { year, month, day } = localTime(nowMs + ahead * DAY_MS, zone);
    const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
    const hours = week[weekday];
    if (hours === null || hours === undefined) continue;
    const from = minutesOf(hours.from);
    const to = minutesOf(hours.to);
    const fromMs = instantOf({ year, month, day, hour: 0, minute: from }, zone);
    const untilMs = instantOf({ year, month, day, hour: 0, minute: to > from ? to : to + 1_440 }, zone);
    if (nowMs < fromMs) return { there: "later", fromMs };
    if (nowMs < untilMs) return { there: "now", untilMs };
  }
  return { there: "never" };
}

function minutesOf(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return hour * 60 + minute;
}
