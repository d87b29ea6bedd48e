/** One question asked for trial: answering's own stages, without a venue around them. The playground and `gatehouse ask` show it. */
import { type Composed, compose, type Look, look, questionOf, type Sources } from "./answering.ts";
import type { GuildSettings } from "./guilds.ts";
import type { GuildId } from "./ids.ts";
import { readMessage } from "./payload.ts";
import { createPrefilterMemory, prefilter, type Triage } from "./prefilter.ts";
import { createSpending, type Spent } from "./record.ts";
import { render } from "./reply.ts";

const DEADLINE_MS = 12_000;

export type Trial = {
  /** As it was read: of a longer one no more than a message of Discord's may hold. */
  readonly question: string;
  /** Tried as smart mode hears it: nobody addressed the bot. */
  readonly unasked: boolean;
  readonly answered: TrialAnswer;
  readonly triage: Triage | null;
  readonly ms: number;
};

export type TrialAnswer = Look &
  Omit<Composed, "kind"> & {
    readonly kind: Composed["kind"] | "declined";
    /** Why an unasked answer was not given. */
    readonly declined: Extract<Look["judgement"], { readonly speak: false }> | null;
    /** The messages to send, in order. */
    readonly parts: readonly string[];
    readonly spent: Spent;
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
  sources: Sources,
): Promise<Trial> {
  const { clock } = sources;
  const { unasked = false, guild, settings, locale = null } = tried;
  const text = questionOf({ content: tried.question }, []);
  const startedAtMs = clock.now();
  const deadlineAtMs = startedAtMs + DEADLINE_MS;
  const asked = { ...{ guild, text, settings, locale, unasked, deadlineAtMs }, ...NOBODY, botName: "Gatehouse" };
  const spending = createSpending();
  const found = await look(asked, sources, spending);
  const declined = found.judgement?.speak === false ? found.judgement : null;
  const composed = declined === null ? await compose(found, asked, null, sources, spending) : NOTHING_SAID;
  const parts = composed.text === "" ? [] : render(composed.text, composed.sources, found.words);
  return {
    ...{ question: text, unasked, triage: triageOf(guild, text) },
    answered: { ...found, ...composed, declined, parts, spent: spending.total() },
    ms: clock.now() - startedAtMs,
  };
}

/** Nobody spoke before. */
const NOBODY = { history: async () => [], channel: async () => [] };

const NOTHING_SAID = { kind: "declined", escalation: null, answer: null, text: "", sources: [] } as const;

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
