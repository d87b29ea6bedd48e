/**
 * From which score on a line of a channel is considered. Channels differ: in one every third line asks, in another everybody is
 * in the middle of a talk. A channel's bar rises a little with each line that passes and sinks with each that does not, until
 * the agreed share passes (stochastic approximation; Robbins and Monro 1951), within bounds, so that a channel of small talk
 * does not become a channel of questions. Whoever was just considered must say more than then to be considered again while few
 * lines of the channel have passed: a request is found once, what follows it is mostly the talk about it.
 */

export type Bar = {
  /** A logit. */
  level: number;
  /** How many lines of people there were. */
  lines: number;
  /** Author → their line that last passed. */
  readonly passed: Map<string, Passed>;
};

type Passed = {
  readonly atMs: number;
  /** In the channel's count. */
  readonly place: number;
  /** The best of theirs lately. */
  readonly logit: number;
};

/** Of a channel's lines this share is to be considered, so far as its own bar can be moved for it. */
const CONSIDERED_SHARE = 0.195;
const STEP = 0.05;
/** A new channel's bar finds its place faster. */
const FIRST_STEP = 0.2;
const LEVEL_MIN = -2.5;
const LEVEL_MAX = 2;

/** How much higher the bar is for the author of the line just considered; it falls by e in so many lines. */
const AGAIN = 4;
const AGAIN_LINES = 12;
const AGAIN_MS = 60 * 60_000;
/** By so much a line must outdo their best to pass all the same. */
const OUTDONE = 0.5;
const AUTHORS_MAX = 128;

export function createBar(): Bar {
  return { level: 0, lines: 0, passed: new Map() };
}

/** The logit that a line of this author must reach. */
export function barFor({ level, lines, passed }: Bar, author: string, atMs: number): number {
  const last = passed.get(author);
  if (last === undefined || atMs - last.atMs > AGAIN_MS) return level;
  const again = level + AGAIN * Math.exp((last.place + 1 - lines) / AGAIN_LINES);
  return Math.min(again, Math.max(level, last.logit + OUTDONE));
}

/** After each line of a person: what did it score, did it pass? */
export function moveBar(bar: Bar, author: string, atMs: number, logit: number, passed: boolean): void {
  const step = Math.max(STEP, 1 / (1 / FIRST_STEP + bar.lines));
  bar.level = Math.min(LEVEL_MAX, Math.max(LEVEL_MIN, bar.level + step * ((passed ? 1 : 0) - CONSIDERED_SHARE)));
  const place = bar.lines++;
  if (!passed) return;
  const before = bar.passed.get(author);
  const best = before !== undefined && atMs - before.atMs <= AGAIN_MS ? Math.max(logit, before.logit) : logit;
  bar.passed.delete(author);
  bar.passed.set(author, { atMs, place, logit: best });
  if (bar.passed.size <= AUTHORS_MAX) return;
  const [oldest] = bar.passed.keys();
  if (oldest !== undefined) bar.passed.delete(oldest);
}
