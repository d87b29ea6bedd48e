/**
 * At most so much of one guild's work at once; the rest waits in the order in which it came. A raid's thousands would otherwise all
 * wait for the store at the same time, until most were over its deadline.
 */
export type Gate = <T>(whose: string, work: () => Promise<T>) => Promise<T>;

export function createGate(atOnce: number): Gate {
  /** Has an entry while somebody is inside. */
  const lines = new Map<string, { inside: number; readonly waiting: (() => void)[] }>();

  async function enter(whose: string): Promise<void> {
    const line = lines.get(whose) ?? { inside: 0, waiting: [] };
    lines.set(whose, line);
    if (line.inside < atOnce) line.inside++;
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
  }

  /** The place goes to whoever waited longest. */
  function leave(whose: string): void {
    const line = lines.get(whose);
    if (line === undefined) return;
    const next = line.waiting.shift();
    if (next !== undefined) next();
    else if (--line.inside === 0) lines.delete(whose);
  }

  return async (whose, work) => {
    await enter(whose);
    try {
      return await work();
    } finally {
      leave(whose);
    }
  };
}
