/**
 * Signs → clear, certain or ask-the-model. `certain` is for what no sane moderator doubts: at least two signs of different
 * kinds, one of them strong, none of them a mere note, and nobody warning others. Everything in between is the model's.
 */

import { G } from "../text/words.ts";
import { abuseWords } from "./abuse.ts";
import { floods } from "./floods.ts";
import type { Kind, Look, Sign } from "./look.ts";
import { lures } from "./lures.ts";
import type { PrefilterMemory } from "./memory.ts";
import { massMentions } from "./mentions.ts";
import { noise } from "./noise.ts";
import { learned, type RiskOf } from "./risk.ts";
import { scamLinks } from "./scam-links.ts";

export type Verdict = {
  readonly moderation: "clear" | "certain" | "ask-the-model";
  readonly risk: number;
  readonly signals: readonly { readonly name: string; readonly saw: string }[];
};

export function judge(look: Look, memory: PrefilterMemory, riskOf: RiskOf): Verdict {
  const signs: Sign[] = [];
  if (look.links.length > 0 || look.text.includes("](")) scamLinks(look, signs);
  lures(look, signs);
  massMentions(look, signs);
  floods(look, memory, signs);
  noise(look, signs);
  abuseWords(look, signs);
  const risk = riskOf(look);
  learned(risk, signs);
  const base = Math.max(risk.abuse, risk.scam);
  if (signs.length === 0) return { moderation: "clear", risk: base, signals: NONE };

  const moderation = isCertain(look, signs)
    ? "certain"
    : signs.some(({ weight }) => weight !== "note")
      ? "ask-the-model"
      : "clear";
  // Independent signs add up like chances: the risk that none of them is right shrinks.
  const doubt = signs.reduce((left, sign) => left * (1 - sign.risk), 1);
  return { moderation, risk: Math.max(base, 1 - doubt), signals: signs.map(({ name, saw }) => ({ name, saw })) };
}

const NONE: Verdict["signals"] = [];

function isCertain({ hits }: Look, signs: readonly Sign[]): boolean {
  if ((hits.counts[G.warning] ?? 0) > 0) return false;
  return signs.some((sign) => sign.weight === "strong" && signs.some((other) => confirms(other, sign)));
}

/** Does `other` say of its own that `sign` is right? */
function confirms(other: Sign, sign: Sign): boolean {
  if (other.kind === sign.kind || other.weight === "note") return false;
  if (other.weight === "strong") return true;
  // What was learned is one text's likeness to others; form is taste. Writing fast is no crime that an odd word or host confirms.
  if (other.kind === "learned" || other.kind === "form") return false;
  return sign.kind === "rate" || sign.kind === "repeat" ? CONFIRMS_FLOOD.has(other.kind) : true;
}

const CONFIRMS_FLOOD: ReadonlySet<Kind> = new Set<Kind>(["rate", "repeat", "mention", "words"]);
