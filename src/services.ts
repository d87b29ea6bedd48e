/**
 * The composition root: config → ports. The only file that picks implementations; a test overrides any of them.
 *
 * The main thread has the real ones; a worker has its own store and model, and reaches through main what there must be only
 * one of: the REST of a bot, and hot state where it lives in the process.
 */
import { createMemoryBus } from "./bus/memory.ts";
import { createThreadBus } from "./bus/worker-door.ts";
import type { Bus, News } from "./bus.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Config, sharedBotOf } from "./config.ts";
import { createSealer, type Sealer, secretOf, tokenRow } from "./crypto.ts";
import { keysOf, writable } from "./data-folder.ts";
import { createRefusals, type Refusals } from "./discord/refusals.ts";
import type { RestDiscord } from "./discord/rest.ts";
import { createThreadDiscord } from "./discord/worker-door.ts";
import type { Discord } from "./discord.ts";
import { createMemoryHot } from "./hot/memory.ts";
import { createThreadHot } from "./hot/worker-door.ts";
import type { Hot, HotEntry } from "./hot.ts";
import { words } from "./i18n.ts";
import type { ApplicationId } from "./ids.ts";
import { createCutter } from "./knowledge/import/cutter.ts";
import { createKnowledge } from "./knowledge/search/service.ts";
import type { Cutter, Knowledge } from "./knowledge.ts";
import { levelsLeft } from "./llm/budget.ts";
import { createExtractive } from "./llm/extractive.ts";
import type { Llm, ModelLevel } from "./llm.ts";
import { createLogger, type Logger } from "./logger.ts";
import { createSmtp, type Mailer } from "./mail.ts";
import { createEmbedder, createMeanings, type Embedder, type Meanings } from "./meanings.ts";
import { createNotices } from "./notices.ts";
import { createOptOuts, type OptOuts } from "./opt-outs.ts";
import { createPlans, type Plans } from "./plans/plans.ts";
import { createQuota, type Quota, type QuotaWarning } from "./plans/quota.ts";
import { createSqlStore } from "./store/sql.ts";
import type { Store } from "./store.ts";
import { startTraces, traced } from "./traces.ts";
import type { Call } from "./worker-door.ts";

export type Services = {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly hot: Hot;
  readonly bus: Bus;
  readonly plans: Plans;
  readonly quota: Quota;
  readonly optOuts: OptOuts;
  readonly knowledge: Knowledge;
  /** Cuts what people type for a knowledge base, in a child process; it starts with the first text. */
  readonly cutter: Cutter;
  /** Null without a key: answers are extractive then. */
  readonly llm: Llm | null;
  /** Null without EMBEDDINGS_BASE_URL: passages are ranked by their words alone. */
  readonly embedder: Embedder | null;
  /** Null without SMTP_URL: escalations show in the dashboard only. */
  readonly mailer: Mailer | null;
  /** A secret for each label, the same in every process. */
  readonly secretFor: (label: string) => string;
  /** The fallback that needs nobody. */
  readonly extractive: Llm;
  /** Requests that Discord refused to this process lately, of every bot and every sign-in. */
  readonly refusals: Refusals;
  /** One REST per bot and process. Of a bot whose token this process does not have it only answers interactions. */
  readonly discord: (application: ApplicationId) => Discord;
  close(): Promise<void>;
};

/** Services that only the main thread has. */
export type MainServices = Services & {
  /** Of the database in use, embedded or not; a worker's store connects to it. */
  readonly databaseUrl: string;
  /** Every row as lines, and back into an empty database; `gatehouse backup` and `restore`. */
  readonly backup: {
    dump(): AsyncGenerator<string>;
    restore(lines: AsyncIterable<string>): Promise<{ readonly rows: number }>;
  };
  /** Our keys in Redis, for a search; null where hot state lives in the process. */
  readonly hotEntries: (() => AsyncGenerator<HotEntry>) | null;
  readonly sealer: Sealer;
  /** What is left of the models' limits, in all processes. */
  modelLevels(): Promise<readonly ModelLevel[]>;
  /** Reads the tokens of custom bots, at the start and whenever one changed. */
  readTokens(): Promise<void>;
  /** As they were read last. */
  customTokens(): ReadonlyMap<ApplicationId, string>;
  /** Discord by a token that is not kept yet. */
  readonly discordBy: (application: ApplicationId, token: string) => RestDiscord;
  /** Whether Discord refused this bot's token to the REST of this process. */
  readonly isTokenRefused: (application: ApplicationId) => boolean;
  /** The bot of the environment; null without a token. */
  readonly sharedBot: { readonly application: ApplicationId; readonly token: string } | null;
};

export type Overrides = Partial<Omit<Services, "config" | "close">>;

/** Of the main thread, which answers commands and serves the dashboard; a worker has the store's own few. */
const CONNECTIONS = 10;
const KNOWLEDGE_BYTES_MAX = 256 * 1024 * 1024;
const MEANINGS_BYTES_MAX = 128 * 1024 * 1024;

