/** What the learned risk weighs beside its n-grams: counts of word groups and the text's form. Training and scoring both call this. */
import type { Hits } from "../text/automaton.ts";
import type { Folded } from "../text/fold.ts";
import { G } from "../text/words.ts";

const COUNTED = [
  G.slur,
  G.insult,
  G.vulgar,
  G.threat,
  G.you,
  G["gift-lure"],
  G["crypto-lure"],
  G["money-lure"],
  G["adult-lure"],
  G["betting-lure"],
  G.urgency,
  G.everyone,
] as const;

const RISK_FEATURES = COUNTED.length + 4;

const features = new Float64Array(RISK_FEATURES);

/** Reused: valid until the next call. */
export function riskFeatures({ letters, upper, emoji, length }: Folded, hits: Hits, links: number): Float64Array {
  for (let i = 0; i < COUNTED.length; i++) features[i] = Math.min(2, hits.counts[COUNTED[i] ?? 0] ?? 0);
  features[COUNTED.length] = letters > 10 ? upper / letters : 0;
  features[COUNTED.length + 1] = Math.min(4, emoji) / 4;
  features[COUNTED.length + 2] = Math.min(3, links) / 3;
  features[COUNTED.length + 3] = Math.min(1, length / 300);
  return features;
}
