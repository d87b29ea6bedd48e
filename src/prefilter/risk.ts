/**
 * The learned risk of a text: two linear models over hashed n-grams (abuse, scam), each corrected by word groups and form.
 * English and Turkish; trained by bench/train/prefilter.ts, whose header says on what and with which result.
 */
import { gramScore, type PackedGrams, sigmoid, unpackGrams } from "../text/grams.ts";
import { maskLinks } from "../text/links.ts";
import type { Look, Sign } from "./look.ts";
import weights from "./risk.weights.json" with { type: "json" };
import { riskFeatures } from "./risk-features.ts";

export type RiskHead = {
  readonly grams: PackedGrams;
  /** Logit = bias + gram × the n-grams' logit + Σ features × weights. */
  readonly bias: number;
  readonly gram: number;
  readonly features: readonly number[];
};

export type Risk = { readonly abuse: number; readonly scam: number };

/** From here a model looks at the message. Training shifts both scores so that this is the agreed share of clean chat. */
const RISK_MIN = 0.5;

export type RiskOf = (look: Look) => Risk;

/** The shipped weights. */
export const riskOf: RiskOf = createRisk(weights.abuse, weights.scam);

/** Reads the folded text last of all: links are masked in it. */
export function createRisk(abuseHead: RiskHead, scamHead: RiskHead): RiskOf {
  const abuse = unpackGrams(abuseHead.grams);
  const scam = unpackGrams(scamHead.grams);
  return ({ folded, hits, links }) => {
    if (folded.letters === 0) return NO_RISK;
    maskLinks(folded, links);
    const features = riskFeatures(folded, hits, links.length);
    return {
      abuse: probability(abuseHead, gramScore(abuse, folded.bytes, 0, folded.length), features),
      scam: probability(scamHead, gramScore(scam, folded.bytes, 0, folded.length), features),
    };
  };
}

const NO_RISK: Risk = { abuse: 0, scam: 0 };

export function learned(risk: Risk, signs: Sign[]): void {
  if (risk.abuse >= RISK_MIN) {
    signs.push({
      name: "learned-abuse",
      saw: risk.abuse.toFixed(2),
      weight: "weak",
      kind: "learned",
      risk: risk.abuse,
    });
  }
  if (risk.scam >= RISK_MIN) {
    signs.push({ name: "learned-scam", saw: risk.scam.toFixed(2), weight: "weak", kind: "learned", risk: risk.scam });
  }
}

function probability(head: RiskHead, grams: number, features: Float64Array): number {
  let logit = head.bias + head.gram * grams;
  for (let i = 0; i < features.length; i++) logit += (features[i] ?? 0) * (head.features[i] ?? 0);
  return sigmoid(logit);
}
