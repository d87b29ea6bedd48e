/**
 * What one message or command led to, in the form in which it is kept: the member's turn, the bot's if it said something, the
 * outcome, and what is counted. One answer is one message, extractive or not; saying that something is not known is none,
 * though what it cost is kept, and an answer that was said again is counted apart. Pure; used by the pipeline and by ask.
 */
import type { ApplicationId, ChannelId, MessageId } from "./ids.ts";
import { type Outcome, REUSED } from "./record.ts";
import type { Exchange, Source, TurnRow } from "./store/ports/conversations.ts";
import type { Contact } from "./store/ports/usage.ts";

/** The question, its place and its author. */
export type Occasion = {
  readonly application: ApplicationId;
  /** The message's or the interaction's id: with the application, the exchange's key. */
  readonly trigger: string;
  readonly conversation: string | null;
  readonly channel: ChannelId;
  readonly member: {
    readonly name: string;
    readonly text: string;
    readonly atMs: number;
    readonly message: MessageId | null;
  };
};

/** The bot's reply. */
export type Said = {
  readonly name: string;
  readonly text: string;
  readonly atMs: number;
  /** The last of its messages: the one with the buttons. */
  readonly message: MessageId | null;
  readonly sources: readonly Source[];
  /** An answer, which counts; false: a line of the bot's own words. */
  readonly answer: boolean;
};

/** `said` null: nothing. `why`: the model's own words, where it was asked whether to speak. */
export function exchangeOf(
  occasion: Occasion,
  said: Said | null,
  outcome: Outcome,
  why: string | null = null,
  contact?: Contact,
): Exchange {
  const { application, trigger, conversation, channel, member } = occasion;
  const asked: Turn = {
    role: "member",
    author: member.name,
    text: member.text,
    atMs: member.atMs,
    message: member.message,
    sources: [],
    // Where nothing was said, the transcript shows at the question what became of it.
    outcome: said === null ? outcome : null,
  };
  const turns = said === null ? [asked] : [asked, turnOf(said, outcome)];
  const counted = said?.answer === true;
  const { tokensIn, tokensOut, costUsd } = outcome;
  const again = counted && outcome.reason === REUSED;
  const entry = { kind: again ? REUSED : "answer", count: counted ? 1 : 0, tokensIn, tokensOut, costUsd } as const;
  const usage = counted || tokensIn + tokensOut > 0 ? (contact === undefined ? entry : { ...entry, contact }) : null;
  return { trigger: `${application}:${trigger}`, conversation, channel, turns, outcome, why, usage };
}

/** A silence that leaves a row, without the message's text. */
export function silenceOf(
  occasion: Pick<Occasion, "application" | "trigger" | "channel">,
  outcome: Outcome,
  why: string | null,
): Exchange {
  const { application, trigger, channel } = occasion;
  const { tokensIn, tokensOut, costUsd } = outcome;
  const usage = tokensIn + tokensOut > 0 ? ({ kind: "answer", count: 0, tokensIn, tokensOut, costUsd } as const) : null;
  return { trigger: `${application}:${trigger}`, conversation: null, channel, turns: [], outcome, why, usage };
}

type Turn = Omit<TurnRow, "id" | "feedback">;

function turnOf({ name, text, atMs, message, sources }: Said, outcome: Outcome): Turn {
  return { role: "bot", author: name, text, atMs, message, sources, outcome };
}
