/**
 * THE SPINE: a message's way, ② to ⑨. All branching is here; stages do not know each other.
 *
 * `handle` is synchronous up to its first await (prefilter, windows, memory): a lane waits for that part only.
 * Called by a worker for every MESSAGE_CREATE that its interest does not rule out.
 */

import { createArrivals } from "./arrivals.ts";
import { createAsk, feedbackButtons } from "./ask.ts";
import { createBursts } from "./burst.ts";
import { type Decision, decide, hardSilence, mentions } from "./decision.ts";
import { deliver } from "./deliver.ts";
import { createDirectory, type Directory, type Self } from "./directory.ts";
import type { Discord, Outgoing } from "./discord.ts";
import { AppError } from "./errors.ts";
import { type ChannelSettings, settingsIn } from "./guilds.ts";
import { createHome } from "./home.ts";
import { languageFor, words } from "./i18n.ts";
import { languageOf } from "./language.ts";
import type { Exchanged } from "./llm.ts";
import { createMemory, MEMORY_MS } from "./memory.ts";
import {
  type ApplicationId,
  type ChannelId,
  CONTENT_CHARS_MAX,
  cleanText,
  type Fields,
  fieldsOf,
  type GuildId,
  type Message,
  type MessageId,
  snowflake,
  snowflakes,
  type UserId,
} from "./message.ts";
import { createPatience } from "./patience.ts";
import {
  type Considered,
  consider,
  createPrefilterMemories,
  createSmartContext,
  forgetChannel,
  type PrefilterMemory,
  prefilter,
  type SmartLine,
} from "./prefilter.ts";
import { QUESTION_CHARS_MAX, questionOf } from "./question.ts";
import { createRecent } from "./recent.ts";
import { createRecorder, NOTHING_SPENT, type Outcome, outcome, type Spent } from "./record.ts";
import { type Response, respond } from "./respond.ts";
import type { Services } from "./services.ts";
import { createSettings } from "./settings.ts";
import { createSilences } from "./silences.ts";
import type { AddressingChange, ConversationRow, Exchange, GuildRow, TurnRow, UsageEntry } from "./store.ts";
import { createStrangers } from "./strangers.ts";
import { speaker } from "./takeover.ts";
import { createTalk } from "./talk.ts";
import { createTurnstile } from "./turnstile.ts";
import { keepTyping } from "./typing.ts";

export type Trigger = {
  readonly application: ApplicationId;
  readonly message: Message;
  /** When the frame came in: `performance.timeOrigin + performance.now()`, comparable across threads. */
  readonly receivedAtMs: number;
};

/**
 * What makes a frame of this guild worth parsing. In a `mention` guild without moderation a message that holds none of
 * `needles` in its bytes, in a channel that is not `active`, is proven silent.
 */
export type Interest = {
  readonly everything: boolean;
  /** With `everything`: false when no moderation reads along, so that these messages give way first under load. */
  readonly moderated?: boolean;
  /** Ids of the bot's user and its managed role. */
  readonly needles: readonly string[];
  readonly active: (channel: ChannelId) => boolean;
};

export type Pipeline = {
  handle(trigger: Trigger): Outcome | Promise<Outcome>;
  /** Any other dispatch: what we know of guilds, edits and deletions, interactions. */
  observe(application: ApplicationId, type: string, data: unknown): Promise<void> | undefined;
  interest(application: ApplicationId, guild: GuildId | null): Interest;
  /** Settles when no work is left, or `deadlineMs` has passed: what waits for an absent store then has no outcome, and comes again. */
  drain(deadlineMs: number): Promise<void>;
};

export type PipelineExtra = {
  /** Who a bot is, for a worker that did not see its READY; asked of Discord where this is not given. */
  readonly self?: (application: ApplicationId) => Self | null;
  readonly prefilterMemory?: (guild: GuildId | null) => PrefilterMemory;
};

