/**
 * While the store is away nothing new is answered and nothing is lost: what asked for it waits and tries again, its message
 * unsettled. Whatever else fails is not waited for, and no more wait than there is room for. One server may take all the room but
 * what is kept for those with few who wait.
 */
import type { Clock } from "./clock.ts";
import { AppError, type ErrorKind } from "./errors.ts";
import type { Logger } from "./logger.ts";

const WAIT_MS = 250;
const WAIT_MS_MAX = 4_000;
const PATIENCE_MS = 10 * 60_000;
const WAITING_MAX = 2_000;
/** Beyond that, so many of each server, or of each person who writes directly, while there is room for twice as many. */
const KEPT_FOR_EACH = 16;
/** All that is asked through here is known by its key, so what may have happened is settled by asking again. */
const AWAY: ReadonlySet<ErrorKind> = new Set(["unavailable", "timeout", "overloaded", "unknown-outcome"]);

export type Patience = {
  /** Rejects as the call did, where it may not wait. */
  run<T>(call: () => Promise<T>): Promise<T>;
};

/** The patience there is with one server, or with one person who writes directly: in that name calls wait. */
export type PatienceWith = (whose: string) => Patience;

export function createPatience(clock: Clock, logger: Logger, patienceMs = PATIENCE_MS): PatienceWith {
  const waiting = new Map<string, number>();
  let all = 0;

  function mayWait(whose: string): boolean {
    if (all < WAITING_MAX) return true;
    return all < 2 * WAITING_MAX && (waiting.get(whose) ?? 0) < KEPT_FOR_EACH;
  }

  async function wait(whose: string, ms: number): Promise<void> {
    all++;
    waiting.set(whose, (waiting.get(whose) ?? 0) + 1);
    await clock.sleep(ms);
    all--;
    const left = (waiting.get(whose) ?? 1) - 1;
    if (left === 0) waiting.delete(whose);
    else waiting.set(whose, left);
  }

  return (whose) => ({
    async run(call) {
      const startedMs = clock.now();
      for (let ms = WAIT_MS; ; ms = Math.min(ms * 2, WAIT_MS_MAX)) {
        try {
          return await call();
        } catch (error) {
          const away = error instanceof AppError && AWAY.has(error.kind);
          const late = clock.now() - startedMs > patienceMs;
          if (!away || late || !mayWait(whose)) throw error;
          logger.debug({ reason: error.kind }, "store-away");
          await wait(whose, ms);
        }
      }
    },
  });
}
