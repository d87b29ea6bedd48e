/** One question asked for trial: the pipeline's own stages, without Discord around them. The playground and `gatehouse ask` show it. */
import type { GuildSettings } from "./guilds.ts";
import { type GuildId, readMessage } from "./message.ts";
import { createPrefilterMemory, prefilter, type Triage } from "./prefilter.ts";
import { questionOf } from "./question.ts";
import { type Response as Answered, type RespondServices, respond } from "./respond.ts";

const DEADLINE_MS = 12_000;

export type Trial = {
  /** As it was read: of a longer one no more than a message of Discord's may hold. */
  readonly question: string;
  /** Tried as smart mode hears it: nobody addressed the bot. */
  readonly unasked: boolean;
  readonly answered: Answered;
  readonly triage: Triage | null;
  readonly ms: number;
};

/** Posts nothing and counts nothing. Throws what the store throws. */
export async function attempt(
  tried: {
    readonly guild: GuildId;
    readonly question: string;
    readonly settings: GuildSettings;
    readonly unasked?: boolean;
    readonly locale?: string;
  },
  services: RespondServices,
): Promise<Trial> {
  const { unasked = false, ...asked } = { ...tried, question: questionOf({ content: tried.question }, []) };
  const startedAtMs = services.clock.now();
  const answered = await respond(
    {
      ...asked,
      history: nobody,
      channel: nobody,
      botName: "Gatehouse",
      deadlineAtMs: startedAtMs + DEADLINE_MS,
      ...(unasked ? { unasked: async () => ({ held: false, escalatedAtMs: null }) as const } : {}),
    },
    services,
  );
  return {
    question: asked.question,
    unasked,
    answered,
    triage: triageOf(tried.guild, asked.question),
    ms: services.clock.now() - startedAtMs,
  };
}

/** Nobody spoke before. */
const nobody = async () => [];

/** Smart mode's first look is enough to stay silent, whatever the knowledge base holds. */
export function staysSilent({ unasked, answered, triage }: Trial): boolean {
  return answered.kind === "declined" || (unasked && triage?.answering === "silent");
}

/** What the prefilter would think of it as a member's message. */
function triageOf(guild: GuildId, question: string): Triage | null {
  const author = { id: "1", username: "somebody" };
  const message = readMessage({ id: "1", channel_id: "1", guild_id: guild, type: 0, author, content: question });
  return message === null ? null : prefilter(message, createPrefilterMemory());
}
