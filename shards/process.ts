/**
 * A process and the roles it plays: the gateway with its workers, the dashboard, or both. Nothing here waits for a close event.
 *
 *   services → schema → dashboard → workers → shards   …   shards quiet → lanes empty → sequences saved → dashboard → services
 */

import metadata from "../package.json" with { type: "json" };
import type { Identity } from "../src/ask.ts";
import { type CustomBots, createCustomBots } from "../src/bots/custom.ts";
import { introduce } from "../src/bots/introduce.ts";
import type { Config } from "../src/config.ts";
import { AppError } from "../src/errors.ts";
import { createJobs, type Jobs } from "../src/jobs.ts";
import { INSTANCE } from "../src/logger.ts";
import { createPatience } from "../src/patience.ts";
import { createServices, type MainServices, type Services } from "../src/services.ts";
import type { GatewayStatus } from "../src/status/process.ts";
import type { ProcessReport } from "../src/store/ports/processes.ts";
import { openBot, type RunningBot } from "./bot.ts";
import { createMetrics, limitsOf } from "./metrics.ts";
import { migrated } from "./migrated.ts";
import type { OutcomeCount } from "./outcome-counts.ts";
import { isDeadProcess, newProcessIdentity } from "./process-identity.ts";
import { createRollCall } from "./roll-call.ts";

export type Roles = {
  readonly gateway: boolean;
  readonly web: boolean;
  /** Background work: crawls, imports and all that src/jobs.ts lists. */
  readonly jobs: boolean;
};

/** The HTTP server, given by main.ts: shards/ does not import web/. */
export type StartWeb = (services: Services, options: WebOptions) => Promise<Web>;

type WebOptions = {
  readonly jobs: Jobs;
  readonly customBots: CustomBots;
  readonly host: string;
  readonly port: number;
  /** False: only /healthz, /readyz and /metrics. */
  readonly pages: boolean;
  readonly metrics: () => Promise<string>;
  readonly metricsType: string;
  readonly gateway: () => GatewayStatus | null;
  readonly draining: () => boolean;
  readonly identity: Identity;
};

type Web = {
  readonly url: string;
  /** Live pages that are open. */
  streams(): number;
  signInLink(): Promise<string>;
  stop(): Promise<void>;
};

type StartOptions = {
  /** This Discord is another one than at the last start: no session can be resumed, and the commands are not known. */
  readonly newDiscord?: boolean;
  /** The module that a worker thread runs, in place of worker.ts; for tests. */
  readonly workerEntry?: URL;
};

export type RunningProcess = {
  readonly services: MainServices;
  readonly web: Omit<Web, "stop">;
  /** MESSAGE_CREATEs taken in, and their outcomes: equal in sum when nothing is open. */
  counts(): { readonly messages: number; readonly outcomes: readonly OutcomeCount[] };
  /** Settles when every shard of this process is live; throws AppError `timeout` after `withinMs`. Only for who must wait, as the demo does. */
  live(withinMs: number): Promise<void>;
  /** Settles when the gateway ended for good, with why: there is nothing left to do but the other roles. */
  readonly gatewayEnded: Promise<string>;
  /**
   * Gives away what this process runs: shards to other processes, background work to others, and people by an answer of `/readyz`
   * that sends them elsewhere. It lives on, and answers what still comes, until it is stopped.
   */
  drain(): Promise<void>;
  stop(): Promise<void>;
};

const LIVE_CHECK_MS = 50;
const START_PATIENCE_MS = 30_000;

