/**
 * A server's first breach after a quiet minute is in a hurry: of a raid the first harm is what most people see. For a second the
 * thread takes little other work between its steps (shards/worker/intake.ts); always, that would cost too much, for every server of
 * the thread: of a minute it hurries a tenth at most, since one person may have many servers.
 */
import type { Clock } from "../clock.ts";
import type { GuildId } from "../ids.ts";
import { createRecent } from "../recent.ts";

const HURRY_MS = 1_000;
const QUIET_MS = 60_000;
const GUILDS_MAX = 5_000;
const HURRIES_A_MINUTE = 6;

export type Hurry = {
  /** A breach of this server is to be acted on. */
  breach(guild: GuildId): void;
  now(): boolean;
};

export function createHurry(clock: Pick<Clock, "now">): Hurry {
  const hurried = createRecent<GuildId, number>(GUILDS_MAX);
  let untilMs = Number.NEGATIVE_INFINITY;
  let minuteFromMs = Number.NEGATIVE_INFINITY;
  let left = 0;
  return {
    breach(guild) {
      const nowMs = clock.now();
      if (nowMs - (hurried.get(guild) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
      if (nowMs - minuteFromMs >= QUIET_MS) {
        minuteFromMs = nowMs;
        left = HURRIES_A_MINUTE;
      }
      if (left === 0) return;
      left--;
      hurried.set(guild, nowMs);
      untilMs = nowMs + HURRY_MS;
    },
    now: () => untilMs > 0 && clock.now() < untilMs,
  };
}
