/**
 * What follows the decision to speak, or to look whether speaking helps: the guild, the conversation, the answer, its delivery
 * as a reply and its record. Settles with what the message came to; throws what the stages throw, while nothing was sent.
 * Of commands the same is ask/answer.ts.
 */
import type { Decision } from "../decision.ts";
import { type Delivery, deliver } from "../deliver.ts";
import type { Outgoing } from "../discord.ts";
import { exchangeOf, type Occasion } from "../exchange.ts";
import { type ChannelSettings, DIRECT, settingsIn } from "../guilds.ts";
import type { Home } from "../home-guild.ts";
import { languageFor, type Words, words } from "../i18n.ts";
import type { Exchanged } from "../llm.ts";
import { MEMORY_MS, type Memory } from "../memory.ts";
import type { ApplicationId, GuildId, Message, MessageId, UserId } from "../message.ts";
import type { Patience } from "../patience.ts";
import { createRecent } from "../recent.ts";
import { NOTHING_SPENT, type Outcome, outcome, type Recorder } from "../record.ts";
import { feedbackButtons } from "../reply.ts";
import { type Floor, type Response, respond } from "../respond.ts";
import type { Services } from "../services.ts";
import type { Settings } from "../settings.ts";
import type { ConversationRow, Exchange } from "../store/ports/conversations.ts";
import type { GuildRow } from "../store/ports/guilds.ts";
import { speaker } from "../takeover.ts";
import { languageOf } from "../text/language.ts";
import { keepTyping } from "../typing.ts";
import type { Acquainted } from "./discovery.ts";
import type { OwnWords } from "./own-words.ts";
import { questionIn } from "./question.ts";

/** All that one message's way needs; built once it is known that somebody may answer. */
export type Work = {
  readonly application: ApplicationId;
  /** The trigger: what is replied to. */
  readonly message: Message;
  readonly receivedAtMs: number;
  readonly bot: Acquainted;
  readonly self: { readonly userId: UserId; readonly name: string };
  readonly needles: readonly string[];
  readonly decision: Exclude<Decision, { speak: "silent" }>;
  /** The messages that make up the question, oldest first; the trigger is the last. */
  readonly said: readonly Message[];
};

export type Answered = {
  readonly outcome: Outcome;
  /** The model's own words, where it was asked whether to speak. */
  readonly why?: string | null;
  /** What was thrown, where the outcome is `failed`. */
  readonly cause?: unknown;
};

export type Answerer = {
  /** `known`: the guild's row, where the worker has it already. */
  answer(work: Work, known: GuildRow | null): Promise<Answered>;
};

/** From the trigger to the send; past it the answer is extractive. */
const ANSWER_MS_MAX = 12_000;
/** What an answer gets at least, where something was away for long. */
const ANSWER_MS_MIN = 4_000;
const TALKS_MAX = 20_000;