/** Throws AppError `unauthorized` (a gateway with a refused token and no other role), `unavailable` (port, database), each with what to do. */
export async function startProcess(
  config: Config,
  roles: Roles,
  startWeb: StartWeb,
  options: StartOptions = {},
): Promise<RunningProcess> {
  const services = await createServices(config);
  const { clock, logger, sharedBot } = services;
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
    if (options.newDiscord && sharedBot !== null) {
      await services.store.shards.forget(sharedBot.application);
      await services.store.bots.setCommandsHash(sharedBot.application, null);
    }
    const holder = newProcessIdentity(clock);
    const startedAtMs = clock.now();
    const ended = Promise.withResolvers<string>();
    let draining = false;
    const untilEnded = (start: Promise<unknown>) =>
      void start.catch((error: unknown) => ended.resolve(error instanceof Error ? error.message : String(error)));
    const bot =
      roles.gateway && sharedBot !== null
        ? openBot(services, sharedBot, ended.resolve, holder, options.workerEntry)
        : null;
    /** Shards that were given away are others' to tell of. */
    const status = () => (draining ? null : statusOf(bot));
    const customBots = createCustomBots(services);
    // The database answered a moment ago: what is slow now is waited for, since a start that gives up begins anew.
    await createPatience(clock, logger, START_PATIENCE_MS)(holder).run(services.readTokens);
    const forget = services.bus.subscribe((news) => {
      if (news.type !== "bots-changed") return;
      services.readTokens().catch((error: unknown) => logger.warn({ error }, "tokens-unread"));
    });
    stops.push(async () => forget());
    const jobs = createJobs(services);
    let streams = () => 0;
    const metrics = createMetrics({
      pool: bot?.pool ?? null,
      shards: () => bot?.shards() ?? [],
      limits: limitsOf(services, {
        jobs,
        identifies: () => bot?.identifies() ?? [],
        streams: roles.web ? () => streams() : null,
      }),
    });
    const stopJobs = once(() => jobs.stop());
    stops.push(stopJobs);
    const web = await startWeb(services, {
      ...config.web,
      jobs,
      customBots,
      pages: roles.web,
      metrics: () => metrics.text(),
      metricsType: metrics.contentType,
      gateway: status,
      draining: () => draining,
      identity: { holder, isDead: isDeadProcess },
    });
    stops.push(() => web.stop());
    streams = () => web.streams();
    if (roles.jobs) jobs.start();

    const stopBot = once(async () => await bot?.stop());
    const drain = once(async () => {
      draining = true;
      logger.info({}, "process-draining");
      await Promise.all([stopJobs(), stopBot()]);
      logger.info({}, "process-drained");
    });
    const rollCall = createRollCall({
      ...{ processes: services.store.processes, clock, logger },
      report: () => reportOf(holder, roles, startedAtMs, status()),
      drain: () => void drain().catch((error: unknown) => logger.error({ error }, "drain-failed")),
    });
    stops.push(() => rollCall.stop());
    rollCall.start();

    if (bot !== null) {
      stops.push(stopBot);
      // The dashboard comes up also while Discord is away or refuses the token; a gateway alone has nothing else to do.
      if (roles.web) untilEnded(bot.start());
      else await bot.start();
    } else if (sharedBot !== null && roles.web) {
      // The interactions endpoint needs the bot's key and its commands, and no gateway.
      untilEnded(introduce(sharedBot.application, services));
    }
    return {
      services,
      web,
      counts: () => ({
        messages: bot?.pool.metrics.messagesIn ?? 0,
        outcomes: bot?.pool.metrics.outcomes.all() ?? [],
      }),
      live: (withinMs) => live(services, bot, withinMs),
      gatewayEnded: ended.promise,
      drain,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function statusOf(bot: RunningBot | null): GatewayStatus | null {
  if (bot === null) return null;
  const { messagesIn, outcomes, workers } = bot.pool.metrics;
  return {
    application: bot.application,
    waitsFor: bot.waitsFor(),
    shards: bot.shards(),
    workers: workers(),
    messagesIn,
    outcomes: outcomes.all(),
  };
}

function reportOf(holder: string, roles: Roles, startedAtMs: number, gateway: GatewayStatus | null): ProcessReport {
  const shards = gateway?.shards ?? [];
  return {
    ...{ holder, instance: INSTANCE, version: metadata.version, startedAtMs },
    roles: (["gateway", "web", "jobs"] as const).filter((role) => roles[role]),
    memoryBytes: process.memoryUsage.rss(),
    shards: shards.filter(({ phase }) => phase !== "stopped").length,
    shardsLive: shards.filter(({ phase }) => phase === "live").length,
    open: gateway?.workers.reduce((sum, { held }) => sum + held, 0) ?? 0,
  };
}

/** The first call does it; all calls wait for the same end. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}

async function live({ clock }: Services, bot: RunningBot | null, withinMs: number): Promise<void> {
  const until = clock.now() + withinMs;
  while (bot !== null) {
    const shards = bot.shards();
    if (shards.length > 0 && shards.every(({ phase, resumable }) => phase === "live" && resumable)) return;
    if (clock.now() > until) {
      throw new AppError("timeout", `The gateway was not up within ${withinMs / 1_000} s; the log above says why.`);
    }
    await clock.sleep(LIVE_CHECK_MS);
  }
}
