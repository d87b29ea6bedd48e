/**
 * THE SPINE: a message's way, ② to ⑨. All branching is here; stages do not know each other.
 *
 * `handle` is synchronous up to its first await (prefilter, windows, memory): a lane waits for that part only. What follows the
 * decision to speak is answering.ts; every other dispatch pipeline/observe.ts.
 * Called by a worker for every MESSAGE_CREATE that its interest does not rule out.
 */

import { createTurnstile } from "./answer-queue.ts";
import { type Answered, createAnswering } from "./answering.ts";
import { createAsk } from "./ask.ts";
import { decide, hardSilence, mentions } from "./decision.ts";
import { createDirectory, type Self } from "./directory.ts";
import { AppError } from "./errors.ts";
import { silenceOf } from "./exchange.ts";
import { type ChannelSettings, DIRECT } from "./guilds.ts";
import { createHome } from "./home-guild.ts";
import type { ApplicationId, GuildId, MessageId } from "./ids.ts";
import type { Exchanged } from "./llm.ts";
import { createMemory } from "./memory.ts";
import type { Message } from "./message.ts";
import { createModeration } from "./moderation.ts";
import { createPatience } from "./patience.ts";
import { askingByMessage, inForceFor, type Work } from "./pipeline/asking.ts";
import { createBursts } from "./pipeline/burst.ts";
import { smartLineOf } from "./pipeline/consider.ts";
import { type Acquainted, createStrangers } from "./pipeline/discovery.ts";
import { createArrivals } from "./pipeline/guild-lifecycle.ts";
import { createInterest, type Interest } from "./pipeline/interest.ts";
import { createModerate } from "./pipeline/moderate.ts";
import { createObserve, type Observe } from "./pipeline/observe.ts";
import { createOwnWords } from "./pipeline/own-words.ts";
import { createTalk } from "./pipeline/recent-speakers.ts";
import { createSilences } from "./pipeline/silences.ts";
import { createPrefilterMemories, type PrefilterMemory, prefilter } from "./prefilter.ts";
import { createRecent } from "./recent.ts";
import { createRecorder, type Outcome, outcome } from "./record.ts";
import type { Services } from "./services.ts";
import { createSettings } from "./settings.ts";
import { type Considered, consider, createSmartContext, forgetChannel } from "./smart.ts";
import type { GuildRow } from "./store/ports/guilds.ts";

export type { Interest } from "./pipeline/interest.ts";

export type Trigger = {
  readonly application: ApplicationId;
  readonly message: Message;
  /** When the frame came in: `performance.timeOrigin + performance.now()`, comparable across threads. */
  readonly receivedAtMs: number;
  /** More is under way than can be done: what nobody asked for ends with its verdict. */
  readonly pressed?: boolean;
};

export type Pipeline = {
  handle(trigger: Trigger): Outcome | Promise<Outcome>;
  /** Any other dispatch: what we know of guilds, edits and deletions, interactions. */
  observe: Observe;
  interest(application: ApplicationId, guild: GuildId | null): Interest;
  /** Settles when no work is left, or `deadlineMs` has passed: what waits for an absent store then has no outcome, and comes again. */
  drain(deadlineMs: number): Promise<void>;
};

export type PipelineExtra = {
  /** Who a bot is, for a worker that did not see its READY; asked of Discord where this is not given. */
  readonly self?: (application: ApplicationId) => Self | null;
  readonly prefilterMemory?: (guild: GuildId | null) => PrefilterMemory;
};

/** Message ids kept to tell a second delivery from a first. */
const SEEN_MAX = 5_000;
/** What a member said so shortly before a question belongs to it. */
const BEFORE_MS = 60_000;
const BEFORE_MAX = 3;
const BEFORE_MEMBERS_MAX = 5_000;

