/**
 * Signs → clear, certain or ask-the-model. `certain` is only what needs no judgement: a known scam domain, a flood, more mentions than
 * the admin allows, the admin's own word or pattern; a link that imitates a brand or hides its target beside the words of a gift;
 * one text by many newcomers. It is never said of a text that reports, quotes, questions or warns. What is not certain and no mere note is the model's.
 */

import { abuseWords } from "./abuse.ts";
import { evasion } from "./evasion.ts";
import { floods } from "./floods.ts";
import { type GuildFilter, ownRules } from "./guild-filter.ts";
import type { Sign, TextLook } from "./look.ts";
import { lures } from "./lures.ts";
import type { PrefilterMemory } from "./memory.ts";
import { massMentions } from "./mentions.ts";
import { newcomers } from "./newcomers.ts";
import { noise } from "./noise.ts";
import { recipes } from "./recipes.ts";
import { type Reporting, reportingOf } from "./reporting.ts";
import { learned, type RiskOf } from "./risk.ts";
import { scamLinks } from "./scam-links.ts";

export type Verdict = {
  readonly moderation: "clear" | "certain" | "ask-the-model";
  readonly risk: number;
  readonly signals: readonly { readonly name: string; readonly saw: string }[];
};

export function judge(look: TextLook, memory: PrefilterMemory, riskOf: RiskOf, filter: GuildFilter): Verdict {
  const signs: Sign[] = [];
  const reporting = reportingOf(look);
  const { reports } = reporting;
  if (look.links.length > 0 || look.text.includes("](")) scamLinks(look, reports, signs);
  lures(look, reports, signs);
  recipes(look, reports, signs);
  massMentions(look, filter.mentionsMax, signs);
  floods(look, memory, signs);
  noise(look, signs);
  abuseWords(look, reports, signs);
  evasion(look, signs);
  ownRules(look, filter, signs);
  // Last of all: the learned score masks the links in the folded text.
  const risk = riskOf(look);
  learned(risk, reports, look, signs);
  newcomers(look, signs);
  const base = Math.max(risk.abuse, risk.scam);
  if (signs.length === 0) return { moderation: "clear", risk: base, signals: NONE };

  const moderation = isCertain(signs, reporting)
    ? "certain"
    : signs.some(({ weight }) => weight !== "note")
      ? "ask-the-model"
      : "clear";
  // Independent signs add up like chances: the risk that none of them is right shrinks.
  const doubt = signs.reduce((left, sign) => left * (1 - sign.risk), 1);
  return { moderation, risk: Math.max(base, 1 - doubt), signals: signs.map(({ name, saw }) => ({ name, saw })) };
}

const NONE: Verdict["signals"] = [];

function isCertain(signs: readonly Sign[], { doubtful }: Reporting): boolean {
  // Writing too fast is no matter of words: nobody reports fourteen times in ten seconds.
  if (signs.some(({ weight, kind }) => weight === "sure" && (kind === "rate" || kind === "repeat"))) return true;
  if (doubtful) return false;
  return signs.some(
    (sign) =>
      sign.weight === "sure" ||
      ((sign.name === "look-alike-domain" || sign.name === "masked-link") &&
        signs.some(({ name, weight }) => weight === "weak" && GIFTS.has(name))) ||
      (sign.name === "raid" && sign.weight === "strong" && signs.some(({ kind }) => kind === "newcomer")),
  );
}

/** Words for such links' purposes. */
const GIFTS: ReadonlySet<Sign["name"]> = new Set<Sign["name"]>(["gift-lure", "wallet-lure"]);
