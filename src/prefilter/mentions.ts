/** Pings of many: @everyone and @here (also where Discord did not let them ping), and a crowd of single mentions. */

import { G } from "../text/words.ts";
import type { Look, Sign } from "./look.ts";
import { sawGroup } from "./look.ts";

const MENTIONS_MANY = 6;
const MENTIONS_FLOOD = 15;

export function massMentions(look: Look, signs: Sign[]): void {
  const { message, folded, hits } = look;
  const written = (hits.counts[G.everyone] ?? 0) > 0 && folded.bytes[hits.from[G.everyone] ?? 0] === 64;
  if (message.mentions.everyone || written) {
    const saw = written ? sawGroup(look, G.everyone) : "@everyone";
    signs.push({ name: "everyone", saw, weight: "weak", kind: "mention", risk: 0.35 });
  }
  const many = Math.max(folded.mentions, message.mentions.users.length + message.mentions.roles.length);
  if (many < MENTIONS_MANY) return;
  const flood = many >= MENTIONS_FLOOD;
  const risk = flood ? 0.85 : 0.5;
  signs.push({
    name: "mass-mention",
    saw: `${many} mentions`,
    weight: flood ? "strong" : "weak",
    kind: "mention",
    risk,
  });
}