export function createAnswerer(
  services: Services,
  shared: {
    readonly settings: Settings;
    readonly memory: Memory;
    readonly home: Home;
    readonly patience: Patience;
    readonly recorder: Recorder;
    readonly ownWords: OwnWords;
    /** Deleted while an answer was being made. */
    readonly gone: (message: MessageId) => boolean;
  },
): Answerer {
  const { clock, logger, store } = services;
  const { settings, memory, home, patience, recorder, ownWords, gone } = shared;
  const patiently = patience.run;
  /** Talks that were opened here lately. */
  const talks = createRecent<string, true>(TALKS_MAX);
  const since = (work: Work): number => clock.now() - work.receivedAtMs;

  /** A send that was decided waits for the store too; what was done there is known by its key. */
  const outbox: typeof store.outbox = {
    ...store.outbox,
    begin: (guild, key, conversation) => patiently(() => store.outbox.begin(guild, key, conversation)),
    finish: (guild, key, end) => patiently(() => store.outbox.finish(guild, key, end)),
  };

  async function answer(work: Work, known: GuildRow | null): Promise<Answered> {
    const { message, bot } = work;
    const unasked = work.decision.speak === "consider";
    const row = known ?? (await patiently(() => rowOf(work)));
    if (row === null) return await say(work, null, null, "ask-in-server", (said) => said.askInServer);
    if (message.guildId === null && (row.settings.mode === "off" || row.settings.mode === "ask")) {
      return silent(work, row.settings.mode === "off" ? "mode-off" : "mode-ask");
    }

    let conversation: ConversationRow | null = null;
    let stopTyping = () => {};
    const take = async (): Promise<Floor> => {
      conversation ??= await patiently(() => openConversation(work, row));
      talks.set(talkOf(message), true);
      const held = speaker(conversation.takeover, clock.now()) !== "bot";
      return held ? { held } : { held, escalatedAtMs: conversation.escalatedAtMs };
    };
    const takeAndType = async (): Promise<Floor> => {
      const floor = await take();
      stopTyping();
      if (!floor.held) stopTyping = keepTyping(message.channelId, { ...services, discord: bot.discord });
      return floor;
    };
    try {
      // Most of what nobody asked the bot comes to nothing, and opens no talk; but one that goes on may be an agent's.
      const goesOn = talks.has(talkOf(message));
      const floor = unasked ? (goesOn ? await take() : null) : await takeAndType();
      if (floor?.held) return await leaveToAgent(work, row, conversation);
      const said = work.said.filter(({ id }) => id === message.id || !gone(id));
      const question = await questionIn({ ...work, said }, { discord: bot.discord, logger });
      if (question === "") return await say(work, row, conversation, "asked-nothing", (said) => said.askSomething);
      const response = await patiently(() => find(work, row, question, unasked ? takeAndType : floor));
      const { spent, why, declined } = response;
      if (declined?.reason === "agent-holds") return await leaveToAgent(work, row, conversation);
      if (declined !== null) return silent(work, declined.reason, spent, why);
      if (unasked && response.kind !== "known" && response.escalation === null) {
        return silent(work, "nothing-relevant", spent, why);
      }
      if (gone(message.id)) return { outcome: outcome("dropped", "message-deleted", since(work), spent) };
      return await send(work, row, conversation, question, response);
    } finally {
      stopTyping();
    }
  }

  /** `floor`: the talk as it was taken, or, where nobody asked, what takes it. */
  async function find(
    work: Work,
    row: GuildRow,
    question: string,
    floor: Floor | (() => Promise<Floor>) | null,
  ): Promise<Response> {
    const { message } = work;
    return await respond(
      {
        guild: row.guild,
        question,
        history: () => memory.history(row.guild, message.channelId, message.author.id),
        channel: () => windowFor(work, row),
        settings: row.settings,
        botName: work.self.name,
        // From the trigger; what the store's absence took is not held against the model.
        deadlineAtMs: Math.max(work.receivedAtMs + ANSWER_MS_MAX, clock.now() + ANSWER_MS_MIN),
        ...(typeof floor === "function" ? { unasked: floor } : {}),
        ...(floor !== null && "escalatedAtMs" in floor ? { escalatedAtMs: floor.escalatedAtMs } : {}),
      },
      services,
    );
  }

  /** The channel's last messages without those of this very question; empty where the admin did not allow it. */
  async function windowFor({ message, bot, said }: Work, row: GuildRow): Promise<readonly Exchanged[]> {
    if (!inForceFor(bot, message, row).awareness || message.guildId === null) return [];
    const window = await memory.window(row.guild, message.channelId, clock.now());
    return window
      .filter((other) => !said.some((own) => own.id === other.id))
      .map(({ role, author, text }) => ({ role, author, text }));
  }

  async function send(
    work: Work,
    row: GuildRow,
    conversation: ConversationRow | null,
    question: string,
    response: Response,
  ): Promise<Answered> {
    const known = response.kind === "known";
    const buttons = known ? feedbackButtons(row.guild, response.words) : [];
    const delivery = await post(work, row.guild, conversation, response.parts, buttons);
    if (delivery.state === "held") return await leaveToAgent(work, row, conversation);

    const result = outcome(...becameOf(work, delivery, response), since(work), response.spent);
    const posted = delivery.messages.length > 0;
    await keep(work, row.guild, conversation, result, posted ? { ...response, ids: delivery.messages, known } : null);
    if (posted && response.kind !== "courtesy") await remember(work, row, question, response.text);
    return { outcome: result, why: response.why, ...(delivery.state === "failed" ? { cause: delivery.cause } : {}) };
  }

  /** One line of the bot's own words, in the place of an answer. */
  async function say(
    work: Work,
    row: GuildRow | null,
    conversation: ConversationRow | null,
    reason: string,
    line: (said: Words["bot"]) => string,
  ): Promise<Answered> {
    const own = languageOf(work.message.content);
    const text = line(words(languageFor(own === "und" ? null : own, row?.settings.language)).bot);
    const delivery = await post(work, row?.guild ?? null, conversation, [text]);
    if (delivery.state === "held") {
      if (row !== null) return await leaveToAgent(work, row, conversation);
      return { outcome: outcome("left-to-agent", "agent-holds", since(work)) };
    }
    if (delivery.state === "failed") {
      return { outcome: outcome("failed", delivery.reason, since(work)), cause: delivery.cause };
    }
    const result = outcome("answered", reason, since(work));
    if (row !== null) {
      await keep(work, row.guild, conversation, result, { text, ids: delivery.messages, sources: [], known: false });
    }
    return { outcome: result };
  }

  async function post(
    work: Work,
    guild: GuildId | null,
    conversation: ConversationRow | null,
    parts: readonly string[],
    buttons: NonNullable<Outgoing["buttons"]> = [],
  ): Promise<Delivery> {
    const { application, message, bot, self } = work;
    const outgoing: Outgoing[] = parts.map((content, place) => ({
      content,
      suppressEmbeds: true,
      ...(place === 0 ? { replyTo: message.id } : {}),
      ...(place === parts.length - 1 && buttons.length > 0 ? { buttons } : {}),
    }));
    const delivery = await deliver(
      {
        application,
        guild,
        conversation: conversation?.id ?? null,
        channel: message.channelId,
        trigger: message.id,
        self: self.userId,
        parts: outgoing,
        holder: async () => (conversation === null || guild === null ? "bot" : await holderOf(guild, conversation.id)),
      },
      { store: { outbox }, discord: bot.discord, clock },
    );
    ownWords.note(message.channelId, delivery.messages, clock.now());
    return delivery;
  }

  async function holderOf(guild: GuildId, conversation: string): Promise<"bot" | UserId> {
    const found = await store.conversations.get(guild, conversation);
    return found === null ? "bot" : speaker(found.conversation.takeover, clock.now());
  }

  /** The member's words still reach the transcript: the agent reads them there. */
  async function leaveToAgent(work: Work, row: GuildRow, conversation: ConversationRow | null): Promise<Answered> {
    const result = outcome("left-to-agent", "agent-holds", since(work));
    await keep(work, row.guild, conversation, result, null);
    return { outcome: result };
  }

  /** The member has the answer already: a row that cannot be written is waited for, and at last only logged. */
  async function keep(
    work: Work,
    guild: GuildId,
    conversation: ConversationRow | null,
    result: Outcome,
    posted: Posted | null,
  ): Promise<void> {
    const said =
      posted === null
        ? null
        : {
            name: work.self.name,
            text: posted.text,
            atMs: work.receivedAtMs + result.ms,
            message: posted.ids.at(-1) ?? null,
            sources: posted.sources,
            answer: posted.known,
          };
    const exchange = exchangeOf(occasionOf(work, conversation), said, result, posted?.why ?? null);
    try {
      await patiently(() => recorder.keep(guild, exchange));
    } catch (error) {
      logger.error({ guild, trigger: exchange.trigger, error }, "exchange-unrecorded");
    }
  }

  function remember({ message, self, receivedAtMs }: Work, row: GuildRow, question: string, text: string) {
    const { id, name } = message.author;
    const turns = [
      { role: "member", author: name, text: question },
      { role: "bot", author: self.name, text },
    ] as const;
    return memory.remember(row.guild, message.channelId, id, turns, receivedAtMs);
  }

  /** A direct message's home, or a guild that speaks before its GUILD_CREATE was recorded. */
  async function rowOf({ application, message, bot }: Work): Promise<GuildRow | null> {
    const { guildId } = message;
    if (guildId === null) return await home.find(application, message.author.id);
    const name = bot.directory.guildName(guildId) ?? guildId;
    const row = await store.guilds.join(guildId, application, name, null);
    settings.put(row);
    return row;
  }

  function openConversation({ message, bot }: Work, row: GuildRow): Promise<ConversationRow> {
    const channelName =
      message.guildId === null ? "" : (bot.directory.channel(row.guild, message.channelId)?.name ?? "");
    const { id, name } = message.author;
    const who = { channel: message.channelId, channelName, member: id, memberName: name };
    return store.conversations.open(row.guild, who, MEMORY_MS);
  }

  function silent(work: Work, reason: string, spent = NOTHING_SPENT, why: string | null = null): Answered {
    return { outcome: outcome("silent", reason, since(work), spent), why };
  }

  return { answer };
}

