/**
 * One line when an outage begins and one when it is over, however many calls it fails.
 *
 * It is over when a call works and none has failed for `QUIET_MS`: a server that answers every second call is one outage too,
 * and not a hundred.
 */
import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";

const QUIET_MS = 2_000;

export type Outage = {
  failed(error: unknown): void;
  /** Cheap while all is well. */
  worked(): void;
  /** When the outage began; null: there is none. */
  sinceMs(): number | null;
};

/** `began` and `ended` are the names of the two lines. */
export function createOutage(
  names: { readonly began: string; readonly ended: string },
  { clock, logger }: { readonly clock: Pick<Clock, "now">; readonly logger: Logger },
): Outage {
  let sinceMs: number | null = null;
  let lastMs = 0;
  let failures = 0;
  return {
    failed(error) {
      lastMs = clock.now();
      failures++;
      if (sinceMs !== null) return;
      sinceMs = lastMs;
      failures = 1;
      logger.warn({ error }, names.began);
    },
    worked() {
      if (sinceMs === null) return;
      const nowMs = clock.now();
      if (nowMs - lastMs < QUIET_MS) return;
      logger.info({ failures, ms: nowMs - sinceMs }, names.ended);
      sinceMs = null;
    },
    sinceMs: () => sinceMs,
  };
}
