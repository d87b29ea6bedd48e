/**
 * The bus between processes: Redis pub/sub on one channel. It listens on its own connection and subscribes again after a reconnect.
 * News published in between is lost, as the port allows.
 */
import type { Bus, News } from "../bus.ts";
import type { Logger } from "../logger.ts";
import { bounds, createPolicy } from "../policy.ts";
import { connectRedis, redisFailure } from "../redis.ts";
import { createListeners } from "./memory.ts";

const CHANNEL = "gh1:news";

export function createRedisBus(options: {
  readonly url: string;
  readonly logger: Logger;
  /** Deployments that share a Redis keep apart by it. */
  readonly channel?: string;
}): Bus & {
  /** Settles when news published from now on is heard here. */
  readonly listening: Promise<void>;
} {
  const { url, logger, channel = CHANNEL } = options;
  const listeners = createListeners(logger);
  const policy = createPolicy("Redis", bounds.redis);
  const out = connectRedis(url, logger, "bus");
  const { redis: ear } = connectRedis(url, logger, "bus-listening");

  const listening = new Promise<void>((resolve) => {
    // After a reconnect ioredis renews only subscriptions that succeeded once, so a failed first try is repeated here.
    ear.on("ready", () => {
      ear.subscribe(channel).then(
        () => resolve(),
        (error) => logger.warn({ error: redisFailure(error) }, "bus-not-listening"),
      );
    });
  });
  ear.on("message", (_: string, text: string) => {
    const news = readNews(text);
    if (news === null) logger.warn({ bytes: text.length }, "news-unreadable");
    else listeners.tell(news);
  });

  return {
    listening,
    async publish(news) {
      await policy.run(async () => {
        try {
          if (out.redis.status !== "ready") await out.ready();
          await out.redis.publish(channel, JSON.stringify(news));
        } catch (error) {
          throw redisFailure(error);
        }
      });
    },
    subscribe: listeners.add,
    async close() {
      listeners.clear();
      out.redis.disconnect();
      ear.disconnect();
    },
  };
}

/** Only Gatehouse writes here. A newer version may send news that this one does not know; listeners check `type`. */
function readNews(text: string): News | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
      ? (value as News)
      : null;
  } catch {
    return null;
  }
}
