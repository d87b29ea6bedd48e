/** Messages and verdicts for the suites of moderation: a text as Discord would send it, and the prefilter on it as on a stranger's. */
import type { Message } from "../src/message.ts";
import { readMessage } from "../src/payload.ts";
import { NO_FILTER } from "../src/prefilter/guild-filter.ts";
import { lookAt } from "../src/prefilter/look.ts";
import type { RiskOf } from "../src/prefilter/risk.ts";
import { judge, type Verdict } from "../src/prefilter/verdict.ts";
import type { PrefilterMemory } from "../src/prefilter.ts";

const STRANGER: PrefilterMemory = { rate: () => 1, repeats: () => 1, members: () => 1 };

export function verdictOf(text: string, risk: RiskOf): Verdict {
  return judge(lookAt(messageOf(text, 0)), STRANGER, risk, NO_FILTER);
}

/** Written by one of 50 people, one message every 700 ms. */
export function messageOf(text: string, i: number): Message {
  const message = readMessage({
    id: "1400000000000000000",
    channel_id: "200000000000000001",
    guild_id: "100000000000000001",
    author: { id: String(300_000_000_000_000_000n + BigInt(i % 50)), username: "someone" },
    content: text,
    timestamp: new Date(1_767_225_600_000 + i * 700).toISOString(),
  });
  if (message === null) throw new Error("a message that cannot be read");
  return message;
}