/** Starts the embedded database when the configuration names none; connects to nothing else before it is asked. */
export async function createServices(config: Config, overrides: Overrides = {}): Promise<MainServices> {
  const clock = overrides.clock ?? systemClock;
  const logger = overrides.logger ?? createLogger(config.log);
  const stopTraces = await startTraces(config, logger, clock);
  const keys = keysOf(config);
  const sealer = createSealer(keys);
  const embedded =
    config.databaseUrl === null && overrides.store === undefined
      ? await writable(config.dataDir, async () => {
          const { startEmbedded } = await import("./store/embedded.ts");
          return await startEmbedded({ dataDir: config.dataDir, logger, clock });
        })
      : null;
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? "";
  const store = overrides.store ?? createSqlStore({ url: databaseUrl, clock, logger, connections: CONNECTIONS });
  const redis = await redisHotOf(config, logger);
  const hot = overrides.hot ?? redis ?? createMemoryHot({ clock });
  const bus =
    overrides.bus ??
    (config.redisUrl === null
      ? createMemoryBus({ logger })
      : (await import("./bus/redis.ts")).createRedisBus({ url: config.redisUrl, logger }));
  const embedder = overrides.embedder === undefined ? embedderOf(config, clock) : overrides.embedder;
  const meanings = meaningsOf({ embedder, store, hot, clock, logger, bytesMax: MEANINGS_BYTES_MAX });
  const knowledge =
    overrides.knowledge ??
    createKnowledge({ store: store.knowledge, bus, logger, clock, bytesMax: KNOWLEDGE_BYTES_MAX, meanings });
  const plans = overrides.plans ?? createPlans({ store, bus, clock });
  const quota = overrides.quota ?? createQuota({ store, hot, plans, clock, logger, warn: warnBy(store) });
  const optOuts = overrides.optOuts ?? createOptOuts({ store, bus, clock, logger });
  const cutter = overrides.cutter ?? createCutter(clock);
  const sharedBot = sharedBotOf(config);
  const refusals = overrides.refusals ?? createRefusals(clock);
  // A worker has none, and loads none of its library.
  const { createRest } = await import("./discord/rest.ts");
  const rests = new Map<ApplicationId, RestDiscord>();
  /** Of custom bots. */
  const tokens = new Map<ApplicationId, string>();
  const discordBy = (application: ApplicationId, token: string | null) =>
    createRest({ application, token, apiBase: config.discord.apiBase, clock, logger, refusals });
  const tokenOf = (application: ApplicationId) =>
    sharedBot?.application === application ? sharedBot.token : (tokens.get(application) ?? null);

  async function readTokens(): Promise<void> {
    const found = new Map<ApplicationId, string>();
    for (const { application, tokenSealed } of await store.bots.list()) {
      if (tokenSealed === null) continue;
      try {
        found.set(application, sealer.open(tokenSealed, tokenRow(application)));
      } catch (error) {
        // Its key is gone from GATEHOUSE_KEY: this bot rests until it is there again, the others go on.
        logger.error({ application, error }, "token-unreadable");
      }
    }
    for (const application of new Set([...found.keys(), ...tokens.keys()])) {
      if (found.get(application) === tokens.get(application)) continue;
      rests.get(application)?.close();
      rests.delete(application);
    }
    tokens.clear();
    for (const [application, token] of found) tokens.set(application, token);
  }

  const services: MainServices = {
    config,
    clock,
    logger,
    store,
    hot,
    bus,
    plans,
    quota,
    optOuts,
    refusals,
    knowledge,
    embedder,
    cutter,
    backup: {
      dump: async function* () {
        yield* (await import("./store/sql/backup.ts")).dump(databaseUrl);
      },
      restore: async (lines) => await (await import("./store/sql/backup.ts")).restore(databaseUrl, lines),
    },
    databaseUrl,
    hotEntries: redis === null ? null : () => redis.entries(),
    sharedBot,
    sealer,
    modelLevels() {
      const { answerModel, judgeModel, moderationModel } = config.groq;
      return levelsLeft(hot, [answerModel, judgeModel, moderationModel], clock.now());
    },
    mailer: overrides.mailer === undefined ? mailerOf(config) : overrides.mailer,
    secretFor: (label) => secretOf(keys, label),
    readTokens,
    customTokens: () => new Map(tokens),
    discordBy,
    ...(await models(config, overrides, clock, logger, hot)),
    isTokenRefused: (application) => rests.get(application)?.stats().stopped ?? false,
    discord:
      overrides.discord ??
      ((application) => {
        const known = rests.get(application);
        if (known) return known;
        const rest = discordBy(application, tokenOf(application));
        rests.set(application, rest);
        return rest;
      }),
    async close() {
      cutter.close();
      for (const rest of rests.values()) rest.close();
      plans.close();
      optOuts.close();
      await bus.close();
      await redis?.close();
      await store.close();
      await embedded?.stop();
      await stopTraces?.();
    },
  };
  return stopTraces === null ? services : withSpans(services);
}