/** One member's talk in one channel. */
function talkOf({ channelId, author }: Message): string {
  return `${channelId}:${author.id}`;
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

type Posted = {
  readonly text: string;
  readonly ids: readonly MessageId[];
  readonly sources: Exchange["turns"][number]["sources"];
  readonly known: boolean;
  readonly why?: string | null;
};

/** What is in force where this message stands. */
export function inForceFor({ directory }: Acquainted, message: Message, row: GuildRow): ChannelSettings {
  if (message.guildId === null) return DIRECT;
  const { settings } = row;
  // Which channel a thread belongs to matters only where single channels are set.
  const parent = isEmpty(settings.channels) ? null : directory.channel(message.guildId, message.channelId)?.parentId;
  return settingsIn(settings, message.channelId, parent ?? null);
}

function occasionOf({ application, message }: Work, conversation: ConversationRow | null): Occasion {
  const { id, author, content, createdAtMs, channelId } = message;
  return {
    application,
    trigger: id,
    conversation: conversation?.id ?? null,
    channel: channelId,
    member: { name: author.name, text: content, atMs: createdAtMs, message: id },
  };
}

function becameOf(
  work: Work,
  delivery: Exclude<Delivery, { state: "held" }>,
  response: Response,
): ["answered" | "escalated" | "failed", string] {
  if (delivery.state === "failed") return ["failed", delivery.reason];
  if (response.escalation === "marked") return ["escalated", "wants-human"];
  if (delivery.before) return ["answered", "already-answered"];
  return ["answered", response.kind === "known" ? work.decision.reason : response.kind];
}
