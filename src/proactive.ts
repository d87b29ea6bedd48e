/**
 * Messages that the bot posts by itself: what a schedule holds. When its slots are is pure (proactive/schedule.ts); what is done
 * at a slot is in proactive/run.ts, the text in proactive/write.ts. Called by the job of the same name and by the dashboard.
 */
import { z } from "zod";
import { isTimeZone } from "./time-zone.ts";

export { createProactive, type Proactive } from "./proactive/run.ts";
export { nextSlot } from "./proactive/schedule.ts";
export { POST_CHARS_MAX } from "./proactive/write.ts";

export const FREQUENCIES = ["2h", "4h", "6h", "12h", "daily", "2-days", "weekly"] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** A guild's schedules. */
export const SCHEDULES_MAX = 10;
export const TOPICS_MAX = 30;
export const TOPIC_CHARS_MAX = 200;

const MINUTES_A_DAY = 24 * 60;
const minute = z
  .number()
  .int()
  .min(0)
  .max(MINUTES_A_DAY - 1);

export const scheduleSchema = z.object({
  channel: z.string().regex(/^\d{15,20}$/),
  frequency: z.enum(FREQUENCIES),
  /** Minutes after midnight. */
  at: minute.default(9 * 60),
  /** Of a weekly one: 0 is Sunday. */
  weekday: z.number().int().min(0).max(6).default(1),
  timeZone: z.string().max(64).refine(isTimeZone).default("UTC"),
  /** From a minute of the day to before another, over midnight too; null: none. */
  quiet: z.object({ from: minute, until: minute }).nullable().default(null),
  topics: z.array(z.string().min(1).max(TOPIC_CHARS_MAX)).min(1).max(TOPICS_MAX),
  /** A person reads each post before it goes out. */
  approval: z.boolean().default(false),
  /** In an announcement channel: to the servers that follow it, too. */
  publish: z.boolean().default(false),
});
export type Schedule = z.infer<typeof scheduleSchema>;
