/**
 * While the store is away nothing new is answered and nothing is lost: what asked for it waits and tries again, its message
 * unsettled. Whatever else fails is not waited for, and no more wait than there is room for.
 */
import type { Clock } from "./clock.ts";
import { AppError, type ErrorKind } from "./errors.ts";
import type { Logger } from "./logger.ts";

const WAIT_MS = 250;
const WAIT_MS_MAX = 4_000;
const PATIENCE_MS = 10 * 60_000;
const WAITING_MAX = 2_000;
/** All that is asked through here is known by its key, so what may have happened is settled by asking again. */
const AWAY: ReadonlySet<ErrorKind> = new Set(["unavailable", "timeout", "overloaded", "unknown-outcome"]);

export type Patience = {
  run<T>(call: () => Promise<T>): Promise<T>;
};

export function createPatience(clock: Clock, logger: Logger, patienceMs = PATIENCE_MS): Patience {
  let waiting = 0;

  return {
    async run(call) {
      const startedMs = clock.now();
      for (let wait = WAIT_MS; ; wait = Math.min(wait * 2, WAIT_MS_MAX)) {
        try {
          return await call();
        } catch (error) {
          const away = error instanceof AppError && AWAY.has(error.kind);
          const late = clock.now() - startedMs > patienceMs;
          if (!away || late || waiting >= WAITING_MAX) throw error;
          logger.debug({ reason: error.kind }, "store-away");
          waiting++;
          await clock.sleep(wait);
          waiting--;
        }
      }
    },
  };
}
