/**
 * A reading that costs much and may be a little old: used as it is while it is fresh, and for a while after that too, during which the next
 * one is made. So only the first look waits for it, and whoever comes after a long time. A failed reading is not kept.
 */
import type { Clock } from "./clock.ts";

export function createKept<T>(
  read: () => Promise<T>,
  ages: { readonly freshMs: number; readonly usedMsMax: number },
  clock: Clock,
): () => Promise<T> {
  let last: { readonly atMs: number; readonly value: T } | null = null;
  let next: Promise<T> | null = null;

  function again(): Promise<T> {
    next ??= read()
      .then((value) => {
        last = { atMs: clock.now(), value };
        return value;
      })
      .finally(() => {
        next = null;
      });
    return next;
  }

  return async () => {
    const ageMs = last === null ? Number.POSITIVE_INFINITY : clock.now() - last.atMs;
    if (last === null || ageMs >= ages.usedMsMax) return await again();
    // Who asked has what there is; the next who asks learns of a failure, if it lasts.
    if (ageMs >= ages.freshMs) again().catch(() => {});
    return last.value;
  };
}
