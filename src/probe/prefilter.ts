/**
 * `gatehouse probe prefilter`: `{id, text}` → `{id, moderation, answering, risk, signals: [{name, saw}]}`. Each row is a message
 * of its own, by a stranger, with nothing said before it: no rates and no repeats.
 */
import { z } from "zod";
import { createdAt } from "../ids.ts";
import { readMessage } from "../payload.ts";
import { type PrefilterMemory, prefilter } from "../prefilter.ts";
import type { Probe } from "../probe.ts";

const textRow = z.object({ id: z.union([z.string(), z.number()]), text: z.string() });

const NOTHING_BEFORE: PrefilterMemory = { rate: () => 1, repeats: () => 1, members: () => 1 };

export const prefilterProbe: Probe = () => ({
  async handle(row) {
    const { id, text } = textRow.parse(row);
    const message = readMessage({ ...PAYLOAD, content: text });
    if (message === null) throw new Error("the message cannot be read");
    const { moderation, answering, risk, signals } = prefilter(message, NOTHING_BEFORE);
    return { id, moderation, answering, risk: Number(risk.toFixed(4)), signals };
  },
});

const PAYLOAD = {
  id: "1400000000000000000",
  channel_id: "200000000000000001",
  guild_id: "100000000000000001",
  author: { id: "300000000000000001", username: "someone" },
  timestamp: new Date(createdAt("1400000000000000000")).toISOString(),
};
