/**
 * Claims on pieces of work: one process of all holds one, renews it while it works, and gives it back at the end. A process
 * that is gone loses its claims after a minute.
 */
import type { Clock, Timer } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Hot } from "../hot.ts";
import type { Logger } from "../logger.ts";

const CLAIM_MS = 60_000;
const RENEW_MS = 15_000;

export type Claim = {
  /** Aborted when another process holds it now. */
  readonly lost: AbortSignal;
  /** Gives it back, or keeps it from others for `keepMs` more. */
  release(keepMs?: number): Promise<void>;
};

export type Claims = {
  /**
   * Null while another process holds `key`. When claims cannot be asked for at all: "take" goes ahead, for work that does no
   * harm when done twice; "refuse" throws the AppError.
   */
  hold(key: string, whenAway: "take" | "refuse"): Promise<Claim | null>;
};

export function createClaims(ports: {
  readonly hot: Pick<Hot, "claim">;
  readonly clock: Clock;
  readonly logger: Logger;
}): Claims {
  const { hot, clock, logger } = ports;
  const owner = clock.id();

  /** Null: nobody can be asked. */
  async function ask(key: string, ttlMs: number): Promise<boolean | null> {
    try {
      return await hot.claim(key, owner, ttlMs);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ key, reason: error.kind }, "claim-unanswered");
      return null;
    }
  }

  return {
    async hold(key, whenAway) {
      const mine = whenAway === "refuse" ? await hot.claim(key, owner, CLAIM_MS) : await ask(key, CLAIM_MS);
      if (mine === false) return null;
      const lost = new AbortController();
      let over = false;
      let timer: Timer;
      const renew = async () => {
        // A renewal that nobody answered is no loss: the claim lasts a minute, and is asked for four times in it.
        if (!over && (await ask(key, CLAIM_MS)) === false) lost.abort(new Error("another process took this work over"));
        if (!over) timer = clock.after(RENEW_MS, () => void renew());
      };
      timer = clock.after(RENEW_MS, () => void renew());
      return {
        lost: lost.signal,
        async release(keepMs = 0) {
          over = true;
          timer.cancel();
          if (!lost.signal.aborted) await ask(key, keepMs);
        },
      };
    },
  };
}
