/**
 * The probability that the knowledge base holds the answer: a logistic regression over features of the ranking. No feature depends on
 * one corpus' units. Weights are trained by `bench/train/answerable.ts` on the even half of the questions.
 */
import trained from "./answerable.weights.json" with { type: "json" };
import { coverage } from "./query.ts";
import type { PassagesFound } from "./rank.ts";
import { saysNothing } from "./vague.ts";

export const ANSWERABLE_FEATURES = [
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
  /** How surely the two rarest words of the question stand in the best passage. */
  "rarestTwo",
  /** The best passage's score and the fifth one's, of what the question's words could give. */
  "scoreTop",
  "scoreFifth",
  /** Share of the question's words that nobody wrote, nor anything near. */
  "unknown",
  /** It is asked in a language of the knowledge base, or says too little to tell. */
  "language",
] as const;

/** Outside these bounds the learned slope means nothing. */
const SIZE_MIN = 50;
const SIZE_MAX = 20_000;
const SCORE_SHARE_MAX = 2;

/** Smart mode speaks from here on. */
export const ANSWERABLE_MIN = 0.5;
/** From here on nearly every question that the knowledge base answers is kept: calibrated, 95 % of its own and a third of foreign ones. */
export const ADDRESSED_ANSWERABLE_MIN = 0.3;
/** From here on the page that comes nearest is told to who addressed the bot, where no quote of it can be trusted: between the two cuts. */
export const NEAREST_ANSWERABLE_MIN = 0.45;

/** The two cuts in logits of the regression. A base's own come from `calibrate`. */
export type Cuts = { readonly addressed: number; readonly smart: number };

/** Cuts that kept most own and fewest foreign questions over the corpora that the weights were trained on. */
export const UNCALIBRATED: Cuts = { addressed: -1.4, smart: -0.5 };

/** From one cut to the other, in logits of what is told. */
const STEP = Math.log((1 - ADDRESSED_ANSWERABLE_MIN) / ADDRESSED_ANSWERABLE_MIN);
/** The cuts are at least so far apart. */
const CUTS_APART_MIN = 0.4;

/**
 * 0…1; 0 when nothing of the question was found, or it says nothing of what it is about. Scaled so that the base's cuts are ANSWERABLE_MIN and
 * ADDRESSED_ANSWERABLE_MIN.
 */
export function answerable(found: PassagesFound, cuts: Cuts): number {
  const score = logit(found);
  if (score === null || isVague(found)) return 0;
  const apart = Math.max(CUTS_APART_MIN, cuts.smart - cuts.addressed);
  return sigmoid(((score - cuts.smart) / apart) * STEP);
}

/** The regression's sum; null when nothing was found. */
export function logit(found: PassagesFound): number | null {
  const values = features(found);
  return values === null ? null : sumOf(values, trained.weights);
}

/** "it doesn't work": no word of it says what does not; unless a page has just that for its title. */
function isVague({ query, candidates }: PassagesFound): boolean {
  const title = candidates[0]?.look.titleAsked ?? 0;
  return title < 1 && query.words.every(({ surface }) => saysNothing(surface));
}

function sumOf(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** One for each of ANSWERABLE_FEATURES; null when nothing was found. */
export function features({ query, candidates, passages, languages }: PassagesFound): readonly number[] | null {
  const top = candidates[0];
  if (top === undefined || query.words.length === 0) return null;
  const all = query.words.reduce((sum, w) => sum + w.weight * w.rarity, 0);
  const known = query.words.reduce(
    (sum, w) => sum + w.weight * w.rarity * Math.max(0, ...w.terms.map((t) => t.weight)),
    0,
  );
  const five = candidates.slice(0, 5);
  const rarest = query.words
    .map(({ weight, rarity }, place) => ({ place, worth: weight * rarity }))
    .sort((a, b) => b.worth - a.worth)
    .slice(0, 2);
  const scoreShare = (score: number) => Math.min(SCORE_SHARE_MAX, score / Math.max(1, all));
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
    rarest.reduce((sum, { place }) => sum + (top.look.found.get(place) ?? 0), 0) / rarest.length,
    scoreShare(top.score),
    scoreShare(candidates[4]?.score ?? 0),
    query.words.filter((word) => word.terms.length === 0).length / query.words.length,
    query.language === "und" || languages.includes(query.language) ? 1 : 0,
  ];
}
