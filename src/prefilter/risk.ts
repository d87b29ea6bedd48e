/**
 * The learned risk of a text: two linear models over hashed n-grams (abuse, scam), each corrected by word groups and form.
 * English and Turkish; trained by bench/train/prefilter.ts, whose header says on what and with which result.
 */
import { isWordByte } from "../text/fold.ts";
import { gramScores, type PackedGrams, sigmoid, unpackGrams } from "../text/grams.ts";
import { maskLinks } from "../text/links.ts";
import { G } from "../text/words.ts";
import type { Sign, TextLook } from "./look.ts";
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
/** The same for abuse in a text that speaks to nobody. */
const UNAIMED_MIN = 0.6;
/** The same for a scam in a text that leads only where everybody goes. */
const KNOWN_HOSTS_MIN = 0.8;

export type RiskOf = (look: TextLook) => Risk;

/** The shipped weights. */
export const riskOf: RiskOf = createRisk(weights.abuse, weights.scam);

/** Reads the folded text last of all: links are masked in it. */
export function createRisk(abuseHead: RiskHead, scamHead: RiskHead): RiskOf {
  const abuse = unpackGrams(abuseHead.grams);
  const scam = unpackGrams(scamHead.grams);
  return ({ text, folded, hits, links, domains }) => {
    if (folded.letters === 0) return NO_RISK;
    const strange = domains.some(({ kind }) => kind !== "known");
    const features = riskFeatures(text, folded, hits, links.length, strange);
    maskLinks(folded, links);
    if (links.length > 0 && wordless(folded)) return NO_RISK;
    const { first, second } = gramScores(abuse, scam, folded.bytes, 0, folded.length);
    return { abuse: probability(abuseHead, first, features), scam: probability(scamHead, second, features) };
  };
}

/** The text is links alone: their hosts decide. */
function wordless({ bytes, length }: TextLook["folded"]): boolean {
  let letters = 0;
  for (let i = 0; i < length; i++) if (isWordByte(bytes[i] ?? 32) && ++letters >= LETTERS_MIN) return false;
  return true;
}

const LETTERS_MIN = 4;
const NO_RISK: Risk = { abuse: 0, scam: 0 };

/**
 * `reports`: who tells of a scam or an insult writes like one; the scores are notes then. Swearing that speaks to nobody (at a compiler,
 * at oneself) must score higher to be looked at, and so must a text whose every link leads to a known host: of harmful texts one in a
 * hundred is lost by the first and none by the second; a third of the benign ones that went to the model are spared.
 */
export function learned(risk: Risk, reports: boolean, { hits, domains }: TextLook, signs: Sign[]): void {
  const aimed = (hits.counts[G.you] ?? 0) > 0;
  const settled = domains.length > 0 && domains.every(({ kind }) => kind === "known");
  const weigh = (score: number, most: number) => (reports || score < most ? "note" : "weak");
  if (risk.abuse >= RISK_MIN) {
    const weight = weigh(risk.abuse, aimed ? RISK_MIN : UNAIMED_MIN);
    signs.push({ name: "learned-abuse", saw: percent(risk.abuse), weight, kind: "learned", risk: risk.abuse });
  }
  if (risk.scam >= RISK_MIN) {
    const weight = weigh(risk.scam, settled ? KNOWN_HOSTS_MIN : RISK_MIN);
    signs.push({ name: "learned-scam", saw: percent(risk.scam), weight, kind: "learned", risk: risk.scam });
  }
}

function percent(score: number): string {
  return String(Math.round(score * 100));
}

function probability(head: RiskHead, grams: number, features: Float64Array): number {
  let logit = head.bias + head.gram * grams;
  for (let i = 0; i < features.length; i++) logit += (features[i] ?? 0) * (head.features[i] ?? 0);
  return sigmoid(logit);
}
