/** An asking → the inquiry that look and compose work on, and the sources that wait for an absent store. */
import type { Clock } from "../clock.ts";
import type { Knowledge } from "../knowledge.ts";
import type { Exchanged } from "../llm.ts";
import type { Memory } from "../memory.ts";
import type { Patience } from "../patience.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import type { Asking } from "./asking.ts";
import type { Inquiry, Sources } from "./look.ts";

/** From the trigger to the send; past it the answer is extractive. */
const ANSWER_MS_MAX = 12_000;
/** Minimum time for an answer that waited long for its turn or for the store. */
const ANSWER_MS_MIN = 4_000;

type Run = Asking & { readonly row: GuildRow };
type Deps = { readonly memory: Memory; readonly clock: Clock };

export function inquiryOf(run: Run, text: string, { memory, clock }: Deps): Inquiry {
  const { row, channel, asker, botName, unasked, locale = null } = run;
  return {
    ...{ guild: row.guild, text, settings: row.settings, botName, locale, unasked },
    history: once(() => memory.history(row.guild, channel, asker.id)),
    channel: once(() => channelWindow(run, memory, clock.now())),
    // Counted from the trigger, without the time that the store was away.
    deadlineAtMs: Math.max(run.receivedAtMs + ANSWER_MS_MAX, clock.now() + ANSWER_MS_MIN),
  };
}

/** Reads at the first call. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | null = null;
  return () => (found ??= read());
}

/** The channel's last messages without those of this very question; empty where the admin did not allow it. */
async function channelWindow(run: Run, memory: Memory, nowMs: number): Promise<readonly Exchanged[]> {
  if (!run.awareness) return [];
  const window = await memory.window(run.row.guild, run.channel, nowMs);
  return window.filter(({ id }) => !run.said.includes(id)).map(({ role, author, text }) => ({ role, author, text }));
}

/** Only the store's part of a retrieval is repeated. */
export function patientSources(
  { knowledge, plans }: Pick<Sources, "knowledge" | "plans">,
  { run }: Patience,
): Pick<Sources, "knowledge" | "plans"> {
  const retrieve: Knowledge["retrieve"] = (...asked) => run(() => knowledge.retrieve(...asked));
  return {
    knowledge: { retrieve, empty: (guild) => run(() => knowledge.empty(guild)) },
    plans: { features: (guild) => run(() => plans.features(guild)) },
  };
}
