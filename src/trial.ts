/**
 * One question asked for trial: the channel's own decision and answering's own stages, without a venue around them. Earlier lines
 * may stand before it. The playground and `gatehouse ask` show what comes of it.
 */
import {
  type Composed,
  compose,
  type Lookup,
  look,
  questionOf,
  type Sources,
  type Voice,
  voiceFor,
} from "./answering.ts";
import type { SilentReason } from "./decision.ts";
import type { ChannelId, GuildId, UserId } from "./ids.ts";
import type { Exchanged } from "./llm.ts";
import type { Message } from "./message.ts";
import { readMessage } from "./payload.ts";
import { decideLine, linesOfQuestion } from "./pipeline.ts";
import { createPrefilterMemory, prefilter, type Triage } from "./prefilter.ts";
import { createSpending, type Spent } from "./record.ts";
import { render } from "./reply.ts";
import type { GuildSettings } from "./settings/form.ts";
import { type Considered, consider, createSmartContext } from "./smart.ts";

const DEADLINE_MS = 12_000;
/** Earlier lines are read as said one after the other, the last just now. */
const LINE_MS = 10_000;
const LINES_MAX = 20;
const BOT_NAME = "Gatehouse";

export type Trial = {
  /** As it was read: of a longer one no more than a message of Discord's may hold. */
  readonly question: string;
  /** Tried as smart mode hears it: nobody addressed the bot. */
  readonly unasked: boolean;
  readonly answered: TrialAnswer;
  readonly triage: Triage | null;
  readonly ms: number;
};

export type TrialAnswer = Lookup &
  Voice &
  Omit<Composed, "kind"> & {
    readonly kind: Composed["kind"] | "declined";
    /** Why an unasked answer was not given. */
    readonly declined: { readonly reason: SilentReason; readonly why: string | null } | null;
    /** The messages to send, in order. */
    readonly parts: readonly string[];
    readonly spent: Spent;
  };

/** Earlier lines. `by`: "you" for the person who asks, "bot", or another name. */
export type EarlierLine = { readonly by: string; readonly text: string };

/** Posts nothing and counts nothing. Throws what the store throws. */
export async function attempt(
  tried: {
    readonly guild: GuildId;
    readonly question: string;
    readonly settings: GuildSettings;
    readonly unasked?: boolean;
    readonly locale?: string;
    readonly before?: readonly EarlierLine[];
  },
  sources: Sources,
): Promise<Trial> {
  const { clock } = sources;
  const { unasked = false, guild, settings, locale = null } = tried;
  const own = questionOf({ content: tried.question }, []);
  const startedAtMs = clock.now();
  const before = (tried.before ?? []).slice(-LINES_MAX);
  const channel = hear([...before, { by: YOU, text: own }], guild, startedAtMs);
  const decided = unasked ? decideLast(channel, settings, startedAtMs) : null;
  const silence = decided?.speak === "silent" ? decided.reason : null;

  const text = [...linesOfQuestion(saidSinceAnswer(before), own).map((line) => line.content), own].join("\n");
  const asked = {
    ...{ guild, text, settings, locale, botName: BOT_NAME, deadlineAtMs: startedAtMs + DEADLINE_MS },
    unasked: decided?.speak === "consider" || silence !== null,
    history: async () => historyOf(before),
    channel: async () => (settings.awareness ? before.map(exchanged) : []),
  };
  const spending = createSpending();
  // A silence costs no model; the passages are shown all the same.
  const found = await look(asked, silence === null ? sources : { ...sources, llm: null }, spending);
  const voice = await voiceFor(asked, found);
  const declined = silence !== null ? { reason: silence, why: null } : declinedBy(found);
  const composed = declined === null ? await compose(found, voice, asked, null, sources, spending) : NOTHING_SAID;
  // As in a channel: an unasked question is answered from knowledge, or not at all.
  const unknown = asked.unasked && composed.kind !== "known" && composed.escalation === null;
  const said = unknown ? NOTHING_SAID : composed;
  const parts = said.text === "" ? [] : render(said.text, said.sources, voice.words);
  return {
    ...{ question: own, unasked, triage: channel.at(-1)?.triage ?? null },
    answered: {
      ...{ ...found, ...voice, ...said, parts, spent: spending.total() },
      declined: declined ?? (unknown ? { reason: "nothing-relevant", why: null } : null),
    },
    ms: clock.now() - startedAtMs,
  };
}

