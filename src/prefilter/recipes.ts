/**
 * What scams and hatred are put together from. No word of "scan the QR code to verify" is suspect alone; the ideas together are. Each recipe
 * names the ideas (word groups of text/harm-words.ts) that must all stand in one message, one of each set. A recipe raises a
 * question for the model, never a certainty. Who reports or questions a scam uses the same words: then it is a mere note.
 */
import type { Hits } from "../text/automaton.ts";
import { G, type Group } from "../text/words.ts";
import { type Sign, sawGroup, type TextLook } from "./look.ts";
import type { SignalName } from "./signal-words.ts";

/** Ideas that no list holds: a sum of money, a percentage, and a link to a host nobody knows. */
type Idea = Group | "sum" | "percent" | "link";

type Recipe = {
  readonly name: SignalName;
  readonly risk: number;
  readonly needs: readonly (readonly Idea[])[];
  /** Reports and warnings are its very words: they excuse nothing. */
  readonly always?: true;
};

const RECIPES: readonly Recipe[] = [
  {
    name: "casino-code",
    risk: 0.6,
    needs: [
      ["gamble", "betting-lure"],
      ["promo", "earn", "sum", "free", "urgency"],
    ],
  },
  { name: "casino-code", risk: 0.5, needs: [["celebrity"], ["promo"], ["earn", "sum", "free", "link"]] },
  { name: "profit-share", risk: 0.6, needs: [["share", "percent"], ["earn"], ["teach", "contact", "sum"]] },
  { name: "easy-money", risk: 0.55, needs: [["teach"], ["earn"], ["contact", "sum"]] },
  { name: "easy-money", risk: 0.55, needs: [["earn"], ["contact"], ["sum"]] },
  { name: "easy-money", risk: 0.5, needs: [["money-lure"], ["contact", "sum", "link", "share"]] },
  { name: "ticket-sale", risk: 0.5, needs: [["ticket"], ["payment"], ["sell", "bargain", "contact", "sum"]] },
  { name: "ticket-sale", risk: 0.45, needs: [["ticket"], ["sell"], ["contact", "bargain"]] },
  { name: "goods-sale", risk: 0.5, needs: [["sell"], ["goods"]] },
  { name: "goods-sale", risk: 0.5, needs: [["bargain"], ["goods"], ["sum", "contact", "payment"]] },
  {
    name: "strange-program",
    risk: 0.55,
    needs: [["test-ask"], ["download", "earn", "archive-pass", "contact", "link"]],
  },
  { name: "strange-program", risk: 0.6, needs: [["download"], ["av-off"]] },
  {
    name: "strange-program",
    risk: 0.45,
    needs: [["download"], ["archive-pass"], ["free", "link", "cheat", "sum", "earn"]],
  },
  { name: "cheat-offer", risk: 0.55, needs: [["cheat"], ["download", "free", "av-off", "archive-pass"]] },
  { name: "scan-to-verify", risk: 0.6, needs: [["qr"], ["verify", "urgency", "account-threat", "gift-lure", "free"]] },
  { name: "false-staff", risk: 0.6, needs: [["staff"], ["account-threat"]] },
  { name: "false-staff", risk: 0.5, needs: [["account-threat"], ["verify", "contact"], ["urgency", "link", "staff"]] },
  {
    name: "reported-you",
    always: true,
    risk: 0.6,
    needs: [["reported-you"], ["fix-report", "staff", "account-threat", "contact"]],
  },
  { name: "group-hatred", risk: 0.6, needs: [["people"], ["wish-of-violence"]] },
  { name: "group-hatred", risk: 0.6, needs: [["hate-idol"], ["praise-of-hate"]] },
  { name: "code-request", risk: 0.5, needs: [["otp"]] },
  { name: "see-yourself", risk: 0.55, needs: [["look-you"], ["link"]] },
  { name: "vote-request", risk: 0.45, needs: [["vote-ask"], ["link", "verify", "otp", "urgency"]] },
  { name: "trade-request", risk: 0.45, needs: [["trade-link"], ["link", "contact"]] },
  { name: "gift-lure", risk: 0.5, needs: [["free"], ["brand"], ["link", "contact", "urgency", "promo", "download"]] },
  { name: "adult-ad", risk: 0.5, needs: [["adult-lure"], ["contact", "sell", "free", "link", "payment", "bargain"]] },
  { name: "wallet-lure", risk: 0.5, needs: [["crypto-lure"], ["contact", "link", "urgency", "free", "verify", "sum"]] },
  {
    name: "spelled-link",
    risk: 0.5,
    needs: [["spelled-dot"], ["free", "brand", "contact", "gift-lure", "earn", "promo"]],
  },
];

