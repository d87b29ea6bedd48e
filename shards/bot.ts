/**
 * The bots of this process: a gateway each, with a REST and an IDENTIFY budget of its own, and one pool of workers for all.
 * Dispatches go from a shard to the guild's worker; what is settled comes back to the shard.
 *
 * The shared bot's token is in the environment; the others are those that admins brought. They start, stop and start anew
 * with another token while the process runs. Of several processes each shard is run by the one that holds its lease.
 */
import { registerCommands } from "../src/ask.ts";
import { introduce } from "../src/bots/introduce.ts";
import { discordPort } from "../src/discord.ts";
import { AppError } from "../src/errors.ts";
import type { ApplicationId } from "../src/ids.ts";
import type { MainServices } from "../src/services.ts";
import type { Wait } from "../src/status/process.ts";
import { createRevivals } from "./bot/revivals.ts";
import { createGateway, type Gateway, intentsFor } from "./gateway.ts";
import type { IdentifyBudget, ShardMetrics } from "./metrics.ts";
import { createWorkerPool, type WorkerPool } from "./pool.ts";
import { isDeadProcess } from "./process-identity.ts";

const DRAIN_MS_MAX = 10_000;
const ABOUT_TRIES_MAX = 3;
const ABOUT_RETRY_MS = 1_000;

export type RunningBot = {
  readonly application: ApplicationId;
  readonly pool: WorkerPool;
  /** Of every bot. */
  shards(): readonly ShardMetrics[];
  /** What the shared bot waits for while it has no shards; null: it has some. */
  waitsFor(): Wait | null;
  /** How many sessions each bot may begin, of how many a day; bots of which nothing is known are left out. */
  identifies(): readonly IdentifyBudget[];
  /** Resolves once shards were asked for. Throws AppError `unauthorized` for a refused token: one try, one message. */
  start(): Promise<void>;
  /** Quiet shards, empty lanes, saved sequences, ended workers. */
  stop(): Promise<void>;
};

type Running = { readonly token: string; readonly gateway: Gateway };