/** Nothing is posted, with or without knowledge. */
export function staysSilent({ answered }: Trial): boolean {
  return answered.kind === "declined";
}

/** "you: …", "bot: …" or "Ada: …", one a line; a line without a name is the asker's. */
export function readEarlierLines(text: string): readonly EarlierLine[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(-LINES_MAX)
    .map((line) => {
      const [, name = YOU, text = line] = /^([^\s:]{1,32}(?: [^\s:]{1,32})?):\s(.*)$/.exec(line) ?? [];
      const by = name.toLowerCase();
      return { by: by === "me" || by === "ben" || by === YOU ? YOU : by === BOT ? BOT : name, text };
    });
}

const YOU = "you";
const BOT = "bot";
const SELF = "2" as UserId;
const CHANNEL = "1" as ChannelId;
const CHANNEL_SETTINGS = { mode: "all", smart: true, awareness: false } as const;
const NOTHING_SAID = { kind: "declined", escalation: null, answer: null, text: "", sources: [] } as const;

type HeardLine = {
  readonly by: string;
  readonly message: Message;
  readonly triage: Triage;
  readonly smart: Considered;
};

/** Each line read as the pipeline reads it, with the lines before it in mind. */
function hear(lines: readonly EarlierLine[], guild: GuildId, nowMs: number): readonly HeardLine[] {
  const people = [YOU, ...new Set(lines.map(({ by }) => by).filter((by) => by !== YOU && by !== BOT))];
  const context = createSmartContext();
  const memory = createPrefilterMemory();
  return lines.flatMap(({ by, text }, index) => {
    const author = by === BOT ? SELF : String(10 + people.indexOf(by));
    const atMs = nowMs - (lines.length - 1 - index) * LINE_MS;
    const message = readMessage({
      ...{ id: String(100 + index), channel_id: CHANNEL, guild_id: guild, type: 0, content: text },
      author: { id: author, username: by, bot: by === BOT },
      timestamp: new Date(atMs).toISOString(),
    });
    if (message === null) return [];
    const line = { channel: CHANNEL, author, name: by, atMs, text: message.content, machine: by === BOT, to: null };
    return [{ by, message, triage: prefilter(message, memory), smart: consider(line, context) }];
  });
}

function decideLast(lines: readonly HeardLine[], settings: GuildSettings, nowMs: number) {
  const last = lines.at(-1);
  if (last === undefined) return null;
  const answer = lines.findLast(({ by }, index) => by === BOT && lines[index - 1]?.by === YOU);
  return decideLine({
    ...{ message: last.message, self: SELF, address: null, triage: last.triage, pending: false, threadSolved: false },
    settings: { ...CHANNEL_SETTINGS, smart: settings.smart },
    smart: settings.smart ? last.smart : null,
    answeredAgoMs: answer === undefined ? null : nowMs - answer.message.createdAtMs,
    staffAnswered: () => false,
  });
}

function declinedBy({ judgement }: Lookup): TrialAnswer["declined"] {
  return judgement?.speak === false ? judgement : null;
}

/** The asker's own lines after the bot's last. */
function saidSinceAnswer(before: readonly EarlierLine[]): readonly { readonly content: string }[] {
  const answered = before.findLastIndex(({ by }) => by === BOT);
  return before.slice(answered + 1).flatMap(({ by, text }) => (by === YOU ? [{ content: text }] : []));
}

/** The bot's memory of this member: earlier questions and answers. */
function historyOf(before: readonly EarlierLine[]): readonly Exchanged[] {
  const answered = before.findLastIndex(({ by }) => by === BOT);
  return before
    .slice(0, answered + 1)
    .filter(({ by }) => by === BOT || by === YOU)
    .map(exchanged);
}

function exchanged({ by, text }: EarlierLine): Exchanged {
  return by === BOT ? { role: "bot", author: BOT_NAME, text } : { role: "member", author: by, text };
}
