/**
 * Writes that wait for each other go together. A guild's cases are written one transaction after the other, under the lock of its
 * chain's head: of a raid hundreds would each hold a connection of the store only to wait for that lock, until all were over their
 * deadline. So one transaction a guild runs, and what comes meanwhile is the next one, as a whole. Whoever comes alone waits for nobody.
 */
import { AppError } from "../errors.ts";

type Waiting<Item, Result> = {
  readonly items: readonly Item[];
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (error: unknown) => void;
};

/** `write` answers one result an item, in their order, and runs for at most `max` calls at once of one `whose`. */
export function inBatches<Whose, Item, Result>(
  write: (whose: Whose, items: readonly Item[]) => Promise<readonly Result[]>,
  max: number,
): (whose: Whose, items: readonly Item[]) => Promise<readonly Result[]> {
  /** Has an entry while something is written. */
  const queues = new Map<Whose, Waiting<Item, Result>[]>();

  async function writeSome(whose: Whose, some: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await write(
        whose,
        some.flatMap(({ items }) => items),
      );
      let at = 0;
      for (const { items, resolve } of some) {
        resolve(results.slice(at, at + items.length));
        at += items.length;
      }
    } catch (error) {
      // An error of one write fails that write alone; an absent store fails all of them.
      if (some.length > 1 && !(error instanceof AppError)) for (const one of some) await writeSome(whose, [one]);
      else for (const { reject } of some) reject(error);
    }
  }

  async function writeAll(whose: Whose, queue: Waiting<Item, Result>[]): Promise<void> {
    while (queue.length > 0) await writeSome(whose, queue.splice(0, max));
    queues.delete(whose);
  }

  return (whose, items) =>
    new Promise((resolve, reject) => {
      const one = { items, resolve, reject };
      const queue = queues.get(whose);
      if (queue !== undefined) {
        queue.push(one);
        return;
      }
      const mine = [one];
      queues.set(whose, mine);
      void writeAll(whose, mine);
    });
}
