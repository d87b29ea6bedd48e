/**
 * The words of a scam: gifts, coins, easy money, adult and betting adverts, hurry. One of them alone is talk; beside a link to a host
 * that nobody knows, a ping, a mention of hurry or another of its kind it is not. A gift that nobody asked for is always worth a look.
 */

import { G } from "../text/words.ts";
import { type Sign, sawGroup, type TextLook } from "./look.ts";

const LURES = [
  ["gift-lure", G["gift-lure"], 0.45],
  ["crypto-lure", G["crypto-lure"], 0.3],
  ["money-lure", G["money-lure"], 0.35],
  ["adult-lure", G["adult-lure"], 0.35],
  ["betting-lure", G["betting-lure"], 0.35],
] as const;

/** `reports`: the author speaks about a scam; a lure that is only quoted is a note. */
export function lures(look: TextLook, reports: boolean, signs: Sign[]): void {
  const { hits } = look;
  if ((hits.groups & ANY) === 0) return;
  const hurry = (hits.counts[G.urgency] ?? 0) > 0;
  const beside =
    hurry ||
    look.domains.some(({ kind }) => kind !== "known") ||
    look.message.attachments.length > 0 ||
    (hits.counts[G.everyone] ?? 0) > 0;
  for (const [name, group, risk] of LURES) {
    const count = hits.counts[group] ?? 0;
    if (count === 0) continue;
    const more = count > 1 || hurry;
    const weight = !reports && (beside || count > 1 || group === G["gift-lure"]) ? "weak" : "note";
    const likely = risk + (more ? 0.2 : 0);
    signs.push({ name, saw: sawGroup(look, group), weight, kind: "words", risk: reports ? likely / 2 : likely });
  }
  if (hurry) signs.push({ name: "urgency", saw: sawGroup(look, G.urgency), weight: "note", kind: "words", risk: 0.1 });
}

const ANY = LURES.reduce((bits, [, group]) => bits | (1 << group), 1 << G.urgency);
