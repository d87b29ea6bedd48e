/**
 * How many of the passages that were found a model is told: what scores far below the best one hardly ever holds the answer, and each is paid
 * for. A quote is still chosen among all of them. Pure.
 */
import type { RankedPassage } from "../knowledge.ts";

/** Passages looked for; the same number a person would skim. */
export const PASSAGES_MAX = 8;
const TOLD_MIN = 3;
/** Of the best one's score. Of 196 questions whose answer was among all passages, one loses it (`bench answers`). */
const SCORE_SHARE_MIN = 0.4;

/** Of `ranked`, best first: the first so many. */
export function worthTelling(ranked: readonly RankedPassage[]): number {
  const least = (ranked[0]?.score ?? 0) * SCORE_SHARE_MIN;
  const poor = ranked.findIndex(({ score }, place) => place >= TOLD_MIN && score < least);
  return poor < 0 ? ranked.length : poor;
}
