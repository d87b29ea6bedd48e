/** One question asked for trial: the pipeline's own stages, without Discord around them. */
import { readMessage } from "../../src/message.ts";
import { createPrefilterMemory, prefilter, type Triage } from "../../src/prefilter.ts";
import { type Response as Answered, respond } from "../../src/respond.ts";
import type { GuildVisit } from "../visit.ts";

const DEADLINE_MS = 12_000;
export const QUESTION_CHARS_MAX = 2_000;

export type Trial = {
  readonly question: string;
  /** Tried as smart mode hears it: nobody addressed the bot. */
  readonly unasked: boolean;
  readonly answered: Answered;
  readonly triage: Triage | null;
  readonly ms: number;
};

export async function attempt(visit: GuildVisit, question: string, unasked: boolean): Promise<Trial> {
  const { services, guild } = visit;
  const startedAtMs = services.clock.now();
  const answered = await respond(
    {
      guild: guild.guild,
      question,
      history: [],
      channel: [],
      settings: guild.settings,
      botName: "Gatehouse",
      locale: visit.language,
      deadlineAtMs: startedAtMs + DEADLINE_MS,
      ...(unasked ? { unasked: () => undefined } : {}),
    },
    services,
  );
  return {
    question,
    unasked,
    answered,
    triage: triageOf(guild.guild, question),
    ms: services.clock.now() - startedAtMs,
  };
}

/** What the prefilter would think of it as a member's message. */
function triageOf(guild: string, question: string): Triage | null {
  const author = { id: "1", username: "somebody" };
  const message = readMessage({ id: "1", channel_id: "1", guild_id: guild, type: 0, author, content: question });
  return message === null ? null : prefilter(message, createPrefilterMemory());
}
