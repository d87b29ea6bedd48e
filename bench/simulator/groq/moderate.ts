/**
 * What the stand-in thinks of a chat message: a handful of plain signs per category, and the words
 * of the guild's own rules. Not a moderation model; enough that a demo and a test see both outcomes.
 */
import type { Judged } from "./prompt.ts";
import { coverage, fold, stems, weights } from "./words.ts";

export interface Opinion {
  readonly category: "none" | "scam" | "spam" | "harassment" | "threat" | "hate" | "sexual" | "rule";
  /** 0 harmless … 3 severe. */
  readonly level: 0 | 1 | 2 | 3;
  /** 0..1 */
  readonly confidence: number;
  /** Index of the rule it breaks, or -1. */
  readonly rule: number;
  readonly reason: string;
}

interface Sign {
  readonly category: Opinion["category"];
  readonly level: Opinion["level"];
  readonly reason: string;
  /** Over folded text. */
  readonly pattern: RegExp;
  /** Words that mark a rule as being about this. */
  readonly rule: RegExp;
}

const SIGNS: readonly Sign[] = [
  {
    category: "threat",
    level: 3,
    reason: "threatens a person",
    pattern:
      /\b(?:i(?:'| wi)?ll (?:kill|find|hurt|dox) (?:you|u)\b|kill yourself|kys\b|seni (?:oldurecegim|bulacagim))/,
    rule: /threat|violen|harass|tehdit|siddet/,
  },
  {
    category: "scam",
    level: 3,
    reason: "tries to get members to a scam",
    pattern:
      /\b(?:free (?:discord )?nitro|nitro (?:for )?free|claim (?:your|ur) (?:gift|reward|prize|nitro)|steam gift|airdrop|seed phrase|double your (?:crypto|bitcoin|money)|guaranteed (?:profit|returns)|ucretsiz nitro|bedava nitro|kripto kazan)/,
    rule: /scam|phish|fraud|dolandir|link/,
  },
  {
    category: "hate",
    level: 3,
    reason: "attacks a group of people",
    pattern: /\b(?:subhuman|go back to your country|(?:all|these) \w+ (?:should die|are vermin))\b/,
    rule: /hate|racis|discriminat|nefret|irk/,
  },
  {
    category: "sexual",
    level: 2,
    reason: "sexual content",
    pattern: /\b(?:porn|nudes?|onlyfans|nsfw|send pics)\b/,
    rule: /nsfw|sexual|adult|cinsel/,
  },
  {
    category: "harassment",
    level: 2,
    reason: "insults a person",
    pattern:
      /\b(?:idiot|moron|stupid (?:bot|person|people|kid|ass)|you(?:'| a)?re (?:so )?(?:stupid|trash|garbage|pathetic|worthless)|shut up|loser|dumbass|asshole|bitch|(?:gerizekali|aptal|salak|ahmak|serefsiz)\w*)\b/,
    rule: /insult|harass|respect|kind|polite|bully|toxic|saygi|hakaret|kufur/,
  },
  {
    category: "spam",
    level: 1,
    reason: "advertises something",
    pattern:
      /\b(?:discord\.gg\/|join my (?:server|discord)|buy now|limited offer|cheap (?:followers|boosts)|check out my (?:channel|store|shop)|sunucuma (?:gel|katil)|indirim)/,
    rule: /spam|advert|promot|invite|reklam/,
  },
];

export function opinionOf(message: Judged, rules: readonly string[]): Opinion {
  const text = fold(message.text);
  for (const sign of SIGNS) {
    if (!sign.pattern.test(text)) continue;
    const rule = rules.findIndex((wording) => sign.rule.test(fold(wording)));
    return {
      category: sign.category,
      level: sign.level,
      confidence: 0.93,
      rule,
      reason: `The message ${sign.reason}.`,
    };
  }
  const words = new Set(stems(message.text));
  for (const [index, wording] of rules.entries()) {
    // "No politics", "No spoilers for season 3": the rule's own rare words in the message break it.
    const subject = fold(wording).match(
      /\b(?:no|never|don'?t|do not|yasak|yasaktir)\b(?:\s+(?:talk|post|share|discuss)\w*)?\s*(.*)/,
    )?.[1];
    const about = subject ?? "";
    if (stems(about).length > 0 && coverage(weights(about, []), words) >= 0.5) {
      return {
        category: "rule",
        level: 1,
        confidence: 0.8,
        rule: index,
        reason: `The message breaks the rule "${wording}".`,
      };
    }
  }
  return { category: "none", level: 0, confidence: 0.9, rule: -1, reason: "Nothing in the message breaks a rule." };
}