/** `ended` is told why, when Discord will have no more of the shared bot; `holder` is the name for leases. */
export function openBot(
  services: MainServices,
  shared: NonNullable<MainServices["sharedBot"]>,
  ended: (why: string) => void,
  holder: string,
  workerEntry?: URL,
): RunningBot {
  const { config, clock, logger, hot, bus, store, databaseUrl } = services;
  const running = new Map<ApplicationId, Running>();
  // A bot's Discord is asked for at each call: with a new token it is another one.
  const ports: Record<string, object> = { hot, bus };
  const serveDiscord = (application: ApplicationId) =>
    Object.defineProperty(ports, discordPort(application), {
      ...{ configurable: true, enumerable: true },
      get: () => services.discord(application),
    });
  const pool = createWorkerPool({
    workers: config.workers,
    config: { ...config, databaseUrl },
    logger,
    bus,
    inbox: store.inbox,
    ports,
    holder,
    isDead: isDeadProcess,
    settle: (application, shard, seq) => running.get(application)?.gateway.settle(shard, seq),
    ...(workerEntry === undefined ? {} : { entry: workerEntry }),
  });

  /** Server Members is asked for where the Developer Portal grants it; without it joins go unseen, and the doctor says so. */
  async function membersGranted(application: ApplicationId): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      try {
        return (await services.discord(application).directory.about()).guildMembersIntent;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // A refused token shows at the gateway; a server that knows no such question grants nothing.
        const over = !error.retryable || attempt >= ABOUT_TRIES_MAX;
        logger.warn({ application, error, attempt, over }, "members-intent-unknown");
        if (over) return false;
        await clock.sleep(ABOUT_RETRY_MS * 2 ** attempt);
      }
    }
  }

  function gatewayOf(application: ApplicationId, token: string): Gateway {
    const own = application === shared.application;
    return createGateway({
      application,
      token,
      intents: async () =>
        intentsFor({
          messageContent: config.discord.messageContentIntent,
          typing: config.discord.typing,
          members: await membersGranted(application),
        }),
      compression: config.discord.compression,
      fetchInformation: () => services.discord(application).directory.gateway(),
      gatewayUrl: config.discord.gatewayUrl,
      // A bot that an admin brought is in few servers: Discord's word is good for it.
      shards: own ? config.discord.shards : null,
      store: store.shards,
      handedOver: (shard) => pool.restart(application, shard),
      isTokenRefused: () => services.isTokenRefused(application),
      holder,
      clock,
      logger,
      events: {
        dispatch: (dispatch) => pool.dispatch(application, dispatch),
        state: (shard) =>
          void bus
            .publish({ type: "shard-changed", application, shard })
            .catch(() => logger.debug({ shard }, "news-unpublished")),
        fatal(shard, problem) {
          logger.fatal({ application, shard, code: problem.code, problem: problem.message }, "shard-stopped");
          if (problem.code === 4004) revivals.later(application);
        },
      },
    });
  }

  async function startOne(application: ApplicationId, token: string): Promise<void> {
    const gateway = gatewayOf(application, token);
    running.set(application, { token, gateway });
    serveDiscord(application);
    const again = await pool.recover(application);
    if (again > 0) logger.info({ application, messages: again }, "inbox-recovered");
    // A refused token shows here, at the first request; the rest may come late.
    await gateway.start();
  }

  const revivals = createRevivals(clock, async (application) => {
    const one = running.get(application);
    if (closed || one === undefined) return;
    await services.discord(application).directory.gateway();
    logger.info({ application }, "bot-started-again");
    await stopGateway(one.gateway);
    await startOne(application, one.token);
    await registerCommands(application, services);
  });

  async function stopOne(application: ApplicationId): Promise<void> {
    revivals.forget(application);
    const one = running.get(application);
    running.delete(application);
    if (one !== undefined) await stopGateway(one.gateway);
  }

  async function stopGateway(gateway: Gateway): Promise<void> {
    gateway.drain();
    await gateway.stop();
  }

  /** Of a bot that an admin brought: a refused token ends it alone, and is told to the admin by the doctor. */
  async function startCustom(application: ApplicationId, token: string): Promise<void> {
    try {
      await startOne(application, token);
      await registerCommands(application, services);
      logger.info({ application }, "custom-bot-started");
    } catch (error) {
      logger.warn({ application, error }, "custom-bot-not-started");
      if (error instanceof AppError && error.kind === "unauthorized") await stopOne(application);
    }
  }

  let closed = false;
  let syncing: Promise<void> = Promise.resolve();
  /** Brings what runs in line with the tokens that are kept; one such look at a time. */
  function sync(): Promise<void> {
    syncing = syncing.then(syncNow).catch((error: unknown) => logger.warn({ error }, "bots-not-in-line"));
    return syncing;
  }

  async function syncNow(): Promise<void> {
    if (closed) return;
    await services.readTokens();
    const wanted = services.customTokens();
    for (const [application, { token }] of [...running]) {
      if (application !== shared.application && wanted.get(application) !== token) await stopOne(application);
    }
    for (const [application, token] of wanted) {
      // Nothing waits for it: while Discord cannot be reached it keeps trying.
      if (!running.has(application)) void startCustom(application, token);
    }
  }

  /** Null: it came to its end. */
  let starting: Wait | null = "workers";
  let unsubscribe = () => {};

  return {
    application: shared.application,
    pool,
    shards: () =>
      [...running].flatMap(([application, { gateway }]) =>
        gateway.shards().map((shard) => ({ ...shard, application })),
      ),
    identifies: () =>
      [...running].flatMap(([application, { gateway }]) => {
        const limit = gateway.identifies();
        return limit === null ? [] : [{ application, left: limit.remaining, total: limit.total }];
      }),
    waitsFor() {
      const gateway = running.get(shared.application)?.gateway;
      return starting ?? (gateway === undefined || gateway.shards().length === 0 ? "lease" : null);
    },
    async start() {
      await pool.start();
      unsubscribe = bus.subscribe((news) => {
        if (news.type === "bots-changed" && news.application !== shared.application) void sync();
      });
      starting = "discord";
      try {
        await startOne(shared.application, shared.token);
        starting = null;
      } catch (error) {
        starting = "operator";
        throw error;
      }
      void sync();
      introduce(shared.application, services).catch((error: unknown) => {
        // The gateway sees a refused token too, and asks about it from then on.
        if (error instanceof AppError && error.kind === "unauthorized") return;
        ended(error instanceof Error ? error.message : String(error));
      });
    },
    async stop() {
      closed = true;
      unsubscribe();
      revivals.close();
      await syncing;
      const all = [...running.values()];
      for (const { gateway } of all) gateway.drain();
      await pool.drain(DRAIN_MS_MAX);
      await Promise.all(all.map(({ gateway }) => gateway.stop()));
      await pool.stop();
    },
  };
}