/** A set of ideas as bits: groups 0–30, groups 31–61, and ideas without a list. */
type Bits = { readonly low: number; readonly high: number; readonly form: number };

const FORMS: readonly Idea[] = ["sum", "percent", "link"];
const SUM = 1;
const PERCENT = 2;
const LINK = 4;

const COMPILED = RECIPES.map(({ name, risk, needs, always = false }) => ({
  name,
  risk,
  always,
  shown: (needs[0] ?? []).map((idea) => G[idea as Group]),
  needs: needs.map(bitsOf),
}));
const FIRSTS = COMPILED.reduce(
  (all, { needs: [first] }) => ({ low: all.low | (first?.low ?? 0), high: all.high | (first?.high ?? 0) }),
  { low: 0, high: 0 },
);

function bitsOf(ideas: readonly Idea[]): Bits {
  let low = 0;
  let high = 0;
  let form = 0;
  for (const idea of ideas) {
    const at = FORMS.indexOf(idea);
    const group = at < 0 ? G[idea as Group] : -1;
    if (at >= 0) form |= 1 << at;
    else if (group < 31) low |= 1 << group;
    else high |= 1 << (group - 31);
  }
  return { low, high, form };
}

/** How many recipes a text follows: what the learned risk weighs too. `each` is told the recipe's place in the list. */
export function followed(
  text: string,
  hits: Hits,
  strangeLink: boolean,
  each: (recipe: number) => void = ignore,
): number {
  const { groups, more } = hits;
  if ((groups & FIRSTS.low) === 0 && (more & FIRSTS.high) === 0) return 0;
  let form = -1;
  let count = 0;
  for (let k = 0; k < COMPILED.length; k++) {
    const needs = COMPILED[k]?.needs ?? [];
    let all = true;
    for (let i = 0; i < needs.length && all; i++) {
      const need = needs[i];
      if (need === undefined || (groups & need.low) !== 0 || (more & need.high) !== 0) continue;
      // Text is read for sums only once some recipe hangs on it.
      if (need.form !== 0 && form < 0) form = formOf(text) | (strangeLink ? LINK : 0);
      all = need.form !== 0 && (form & need.form) !== 0;
    }
    if (!all) continue;
    count++;
    each(k);
  }
  return count;
}

function ignore(): void {
  // The count is enough.
}

const READ_CHARS_MAX = 2_000;

function formOf(text: string): number {
  const read = text.slice(0, READ_CHARS_MAX);
  const sum =
    /[$€£₺]\s?\d|\d\s?(?:[$€£₺]|k\b|usd|usdt|tl\b|lira|eur|dolar|dollar|bucks|btc|eth\b)|figures a day|\b(?:yüz|bin) (?:tl|lira|dolar)/iu.test(
      read,
    );
  const percent = /\d\s?%|%\s?\d|\d (?:percent|prozent)|yüzde \d/iu.test(read);
  return (sum ? SUM : 0) | (percent ? PERCENT : 0);
}

/** `reports`: the author speaks about a scam, so that its words are no sign of one. */
export function recipes(look: TextLook, reports: boolean, signs: Sign[]): void {
  const strange = look.domains.some(({ kind }) => kind !== "known");
  followed(look.text, look.hits, strange, (k) => {
    const recipe = COMPILED[k];
    if (recipe === undefined || signs.some(({ name }) => name === recipe.name)) return;
    const { name, risk, shown, always } = recipe;
    const excused = reports && !always;
    const seen = shown.find((group) => (look.hits.counts[group] ?? 0) > 0) ?? 0;
    if (inAddress(look, look.hits.from[seen] ?? 0)) return;
    const weight = excused ? "note" : "weak";
    signs.push({ name, saw: sawGroup(look, seen), weight, kind: "words", risk: excused ? 0.2 : risk });
  });
}

/** Words in a link's address, its path included, say nothing about its author. */
function inAddress({ links, folded }: TextLook, at: number): boolean {
  return links.some(({ from, to }) => {
    if (at < from) return false;
    for (let i = to; i < at; i++) if (folded.bytes[i] === 32) return false;
    return true;
  });
}