/** For one worker thread. `call` reaches main's ports; `listen` is told all news that main hears. */
export async function createWorkerServices(
  config: Config,
  call: Call,
  listen: (listener: (news: News) => void) => () => void,
): Promise<Services> {
  const clock = systemClock;
  const logger = createLogger(config.log);
  const stopTraces = await startTraces(config, logger, clock);
  const store = createSqlStore({ url: config.databaseUrl ?? "", clock, logger });
  const redis = await redisHotOf(config, logger);
  const { bus, deliver } = createThreadBus(call, logger);
  const unlisten = listen(deliver);
  const bytesMax = Math.floor(KNOWLEDGE_BYTES_MAX / config.workers);
  const embedder = embedderOf(config, clock);
  const hot = redis ?? createThreadHot(call);
  const plans = createPlans({ store, bus, clock });
  const optOuts = createOptOuts({ store, bus, clock, logger });
  const cutter = createCutter(clock);
  const meantBytesMax = Math.floor(MEANINGS_BYTES_MAX / config.workers);
  const meanings = meaningsOf({ embedder, store, hot, clock, logger, bytesMax: meantBytesMax });
  const services: Services = {
    config,
    clock,
    logger,
    store,
    hot,
    bus,
    plans,
    quota: createQuota({ store, hot, plans, clock, logger, warn: warnBy(store) }),
    optOuts,
    refusals: createRefusals(clock),
    knowledge: createKnowledge({ store: store.knowledge, bus, logger, clock, bytesMax, meanings }),
    embedder,
    cutter,
    ...(await models(config, {}, clock, logger, hot)),
    mailer: null,
    secretFor: (label) => secretOf(keysOf(config), label),
    discord: (application) => createThreadDiscord(application, call),
    async close() {
      unlisten();
      cutter.close();
      plans.close();
      optOuts.close();
      await bus.close();
      await redis?.close();
      await store.close();
      await stopTraces?.();
    },
  };
  return stopTraces === null ? services : withSpans(services);
}

/** What an exchange calls, with a span around each call. */
function withSpans<Given extends Services>(services: Given): Given {
  // By the port and not by the application: a new token makes another one.
  const discords = new WeakMap<Discord, Discord>();
  return {
    ...services,
    store: traced("store", services.store),
    hot: traced("hot", services.hot),
    quota: traced("quota", services.quota),
    knowledge: traced("knowledge", services.knowledge),
    llm: services.llm && traced("llm", services.llm),
    extractive: traced("extractive", services.extractive),
    discord(application) {
      const discord = services.discord(application);
      const known = discords.get(discord) ?? traced("discord", discord);
      discords.set(discord, known);
      return known;
    },
  };
}

/** A warning stands in the mod-log of each server of the account. */
function warnBy(store: Store): (warning: QuotaWarning) => Promise<void> {
  const notices = createNotices({ store });
  return async ({ subscription, percent, used, limit, month }) => {
    const { account } = subscription;
    if (account.mail !== null) {
      const text = words("en").notices.quota(percent, used, limit);
      const letter = { subject: `Gatehouse: ${account.name}, ${percent} % of ${month.name}`, text };
      await notices.mail(account.mail, `quota:${account.id}:${month.name}:${percent}`, letter);
    }
    for (const { guild } of await store.accounts.guilds(account.id)) {
      await notices.plan(guild, `quota:${month.name}:${percent}`, (said) => said.quota(percent, used, limit));
    }
  };
}

/** Loaded where it is configured: a thread without Redis has none of its library. */
async function redisHotOf({ redisUrl }: Config, logger: Logger) {
  return redisUrl === null ? null : (await import("./hot/redis.ts")).createRedisHot({ url: redisUrl, logger });
}

async function models(
  config: Config,
  overrides: Overrides,
  clock: Clock,
  logger: Logger,
  hot: Hot,
): Promise<Pick<Services, "llm" | "extractive">> {
  const llm =
    overrides.llm ??
    (config.groq.key === null
      ? null
      : (await import("./llm/groq.ts")).createGroq({ ...config.groq, key: config.groq.key, clock, logger, hot }));
  return { llm, extractive: overrides.extractive ?? createExtractive() };
}

function embedderOf({ embeddings }: Config, clock: Clock): Embedder | null {
  return embeddings === null ? null : createEmbedder({ ...embeddings, clock });
}

function meaningsOf(
  ports: Pick<Services, "embedder" | "store" | "hot" | "clock" | "logger"> & { readonly bytesMax: number },
): Meanings | null {
  const { embedder, store } = ports;
  return embedder === null ? null : createMeanings({ ...ports, embedder, store: store.meanings });
}

function mailerOf({ mail }: Config): Mailer | null {
  return mail === null ? null : createSmtp(mail);
}
