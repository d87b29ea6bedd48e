/** A posted form → a schedule. Pure. A value out of bounds is a problem with a name, not an error. */
import {
  FREQUENCIES,
  nextSlot,
  type Schedule,
  scheduleSchema,
  TOPIC_CHARS_MAX,
  TOPICS_MAX,
} from "../../src/proactive.ts";
import { isTimeZone } from "../../src/time-zone.ts";
import { field } from "../body.ts";
import type { ChannelName } from "../parts/channels.ts";

export type ScheduleProblem = "channel" | "time" | "time-zone" | "topics" | "never" | "too-many" | "gone" | "changed";

export function readSchedule(
  form: FormData,
  channels: readonly ChannelName[],
): { readonly schedule: Schedule } | { readonly problem: ScheduleProblem } {
  const channel = channelIn(field(form, "channel", 120), channels);
  if (channel === null) return { problem: "channel" };
  const at = minutesOf(field(form, "at", 5));
  const from = minutesOf(field(form, "quietFrom", 5));
  const until = minutesOf(field(form, "quietUntil", 5));
  if (at === null || (from === null) !== (until === null)) return { problem: "time" };
  const timeZone = field(form, "timeZone", 64);
  if (!isTimeZone(timeZone)) return { problem: "time-zone" };
  const topics = field(form, "topics", TOPICS_MAX * (TOPIC_CHARS_MAX + 2))
    .split("\n")
    .map((topic) => topic.trim())
    .filter((topic) => topic !== "");
  const read = scheduleSchema.safeParse({
    channel,
    frequency: FREQUENCIES.find((known) => known === field(form, "frequency")) ?? "daily",
    at,
    weekday: Number(field(form, "weekday", 1)) || 0,
    timeZone,
    quiet: from === null || until === null ? null : { from, until },
    topics,
    approval: form.has("approval"),
    publish: form.has("publish"),
  });
  if (!read.success) return { problem: "topics" };
  return nextSlot(read.data, 0) === null ? { problem: "never" } : { schedule: read.data };
}

/** An id, a mention, or a name that only one channel has. */
function channelIn(text: string, channels: readonly ChannelName[]): string | null {
  const id = /^(?:<#)?(\d{15,20})>?$/.exec(text)?.[1];
  if (id !== undefined) return id;
  const name = text.replace(/^#/, "").trim().toLowerCase();
  const [found, another] = channels.filter((channel) => channel.name.toLowerCase() === name);
  return found !== undefined && another === undefined ? found.id : null;
}

/** `09:30` → 570 */
function minutesOf(text: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match === null ? null : Number(match[1]) * 60 + Number(match[2]);
}
