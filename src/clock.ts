/** now, sleep, chance, id: the only door to time and randomness, so that a test can hold both in its hand. */
import { randomBytes } from "node:crypto";

export type Timer = { cancel(): void };

export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `run` once after `ms`; never keeps the process alive by itself. */
  after(ms: number, run: () => void): Timer;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  chance(): number;
  /** 128 random bits as 32 hex digits. */
  id(): string;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref?.();
    return { cancel: () => clearTimeout(timer) };
  },
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = setTimeout(done, ms);
      function done() {
        signal?.removeEventListener("abort", stop);
        resolve();
      }
      function stop() {
        clearTimeout(timer);
        reject(signal?.reason);
      }
      signal?.addEventListener("abort", stop, { once: true });
    });
  },
  chance: () => Math.random(),
  id: () => randomBytes(16).toString("hex"),
};
