/**
 * Resolves once `work` is over, however it ended, and keeps nothing of what came of it: for whoever only waits for its turn. A promise
 * that is kept keeps its value.
 */
export function settled(work: Promise<unknown>): Promise<void> {
  return work.then(ignore, ignore);
}

function ignore(): void {}
