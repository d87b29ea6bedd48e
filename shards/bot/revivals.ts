/**
 * Bots whose token worked and is refused now: Discord is asked about each less and less often, by one timer a bot, and a bot that it
 * takes after all goes on without anybody's doing. What only looked like a refusal (a proxy's, an hour of Discord's) costs no restart.
 */
import type { Clock, Timer } from "../../src/clock.ts";
import type { ApplicationId } from "../../src/ids.ts";

export type Revivals = {
  /** This bot was stopped: to be asked about later. */
  later(application: ApplicationId): void;
  /** It has been stopped or started by somebody. */
  forget(application: ApplicationId): void;
  close(): void;
};

/** After the question that REST itself asks about a refused token, a minute apart at first. */
const WAIT_MS_MIN = 90_000;
const WAIT_MS_MAX = 15 * 60_000;

/** `revive` starts the bot again, or throws where Discord still refuses it. */
export function createRevivals(clock: Clock, revive: (application: ApplicationId) => Promise<void>): Revivals {
  const waiting = new Map<ApplicationId, { readonly times: number; readonly timer: Timer }>();
  let closed = false;

  function later(application: ApplicationId): void {
    if (closed) return;
    const before = waiting.get(application);
    before?.timer.cancel();
    const times = before?.times ?? 0;
    const timer = clock.after(Math.min(WAIT_MS_MAX, WAIT_MS_MIN * 2 ** times), () => {
      void revive(application).catch(() => {
        // Not where somebody else took it in hand meanwhile.
        if (waiting.get(application)?.timer === timer) later(application);
      });
    });
    waiting.set(application, { times: times + 1, timer });
  }

  return {
    later,
    forget(application) {
      waiting.get(application)?.timer.cancel();
      waiting.delete(application);
    },
    close() {
      closed = true;
      for (const { timer } of waiting.values()) timer.cancel();
    },
  };
}
