/**
 * The numbers of a session's events: which were received, and from where to resume so that none is missing.
 *
 * An event is taken once: above the highest, or one of the missing. Anything else is a duplicate, be it a network's or a
 * replay's. A number that was skipped is waited for, then asked for by a RESUME from before it; what the server does not have
 * then either never existed. Some servers skip numbers as a habit: after a few such gaps nobody asks any more.
 */

/** A gap that does not fill by itself within this is asked for. */
export const GAP_MS_MAX = 5_000;
/** A hole this wide is not remembered number by number. */
const MISSING_MAX = 1_000;
const FUTILE_GAPS_MAX = 2;
/** A number this far ahead is a broken frame's; to believe it would make duplicates of all that follows. */
const LEAP_MAX = 1_000_000;

export type Sequence = {
  /** Null before the first event of a session. */
  high: number | null;
  /** Ascending: insertion order is numeric order, because gaps open only above `high`. */
  readonly missing: Set<number>;
  /** No longer waited for, but still taken when they come after all. */
  readonly forgiven: Set<number>;
  gapAtMs: number | null;
  /** Everything missing up to here was asked for once already. */
  askedUpTo: number;
  futileGaps: number;
};

export function createSequence(high: number | null = null): Sequence {
  return { high, missing: new Set(), forgiven: new Set(), gapAtMs: null, askedUpTo: -1, futileGaps: 0 };
}

/** A new session counts anew, from any number. The server's habit of gaps stays known. */
export function restart(sequence: Sequence): void {
  sequence.high = null;
  sequence.missing.clear();
  sequence.forgiven.clear();
  sequence.gapAtMs = null;
  sequence.askedUpTo = -1;
}

/** False: a duplicate. An event without a number is always taken. */
export function take(sequence: Sequence, seq: number | null, nowMs: number): boolean {
  const high = sequence.high;
  if (seq === null) return true;
  if (high === null || seq === high + 1) {
    sequence.high = seq;
    return true;
  }
  if (seq > high) {
    if (seq - high > LEAP_MAX) return true;
    sequence.high = seq;
    open(sequence, high + 1, seq, nowMs);
    return true;
  }
  if (sequence.forgiven.delete(seq)) return true;
  if (!sequence.missing.delete(seq)) return false;
  if (sequence.missing.size === 0) sequence.gapAtMs = null;
  return true;
}

/** Numbers `from` up to `to` were skipped. */
function open(sequence: Sequence, from: number, to: number, nowMs: number): void {
  const waitsFor = sequence.futileGaps < FUTILE_GAPS_MAX && to - from + sequence.missing.size <= MISSING_MAX;
  for (let skipped = Math.max(from, to - MISSING_MAX); skipped < to; skipped++) {
    if (waitsFor) sequence.missing.add(skipped);
    else forgive(sequence, skipped);
  }
  if (waitsFor) sequence.gapAtMs ??= nowMs + GAP_MS_MAX;
}

function forgive(sequence: Sequence, skipped: number): void {
  sequence.forgiven.add(skipped);
  if (sequence.forgiven.size <= MISSING_MAX) return;
  for (const oldest of sequence.forgiven) {
    sequence.forgiven.delete(oldest);
    return;
  }
}

/** Everything up to and with this number was received. */
export function resumeFrom(sequence: Sequence): number | null {
  for (const lowest of sequence.missing) return lowest - 1;
  return sequence.high;
}

/** Remedy for a gap whose time is up: "ask" by a RESUME, or "forgive" because that was tried. */
export function settleGap(sequence: Sequence): "ask" | "forgive" {
  let unasked = false;
  for (const skipped of sequence.missing) if (skipped > sequence.askedUpTo) unasked = true;
  if (unasked) {
    sequence.askedUpTo = sequence.high ?? -1;
    sequence.gapAtMs = null;
    return "ask";
  }
  for (const skipped of sequence.missing) forgive(sequence, skipped);
  sequence.missing.clear();
  sequence.gapAtMs = null;
  sequence.futileGaps += 1;
  return "forgive";
}

/** The replay is over: events that it did not bring may still be under way, for one more wait. */
export function replayed(sequence: Sequence, nowMs: number): void {
  if (sequence.missing.size > 0) sequence.gapAtMs = nowMs + GAP_MS_MAX;
}
