/**
 * Says now and then that this process lives, what it runs and how busy it is, and hears whether an operator wants it to drain.
 * While the store is away it is silent, and says so again once the store is back.
 */
import type { Clock, Timer } from "../src/clock.ts";
import type { Logger } from "../src/logger.ts";
import type { ProcessesStore, ProcessReport } from "../src/store/ports/processes.ts";

/** A process that misses three of these is shown as silent. */
const EVERY_MS = 5_000;

export type RollCall = {
  /** Says so at once, and from then on. */
  start(): void;
  /** Says that the process ends. */
  stop(): Promise<void>;
};

/** `drain` is called once, at the first answer that asks for it. */
export function createRollCall(options: {
  readonly processes: ProcessesStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly report: () => ProcessReport;
  readonly drain: () => void;
}): RollCall {
  const { processes, clock, logger } = options;
  let stopped = false;
  let asked = false;
  let timer: Timer | null = null;
  let saying: Promise<void> = Promise.resolve();

  async function say(): Promise<void> {
    try {
      const { drainAsked } = await processes.report(options.report());
      if (drainAsked && !asked && !stopped) {
        asked = true;
        options.drain();
      }
    } catch (error) {
      logger.debug({ error }, "process-unreported");
    }
    if (!stopped) timer = clock.after(EVERY_MS, next);
  }

  function next(): void {
    saying = say();
  }

  return {
    start: next,
    async stop() {
      stopped = true;
      timer?.cancel();
      await saying;
      try {
        await processes.leave(options.report().holder);
      } catch (error) {
        logger.debug({ error }, "process-unreported");
      }
    },
  };
}
