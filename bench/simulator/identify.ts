/**
 * Limits on IDENTIFY: `max_concurrency` per five seconds and bucket, and 1,000 in 24 hours a token.
 * https://discord.com/developers/docs/events/gateway#sharding-max-concurrency
 * https://discord.com/developers/docs/events/gateway#rate-limiting
 */
import type { Application, Id } from "./world.ts";

export type IdentifyLimits = { total: number; maxConcurrency: number; windowMs: number; resetMs: number };

type Ledger = { remaining: number; resetAtMs: number; readonly lastByKey: Map<number, number> };

export type IdentifyLedger = {
  readonly limits: IdentifyLimits;
  /** Takes one IDENTIFY, or says why not. */
  readonly take: (application: Application, shardId: number) => "ok" | "too-fast" | "exhausted";
  readonly status: (application: Application) => {
    total: number;
    remaining: number;
    reset_after: number;
    max_concurrency: number;
  };
  readonly setRemaining: (application: Application, remaining: number) => void;
  /** How many came before their turn, of whatever bot. */
  readonly tooFast: () => number;
};

export function createIdentifyLedger(limits: IdentifyLimits, now: () => number): IdentifyLedger {
  const ledgers = new Map<Id, Ledger>();
  let tooFast = 0;
  const ledgerOf = (application: Application): Ledger => {
    let ledger = ledgers.get(application.id);
    if (!ledger || ledger.resetAtMs <= now()) {
      ledger = {
        remaining: limits.total,
        resetAtMs: now() + limits.resetMs,
        lastByKey: ledger?.lastByKey ?? new Map(),
      };
      ledgers.set(application.id, ledger);
    }
    return ledger;
  };
  return {
    limits,
    take(application, shardId) {
      const ledger = ledgerOf(application);
      if (ledger.remaining <= 0) return "exhausted";
      ledger.remaining -= 1;
      const key = shardId % limits.maxConcurrency;
      const last = ledger.lastByKey.get(key);
      if (last !== undefined && now() - last < limits.windowMs) {
        tooFast += 1;
        return "too-fast";
      }
      ledger.lastByKey.set(key, now());
      return "ok";
    },
    status(application) {
      const ledger = ledgerOf(application);
      return {
        total: limits.total,
        remaining: ledger.remaining,
        reset_after: ledger.resetAtMs - now(),
        max_concurrency: limits.maxConcurrency,
      };
    },
    setRemaining(application, remaining) {
      ledgerOf(application).remaining = remaining;
    },
    tooFast: () => tooFast,
  };
}
