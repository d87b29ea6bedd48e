/** Waits for a condition, never for a time; names what did not come true. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const endsAtMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endsAtMs) throw new Error(`did not come true within ${withinMs} ms: ${condition}`);
    await Bun.sleep(2);
  }
}
