/** State that the spine's steps share in one worker: every stage, made once, and the memory between messages. */
import { createAgents } from "../agents.ts";
import { createTurnstile, type Turnstile } from "../answer-queue.ts";
import { type Answering, createAnswering } from "../answering.ts";
import { type Ask, createAsk } from "../ask.ts";
import { createDirectory, type Self } from "../directory.ts";
import { AppError } from "../errors.ts";
import { createHome, type Home } from "../home-guild.ts";
import type { ApplicationId, GuildId, MessageId } from "../ids.ts";
import { createMemory, type Memory } from "../memory.ts";
import type { Message } from "../message.ts";
import { createModeration, type Moderation } from "../moderation.ts";
import { createPatience, type PatienceWith } from "../patience.ts";
import { createRecent, type Recent } from "../recent.ts";
import { createRecorder, type Recorder } from "../record.ts";
import type { Services } from "../services.ts";
import { createSettings, type Settings } from "../settings/held.ts";
import { createSmartContext, forgetChannel, type SmartContext } from "../smart.ts";
import { type Bursts, createBursts } from "./burst.ts";
import { createDeletions } from "./deletions.ts";
import { createDiscovery, type Discovery, type KnownBot } from "./discovery.ts";
import { createGuildLifecycle } from "./guild-lifecycle.ts";
import { createGuildRecords, type GuildRecords } from "./guild-record.ts";
import { createInterest, type Interest } from "./interest.ts";
import { createModerate, type Moderate } from "./moderate.ts";
import { createObserve, type Observe } from "./observe.ts";
import { createOwnWords, type OwnWords } from "./own-words.ts";
import { type QuietBoard, UNREAD_BOARD } from "./quiet-board.ts";
import { createRecentSpeakers, type RecentSpeakers } from "./recent-speakers.ts";
import { createSilences, type Silences } from "./silences.ts";
import { createTeam, type Team } from "./team.ts";
import { createTyping, type Typing } from "./typing.ts";

export type PipelineExtra = {
  /** A bot's user, for a worker that did not see its READY; without this, Discord is asked. */
  readonly self?: (application: ApplicationId) => Self | null;
  /** Where main reads what it may prove silent by itself. */
  readonly board?: QuietBoard;
};

export type Spine = {
  readonly services: Services;
  readonly extra: PipelineExtra;
  readonly botOf: (application: ApplicationId) => KnownBot;
  readonly settings: Settings;
  readonly memory: Memory;
  readonly home: Home;
  readonly patienceWith: PatienceWith;
  readonly recorder: Recorder;
  readonly turnstile: Turnstile;
  readonly answering: Answering;
  readonly ask: Ask;
  readonly discovery: Discovery;
  readonly interest: (application: ApplicationId, guild: GuildId | null) => Interest;
  readonly observe: Observe;
  readonly moderation: Moderation;
  readonly moderate: Moderate;
  readonly guilds: GuildRecords;
  readonly smart: SmartContext;
  readonly bursts: Bursts;
  readonly speakers: RecentSpeakers;
  readonly silences: Silences;
  readonly team: Team;
  readonly typing: Typing;
  readonly ownWords: OwnWords;
  /** A member's earlier lines that asked nothing, by turn. */
  readonly saidBefore: Recent<string, readonly Message[]>;
  /** When the bot last answered somebody, by turn. */
  readonly answeredAtMs: Recent<string, number>;
  /** Messages that are being answered or were: a second delivery is told from the first. */
  readonly seen: Recent<string, true>;
  /** Deleted messages. */
  readonly gone: Recent<MessageId, true>;
  /** Work that a drain waits for. */
  readonly running: Set<Promise<unknown>>;
  track<T>(promise: Promise<T>): Promise<T>;
};

const SEEN_MAX = 5_000;
const BEFORE_MEMBERS_MAX = 5_000;
const ANSWERED_MAX = 20_000;

