/** Pings of many: @everyone and @here (also where Discord did not let them ping), and a crowd of single mentions. */

import { G } from "../text/words.ts";
import type { Sign, TextLook } from "./look.ts";
import { sawGroup } from "./look.ts";

const MENTIONS_MANY = 6;
const MENTIONS_FLOOD = 15;

/** `most`: the admin's limit. Above it a message is a breach; without one a crowd is the model's to judge. */
export function massMentions(look: TextLook, most: number | null, signs: Sign[]): void {
  const { message, folded, hits } = look;
  const written = (hits.counts[G.everyone] ?? 0) > 0 && folded.bytes[hits.from[G.everyone] ?? 0] === 64;
  if (message.mentions.everyone || written) {
    const saw = written ? sawGroup(look, G.everyone) : "@everyone";
    signs.push({ name: "everyone", saw, weight: "weak", kind: "mention", risk: 0.35 });
  }
  const many = Math.max(folded.mentions, message.mentions.users.length + message.mentions.roles.length);
  const above = most !== null && many > most;
  if (many < MENTIONS_MANY && !above) return;
  const flood = many >= MENTIONS_FLOOD;
  signs.push({
    name: "mass-mention",
    saw: String(many),
    weight: above ? "sure" : flood ? "strong" : "weak",
    kind: "mention",
    risk: above ? 0.95 : flood ? 0.85 : 0.5,
  });
}
