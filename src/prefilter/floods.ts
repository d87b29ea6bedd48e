/**
 * Too many messages, the same one again and again, or one text by many members at once (a raid), as the guild's memory counts them.
 * Many saying one thing may be a birthday; many newcomers saying it are no party.
 */

import type { Sign, TextLook } from "./look.ts";
import type { PrefilterMemory } from "./memory.ts";

const RATE_FLOOD = 8;
const RATE_STORM = 14;
const REPEATS_FEW = 3;
const REPEATS_MANY = 6;
const MEMBERS_FEW = 4;
/** Shorter texts are said by many at once and mean nothing: "lol", "hi". */
const REPEATED_BYTES_MIN = 16;

export function floods({ message, folded, domains }: TextLook, memory: PrefilterMemory, signs: Sign[]): void {
  const rate = memory.rate(message);
  if (rate >= RATE_FLOOD) {
    const storm = rate >= RATE_STORM;
    const weight = storm ? "sure" : "weak";
    signs.push({ name: "flood", saw: String(rate), weight, kind: "rate", risk: storm ? 0.95 : 0.6 });
  }
  if (folded.length < REPEATED_BYTES_MIN) return;
  const repeats = memory.repeats(message, folded.hash);
  if (repeats >= REPEATS_FEW) {
    const many = repeats >= REPEATS_MANY;
    const weight = many ? "sure" : "weak";
    signs.push({ name: "repeat", saw: String(repeats), weight, kind: "repeat", risk: many ? 0.9 : 0.55 });
  }
  const members = memory.members(message, folded.hash);
  if (members < MEMBERS_FEW) return;
  const leads = domains.some(({ kind }) => kind !== "known");
  signs.push({ name: "raid", saw: String(members), weight: leads ? "strong" : "weak", kind: "repeat", risk: 0.6 });
}