export function createSpine(services: Services, extra: PipelineExtra): Spine {
  const { clock, logger, hot } = services;
  const board = extra.board ?? UNREAD_BOARD;
  const changed = (guild: GuildId) => {
    guilds.changed(guild);
    board.changed(guild);
  };
  const settings = createSettings({ ...services, changed });
  const guilds = createGuildRecords({ settings, botOf, clock });
  const memory = createMemory(hot, logger);
  const turnstile = createTurnstile();
  const answering = createAnswering(services, { memory });
  const ask = createAsk(services, { settings, memory, turnstile, answering });
  const patienceWith = createPatience(clock, logger);
  const moderation = createModeration(services, patienceWith);
  const smart = createSmartContext();
  const ownWords = createOwnWords((channel, untilMs) => board.active(channel, untilMs));
  const deletions = createDeletions({ ...services, retention: services.store.retention });
  /**
   * Asked within the seconds in which an answer is made. Past 5,000 deletions within them, an answer to a deleted message is a
   * reply to nothing, which Discord refuses.
   */
  const gone = createRecent<MessageId, true>(SEEN_MAX);
  const running = new Set<Promise<unknown>>();
  const bots = new Map<ApplicationId, KnownBot>();

  function botOf(application: ApplicationId): KnownBot {
    let bot = bots.get(application);
    if (bot === undefined) {
      const directory = createDirectory(extra.self?.(application) ?? null, {
        changed,
        allChanged() {
          guilds.allChanged();
          board.allChanged();
        },
        opened: (thread) => board.active(thread, Number.POSITIVE_INFINITY),
      });
      bot = { discord: services.discord(application), directory };
      bots.set(application, bot);
    }
    return bot;
  }

  function track<T>(promise: Promise<T>): Promise<T> {
    running.add(promise);
    const done = () => void running.delete(promise);
    promise.then(done, done);
    return promise;
  }

  const lifecycle = createGuildLifecycle({ ...services, settings, memory, patienceWith });
  const discovery = createDiscovery(services, (application, { guild, name, locale, addressing }) => {
    void track(lifecycle.join(application, guild, name, locale, addressing));
  });
  const recorder = createRecorder(services);
  const agents = createAgents({ ...services, memory });
  const team = createTeam({
    ...{ ...services, desk: services.store.desk, agents, recorder, memory, ownWords },
    behind: (work) => void track(work.catch((error: unknown) => logger.warn({ error }, "team-unheard"))),
    holding: (channel, untilMs) => board.active(channel, untilMs),
  });
  const typing = createTyping(services);
  return {
    ...{
      services,
      extra,
      botOf,
      settings,
      memory,
      patienceWith,
      turnstile,
      answering,
      ask,
      discovery,
      guilds,
    },
    ...{ moderation, smart, ownWords, gone, running, track },
    home: createHome({ ...services, settings }),
    recorder,
    moderate: createModerate({
      moderation,
      guilds,
      optOuts: services.optOuts,
      ready: (bot, guild) =>
        Promise.all([
          bot.directory.self() === null ? discovery.introduce(bot) : true,
          patienceWith(guild).run(() => settings.load(guild)),
          patienceWith(guild).run(() => services.optOuts.load()),
        ]),
      logger: services.logger,
    }),
    bursts: createBursts(clock),
    speakers: createRecentSpeakers(),
    silences: createSilences(clock),
    saidBefore: createRecent(BEFORE_MEMBERS_MAX),
    answeredAtMs: createRecent(ANSWERED_MAX),
    seen: createRecent(SEEN_MAX),
    team,
    typing,
    interest: createInterest({
      ...{ settings, discovery, ownWords, board, clock, botOf, holds: team.holds, holdsKnown: team.holdsKnown },
      behind: (work) =>
        void track(
          work.catch((error: unknown) => {
            // settings/held.ts tells of an outage itself, once.
            if (!(error instanceof AppError)) logger.error({ error }, "background-failed");
          }),
        ),
    }),
    observe: createObserve({
      ...{ ...services, settings, memory, discovery, guilds: lifecycle, ask, patienceWith, botOf, typing, team },
      closed: (channel) => forgetChannel(smart, channel),
      deleted(guild, messages) {
        if (guild !== null) deletions.note(guild, messages);
        for (const id of messages) {
          ownWords.delete(id);
          gone.set(id, true);
        }
      },
    }),
  };
}
