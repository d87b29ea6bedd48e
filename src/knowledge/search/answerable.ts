/**
 * The probability that the knowledge base holds the answer: a logistic regression over features of the ranking. No feature depends on
 * one corpus' units. Weights are trained by `bench/train/answerable.ts` on the even half of the questions.
 */
import trained from "./answerable.weights.json" with { type: "json" };
import { coverage } from "./query.ts";
import type { Ranked } from "./rank.ts";

export const FEATURES = [
  "bias",
  /** Share of the question (rare words count more) in the best passage, and in the one of the best five that has most. */
  "coverageTop",
  "coverageBestOfFive",
  /** The same in title and headings. */
  "coverageAbove",
  /** The same in the whole knowledge base: words nobody wrote tell of another subject. */
  "known",
  /** The question's neighbours standing together in the best passage. */
  "nearness",
  /** Share of the best passage's title that the question has. */
  "titleAsked",
  "words",
  /** The more there is, the more of any question is found by chance. */
  "size",
] as const;

/** Outside these bounds the learned slope means nothing. */
const SIZE_MIN = 50;
const SIZE_MAX = 20_000;

/** 95 of 100 questions that the knowledge base answers are above this, on the median of the corpora it was trained on. */
export const ANSWERABLE_MIN: number = trained.keeps95;

/** 0…1; 0 when nothing of the question was found. */
export function answerable(ranked: Ranked): number {
  const values = features(ranked);
  return values === null ? 0 : logistic(values, trained.weights);
}

export function logistic(values: readonly number[], weights: readonly number[]): number {
  return 1 / (1 + Math.exp(-values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0)));
}

/** One for each of FEATURES; null when nothing was found. */
export function features({ query, candidates, passages }: Ranked): readonly number[] | null {
  const top = candidates[0];
  if (top === undefined || query.words.length === 0) return null;
  const all = query.words.reduce((sum, w) => sum + w.weight * w.rarity, 0);
  const known = query.words.reduce(
    (sum, w) => sum + w.weight * w.rarity * Math.max(0, ...w.terms.map((t) => t.weight)),
    0,
  );
  const five = candidates.slice(0, 5);
  return [
    1,
    coverage(query, top.look.found),
    Math.max(...five.map((c) => coverage(query, c.look.found))),
    Math.max(...five.map((c) => coverage(query, c.look.foundAbove))),
    known / Math.max(1, all),
    top.look.nearness / Math.max(1, all),
    top.look.titleAsked,
    Math.log(query.words.length),
    Math.log(Math.min(SIZE_MAX, Math.max(SIZE_MIN, passages))),
  ];
}
