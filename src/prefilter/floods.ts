/** Too many messages, or the same one again and again, as the guild's memory counts them. */

import type { Look, Sign } from "./look.ts";
import type { PrefilterMemory } from "./memory.ts";

const RATE_FLOOD = 8;
const RATE_STORM = 14;
const REPEATS_FEW = 3;
const REPEATS_MANY = 6;
/** Shorter texts are said by many at once and mean nothing: "lol", "hi". */
const REPEATED_BYTES_MIN = 16;

export function floods({ message, folded, text }: Look, memory: PrefilterMemory, signs: Sign[]): void {
  const rate = memory.rate(message);
  if (rate >= RATE_FLOOD) {
    const storm = rate >= RATE_STORM;
    const weight = storm ? "strong" : "weak";
    signs.push({ name: "flood", saw: `${rate} messages in 10 s`, weight, kind: "rate", risk: storm ? 0.9 : 0.6 });
  }
  if (folded.length < REPEATED_BYTES_MIN) return;
  const repeats = memory.repeats(message, folded.hash);
  if (repeats < REPEATS_FEW) return;
  const many = repeats >= REPEATS_MANY;
  const saw = `${repeats} times in a minute: ${text.slice(0, 60).replace(/\p{Surrogate}$/u, "")}`;
  signs.push({ name: "repeat", saw, weight: many ? "strong" : "weak", kind: "repeat", risk: many ? 0.85 : 0.55 });
}
