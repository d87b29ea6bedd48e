/** Links that lead elsewhere than they say: look-alike hosts, masked targets, user information, scripts, addresses, invites. */

import { fold, sawOf } from "../text/fold.ts";
import { editsTo } from "./domains.ts";
import type { Sign, TextLook } from "./look.ts";

/** `reports`: the author speaks about a scam; a link in a code span leads nobody anywhere then. */
export function scamLinks(look: TextLook, reports: boolean, signs: Sign[]): void {
  const { text, folded, links, domains } = look;
  for (let i = 0; i < links.length; i++) {
    const link = links[i];
    const domain = domains[i];
    if (link === undefined || domain === undefined) continue;
    const saw = sawOf(text, folded, link.from, link.to);
    const shown = reports && inCode(look, link.from);
    const sign = (name: Sign["name"], weight: Sign["weight"], risk: number) =>
      signs.push({ name, saw, weight: shown ? "note" : weight, kind: "link", risk: shown ? risk / 4 : risk });

    if (domain.kind === "scam") sign("scam-domain", "sure", 0.98);
    else if (link.lookAlikeLetters && (domain.kind === "known" || domain.kind === "look-alike")) {
      sign("look-alike-domain", "strong", 0.97);
    } else if (domain.kind === "look-alike") sign("look-alike-domain", "strong", Math.max(0.85, domain.score));
    else if (domain.kind === "suspect") sign("suspect-domain", "weak", 0.5 + 0.3 * domain.score);
    else if (domain.kind === "invite") sign("invite-link", "weak", 0.3);
    else if (domain.kind === "shortener") sign("shortener", "weak", 0.3);
    else if (domain.kind === "address") sign("address-link", "note", 0.3);

    if (link.userInfo) sign("user-info-link", "strong", 0.9);
    if (link.target && showsAnother(look, i)) sign("masked-link", "strong", 0.9);
  }
  scriptLink(look, signs);
}

function inCode({ folded }: TextLook, at: number): boolean {
  let marks = 0;
  for (let i = 0; i < at; i++) if (folded.bytes[i] === BACKTICK) marks++;
  return marks % 2 === 1;
}

/** As folding writes it. */
const BACKTICK = fold("`").bytes[0];

/** `[discord.com/gift](https://elsewhere.ru)`: a host is shown, another one is the target. */
function showsAnother({ links, domains, folded }: TextLook, target: number): boolean {
  const link = links[target];
  const shown = links[target - 1];
  if (link === undefined || shown === undefined || link.from - shown.to > 120) return false;
  // Between the two stand at least the text's end and the target's beginning, and no line of prose.
  const between = Buffer.from(folded.bytes.buffer, shown.to, link.from - shown.to).toString("latin1");
  if (!/^[^\s[]*\]\(<?[a-z]+:\/\/$/.test(between)) return false;
  const a = shown.host.split(".").slice(-2).join(".");
  const b = link.host.split(".").slice(-2).join(".");
  return a !== b && !(domains[target]?.kind === "known" && editsTo(a, b) > 3);
}

function scriptLink({ text, folded }: TextLook, signs: Sign[]): void {
  // Only where both signs of a script target stand at all: most messages stop at the first search.
  const open = text.indexOf("](");
  if (open < 0) return;
  const target = text.slice(open + 2, open + 40).trim();
  if (!/^<?\s*(?:javascript|data|vbscript)\s*:/i.test(target)) return;
  signs.push({
    name: "script-link",
    saw: target.slice(0, Math.min(40, folded.length)),
    weight: "strong",
    kind: "link",
    risk: 0.9,
  });
}
