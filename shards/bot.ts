/**
 * One bot in this process: its gateway, its workers, and what joins them. Dispatches go from a shard to the guild's worker;
 * what is settled comes back to the shard.
 */
import { introduce, TOKEN_REFUSED } from "../src/bots.ts";
import { discordPort } from "../src/discord.ts";
import type { ApplicationId } from "../src/ids.ts";
import type { MainServices } from "../src/services.ts";
import { createGateway, type Gateway, intentsFor } from "./gateway.ts";
import type { ShardMetrics } from "./metrics.ts";
import { createWorkerPool, type WorkerPool } from "./pool.ts";
import { isDeadProcess, newProcessIdentity } from "./process-identity.ts";

const DRAIN_MS_MAX = 10_000;

export type RunningBot = {
  readonly application: ApplicationId;
  readonly pool: WorkerPool;
  shards(): readonly ShardMetrics[];
  /** Resolves once shards were asked for. Throws AppError `unauthorized` for a refused token: one try, one message. */
  start(): Promise<void>;
  /** Quiet shards, empty lanes, saved sequences, ended workers. */
  stop(): Promise<void>;
};

/** `ended` is told why, when Discord will have no more of this bot. */
export function openBot(
  services: MainServices,
  bot: NonNullable<MainServices["sharedBot"]>,
  ended: (why: string) => void,
  workerEntry?: URL,
): RunningBot {
  const { config, clock, logger, hot, bus, store, databaseUrl } = services;
  const { application, token } = bot;
  const discord = services.discord(application);
  const holder = newProcessIdentity(clock);
  const pool = createWorkerPool({
    workers: config.workers,
    config: { ...config, databaseUrl },
    logger,
    bus,
    inbox: store.inbox,
    ports: { hot, bus, [discordPort(application)]: discord },
    holder,
    isDead: isDeadProcess,
    settle: (_, shard, seq) => gateway.settle(shard, seq),
    ...(workerEntry === undefined ? {} : { entry: workerEntry }),
  });
  const gateway: Gateway = createGateway({
    application,
    token,
    intents: intentsFor(config.discord.messageContentIntent),
    compression: config.discord.compression,
    fetchInformation: () => discord.directory.gateway(),
    gatewayUrl: config.discord.gatewayUrl,
    shards: config.discord.shards,
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
        logger.fatal({ shard, code: problem.code, problem: problem.message }, "shard-stopped");
        if (problem.code === 4004) ended(TOKEN_REFUSED);
      },
    },
  });

  return {
    application,
    pool,
    shards: () => gateway.shards().map((shard) => ({ ...shard, application })),
    async start() {
      await pool.start();
      const again = await pool.recover(application);
      if (again > 0) logger.info({ messages: again }, "inbox-recovered");
      // A refused token shows here, at the first request; the rest may come late.
      await gateway.start();
      introduce(application, services).catch((error: unknown) =>
        ended(error instanceof Error ? error.message : String(error)),
      );
    },
    async stop() {
      gateway.drain();
      await pool.drain(DRAIN_MS_MAX);
      await gateway.stop();
      await pool.stop();
    },
  };
}
