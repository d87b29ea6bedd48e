/**
 * How likely the knowledge base holds the answer: a logistic regression over what ranking saw, none of it in the units of one
 * corpus. Weights are trained by `bench/train-answerable.ts` on the even half of the questions.
 */
import { coverage } from "./query.ts";
import type { Ranked } from "./rank.ts";

export const FEATURES = [
  "bias",
  "topOfIdeal",
  "coverageTop",
  "coverageBestOfFive",
  "coverageAbove",
  "known",
  "gap",
  "nearness",
  "titleAsked",
  "words",
] as const;

const TRAINED: readonly number[] = [-2, 2, 2, 2, 0, 1, 0, 0, 0, 0];

/** 0…1; 0 when nothing of the question was found. */
export function answerable(ranked: Ranked): number {
  const values = features(ranked);
  if (values === null) return 0;
  const sum = values.reduce((total, value, i) => total + value * (TRAINED[i] ?? 0), 0);
  return 1 / (1 + Math.exp(-sum));
}

export function features({ query, candidates }: Ranked): readonly number[] | null {
  const top = candidates[0];
  if (top === undefined || query.words.length === 0) return null;
  const known = query.words.reduce((sum, w) => sum + (w.terms.length > 0 ? w.weight * w.rarity : 0), 0);
  const all = query.words.reduce((sum, w) => sum + w.weight * w.rarity, 0);
  const tenth = candidates[Math.min(9, candidates.length - 1)] ?? top;
  return [
    1,
    top.score / Math.max(1, all),
    coverage(query, top.look.found),
    Math.max(...candidates.slice(0, 5).map((c) => coverage(query, c.look.found))),
    Math.max(...candidates.slice(0, 5).map((c) => coverage(query, c.look.foundAbove))),
    known / Math.max(1, all),
    (top.score - tenth.score) / Math.max(1, top.score),
    top.look.nearness / Math.max(1, all),
    top.look.titleAsked,
    Math.log(query.words.length),
  ];
}
