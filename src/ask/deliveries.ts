/**
 * Which delivery of an interaction is worked on. Discord delivers one again to who resumes a session, and a process takes over what a
 * killed one left. A claim is renewed for as long as its work goes on, so that a killed process loses it, and is kept when it is done.
 */
import type { Clock, Timer } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type Hot, hotKey } from "../hot.ts";

/** `end`: the work is done, and no later delivery is. */
export type OneDelivery = { end(): Promise<void> };

export type Deliveries = {
  /** Null where another delivery's work is done or goes on: known once a killed process would have lost its claim. */
  take(interaction: string): Promise<OneDelivery | null>;
};

const LEASE_MS = 8_000;
const RENEW_MS = 2_500;
const LOOK_MS = 1_000;
/** An interaction's token lives so long; within it the same id is the same interaction. */
const DONE_MS = 15 * 60_000;

export function createDeliveries({ hot, clock }: { readonly hot: Hot; readonly clock: Clock }): Deliveries {
  return {
    async take(interaction) {
      const key = hotKey("global", "interaction", interaction);
      const owner = clock.id();
      const claim = (ms: number) =>
        hot.claim(key, owner, ms).catch((error: unknown) => {
          // Without hot state a repeated delivery is still stopped by its effect's key.
          if (!(error instanceof AppError)) throw error;
          return true;
        });
      for (const until = clock.now() + LEASE_MS; !(await claim(LEASE_MS)); await clock.sleep(LOOK_MS)) {
        if (clock.now() > until) return null;
      }
      let timer: Timer = clock.after(RENEW_MS, renew);
      function renew(): void {
        void claim(LEASE_MS);
        timer = clock.after(RENEW_MS, renew);
      }
      return {
        async end() {
          timer.cancel();
          await claim(DONE_MS);
        },
      };
    },
  };
}
