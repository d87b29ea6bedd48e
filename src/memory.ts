/**
 * ⑤ What the bot remembers of a talk: its own exchange with one member in one channel, for 30 minutes, and (where the admin
 * allowed it) the channel's last messages. Kept in `hot`, so it may vanish; losing it costs context and nothing else.
 *
 * A member's key holds guild, member and channel: there is no way from one member's, channel's or guild's memory to another's.
 * The channel window is a log: an edit or a deletion is one more entry, folded in when it is read; who asked to be forgotten
 * is left out of every window of the guild from then on back.
 *
 * While hot state is away, reads are empty and notes are lost, each logged; only forgetting throws.
 */
import { AppError } from "./errors.ts";
import { type Hot, hotKey, hotPrefix } from "./hot.ts";
import type { ChannelId, GuildId, MessageId, UserId } from "./ids.ts";
import type { Exchanged } from "./llm.ts";
import type { Logger } from "./logger.ts";
import { forgottenIn, noteForgotten } from "./memory/forgotten.ts";
import { forgetKept } from "./memory/kept-answers.ts";
import type { Message } from "./message.ts";
import { wholeWords } from "./text/stems.ts";

export { createKeptAnswers, KEPT_MS, type KeptAnswer, type KeptAnswers } from "./memory/kept-answers.ts";

export const MEMORY_MS = 30 * 60_000;
const TURNS_MAX = 12;
const TURN_CHARS_MAX = 1_200;
const WINDOW_MESSAGES_MAX = 50;
/** More channels than a member talks in within half an hour; a wish to be forgotten covers the rest. */
const PLACES_MAX = 100;
/** Room for edits and deletions beside the messages. */
const WINDOW_ENTRIES_MAX = 90;
/** Four characters a token, roughly. */
const WINDOW_CHARS_MAX = 2_000 * 4;

export type Memory = {
  history(guild: GuildId, channel: ChannelId, member: UserId): Promise<readonly Exchanged[]>;
  /** `askedAtMs`: a question asked before the member's `/forget` is not remembered, even if its answer comes later. */
  remember(
    guild: GuildId,
    channel: ChannelId,
    member: UserId,
    turns: readonly Exchanged[],
    askedAtMs: number,
  ): Promise<void>;
  /** Forgets a member in a guild: own memory in all channels, kept answers, and what they said in any channel's window until `nowMs`. */
  forget(guild: GuildId, member: UserId, nowMs: number): Promise<void>;
  forgetGuild(guild: GuildId): Promise<void>;
  /** One talk of a member in a channel is over: the next begins with nothing of it. */
  forgetTalk(guild: GuildId, channel: ChannelId, member: UserId): Promise<void>;
  noteMessage(guild: GuildId, message: Message, role: Exchanged["role"]): Promise<void>;
  noteEdit(guild: GuildId, channel: ChannelId, message: MessageId, text: string): Promise<void>;
  noteDeletion(guild: GuildId, channel: ChannelId, messages: readonly MessageId[]): Promise<void>;
  /** The channel's last messages at `nowMs`, oldest first: ≤ 50, ≤ 30 minutes, ≤ 2,000 tokens. */
  window(guild: GuildId, channel: ChannelId, nowMs: number): Promise<readonly WindowMessage[]>;
};

export type WindowMessage = Exchanged & { readonly id: MessageId; readonly authorId: UserId; readonly atMs: number };

type Entry =
  | { readonly said: WindowMessage }
  | { readonly edited: MessageId; readonly text: string }
  | { readonly deleted: readonly MessageId[] };

type Turn = Exchanged & { readonly askedAtMs: number };

export function createMemory(hot: Hot, logger: Logger): Memory {
  const own = (guild: GuildId, member: UserId, ...channel: ChannelId[]) => hotKey(guild, "talk", member, ...channel);
  /** Where a member talked lately: forgetting them walks through nobody else's keys. */
  const places = (guild: GuildId, member: UserId) => hotKey(guild, "places", member);
  const shared = (guild: GuildId, channel: ChannelId) => hotKey(guild, "window", channel);
  const isForgotten = (guild: GuildId) => forgottenIn(hot, guild);
  const note = (guild: GuildId, channel: ChannelId, entry: Entry) =>
    orElse(hot.push(shared(guild, channel), JSON.stringify(entry), WINDOW_ENTRIES_MAX, MEMORY_MS), undefined);

  async function orElse<T>(call: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ reason: error.kind }, "memory-away");
      return otherwise;
    }
  }

  async function history(guild: GuildId, channel: ChannelId, member: UserId): Promise<readonly Exchanged[]> {
    const items = await hot.list(own(guild, member, channel));
    // Most members have not spoken with the bot, so nobody need ask who wished to be forgotten.
    if (items.length === 0) return [];
    const forgotten = await isForgotten(guild);
    return items
      .map((item) => JSON.parse(item) as Turn)
      .filter(({ askedAtMs }) => !forgotten(member, askedAtMs))
      .map(({ role, author, text }) => ({ role, author, text }));
  }

  async function remember(guild: GuildId, channel: ChannelId, member: UserId, turns: readonly Turn[]): Promise<void> {
    const key = own(guild, member, channel);
    await hot.push(places(guild, member), channel, PLACES_MAX, MEMORY_MS);
    for (const turn of turns) {
      await hot.push(key, JSON.stringify({ ...turn, text: shorten(turn.text) }), TURNS_MAX, MEMORY_MS);
    }
  }

  async function window(guild: GuildId, channel: ChannelId, nowMs: number): Promise<readonly WindowMessage[]> {
    const [items, forgotten] = await Promise.all([hot.list(shared(guild, channel)), isForgotten(guild)]);
    const told = fold(items.map((item) => JSON.parse(item) as Entry));
    return bounded(
      told.filter((message) => !forgotten(message.authorId, message.atMs)),
      nowMs,
    );
  }

  return {
    history: (guild, channel, member) => orElse(history(guild, channel, member), []),
    remember: (guild, channel, member, turns, askedAtMs) =>
      orElse(
        remember(
          guild,
          channel,
          member,
          turns.map((turn) => ({ ...turn, askedAtMs })),
        ),
        undefined,
      ),
    async forget(guild, member, nowMs) {
      // First: an answer that is being made now looks for the wish after it was kept.
      await noteForgotten(hot, guild, member, nowMs);
      const channels = new Set(await hot.list(places(guild, member)));
      await hot.remove([...channels].map((channel) => own(guild, member, channel as ChannelId)));
      await hot.remove([places(guild, member)]);
      await forgetKept(hot, guild, member);
    },
    forgetTalk: (guild, channel, member) => orElse(hot.remove([own(guild, member, channel)]), undefined),
    forgetGuild: (guild) => hot.drop(hotPrefix(guild)),
    noteMessage(guild, message, role) {
      const said = {
        id: message.id,
        authorId: message.author.id,
        author: message.author.name,
        role,
        text: shorten(message.content),
        atMs: message.createdAtMs,
      };
      return note(guild, message.channelId, { said });
    },
    noteEdit: (guild, channel, message, text) => note(guild, channel, { edited: message, text: shorten(text) }),
    noteDeletion: (guild, channel, messages) => note(guild, channel, { deleted: messages }),
    window: (guild, channel, nowMs) => orElse(window(guild, channel, nowMs), []),
  };
}

