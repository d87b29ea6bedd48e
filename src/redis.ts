/**
 * How we connect to Redis (ioredis), for hot/redis and bus/redis: nothing is queued while it is away, nothing is sent
 * twice, and a connection that has stopped answering is replaced.
 *
 * With its defaults ioredis repeats commands whose reply was lost and waits 40 s and more for a frozen server.
 */
import { Redis, type RedisOptions } from "ioredis";
import { systemClock } from "./clock.ts";
import { AppError } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { bounds } from "./policy.ts";

const OPTIONS = {
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  commandTimeout: bounds.redis.deadlineMs,
  connectTimeout: 1_000,
  // Commands wait and no byte comes: the way there is broken, and TCP would take minutes to notice.
  socketTimeout: 1_000,
  maxLoadingRetryTime: 250,
  retryStrategy: (times: number) => Math.min(50 * times, 500),
  // After a failover the old primary refuses writes: look again where the primary is.
  reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
  disableClientInfo: true,
  connectionName: "gatehouse",
} satisfies RedisOptions;

/** How long a call waits for a connection that is being made; shorter than its deadline, to say why it is not there. */
const CONNECTING_MS_MAX = bounds.redis.deadlineMs - 50;

export type RedisLink = {
  readonly redis: Redis;
  /** Settles when commands can be sent; rejects at the deadline with the reason. */
  ready(): Promise<void>;
};

/** Connects at once and for ever; problems are logged once each time it is lost. */
export function connectRedis(url: string, logger: Logger, purpose: string): RedisLink {
  const redis = new Redis(url, OPTIONS);
  // A call that waits for the connection listens; many may.
  redis.setMaxListeners(0);
  let problem: Error | null = null;
  redis.on("error", (error: Error) => {
    if (problem === null)
      logger.warn(
        {
          purpose,
          problem: error.message,
          todo: "check REDIS_URL and that the server runs; it is tried again by itself",
        },
        "redis-lost",
      );
    problem = error;
  });
  redis.on("ready", () => {
    if (problem !== null) logger.info({ purpose }, "redis-back");
    problem = null;
  });

  function whyNot(): Error {
    return problem === null ? new AppError("unavailable", "Redis cannot be reached yet") : redisFailure(problem);
  }

  return {
    redis,
    ready() {
      if (redis.status === "ready") return Promise.resolve();
      if (redis.status === "end")
        return Promise.reject(new AppError("unavailable", "the connection to Redis is closed"));
      return new Promise((resolve, reject) => {
        const timer = systemClock.after(CONNECTING_MS_MAX, () => {
          redis.off("ready", onReady);
          reject(whyNot());
        });
        function onReady() {
          timer.cancel();
          resolve();
        }
        redis.once("ready", onReady);
      });
    },
  };
}

/** An ioredis error → AppError, without the command's arguments that ioredis puts into it. */
export function redisFailure(error: unknown): Error {
  if (error instanceof AppError || !(error instanceof Error))
    return error instanceof Error ? error : new Error(`${error}`);
  const { message } = error;
  if (message.startsWith("OOM")) return new AppError("overloaded", "Redis is out of memory");
  if (message.startsWith("WRONGTYPE")) return new AppError("invalid", "the key holds another kind of value");
  if (/^(NOAUTH|WRONGPASS|NOPERM)/.test(message)) return new AppError("unauthorized", `Redis: ${message}`);
  if (message === "Command timed out") return new AppError("timeout", "Redis did not answer in time");
  // READONLY, LOADING, MASTERDOWN, CLUSTERDOWN, a lost connection: another moment may be better.
  return new AppError("unavailable", `Redis: ${message}`);
}
