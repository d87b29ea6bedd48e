/**
 * When to send a heartbeat, and when the other side counts as dead (a zombie).
 *
 * The first comes after a random part of the interval, so that a thousand shards do not beat as one. An ACK must come within
 * 5 s, so a peer that falls silent is found within one interval + 5 s. Only a flood of frames, in which the ACK may be queued,
 * buys it time until the next heartbeat. https://docs.discord.com/developers/events/gateway#sending-heartbeats
 */

export const ACK_MS_MAX = 5_000;
/** So many frames since the heartbeat, and its ACK may honestly be stuck behind them. */
const FLOOD_FRAMES = 500;
const INTERVAL_MS_DEFAULT = 41_250;
const INTERVAL_MS_MIN = 50;
const INTERVAL_MS_MAX = 10 * 60_000;

export type Heartbeat = {
  readonly intervalMs: number;
  nextAtMs: number;
  sentAtMs: number;
  /** When the first heartbeat without an answer went out; null: all answered. */
  unackedSinceMs: number | null;
  framesSince: number;
  latencyMs: number | null;
};

/** `intervalMs`: HELLO's value, unchecked; `chance` is in [0, 1). */
export function createHeartbeat(intervalMs: unknown, chance: number, nowMs: number): Heartbeat {
  const said = typeof intervalMs === "number" && intervalMs > 0 ? intervalMs : INTERVAL_MS_DEFAULT;
  const interval = Math.min(INTERVAL_MS_MAX, Math.max(INTERVAL_MS_MIN, said));
  return {
    intervalMs: interval,
    nextAtMs: nowMs + interval * chance,
    sentAtMs: 0,
    unackedSinceMs: null,
    framesSince: 0,
    latencyMs: null,
  };
}

/** `extra`: the server asked for one (op 1); the schedule stays. */
export function sent(beat: Heartbeat, nowMs: number, extra = false): void {
  if (!extra) beat.nextAtMs = Math.max(beat.nextAtMs + beat.intervalMs, nowMs + beat.intervalMs / 2);
  beat.sentAtMs = nowMs;
  if (beat.unackedSinceMs === null) {
    beat.unackedSinceMs = nowMs;
    beat.framesSince = 0;
  }
}

export function acked(beat: Heartbeat, nowMs: number): void {
  if (beat.unackedSinceMs === null) return;
  beat.unackedSinceMs = null;
  beat.latencyMs = Math.max(0, nowMs - beat.sentAtMs);
}

/** When the missing ACK makes the peer a zombie; null while all are answered. */
export function zombieAtMs(beat: Heartbeat): number | null {
  if (beat.unackedSinceMs === null) return null;
  return beat.unackedSinceMs + (beat.framesSince < FLOOD_FRAMES ? ACK_MS_MAX : Math.max(ACK_MS_MAX, beat.intervalMs));
}

/** Time jumped, or this process slept: the schedule moves along, and an ACK that waits to be read gets the time for it. */
export function shiftBeat(beat: Heartbeat, byMs: number): void {
  beat.nextAtMs += byMs;
  beat.sentAtMs += byMs;
  if (beat.unackedSinceMs !== null) beat.unackedSinceMs += byMs;
}