/** From the trigger to the send; past it the answer is extractive. */
const ANSWER_MS_MAX = 12_000;
/** What an answer gets at least, where something was away for long. */
const ANSWER_MS_MIN = 4_000;
/** A conversation goes on until it has been quiet for so long. */
const CONVERSATION_IDLE_MS = MEMORY_MS;
/** Message ids kept to tell a second delivery from a first. */
const SEEN_MAX = 5_000;
/** What a member said so shortly before a question belongs to it. */
const BEFORE_MS = 60_000;
const BEFORE_MAX = 3;
const BEFORE_MEMBERS_MAX = 5_000;
const ACTIVE_CHANNELS_MAX = 20_000;
const INTERESTS_MAX = 20_000;

type Bot = { readonly discord: Discord; readonly directory: Directory };

/** All that one message's way needs; built once it is known that somebody may answer. */
type Work = Trigger & {
  readonly bot: Bot;
  readonly self: Self;
  readonly needles: readonly string[];
  readonly decision: Exclude<Decision, { speak: "silent" }>;
  /** The messages that make up the question, oldest first; the trigger is the last. */
  readonly said: readonly Message[];
};

export function createPipeline(services: Services, extra: PipelineExtra = {}): Pipeline {
  const { clock, logger, store, hot } = services;
  const settings = createSettings(services);
  const memory = createMemory(hot);
  const turnstile = createTurnstile();
  const ask = createAsk(services, { settings, memory, turnstile });
  const bursts = createBursts(clock);
  const prefilterMemory = extra.prefilterMemory ?? createPrefilterMemories();
  const smartContext = createSmartContext();
  const saidBefore = createRecent<string, readonly Message[]>(BEFORE_MEMBERS_MAX);
  const talk = createTalk();
  /** Deleted while an answer was being made. */
  const gone = createRecent<MessageId, true>(SEEN_MAX);
  const recorder = createRecorder(services);
  const silences = createSilences(clock);
  const arrivals = createArrivals({ ...services, settings, memory });
  const strangers = createStrangers(services, (application, { guild, name, locale, addressing }) => {
    void track(arrivals.join(application, guild, name, locale, addressing));
  });
  const home = createHome({ ...services, settings });
  const { run: patiently } = createPatience(clock, logger);
  const bots = new Map<ApplicationId, Bot>();
  const seen = createRecent<string, true>(SEEN_MAX);
  /** Channels where the bot spoke lately, with when: a reply there may name the bot in no other way. */
  const spokeAt = createRecent<ChannelId, number>(ACTIVE_CHANNELS_MAX);
  /** `interest` is asked at every frame: the last answer holds while settings and ids are the same objects. */
  const interests = createRecent<GuildId, { row: GuildRow; needles: readonly string[]; interest: Interest }>(
    INTERESTS_MAX,
  );
  const own = createRecent<MessageId, true>(SEEN_MAX);
  /** Answers to one member in one channel wait for each other. */
  const chains = new Map<string, Promise<unknown>>();
  const running = new Set<Promise<unknown>>();

  /** A send that was decided waits for the store too; what was done there is known by its key. */
  const effects: Services["store"]["effects"] = {
    begin: (guild, key, conversation) => patiently(() => store.effects.begin(guild, key, conversation)),
    finish: (key, result) => patiently(() => store.effects.finish(key, result)),
    inFlight: (guild, conversation) => store.effects.inFlight(guild, conversation),
  };

  function botOf(application: ApplicationId): Bot {
    let bot = bots.get(application);
    if (bot === undefined) {
      bot = { discord: services.discord(application), directory: createDirectory(extra.self?.(application) ?? null) };
      bots.set(application, bot);
    }
    return bot;
  }

  function handle(trigger: Trigger): Outcome | Promise<Outcome> {
    const { application, message } = trigger;
    const bot = botOf(application);
    const self = bot.directory.self() ?? extra.self?.(application) ?? null;
    if (self === null) return track(guarded(trigger, introduce(trigger, bot)));
    if (bot.directory.self() === null) bot.directory.setSelf(self);

    const row = message.guildId === null ? null : settings.peek(message.guildId);
    const hard = hardSilence(message, self.userId);
    if (hard !== null) {
      if (row) overhear(message, inForceFor(bot, message, row), self, hard.reason === "own-message");
      return settle(trigger, outcome("silent", hard.reason, since(trigger)));
    }
    if (row === undefined) return track(guarded(trigger, loadThenDecide(trigger, bot, self)));
    if (isStrange(bot, message, self, row)) return track(guarded(trigger, meetThenDecide(trigger, bot, self, row)));
    return decideNow(trigger, bot, self, row);
  }

  /** The first message may come before READY has reached this worker; after a RESUME there is none. */
  async function introduce(trigger: Trigger, bot: Bot): Promise<Outcome> {
    if (!(await strangers.introduce(bot))) return settle(trigger, outcome("failed", "self-unknown", since(trigger)));
    return await handle(trigger);
  }

  async function loadThenDecide(trigger: Trigger, bot: Bot, self: Self): Promise<Outcome> {
    const guild = trigger.message.guildId;
    const row = guild === null ? null : await patiently(() => settings.load(guild));
    if (guild !== null && isStrange(bot, trigger.message, self, row)) await strangers.meet(bot, guild);
    return await decideNow(trigger, bot, self, row);
  }

  async function meetThenDecide(trigger: Trigger, bot: Bot, self: Self, row: GuildRow | null): Promise<Outcome> {
    if (trigger.message.guildId !== null) await strangers.meet(bot, trigger.message.guildId);
    return await decideNow(trigger, bot, self, row);
  }

  /** A guild that nobody told this process of, and a message whose fate depends on more than what is kept of it. */
  function isStrange({ directory }: Bot, message: Message, self: Self, row: GuildRow | null): boolean {
    const { guildId, channelId, replyTo } = message;
    if (guildId === null || directory.knows(guildId)) return false;
    if (row !== null) {
      directory.recall(guildId, row.addressing);
      const { mode, channels, moderation } = row.settings;
      const kept = row.addressing.botRole !== null && mode !== "all" && !moderation.on;
      if (!kept || Object.keys(channels).length > 0) return true;
    }
    return (
      mentions(message, [...directory.needles(guildId), self.userId]) ||
      replyTo?.authorId === self.userId ||
      (replyTo !== null && own.has(replyTo.messageId)) ||
      directory.ownThread(channelId)
    );
  }

  function decideNow(trigger: Trigger, bot: Bot, self: Self, row: GuildRow | null): Outcome | Promise<Outcome> {
    const { message, application } = trigger;
    const { guildId, channelId } = message;
    const { directory } = bot;
    const needles = guildId === null ? [self.userId] : directory.needles(guildId);
    const inForce = row === null ? DIRECT : inForceFor(bot, message, row);
    const triage = prefilter(message, prefilterMemory(guildId));
    const turn = `${channelId}:${message.author.id}`;
    let smart: Considered | null = null;
    if (guildId !== null && inForce.mode === "all") {
      noteInWindow(message, inForce, "member");
      talk.note(message, directory.staff(guildId, message.author.id, message.member?.roles ?? []));
      if (inForce.smart) smart = consider(lineOf(message, self.userId, false), smartContext);
    }
    // Smart mode's own look knows the channel; and who is in the middle of a thought goes on with it.
    const judged = triage.answering === "silent" ? "silent" : (smart?.decision ?? triage.answering);
    const answering = bursts.pending(turn) ? "consider" : judged;

    const decision = decide({
      message,
      self: self.userId,
      needles: needles.length === 0 ? [self.userId] : needles,
      settings: inForce,
      ownThread: directory.ownThread(channelId),
      repliesToBot: message.replyTo !== null && own.has(message.replyTo.messageId),
      answering,
      namesAnother: smart?.reason === "addressed-to-another",
      staffAnswered: talk.staffWith(channelId, message.author.id, message.createdAtMs, null),
      threadSolved: directory.threadSolved(channelId),
    });
    if (decision.speak === "silent") {
      if (decision.reason === "small-talk")
        saidBefore.set(turn, [...before(turn, message), message].slice(-BEFORE_MAX));
      return silence(trigger, decision.reason);
    }

    const key = `${application}:${message.id}`;
    if (seen.has(key)) return settle(trigger, outcome("dropped", "duplicate", since(trigger)));
    seen.set(key, true);
    if (decision.speak === "consider")
      return track(guarded(trigger, considerIt({ ...trigger, bot, self, needles, decision }, row, turn)));
    const said = [...before(turn, message), ...bursts.take(turn), message];
    saidBefore.delete(turn);
    const work: Work = { ...trigger, bot, self, needles, decision, said };
    return track(
      guarded(
        trigger,
        inTurn(turn, () => turnstile.pass(guildId ?? channelId, () => answerIt(work, row))),
      ),
    );
  }

  /** Smart mode waits for the thought to end, and looks once more who has spoken meanwhile. */
  async function considerIt(trigger: Omit<Work, "said">, row: GuildRow | null, turn: string): Promise<Outcome> {
    const { message } = trigger;
    const said = await bursts.add(turn, message);
    if (said === null) return settle(trigger, outcome("merged", "into-later", since(trigger)));
    const first = said[0] ?? message;
    const context = before(turn, first);
    saidBefore.delete(turn);
    if (talk.answeredAfter(message.channelId, message.author.id, first.id))
      return silence(trigger, "answered-meanwhile");
    if (talk.staffWith(message.channelId, message.author.id, clock.now(), first.id))
      return silence(trigger, "staff-answered");
    const work = { ...trigger, said: [...context, ...said] };
    const whose = message.guildId ?? message.channelId;
    return await inTurn(turn, () => turnstile.pass(whose, () => answerIt(work, row)));
  }

  async function answerIt(work: Work, known: GuildRow | null): Promise<Outcome> {
    const { message, bot } = work;
    const { guildId } = message;
    const row =
      known ??
      (await patiently(() =>
        guildId === null ? home.find(work.application, message.author.id) : joinLate(work, guildId),
      ));
    if (row === null) return await say(work, null, null, "ask-in-server", (said) => said.askInServer);
    if (message.guildId === null && (row.settings.mode === "off" || row.settings.mode === "ask")) {
      return silence(work, row.settings.mode === "off" ? "mode-off" : "mode-ask");
    }

    const conversation = await patiently(() => openConversation(work, row));
    if (speaker(conversation.takeover, clock.now()) !== "bot") return await leaveToAgent(work, row, conversation);
    const unasked = work.decision.speak === "consider";
    let stopTyping = () => {};
    const type = () => {
      stopTyping = keepTyping(message.channelId, { ...services, discord: bot.discord });
    };
    if (!unasked) type();
    try {
      const question = await questionIn(work);
      if (question === "") return await say(work, row, conversation, "asked-nothing", (said) => said.askSomething);
      const response = await patiently(async () =>
        respond(
          {
            guild: row.guild,
            question,
            history: await orElse(memory.history(row.guild, message.channelId, message.author.id), []),
            channel: await windowFor(work, row),
            settings: row.settings,
            botName: work.self.name,
            deadlineAtMs: deadlineOf(work),
            ...(unasked ? { unasked: type } : {}),
          },
          services,
        ),
      );
      if (response.kind === "declined")
        return silence(work, response.declined?.reason ?? "nothing-relevant", response.spent);
      if (unasked && response.kind !== "known") return silence(work, "nothing-relevant", response.spent);
      if (gone.has(message.id)) return settle(work, outcome("dropped", "message-deleted", since(work), response.spent));
      return await sendAnswer(work, row, conversation, question, response);
    } finally {
      stopTyping();
    }
  }

  /** From the trigger; what the store's absence took is not held against the model. */
  function deadlineOf(work: Work): number {
    return Math.max(work.receivedAtMs + ANSWER_MS_MAX, clock.now() + ANSWER_MS_MIN);
  }

  /** The channel's last messages without those of this very question; empty where the admin did not allow it. */
  async function windowFor(work: Work, row: GuildRow): Promise<readonly Exchanged[]> {
    const { message, bot, said } = work;
    if (!inForceFor(bot, message, row).awareness || message.guildId === null) return [];
    const window = await orElse(memory.window(row.guild, message.channelId, clock.now()), []);
    return window
      .filter((other) => !said.some((own) => own.id === other.id))
      .map(({ role, author, text }) => ({ role, author, text }));
  }

  /** What the same member said shortly before without asking: half of the question, often. */
  function before(turn: string, message: Message): readonly Message[] {
    const said = saidBefore.get(turn) ?? [];
    return said.filter((earlier) => message.createdAtMs - earlier.createdAtMs <= BEFORE_MS);
  }

  /** A line that is never answered is part of the talk all the same. */
  function overhear(message: Message, inForce: ChannelSettings, self: Self, own: boolean): void {
    if (message.guildId === null || inForce.mode !== "all") return;
    if (own) noteInWindow(message, inForce, "bot");
    if (inForce.smart) consider(lineOf(message, self.userId, true), smartContext);
  }

  function noteInWindow(message: Message, inForce: ChannelSettings, role: Exchanged["role"]): void {
    if (!inForce.awareness || message.guildId === null || message.content === "") return;
    void track(orElse(memory.noteMessage(message.guildId, message, role), undefined));
  }

  function inForceFor(bot: Bot, message: Message, row: GuildRow): ChannelSettings {
    if (message.guildId === null) return DIRECT;
    const parent = bot.directory.channel(message.guildId, message.channelId)?.parentId ?? null;
    return settingsIn(row.settings, message.channelId, parent);
  }

  async function sendAnswer(
    work: Work,
    row: GuildRow,
    conversation: ConversationRow,
    question: string,
    response: Response,
  ): Promise<Outcome> {
    const { message } = work;
    const buttons = response.kind === "known" ? feedbackButtons(row.guild, response.words) : [];
    const delivery = await send(work, row.guild, conversation, response.parts, buttons);
    if (delivery.state === "held") return await leaveToAgent(work, row, conversation);

    const reason = response.kind === "known" ? work.decision.reason : response.kind;
    const result =
      delivery.state === "sent"
        ? outcome("answered", delivery.before ? "already-answered" : reason, since(work), response.spent)
        : outcome("failed", delivery.reason, since(work), response.spent);
    const answered = delivery.messages.length > 0;
    const turns = [memberTurn(work, null)];
    if (answered) turns.push(botTurn(work, response.text, delivery.messages.at(-1) ?? null, response.sources, result));
    // One answer is one message, extractive or not; saying that it is not known is none.
    const usage: UsageEntry | null =
      answered && response.kind === "known"
        ? { kind: "answer", count: 1, tokensIn: result.tokensIn, tokensOut: result.tokensOut, costUsd: result.costUsd }
        : null;
    await keep(row.guild, { ...exchangeOf(work, conversation), turns, outcome: result, usage });
    if (answered) {
      await orElse(
        memory.remember(
          row.guild,
          message.channelId,
          message.author.id,
          [
            { role: "member", author: message.author.name, text: question },
            { role: "bot", author: work.self.name, text: response.text },
          ],
          work.receivedAtMs,
        ),
        undefined,
      );
    }
    return settle(work, result, delivery.state === "failed" ? delivery.cause : undefined);
  }

  /** One line of the bot's own words, in the place of an answer. */
  async function say(
    work: Work,
    row: GuildRow | null,
    conversation: ConversationRow | null,
    reason: string,
    line: (said: ReturnType<typeof words>["bot"]) => string,
  ): Promise<Outcome> {
    const language = languageFor(known(languageOf(work.message.content)), row?.settings.language);
    const text = line(words(language).bot);
    const delivery = await send(work, row?.guild ?? null, conversation, [text]);
    if (delivery.state === "held" && row !== null && conversation !== null)
      return await leaveToAgent(work, row, conversation);
    if (delivery.state === "failed")
      return settle(work, outcome("failed", delivery.reason, since(work)), delivery.cause);
    const result = outcome("answered", reason, since(work));
    if (row !== null) {
      const turns = [memberTurn(work, null), botTurn(work, text, delivery.messages[0] ?? null, [], result)];
      await keep(row.guild, { ...exchangeOf(work, conversation), turns, outcome: result, usage: null });
    }
    return settle(work, result);
  }

  async function send(
    work: Work,
    guild: GuildId | null,
    conversation: ConversationRow | null,
    parts: readonly string[],
    buttons: NonNullable<Outgoing["buttons"]> = [],
  ) {
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
      { store: { effects }, discord: bot.discord, clock },
    );
    for (const id of delivery.messages) own.set(id, true);
    if (delivery.messages.length > 0) spokeAt.set(message.channelId, clock.now());
    return delivery;
  }

  async function holderOf(guild: GuildId, conversation: string): Promise<"bot" | UserId> {
    const found = await store.conversations.get(guild, conversation);
    return found === null ? "bot" : speaker(found.conversation.takeover, clock.now());
  }

  /** The member's words still reach the transcript: the agent reads them there. */
  async function leaveToAgent(work: Work, row: GuildRow, conversation: ConversationRow): Promise<Outcome> {
    const result = outcome("left-to-agent", "agent-holds", since(work));
    const turns = [memberTurn(work, result)];
    await keep(row.guild, { ...exchangeOf(work, conversation), turns, outcome: result, usage: null });
    return settle(work, result);
  }

  /** The member has the answer already: a row that cannot be written is waited for, and at last only logged. */
  async function keep(guild: GuildId, exchange: Exchange): Promise<void> {
    try {
      await patiently(() => recorder.keep(guild, exchange));
    } catch (error) {
      logger.error({ guild, trigger: exchange.trigger, error }, "exchange-unrecorded");
    }
  }

  /** A guild that speaks before its GUILD_CREATE was recorded. */
  async function joinLate(work: Work, guild: GuildId): Promise<GuildRow> {
    const name = work.bot.directory.guildName(guild) ?? guild;
    const row = await store.guilds.join(guild, work.application, name, null);
    settings.put(row);
    return row;
  }

  function openConversation(work: Work, row: GuildRow): Promise<ConversationRow> {
    const { message, bot } = work;
    const channelName =
      message.guildId === null ? "" : (bot.directory.channel(row.guild, message.channelId)?.name ?? "");
    return store.conversations.open(
      row.guild,
      { channel: message.channelId, channelName, member: message.author.id, memberName: message.author.name },
      CONVERSATION_IDLE_MS,
    );
  }

  /** "@bot" under somebody's question means that question. */
  async function questionIn(work: Work): Promise<string> {
    const { message, bot, needles } = work;
    const asked = work.said
      .map((part) => questionOf(part, needles))
      .filter((part) => part !== "")
      .join("\n")
      .slice(-QUESTION_CHARS_MAX);
    if (asked !== "" || message.replyTo === null || message.replyTo.authorId === work.self.userId) return asked;
    try {
      const pointedAt = await bot.discord.messages.get(message.replyTo.channelId, message.replyTo.messageId);
      return pointedAt === null || pointedAt.author.bot ? "" : questionOf(pointedAt, needles);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.debug({ message: message.id, error }, "reply-unread");
      return "";
    }
  }

  /** A silence that cost a model call is always on record; of the others as many as somebody reads. */
  function silence(trigger: Trigger, reason: string, spent: Spent = NOTHING_SPENT): Outcome {
    const result = outcome("silent", reason, since(trigger), spent);
    const { guildId, channelId, id, mentions } = trigger.message;
    const named = mentions.users.length > 0;
    if (guildId !== null && (spent.model !== null || silences.worthKeeping(guildId, reason, named))) {
      const exchange = { trigger: `${trigger.application}:${id}`, conversation: null, channel: channelId };
      void track(keep(guildId, { ...exchange, turns: [], outcome: result, usage: null }));
    }
    return settle(trigger, result);
  }

  function settle(trigger: Trigger, result: Outcome, cause?: unknown): Outcome {
    recorder.log(trigger.application, trigger.message, result, cause);
    // What failed may be delivered again, and is then settled by its effects' keys.
    if (result.kind === "failed") seen.delete(`${trigger.application}:${trigger.message.id}`);
    return result;
  }

  /** Whatever is thrown on a message's way ends here, as its outcome. */
  async function guarded(trigger: Trigger, work: Promise<Outcome>): Promise<Outcome> {
    try {
      return await work;
    } catch (error) {
      return settle(trigger, outcome("failed", reasonOf(error), since(trigger), NOTHING_SPENT), error);
    }
  }

  async function orElse<T>(call: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ reason: error.kind }, "memory-away");
      return otherwise;
    }
  }

  function inTurn<T>(key: string, run: () => Promise<T>): Promise<T> {
    const before = chains.get(key);
    const turn = before === undefined ? run() : before.then(run, run);
    chains.set(key, turn);
    const done = () => {
      if (chains.get(key) === turn) chains.delete(key);
    };
    turn.then(done, done);
    return turn;
  }

  function track<T>(promise: Promise<T>): Promise<T> {
    running.add(promise);
    const done = () => void running.delete(promise);
    promise.then(done, done);
    return promise;
  }

  function since(trigger: Trigger): number {
    return clock.now() - trigger.receivedAtMs;
  }

  function observe(application: ApplicationId, type: string, data: unknown): Promise<void> | undefined {
    const bot = botOf(application);
    // Which role, thread or member is the bot's own, only who knows the bot can tell.
    if (bot.directory.self() === null && ABOUT_GUILDS.test(type)) {
      return track(strangers.introduce(bot).then(() => observeKnowing(bot, application, type, data)));
    }
    return observeKnowing(bot, application, type, data);
  }

  function observeKnowing(
    bot: Bot,
    application: ApplicationId,
    type: string,
    data: unknown,
  ): Promise<void> | undefined {
    const change = bot.directory.observe(type, data);
    strangers.hear(bot, type, data);
    if (change?.type === "guild-joined") {
      return track(arrivals.join(application, change.guild, change.name, change.locale, change.addressing));
    }
    if (change?.type === "guild-left") return track(arrivals.leave(change.guild));
    if (change?.type === "addressing-changed") return track(addressed(change.guild, change.change));
    if (type === "INTERACTION_CREATE") return track(interact(application, data));
    const fields = fieldsOf(data);
    if (fields === null) return undefined;
    if (type === "CHANNEL_DELETE" || type === "THREAD_DELETE") forgetChannel(smartContext, String(fields.id));
    return observeTalk(application, type, fields);
  }

  async function addressed(guild: GuildId, change: AddressingChange): Promise<void> {
    try {
      await patiently(() => store.guilds.address(guild, change));
      settings.drop(guild);
    } catch (error) {
      logger.error({ guild, error }, "guild-unrecorded");
    }
  }

  async function interact(application: ApplicationId, data: unknown): Promise<void> {
    const { discord, directory } = botOf(application);
    const botName = directory.self()?.name;
    const by = { application, data, receivedAtMs: clock.now(), ...(botName === undefined ? {} : { botName }) };
    const asked = await ask.handle(by);
    const fields = fieldsOf(data);
    if (asked === null || typeof fields?.token !== "string") return;
    try {
      await discord.interactions.respond(String(fields.id), fields.token, asked.response);
    } catch (error) {
      logger.warn({ application, interaction: fields.id, error }, "interaction-unanswered");
      return;
    }
    if (asked.work !== null) await asked.work();
  }

  /** Edits, deletions and typing, of channels whose talk we remember. */
  function observeTalk(application: ApplicationId, type: string, data: Fields): Promise<void> | undefined {
    const channel = snowflake(data.channel_id) as ChannelId | null;
    const guild = snowflake(data.guild_id) as GuildId | null;
    if (channel === null) return undefined;
    if (type === "TYPING_START") {
      bursts.typing(`${channel}:${snowflake(data.user_id)}`);
      return undefined;
    }
    const aware = guild !== null && remembers(application, guild, channel);
    if (type === "MESSAGE_DELETE" || type === "MESSAGE_DELETE_BULK") {
      const ids = (type === "MESSAGE_DELETE" ? snowflakes([data.id]) : snowflakes(data.ids)) as readonly MessageId[];
      for (const id of ids) {
        own.delete(id);
        gone.set(id, true);
      }
      return guild !== null && aware ? track(orElse(memory.noteDeletion(guild, channel, ids), undefined)) : undefined;
    }
    const id = snowflake(data.id) as MessageId | null;
    if (type !== "MESSAGE_UPDATE" || guild === null || id === null || !aware) return undefined;
    if (typeof data.content !== "string") return undefined;
    const text = cleanText(data.content, CONTENT_CHARS_MAX);
    return track(orElse(memory.noteEdit(guild, channel, id, text), undefined));
  }

  /** Is a channel's talk kept? Where nobody knows yet, it may have been. */
  function remembers(application: ApplicationId, guild: GuildId, channel: ChannelId): boolean {
    const row = settings.peek(guild);
    if (row === undefined) return true;
    const parent = botOf(application).directory.channel(guild, channel)?.parentId ?? null;
    return row !== null && settingsIn(row.settings, channel, parent).awareness;
  }

  function interest(application: ApplicationId, guild: GuildId | null): Interest {
    if (guild === null) return EVERYTHING;
    const { directory } = botOf(application);
    const row = settings.peek(guild);
    const self = directory.self();
    if (row === undefined && self !== null) void track(quietly(settings.load(guild)));
    if (row === undefined || row === null || self === null || row.settings.moderation.on) return EVERYTHING;

    let needles = directory.needles(guild);
    const known = interests.get(guild);
    if (known?.row === row && known.needles === needles) return known.interest;
    if (!directory.knows(guild)) {
      directory.recall(guild, row.addressing);
      // Nothing is proven by the absence of a role that nobody knows.
      if (row.addressing.botRole === null) {
        void track(strangers.meet(botOf(application), guild));
        return UNPROVEN;
      }
      needles = directory.needles(guild);
    }
    const found = interestIn(row, directory, needles.length === 0 ? [self.userId] : needles);
    interests.set(guild, { row, needles, interest: found });
    return found;
  }

  function interestIn(
    { settings: { mode, channels } }: GuildRow,
    directory: Directory,
    needles: readonly string[],
  ): Interest {
    const modes = [mode, ...Object.values(channels).map((channel) => channel.mode ?? mode)];
    if (modes.includes("all")) return { everything: true, moderated: false, needles, active: () => true };
    if (!modes.includes("mention")) return { everything: false, needles: [], active: () => false };
    return {
      everything: false,
      needles,
      active: (channel) => {
        if (directory.ownThread(channel)) return true;
        const spokeAtMs = spokeAt.get(channel);
        return spokeAtMs !== undefined && clock.now() - spokeAtMs < CONVERSATION_IDLE_MS;
      },
    };
  }

  async function quietly(load: Promise<unknown>): Promise<void> {
    try {
      await load;
    } catch (error) {
      logger.warn({ error }, "settings-unread");
    }
  }

  async function drain(deadlineMs: number): Promise<void> {
    bursts.flush();
    const abort = new AbortController();
    const late = clock.sleep(deadlineMs, abort.signal).catch(() => undefined);
    let over = false;
    void late.then(() => {
      over = true;
    });
    while (running.size > 0 && !over) await Promise.race([Promise.allSettled(running), late]);
    abort.abort(new Error("drained"));
    settings.close();
  }

  return { handle, observe, interest, drain };
}

