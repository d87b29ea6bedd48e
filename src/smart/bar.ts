/**
 * From which score on a line of a channel is considered: by the line's own merit, which is a fixed bar, as
 * long as no more lines pass than the channel asks.
 *
 * Algorithm: how many of a channel's lines ask is counted over its last lines (an exponential mean of lines that ask by their own
 * words). Considered is at most about that share, and never more than a quarter: where more pass, the bar rises until fewer do,
 * and it sinks back to merit and not below (stochastic approximation; Robbins and Monro 1951). So a channel of social posts, whose
 * long lines look like requests to a forest grown in help channels, costs next to nothing. A bar that steers every channel
 * to one share does not: it finds requests where nobody asks. Whoever was just considered must say more than then to be
 * considered again while few lines of the channel have passed: a request is found once, what follows is mostly the talk about it.
 */

export type Bar = {
  /** A logit. */
  level: number;
  /** Which part of the channel's lines ask, lately. */
  asking: number;
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

/** What a line is worth by itself; the bar is never lower. */
const MERIT = -1.2;
/** A new channel is met with a little more caution. */
const FIRST_LEVEL = 0;
const LEVEL_MAX = 4;
const STEP = 0.05;
/** A new channel's bar finds its place faster. */
const FIRST_STEP = 0.2;
/** However much a channel asks. */
const CONSIDERED_MAX = 0.25;
/** However little: a request among social posts is found all the same. */
const CONSIDERED_MIN = 0.03;
/** What a channel is taken for before its first lines are read, and how many of them outweigh that. */
const ASKING_FIRST = 0.2;
const ASKING_LINES = 100;
const ASKING_LINES_FIRST = 20;

/** How much higher the bar is for the author of the line just considered; it falls by e in so many lines. */
const AGAIN = 4;
const AGAIN_LINES = 12;
const AGAIN_MS = 60 * 60_000;
/** By this much a line must outdo the best of its author to pass all the same. */
const OUTDONE = 0.5;
const AUTHORS_MAX = 128;

export function createBar(): Bar {
  return { level: FIRST_LEVEL, asking: ASKING_FIRST, lines: 0, passed: new Map() };
}

/** The logit that a line of this author must reach. */
export function barFor({ level, lines, passed }: Bar, author: string, atMs: number): number {
  const last = passed.get(author);
  if (last === undefined || atMs - last.atMs > AGAIN_MS) return level;
  const again = level + AGAIN * Math.exp((last.place + 1 - lines) / AGAIN_LINES);
  return Math.min(again, Math.max(level, last.logit + OUTDONE));
}

/** A line of a person, as it went: what it scored, whether it passed, and whether it asks by its own words. */
export type WeighedLine = {
  readonly author: string;
  readonly atMs: number;
  readonly logit: number;
  readonly passed: boolean;
  readonly asks: boolean;
};

export function moveBar(bar: Bar, { author, atMs, logit, passed, asks }: WeighedLine): void {
  bar.asking += ((asks ? 1 : 0) - bar.asking) / Math.min(ASKING_LINES, ASKING_LINES_FIRST + bar.lines);
  const share = Math.min(CONSIDERED_MAX, Math.max(CONSIDERED_MIN, bar.asking));
  const step = Math.max(STEP, 1 / (1 / FIRST_STEP + bar.lines));
  // In parts of the share, so that a bar high above a quiet channel comes down no faster than it rose.
  const moved = ((passed ? 1 : 0) - share) / Math.max(share, 0.1);
  bar.level = Math.min(LEVEL_MAX, Math.max(MERIT, bar.level + step * moved));
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
