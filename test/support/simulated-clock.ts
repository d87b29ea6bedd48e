/**
 * Time and chance in a test's hand: a seeded clock whose timers run only while somebody advances it, in order.
 * `jump` moves the wall clock alone, as NTP or a suspended machine does; timers are monotonic and do not notice.
 */
import type { Clock, Timer } from "../../src/clock.ts";

export type SimulatedClock = Clock & {
  /** Runs what is due within `ms`, promises in between included. */
  advance(ms: number): Promise<void>;
  jump(ms: number): void;
  /** The process hangs: time goes by and nothing runs, then everything that was due runs late. */
  stall(ms: number): void;
  /** Milliseconds that really went by. */
  elapsedMs(): number;
};

type Entry = { readonly atMs: number; readonly order: number; readonly run: () => void; cancelled: boolean };

const START_MS = Date.UTC(2026, 0, 1);
/** Enough turns for a chain of awaits to come to rest. */
const TURNS = 12;

export function simulatedClock(seed: number): SimulatedClock {
  const random = seededRandom(seed);
  let elapsedMs = 0;
  let skewMs = 0;
  let order = 0;
  let entries: Entry[] = [];

  function after(ms: number, run: () => void): Timer {
    const entry: Entry = { atMs: elapsedMs + Math.max(0, ms), order: order++, run, cancelled: false };
    let at = entries.length;
    while (at > 0 && (entries[at - 1]?.atMs ?? 0) > entry.atMs) at -= 1;
    entries.splice(at, 0, entry);
    return {
      cancel() {
        entry.cancelled = true;
      },
    };
  }

  return {
    now: () => Math.floor(START_MS + elapsedMs + skewMs),
    after,
    sleep(ms, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      if (signal?.aborted) reject(signal.reason);
      const timer = after(ms, resolve);
      signal?.addEventListener("abort", () => {
        timer.cancel();
        reject(signal.reason);
      });
      return promise;
    },
    chance: random,
    id: () => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join(""),
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      for (;;) {
        for (let turn = 0; turn < TURNS; turn++) await undefined;
        entries = entries.filter((entry) => !entry.cancelled);
        const next = entries[0];
        if (next === undefined || next.atMs > untilMs) break;
        entries.shift();
        elapsedMs = Math.max(elapsedMs, next.atMs);
        next.run();
      }
      elapsedMs = untilMs;
    },
    jump(ms) {
      skewMs += ms;
    },
    stall(ms) {
      elapsedMs += ms;
    },
    elapsedMs: () => elapsedMs,
  };
}

/** mulberry32: small, seedable, good enough to vary a test. Uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = (seed * 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