/** What is in force in a direct message, until its home guild is known. */
const DIRECT: ChannelSettings = { mode: "mention", smart: false, awareness: false };
const ABOUT_GUILDS = /^(?:GUILD|CHANNEL|THREAD)_/;
const EVERYTHING: Interest = { everything: true, needles: [], active: () => true };
const UNPROVEN: Interest = { ...EVERYTHING, moderated: false };

function exchangeOf(work: Work, conversation: ConversationRow | null) {
  return {
    trigger: `${work.application}:${work.message.id}`,
    conversation: conversation?.id ?? null,
    channel: work.message.channelId,
  };
}

/** A message as smart mode reads a line of a channel's talk. */
function lineOf(message: Message, self: UserId, machine: boolean): SmartLine {
  const [mentioned] = message.mentions.users;
  const to = message.replyTo?.authorId ?? mentioned ?? null;
  return {
    channel: message.channelId,
    author: message.author.id,
    name: message.author.name,
    atMs: message.createdAtMs,
    text: message.content,
    machine,
    to: to === null || to === message.author.id ? null : to === self ? "bot" : { author: to },
  };
}

type NewTurn = Omit<TurnRow, "id" | "feedback">;

function memberTurn({ message }: Work, result: Outcome | null): NewTurn {
  return {
    role: "member",
    author: message.author.name,
    text: message.content,
    atMs: message.createdAtMs,
    message: message.id,
    sources: [],
    outcome: result,
  };
}

function botTurn(
  work: Work,
  text: string,
  id: MessageId | null,
  sources: TurnRow["sources"],
  result: Outcome,
): NewTurn {
  const atMs = work.receivedAtMs + result.ms;
  return { role: "bot", author: work.self.name, text, atMs, message: id, sources, outcome: result };
}

function known(language: string): string | null {
  return language === "und" ? null : language;
}

function reasonOf(error: unknown): string {
  return error instanceof AppError ? error.kind : "bug";
}