export function createPipeline(services: Services, extra: PipelineExtra = {}): Pipeline {
  const { clock, logger, hot } = services;
  const settings = createSettings(services);
  const memory = createMemory(hot, logger);
  const turnstile = createTurnstile();
  const answering = createAnswering(services, { memory });
  const ask = createAsk(services, { settings, memory, turnstile, answering });
  const home = createHome({ ...services, settings });
  const patience = createPatience(clock, logger);
  const recorder = createRecorder(services);
  const silences = createSilences(clock);
  const bursts = createBursts(clock);
  const prefilterMemory = extra.prefilterMemory ?? createPrefilterMemories();
  const moderation = createModeration(services, patience);
  const moderate = createModerate({ moderation, settings, memoryOf: prefilterMemory });
  const smartContext = createSmartContext();
  const saidBefore = createRecent<string, readonly Message[]>(BEFORE_MEMBERS_MAX);
  const talk = createTalk();
  const ownWords = createOwnWords();
  const seen = createRecent<string, true>(SEEN_MAX);
  const gone = createRecent<MessageId, true>(SEEN_MAX);
  const running = new Set<Promise<unknown>>();
  const bots = new Map<ApplicationId, Acquainted>();

  const arrivals = createArrivals({ ...services, settings, memory });
  const strangers = createStrangers(services, (application, { guild, name, locale, addressing }) => {
    void track(arrivals.join(application, guild, name, locale, addressing));
  });
  const interest = createInterest({
    ...{ settings, strangers, ownWords, clock, botOf },
    behind: (work) =>
      void track(
        work.catch((error: unknown) => {
          // settings.ts tells of an outage itself, once.
          if (!(error instanceof AppError)) logger.error({ error }, "background-failed");
        }),
      ),
  });
  const observe = createObserve({
    ...{ ...services, settings, memory, strangers, arrivals, ask, patience, botOf },
    closed: (channel) => forgetChannel(smartContext, channel),
    deleted(messages) {
      for (const id of messages) {
        ownWords.delete(id);
        gone.set(id, true);
      }
    },
  });

  function botOf(application: ApplicationId): Acquainted {
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
  async function introduce(trigger: Trigger, bot: Acquainted): Promise<Outcome> {
    if (!(await strangers.introduce(bot))) return settle(trigger, outcome("failed", "self-unknown", since(trigger)));
    return await handle(trigger);
  }

  async function loadThenDecide(trigger: Trigger, bot: Acquainted, self: Self): Promise<Outcome> {
    const guild = trigger.message.guildId;
    const row = guild === null ? null : await patience.run(() => settings.load(guild));
    if (guild !== null && isStrange(bot, trigger.message, self, row)) await strangers.meet(bot, guild);
    return await decideNow(trigger, bot, self, row);
  }

  async function meetThenDecide(trigger: Trigger, bot: Acquainted, self: Self, row: GuildRow | null): Promise<Outcome> {
    if (trigger.message.guildId !== null) await strangers.meet(bot, trigger.message.guildId);
    return await decideNow(trigger, bot, self, row);
  }

  /** A guild that nobody told this process of, and a message whose fate depends on more than what is kept of it. */
  function isStrange({ directory }: Acquainted, message: Message, self: Self, row: GuildRow | null): boolean {
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
      (replyTo !== null && ownWords.has(replyTo.messageId)) ||
      directory.ownThread(channelId)
    );
  }

  function decideNow(trigger: Trigger, bot: Acquainted, self: Self, row: GuildRow | null): Outcome | Promise<Outcome> {
    const { message, application } = trigger;
    const { guildId, channelId } = message;
    const { directory } = bot;
    const needles = guildId === null ? [self.userId] : directory.needles(guildId);
    const inForce = row === null ? DIRECT : inForceFor(bot, message, row);
    // Where only mentions count nobody asks what the text is like, and most messages pass here.
    const asked = inForce.mode === "all" || row?.settings.moderation.on === true;
    const triage = asked ? prefilter(message, prefilterMemory(guildId)) : null;
    const turn = `${channelId}:${message.author.id}`;
    let smart: Considered | null = null;
    if (guildId !== null && inForce.mode === "all") {
      noteInWindow(message, inForce, "member");
      talk.note(message);
      if (inForce.smart) smart = consider(smartLineOf(message, self.userId, false), smartContext);
    }
    // Smart mode's own look knows the channel; and who is in the middle of a thought goes on with it.
    const judged = triage?.answering === "silent" ? "silent" : (smart?.decision ?? triage?.answering ?? "must");
    const answering = bursts.pending(turn) ? "consider" : judged;

    // ③ before anybody answers: a message acted on is not answered.
    const verdict = row && triage ? moderate.message(bot, self, row, message, triage, trigger.receivedAtMs) : null;
    if (verdict !== null) {
      return track(
        guarded(
          trigger,
          verdict.then(({ acted, reason, spent }) =>
            acted ? settle(trigger, outcome("moderated", reason, since(trigger), spent)) : goOn(),
          ),
        ),
      );
    }
    return goOn();

    function goOn(): Outcome | Promise<Outcome> {
      const decision = decide({
        message,
        self: self.userId,
        needles: needles.length === 0 ? [self.userId] : needles,
        settings: inForce,
        ownThread: directory.ownThread(channelId),
        repliesToBot: message.replyTo !== null && ownWords.has(message.replyTo.messageId),
        answering,
        namesAnother: smart?.reason === "addressed-to-another",
        staffAnswered: () => staffWith(bot, message, message.createdAtMs, null),
        threadSolved: directory.threadSolved(channelId),
      });
      if (decision.speak === "silent") {
        if (decision.reason === "small-talk")
          saidBefore.set(turn, [...before(turn, message), message].slice(-BEFORE_MAX));
        return silence(trigger, outcome("silent", decision.reason, since(trigger)));
      }

      if (decision.speak === "consider" && trigger.pressed)
        return settle(trigger, outcome("dropped", "pressure", since(trigger)));

      const key = `${application}:${message.id}`;
      if (seen.has(key)) return settle(trigger, outcome("dropped", "duplicate", since(trigger)));
      seen.set(key, true);
      const work = { ...trigger, bot, self, needles, decision };
      if (decision.speak === "consider") return track(guarded(trigger, considerIt(work, row, turn)));
      const said = [...before(turn, message), ...bursts.take(turn), message];
      saidBefore.delete(turn);
      return track(guarded(trigger, answerIt({ ...work, said }, row, turn)));
    }
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
      return silence(trigger, outcome("silent", "answered-meanwhile", since(trigger)));
    if (staffWith(trigger.bot, message, clock.now(), first.id))
      return silence(trigger, outcome("silent", "staff-answered", since(trigger)));
    return await answerIt({ ...trigger, said: [...context, ...said] }, row, turn);
  }

  function staffWith({ directory }: Acquainted, message: Message, nowMs: number, since: MessageId | null): boolean {
    const { guildId, channelId, author } = message;
    if (guildId === null) return false;
    return talk.staffWith(channelId, author.id, nowMs, since, (user, roles) => directory.staff(guildId, user, roles));
  }

  /** Answers to one member in one channel wait for each other; guilds take turns. */
  async function answerIt(work: Work, row: GuildRow | null, turn: string): Promise<Outcome> {
    const whose = work.message.guildId ?? work.message.channelId;
    const { outcome: result, why, cause } = await turnstile.pass(whose, () => answered(work, row), turn);
    return result.kind === "silent" ? silence(work, result, why ?? null) : settle(work, result, cause);
  }

  async function answered(work: Work, known: GuildRow | null): Promise<Answered> {
    const row = known ?? (await patience.run(() => rowOf(work)));
    const mode = row?.settings.mode;
    if (work.message.guildId === null && (mode === "off" || mode === "ask")) {
      return { outcome: outcome("silent", mode === "off" ? "mode-off" : "mode-ask", since(work)) };
    }
    return await answering.answer(
      askingByMessage(work, row, { ...services, patience, ownWords, gone: (id) => gone.has(id) }),
    );
  }

  /** A direct message's home, or a guild that speaks before its GUILD_CREATE was recorded. */
  async function rowOf({ application, message, bot }: Work): Promise<GuildRow | null> {
    const { guildId } = message;
    if (guildId === null) return await home.find(application, message.author.id);
    const row = await services.store.guilds.join(
      guildId,
      application,
      bot.directory.guildName(guildId) ?? guildId,
      null,
    );
    settings.put(row);
    return row;
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
    if (inForce.smart) consider(smartLineOf(message, self.userId, true), smartContext);
  }

  function noteInWindow(message: Message, inForce: ChannelSettings, role: Exchanged["role"]): void {
    if (!inForce.awareness || message.guildId === null || message.content === "") return;
    void track(memory.noteMessage(message.guildId, message, role));
  }

  /** A silence that cost a model call is always on record; of the others as many as somebody reads. */
  function silence(trigger: Trigger, result: Outcome, why: string | null = null): Outcome {
    const { application, message } = trigger;
    const { guildId, channelId: channel, mentions } = message;
    const named = mentions.users.length > 0;
    if (guildId !== null && (result.model !== null || silences.worthKeeping(guildId, result.reason, named))) {
      void track(keepSilence(guildId, silenceOf({ application, trigger: message.id, channel }, result, why)));
    }
    return settle(trigger, result);
  }

  async function keepSilence(guild: GuildId, exchange: ReturnType<typeof silenceOf>): Promise<void> {
    try {
      await patience.run(() => recorder.keep(guild, exchange));
    } catch (error) {
      logger.error({ guild, trigger: exchange.trigger, error }, "exchange-unrecorded");
    }
  }

  function settle(trigger: Trigger, result: Outcome, cause?: unknown): Outcome {
    recorder.log(trigger.application, trigger.message, result, cause);
    // What failed may be delivered again, and is then settled by its outbox keys.
    if (result.kind === "failed") seen.delete(`${trigger.application}:${trigger.message.id}`);
    return result;
  }

  /** Whatever is thrown on a message's way ends here, as its outcome. */
  async function guarded(trigger: Trigger, work: Promise<Outcome>): Promise<Outcome> {
    try {
      return await work;
    } catch (error) {
      const reason = error instanceof AppError ? error.kind : "bug";
      return settle(trigger, outcome("failed", reason, since(trigger)), error);
    }
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

  async function drain(deadlineMs: number): Promise<void> {
    bursts.flush();
    moderation.flush();
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

  return {
    handle,
    observe(application, type, data) {
      const observed = observe(application, type, data);
      const moderated = moderate.event(botOf(application), type, data, clock.now());
      if (moderated !== undefined)
        void track(moderated.catch((error: unknown) => logger.error({ error }, "event-unmoderated")));
      return observed === undefined ? undefined : track(observed);
    },
    interest,
    drain,
  };
}
