/**
 * From which score on a line of a channel is considered: by the line's own merit, which is a fixed bar. No share is steered to.
 *
 * Algorithm: two exponential means are kept of a channel, which part of its lines ask by their own words, and which part passed. A
 * channel that is known to ask much, a help channel, is met with less doubt: its bar stands lower. A channel in which nearly
 * everything passes (a flood of questions, a bot that talks like one) is held to a share, so that it does not cost a model call a
 * line. A bar that steers to a share of its lines finds requests where nobody asks. Whoever was just considered must say more
 * than then to be considered again while few lines of the channel have passed: a request is found once, what follows is mostly the talk about it.
 */

export type Bar = {
  /** Which part of the channel's lines ask, and which passed, lately. */
  asking: number;
  share: number;
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

/** Chosen by trial; cross-validation (bench/train/smart.ts) chooses it again, on inner folds of the training data. */
export type BarShape = {
  /** A help channel's bar, as a logit. */
  readonly helpLevel: number;
  /** How much higher the bar is for the author of the line just considered; it falls by e in AGAIN_LINES lines. */
  readonly again: number;
};

export const BAR_SHAPE: BarShape = { helpLevel: -1.2, again: 4 };

/** From ASKING_LOW to ASKING_HIGH of its lines a channel becomes a help channel, once so many lines are known. */
const ASKING_LOW = 0.08;
const ASKING_HIGH = 0.16;
const KNOWN_LINES = 120;
const ASKING_LINES = 100;
/** Above this share of the lines the bar rises, by four logits for each tenth. */
const SHARE_MAX = 0.4;
const RISE = 40;
const SHARE_LINES = 50;

const AGAIN_LINES = 12;
const AGAIN_MS = 60 * 60_000;
/** By this much a line must outdo the best of its author to pass all the same. */
const OUTDONE = 0.5;
const AUTHORS_MAX = 128;

export function createBar(): Bar {
  return { asking: 0, share: 0, lines: 0, passed: new Map() };
}

/** The logit that a line of this author must reach. */
export function barFor(bar: Bar, author: string, atMs: number, shape = BAR_SHAPE): number {
  const { lines, passed } = bar;
  const level = levelOf(bar, shape.helpLevel);
  const last = passed.get(author);
  if (last === undefined || atMs - last.atMs > AGAIN_MS) return level;
  const again = level + shape.again * Math.exp((last.place + 1 - lines) / AGAIN_LINES);
  return Math.min(again, Math.max(level, last.logit + OUTDONE));
}

/** A judged line of a person: its score, whether it passed, and whether it asks by its own words. */
export type WeighedLine = {
  readonly author: string;
  readonly atMs: number;
  readonly logit: number;
  readonly passed: boolean;
  readonly asks: boolean;
};

export function moveBar(bar: Bar, { author, atMs, logit, passed, asks }: WeighedLine): void {
  bar.asking += ((asks ? 1 : 0) - bar.asking) / ASKING_LINES;
  bar.share += ((passed ? 1 : 0) - bar.share) / SHARE_LINES;
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

function levelOf({ asking, share, lines }: Bar, helpLevel: number): number {
  const help = lines < KNOWN_LINES ? 0 : Math.min(1, Math.max(0, (asking - ASKING_LOW) / (ASKING_HIGH - ASKING_LOW)));
  return helpLevel * help + RISE * Math.max(0, share - SHARE_MAX);
}
