import { fairMs } from "./fair-time.ts";

/** Waits for a condition, never for a time, and gives what it came to; names what did not come true. */
export async function until<T>(
  condition: () => T | Promise<T>,
  withinMs = 5_000,
): Promise<Exclude<T, undefined | null | false>> {
  const endsAtMs = fairMs() + withinMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value as Exclude<T, undefined | null | false>;
    if (fairMs() > endsAtMs) throw new Error(`did not come true within ${withinMs} ms: ${condition}`);
    await Bun.sleep(2);
  }
}
