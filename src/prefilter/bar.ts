/**
 * From which score on a line of a channel is considered. Channels differ: in one every third line asks, in another everybody is
 * in the middle of a talk. A channel's bar rises a little with each line that passes and sinks with each that does not, until
 * the agreed share passes (stochastic approximation; Robbins and Monro 1951), within bounds, so that a channel of small talk
 * does not become a channel of questions. Whoever was just considered must say more to be considered again at once.
 */

export type Bar = {
  /** A logit. */
  level: number;
  /** Author → when a line of theirs last passed. */
  readonly passedAtMs: Map<string, number>;
};

/** Of a channel's lines this share is to be considered, so far as its own bar can be moved for it. */
const CONSIDERED_SHARE = 0.19;
const STEP = 0.05;
const LEVEL_MIN = -2;
const LEVEL_MAX = 1.5;

const AGAIN = 1;
const AGAIN_MS = 2 * 60_000;
const AUTHORS_MAX = 128;

export function createBar(): Bar {
  return { level: 0, passedAtMs: new Map() };
}

/** The logit that a line of this author must reach. */
export function barFor({ level, passedAtMs }: Bar, author: string, atMs: number): number {
  const passed = passedAtMs.get(author);
  return passed !== undefined && atMs - passed <= AGAIN_MS ? level + AGAIN : level;
}

/** After each line of a person: did it pass? */
export function moveBar(bar: Bar, author: string, atMs: number, passed: boolean): void {
  bar.level = Math.min(LEVEL_MAX, Math.max(LEVEL_MIN, bar.level + STEP * ((passed ? 1 : 0) - CONSIDERED_SHARE)));
  if (!passed) return;
  bar.passedAtMs.delete(author);
  bar.passedAtMs.set(author, atMs);
  if (bar.passedAtMs.size <= AUTHORS_MAX) return;
  const [oldest] = bar.passedAtMs.keys();
  if (oldest !== undefined) bar.passedAtMs.delete(oldest);
}
