/** How a session follows time: when it wants to be woken, and what it makes of a clock that jumps or a process that slept. */

import * as heartbeat from "./heartbeat.ts";
import * as sendQueue from "./send-queue.ts";
import type { Session } from "./state.ts";

/** A wake-up later than this means that time jumped or that this process slept. */
const LATE_MS = 2_000;

/** The next moment at which something is due; null: only events matter. */
export function nextWake(session: Session, nowMs: number): number | null {
  const { beat, phase } = session;
  let wake = session.deadlineAtMs ?? Number.POSITIVE_INFINITY;
  if (beat !== null) {
    wake = Math.min(wake, beat.nextAtMs, heartbeat.zombieAtMs(beat) ?? wake);
    if (phase === "live") {
      wake = Math.min(wake, session.sequence.gapAtMs ?? wake);
      wake = Math.min(wake, sendQueue.nextAtMs(session.sendQueue, beat.intervalMs, nowMs) ?? wake);
    }
  }
  return Number.isFinite(wake) ? wake : null;
}

/**
 * Timers are monotonic, `nowMs` is not. A tick that comes before its time means the clock went back; one that comes late means
 * that it went forward, or that this process slept: deadlines move along, or a whole fleet would be cut for nothing.
 */
export function followTime(session: Session, isTick: boolean, nowMs: number): void {
  const dueMs = session.wakeAtMs;
  let byMs = 0;
  if (isTick && dueMs !== null && nowMs < dueMs) byMs = nowMs - dueMs;
  else if (nowMs < session.seenAtMs) byMs = nowMs - session.seenAtMs;
  else if (dueMs !== null && nowMs - dueMs > LATE_MS) byMs = nowMs - dueMs;
  session.seenAtMs = nowMs;
  if (byMs === 0) return;

  const { beat } = session;
  session.sinceMs += byMs;
  session.replayEndsAtMs += byMs;
  if (session.deadlineAtMs !== null) {
    session.deadlineAtMs += byMs;
    // Frames that arrived meanwhile are still unread.
    if (byMs > 0 && session.phase !== "waiting") {
      session.deadlineAtMs = Math.max(session.deadlineAtMs, nowMs + LATE_MS);
    }
  }
  if (session.sequence.gapAtMs !== null) session.sequence.gapAtMs += byMs;
  sendQueue.shiftQueue(session.sendQueue, byMs);
  if (beat === null) return;
  heartbeat.shiftBeat(beat, byMs);
  const zombieAtMs = heartbeat.zombieAtMs(beat);
  if (byMs > 0 && beat.unackedSinceMs !== null && zombieAtMs !== null && zombieAtMs < nowMs + LATE_MS) {
    beat.unackedSinceMs += nowMs + LATE_MS - zombieAtMs;
  }
}
