/**
 * At most so much of one guild's work at once; the rest waits in the order in which it came. A raid's thousands would otherwise all
 * wait for the store at the same time, until most were over its deadline. The first few go before the others begin, and each that is
 * through makes room for one more: beside hundreds every step of the first would wait for the same step of all.
 */
export type Gate = <T>(whose: string, work: () => Promise<T>) => Promise<T>;

/** `firstAtOnce`: so many begin, where nobody was inside. */
export function createGate(atOnceMax: number, firstAtOnce = atOnceMax): Gate {
  /** Has an entry while somebody is inside. */
  const lines = new Map<string, { inside: number; room: number; readonly waiting: (() => void)[] }>();

  async function enter(whose: string): Promise<void> {
    const line = lines.get(whose) ?? { inside: 0, room: firstAtOnce, waiting: [] };
    lines.set(whose, line);
    if (line.inside < line.room) line.inside++;
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
  }

  /** Free places go to the longest waiting. */
  function leave(whose: string): void {
    const line = lines.get(whose);
    if (line === undefined) return;
    line.room = Math.min(atOnceMax, line.room + 1);
    line.inside--;
    for (; line.inside < line.room && line.waiting.length > 0; line.inside++) line.waiting.shift()?.();
    if (line.inside === 0) lines.delete(whose);
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
