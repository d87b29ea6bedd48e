/**
 * A process and the roles it plays: the gateway with its workers, the dashboard, or both. Nothing here waits for a close event.
 *
 *   services → schema → dashboard → workers → shards   …   shards quiet → lanes empty → sequences saved → dashboard → services
 */
import type { Config } from "../src/config.ts";
import { type ApplicationView, discordPort } from "../src/discord.ts";
import { AppError } from "../src/errors.ts";
import type { ApplicationId } from "../src/message.ts";
import { createServices, type MainServices, type Services } from "../src/services.ts";
import { createGateway, type Gateway, intentsFor } from "./gateway.ts";
import { createMetrics, type ShardMetrics } from "./metrics.ts";
import { createPool, type Pool } from "./pool.ts";
import type { OutcomeCount } from "./tally.ts";

export type Roles = { readonly gateway: boolean; readonly web: boolean };

/** The dashboard, given by main.ts: shards/ does not import web/. */
export type StartWeb = (
  services: Services,
  options: { readonly host: string; readonly port: number; readonly metrics?: () => Promise<string> },
) => Promise<{ readonly url: string; readonly port: number; signInLink(): Promise<string>; stop(): Promise<void> }>;

export type Running = {
  readonly services: MainServices;
  /** Null without the web role. */
  readonly dashboard: { readonly url: string; signInLink(): Promise<string> } | null;
  readonly application: ApplicationId | null;
  /** MESSAGE_CREATEs taken in, and what became of them: equal in sum when nothing is open. */
  counts(): { readonly messages: number; readonly outcomes: readonly OutcomeCount[] };
  /** Settles when every shard of this process is live; throws AppError `timeout` after `withinMs`. Only for who must wait, as the demo does. */
  live(withinMs: number): Promise<void>;
  /** Settles when the gateway ended for good, with why: there is nothing left to do but the other roles. */
  readonly gatewayEnded: Promise<string>;
  stop(): Promise<void>;
};

export const TOKEN_REFUSED =
  "Discord refuses the bot's token. Copy a new one from the Developer Portal (Bot, Reset Token) into DISCORD_TOKEN.";

const DRAIN_MS_MAX = 10_000;
const LIVE_CHECK_MS = 50;

/** Throws AppError `unauthorized` (a gateway with a refused token and no other role), `unavailable` (port, database), each with what to do. */
export async function startProcess(config: Config, roles: Roles, startWeb: StartWeb): Promise<Running> {
  const services = await createServices(config);
  const { logger, sharedBot } = services;
  const stops: (() => Promise<void>)[] = [() => services.close()];
  const stop = async () => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
      try {
        await next();
      } catch (error) {
        logger.error({ error }, "stop-failed");
      }
    }
  };

  try {
    await migrated(services);

    const ended = Promise.withResolvers<string>();
    const shards = roles.gateway && sharedBot !== null ? openShards(services, sharedBot, ended.resolve) : null;
    const metrics = createMetrics({ pool: shards?.pool ?? null, shards: () => shardsOf(sharedBot, shards?.gateway) });

    const { host, port } = config.web;
    const web = roles.web ? await startWeb(services, { host, port, metrics: () => metrics.text() }) : null;
    if (web !== null) stops.push(() => web.stop());

    if (shards !== null && sharedBot !== null) {
      stops.push(() => closeShards(shards));
      const up = startShards(services, sharedBot.application, shards);
      // The dashboard comes up also while Discord is away or refuses the token; a gateway alone has nothing else to do.
      if (web === null) await up;
      else up.catch((error: unknown) => ended.resolve(error instanceof Error ? error.message : String(error)));
    }

    return {
      services,
      dashboard: web,
      application: sharedBot?.application ?? null,
      counts: () => ({
        messages: shards?.pool.metrics.messagesIn ?? 0,
        outcomes: shards?.pool.metrics.outcomes.all() ?? [],
      }),
      async live(withinMs) {
        const until = services.clock.now() + withinMs;
        while (shards !== null) {
          const all = shards.gateway.shards();
          if (all.length > 0 && all.every((shard) => shard.phase === "live")) return;
          if (services.clock.now() > until) {
            throw new AppError(
              "timeout",
              `The gateway was not up within ${withinMs / 1_000} s; the log above says why.`,
            );
          }
          await services.clock.sleep(LIVE_CHECK_MS);
        }
      },
      gatewayEnded: ended.promise,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A start without its database ends: there is nothing it could keep. */
async function migrated({ config, store }: MainServices): Promise<void> {
  try {
    await store.migrate();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const where = config.databaseUrl === null ? "The embedded database" : "The database of DATABASE_URL";
    const todo =
      config.databaseUrl === null ? "see the log above" : "check the address, the password and that the server runs";
    throw new AppError(error.kind, `${where} cannot be used: ${error.message}; ${todo}.`, { cause: error });
  }
}

function shardsOf(bot: MainServices["sharedBot"], gateway: Gateway | undefined): readonly ShardMetrics[] {
  if (bot === null || gateway === undefined) return [];
  return gateway.shards().map((shard) => ({ ...shard, application: bot.application }));
}

type SharedBot = NonNullable<MainServices["sharedBot"]>;
type Shards = { readonly pool: Pool; readonly gateway: Gateway };

function openShards(services: MainServices, bot: SharedBot, ended: (why: string) => void): Shards {
  const { config, clock, logger, hot, bus, store, databaseUrl } = services;
  const { application, token } = bot;
  const discord = services.discord(application);
  const pool = createPool({
    workers: config.workers,
    config: { ...config, databaseUrl },
    logger,
    bus,
    inbox: store.inbox,
    ports: { hot, bus, [discordPort(application)]: discord },
    settle: (_, shard, seq) => gateway.settle(shard, seq),
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
  return { pool, gateway };
}

/** Resolves once shards were asked for. Throws AppError `unauthorized` for a refused token: one try, one message. */
async function startShards(
  services: MainServices,
  application: ApplicationId,
  { pool, gateway }: Shards,
): Promise<void> {
  const { logger, store } = services;
  const about = await introduced(services, application);
  const known = await store.bots.get(application);
  await store.bots.save({
    application,
    shared: true,
    publicKey: about.publicKey,
    tokenSealed: null,
    name: about.name,
    commandsHash: known?.commandsHash ?? null,
  });
  await pool.start();
  const again = await pool.recover(application);
  if (again > 0) logger.info({ messages: again }, "inbox-recovered");
  await gateway.start();
}

/** Who the bot is; asked until Discord answers, but once only with a token that it refuses. */
async function introduced(services: MainServices, application: ApplicationId): Promise<ApplicationView> {
  const { clock, logger } = services;
  for (let waitMs = 1_000; ; waitMs = Math.min(30_000, waitMs * 2)) {
    try {
      return await services.discord(application).directory.about();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.kind === "unauthorized") throw new AppError("unauthorized", TOKEN_REFUSED, { cause: error });
      logger.warn({ error, waitMs }, "discord-away");
      await clock.sleep(waitMs);
    }
  }
}

async function closeShards({ pool, gateway }: Shards): Promise<void> {
  gateway.drain();
  await pool.drain(DRAIN_MS_MAX);
  await gateway.stop();
  await pool.stop();
}