function fold(entries: readonly Entry[]): readonly WindowMessage[] {
  const messages = new Map<MessageId, WindowMessage>();
  for (const entry of entries) {
    if ("said" in entry) messages.set(entry.said.id, entry.said);
    else if ("edited" in entry) {
      const known = messages.get(entry.edited);
      if (known !== undefined) messages.set(entry.edited, { ...known, text: entry.text });
    } else for (const id of entry.deleted) messages.delete(id);
  }
  return [...messages.values()];
}

function bounded(messages: readonly WindowMessage[], nowMs: number): readonly WindowMessage[] {
  const recent = messages.filter((message) => nowMs - message.atMs <= MEMORY_MS && message.text !== "");
  const kept: WindowMessage[] = [];
  let chars = 0;
  for (const message of recent.slice(-WINDOW_MESSAGES_MAX).toReversed()) {
    chars += message.text.length + message.author.length + 8;
    if (chars > WINDOW_CHARS_MAX) break;
    kept.unshift(message);
  }
  return kept;
}

/** Does this need the talk before it to be understood? Short, or pointing back. */
export function leansOnHistory(question: string): boolean {
  const words = question.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length <= 4 && !asksByItself(question, words)) return true;
  return words.length <= 14 && (GOES_ON.test(question) || pointsBack(question));
}

/** "Which sensors are waterproof, and what do they cost?" names its own "they". */
function pointsBack(question: string): boolean {
  const plain = question.replace(POINTS_NOWHERE, " ");
  const at = plain.search(POINTS_BACK);
  if (at < 0) return false;
  const before = plain.slice(0, at).match(/[\p{L}\p{N}]+/gu) ?? [];
  return before.filter((word) => !NAMES_NOTHING.test(word)).length < NAMED_BEFORE_MIN;
}

/** "What is a Dipper?" is short and whole: it asks, and names what it asks about. */
function asksByItself(question: string, words: readonly string[]): boolean {
  return ASKS.test(question) && words.some((word) => !NAMES_NOTHING.test(word));
}

const ASKS =
  /^\s*(?:(?:what|where|who|which|when|how|why) )?(?:is|are|was|were|do|does|did|can|could|should|will)(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])(?:nedir|nerede|nereden|neden|niçin|mı|mi|mu|mü)(?![\p{L}\p{N}])/iu;
const NAMES_NOTHING =
  /^(?:what|how|where|when|which|who|why|can|does|do|did|is|are|was|will|should|would|could|if|not|so|the|a|an|i|we|you|he|she|to|of|in|on|at|for|with|much|many|long|often|far|big|old|exactly|about|work|works|cost|costs|nedir|nasıl|nerede|nereden|hangi|hangisi|kaç|neden|niçin|niye|kim|mı|mi|mu|mü|ne|kadar|zaman|yani|peki|bu|şu|o|de|da|için|var|yok|olur|oluyor)$/iu;

const GOES_ON =
  /^\s*(?:and|or|but|what about|how about|what if|also|then|ve|peki|ya|ama|o zaman|und|et|y)(?![\p{L}\p{N}])/iu;
/** So many words that name something, before a word that points, are what it points at. */
const NAMED_BEFORE_MIN = 2;
/** "is there a discount?", "more than one hub", "one of the sensors". */
const POINTS_NOWHERE =
  /(?<![\p{L}\p{N}])(?:(?:is|are|was|were|isn't|aren't|if|will|would) there|there (?:is|are|was|were)|(?:more than|at least|at most|only|just|up to) one|one(?= (?!(?:is|are|was|do|does|did|can|for|in|on|with|from|to|at|work|works|have|has)(?!\p{L}))\p{L}))(?![\p{L}\p{N}])/giu;
const POINTS_BACK = wholeWords(
  "it|its|that|this|these|those|they|them|one|ones|there|same|instead|else|bunu|bunun|buna|onu|onun|ona|orada|burada|şunu|aynı|öbürü|diğeri",
);

function shorten(text: string): string {
  return text.length <= TURN_CHARS_MAX ? text : `${text.slice(0, TURN_CHARS_MAX - 1).replace(/\p{Surrogate}$/u, "")}…`;
}
