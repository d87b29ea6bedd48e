/**
 * Smart mode's whole decision without a model over one knowledge base, by the code that makes it in a server: the first look at the text,
 * whether it interests (a line among those of its channel), what is looked up, the bar of what can be answered, and the trust in the quote.
 */
import { look, type Sources } from "../src/answering.ts";
import { systemClock } from "../src/clock.ts";
import type { GuildId } from "../src/ids.ts";
import type { fixedKnowledge } from "../src/knowledge.ts";
import { createExtractive } from "../src/llm/extractive.ts";
import { createLogger } from "../src/logger.ts";
import { readMessage } from "../src/payload.ts";
import { FEATURES } from "../src/plans/plans.ts";
import { createPrefilterMemory, prefilter } from "../src/prefilter.ts";
import { createSpending } from "../src/record.ts";
import { defaultSettings } from "../src/settings/form.ts";

export type Pages = Awaited<ReturnType<typeof fixedKnowledge>>;

/** No line waits for another here. */
const DEADLINE_MS = 600_000;
const settings = { ...defaultSettings, mode: "all", smart: true } as const;

/** Would a bot without a model speak to a line that interests it? */
export function createSpeaks(pages: Pages): (text: string) => Promise<boolean> {
  const sources: Sources = {
    ...{ llm: null, extractive: createExtractive(), clock: systemClock },
    logger: createLogger({ level: "silent", format: "json" }),
    plans: { features: async () => new Set(FEATURES) },
    knowledge: {
      retrieve: async (_guild, question, limit) => pages.retrieve(question, limit),
      empty: async () => false,
    },
  };
  const nothing = async () => [];

  return async (text) => {
    const author = { id: "10", username: "member" };
    const sent = { id: "100", channel_id: "1", guild_id: "1", type: 0, content: text, author };
    const message = readMessage({ ...sent, timestamp: new Date(systemClock.now()).toISOString() });
    if (message === null || prefilter(message, createPrefilterMemory()).answering === "silent") return false;
    const asked = { guild: "1" as GuildId, text, settings, botName: "Gatehouse", unasked: true };
    const deadlineAtMs = systemClock.now() + DEADLINE_MS;
    const told = { ...asked, history: nothing, channel: nothing, deadlineAtMs };
    const { judgement } = await look(told, sources, createSpending());
    return judgement?.speak ?? true;
  };
}
