/** Slurs, insults and threats by their words. A word may be quoted: only a slur that comes with a threat, at somebody, is a strong sign. */

import { G } from "../text/words.ts";
import { type Sign, sawGroup, type TextLook } from "./look.ts";

/** `reports`: the author tells of it or quotes it. */
export function abuseWords(look: TextLook, reports: boolean, signs: Sign[]): void {
  const { hits } = look;
  if ((hits.groups & ANY) === 0) return;
  const slur = (hits.counts[G.slur] ?? 0) > 0;
  const threat = (hits.counts[G.threat] ?? 0) > 0;
  const insults = hits.counts[G.insult] ?? 0;
  const at = (hits.counts[G.you] ?? 0) > 0;
  if (slur) {
    const saw = sawGroup(look, G.slur);
    signs.push({
      name: "slur",
      saw,
      weight: reports ? "note" : at && (threat || insults > 0) ? "strong" : "weak",
      kind: "abuse",
      risk: 0.7,
    });
  }
  if (threat) signs.push({ name: "threat", saw: sawGroup(look, G.threat), weight: "weak", kind: "threat", risk: 0.65 });
  if (insults > 0) {
    signs.push({ name: "insult", saw: sawGroup(look, G.insult), weight: "note", kind: "abuse", risk: at ? 0.45 : 0.3 });
  }
}

const ANY = (1 << G.slur) | (1 << G.threat) | (1 << G.insult);
