/** Waiting for a condition of the world or the ledger, so that tests await what they mean and never sleep. */
import type { Services } from "./services.ts";

/**
 * The first value of `check` that is not undefined; looked at again after every event and every request.
 * Undefined after `ms`.
 */
export function until<T>(services: Services, check: () => T | undefined, ms: number): Promise<T | undefined> {
  const now = check();
  if (now !== undefined || ms <= 0) return Promise.resolve(now);
  return new Promise((resolve) => {
    const look = () => {
      const value = check();
      if (value !== undefined) finish(value);
    };
    const timer = setTimeout(() => finish(check()), ms);
    const finish = (value: T | undefined) => {
      clearTimeout(timer);
      services.world.listeners.delete(look);
      services.ledger.onAdd.delete(look);
      resolve(value);
    };
    services.world.listeners.add(look);
    services.ledger.onAdd.add(look);
  });
}
