/** Trains the two text scores of src/prefilter/risk.ts: n-grams first, then a small head over their held-out logits and the word groups. */

import { judgeDomain } from "../../src/prefilter/domains.ts";
import type { RiskHead } from "../../src/prefilter/risk.ts";
import { riskFeatures } from "../../src/prefilter/risk-features.ts";
import { fold } from "../../src/text/fold.ts";
import { type PackedGrams, unpackGrams } from "../../src/text/grams.ts";
import { linksOf, maskLinks } from "../../src/text/links.ts";
import { words } from "../../src/text/words.ts";
import { gramsOf, type Sample, scoreGrams, trainGrams } from "./linear.ts";
import { FOLDS, type TextRow } from "./moderation-data.ts";

export type RiskSample = Sample & { readonly row: TextRow; readonly features: Float64Array };

const GRAMS = { epochs: 3, rate: 0.2, decay: 1e-3, seed: 7 };
/** Chat is taken for clean without having been read: it counts less than what people labelled. */
const CHAT_WEIGHT = 0.3;
/** Our own lines are few beside what was gathered, and nearer to what the prefilter meets. */
const OWN_WEIGHT = 4;

export function riskSample(row: TextRow): RiskSample {
  const folded = fold(row.text);
  const hits = words.scan(folded);
  const links = linksOf(row.text, folded);
  const strange = links.some(({ host }) => judgeDomain(host).kind !== "known");
  const features = riskFeatures(row.text, folded, hits, links.length, strange).slice();
  maskLinks(folded, links);
  const grams = gramsOf(folded.bytes, 0, folded.length);
  return {
    row,
    features,
    grams,
    label: row.label,
    weight: row.set === "chat" ? CHAT_WEIGHT : row.set === "own" ? OWN_WEIGHT : 1,
  };
}

/** Table sizes as powers of two; the share of clean chat that each score may send to the model. */
const SCORES = { abuse: { bits: 16, chatShare: 0.02 }, scam: { bits: 14, chatShare: 0.005 } };

export type TrainedRisk = { readonly head: RiskHead; readonly bar: number };

/** Shifted so that 0.5 is the bar. */
export function shipRisk({ head, bar }: TrainedRisk): RiskHead {
  return { ...head, bias: Number((head.bias - bar).toFixed(4)) };
}

export function trainRiskHead(samples: readonly RiskSample[], kind: keyof typeof SCORES): TrainedRisk {
  const { bits, chatShare } = SCORES[kind];
  // The head must see logits like those of texts that training never saw: by the same folds, each from the others.
  const logits = new Float64Array(samples.length);
  for (let k = 0; k < FOLDS; k++) {
    const model = unpackGrams(
      trainGrams(
        samples.filter((s) => s.row.fold !== k),
        { ...GRAMS, bits },
      ),
    );
    samples.forEach((sample, i) => {
      if (sample.row.fold === k) logits[i] = scoreGrams(model, sample.grams);
    });
  }
  const head = trainHead(samples, logits, trainGrams(samples, { ...GRAMS, bits }));
  const chat = samples.flatMap((sample, i) =>
    sample.row.set === "chat" ? [logitOf(head, logits[i] ?? 0, sample.features)] : [],
  );
  const bar = chat.sort((a, b) => b - a)[Math.floor(chat.length * chatShare)] ?? 0;
  return { head, bar };
}

/** Logistic regression by gradient descent with momentum: few weights, all rows each step. */
function trainHead(samples: readonly RiskSample[], logits: Float64Array, grams: PackedGrams): RiskHead {
  const size = (samples[0]?.features.length ?? 0) + 2;
  const weights = new Float64Array(size);
  weights[1] = 1;
  const speed = new Float64Array(size);
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  for (let step = 0; step < 400; step++) {
    const gradient = new Float64Array(size);
    samples.forEach(({ features, label, weight }, i) => {
      let logit = (weights[0] ?? 0) + (weights[1] ?? 0) * (logits[i] ?? 0);
      for (let f = 0; f < features.length; f++) logit += (weights[f + 2] ?? 0) * (features[f] ?? 0);
      const error = ((1 / (1 + Math.exp(-logit)) - label) * weight) / total;
      gradient[0] = (gradient[0] ?? 0) + error;
      gradient[1] = (gradient[1] ?? 0) + error * (logits[i] ?? 0);
      for (let f = 0; f < features.length; f++) gradient[f + 2] = (gradient[f + 2] ?? 0) + error * (features[f] ?? 0);
    });
    for (let f = 0; f < size; f++) {
      speed[f] = 0.9 * (speed[f] ?? 0) + (gradient[f] ?? 0) + 1e-5 * (weights[f] ?? 0);
      weights[f] = (weights[f] ?? 0) - 0.8 * (speed[f] ?? 0);
    }
  }
  const [bias = 0, gram = 1, ...features] = [...weights].map((w) => Number(w.toFixed(4)));
  return { grams, bias, gram, features };
}

function logitOf({ bias, gram, features: weights }: RiskHead, grams: number, features: Float64Array): number {
  return features.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), bias + gram * grams);
}
