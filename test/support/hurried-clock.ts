/** The system's clock, `times` as fast: for real sockets whose deadlines are many seconds. */
import { type Clock, systemClock } from "../../src/clock.ts";

export function hurriedClock(times: number): Clock {
  const startMs = systemClock.now();
  return {
    ...systemClock,
    now: () => startMs + (systemClock.now() - startMs) * times,
    after: (ms, run) => systemClock.after(ms / times, run),
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
