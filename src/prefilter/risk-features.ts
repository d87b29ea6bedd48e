/** Features of the learned risk beside its n-grams: counts of word groups and the text's form. Training and scoring both call this. */
import type { Hits } from "../text/automaton.ts";
import type { Folded } from "../text/fold.ts";
import { G } from "../text/words.ts";
import { followed } from "./recipes.ts";

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
  G.warning,
  G.brand,
  G.free,
  G.contact,
  G.payment,
  G.sell,
  G.bargain,
  G.ticket,
  G.goods,
  G.earn,
  G.share,
  G.teach,
  G.download,
  G["archive-pass"],
  G["av-off"],
  G["test-ask"],
  G.cheat,
  G.qr,
  G.verify,
  G["account-threat"],
  G.staff,
  G["reported-you"],
  G.promo,
  G.gamble,
  G.report,
] as const;

const RISK_FEATURES = COUNTED.length + 6;

const features = new Float64Array(RISK_FEATURES);

/** Reused: valid until the next call. */
export function riskFeatures(
  text: string,
  { letters, upper, emoji, length }: Folded,
  hits: Hits,
  links: number,
  strangeLink: boolean,
): Float64Array {
  for (let i = 0; i < COUNTED.length; i++) features[i] = Math.min(2, hits.counts[COUNTED[i] ?? 0] ?? 0);
  features[COUNTED.length] = letters > 10 ? upper / letters : 0;
  features[COUNTED.length + 1] = Math.min(4, emoji) / 4;
  features[COUNTED.length + 2] = Math.min(3, links) / 3;
  features[COUNTED.length + 3] = Math.min(1, length / 300);
  features[COUNTED.length + 4] = strangeLink ? 1 : 0;
  features[COUNTED.length + 5] = Math.min(3, followed(text, hits, strangeLink));
  return features;
}
