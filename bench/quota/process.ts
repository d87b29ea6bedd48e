/**
 * One process of the `quota` suite: asks for messages of one account's month, records most of what it gets and gives the rest back.
 * One reply in twenty of the counter is lost after it happened, and one request in twenty is asked for twice. Says as JSON
 * what it recorded.
 */
import { createMemoryBus } from "../../src/bus/memory.ts";
import { systemClock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";
import { createRedisHot } from "../../src/hot/redis.ts";
import type { Hot } from "../../src/hot.ts";
import type { ChannelId, GuildId } from "../../src/ids.ts";
import { createLogger } from "../../src/logger.ts";
import { createPlans } from "../../src/plans/plans.ts";
import { createQuota, type Wish } from "../../src/plans/quota.ts";
import { outcome } from "../../src/record.ts";
import { defaultSettings } from "../../src/settings/form.ts";
import { createSqlStore } from "../../src/store/sql.ts";

const [database = "", redis = "", guild = "", name = "", requests = "0"] = process.argv.slice(2);
const LANES = 8;
const LOST = 0.05;
const clock = systemClock;
const logger = createLogger({ level: "fatal", format: "text" });
const store = createSqlStore({ url: database, clock, logger, connections: 4 });
const real = createRedisHot({ url: redis, logger });
const hot: Hot = {
  ...real,
  async spend(...wanted) {
    const spent = await real.spend(...wanted);
    if (clock.chance() < LOST) throw new AppError("timeout", "the reply was lost");
    return spent;
  },
};
const plans = createPlans({ store, bus: createMemoryBus({ logger }), clock });
const quota = createQuota({ store, hot, plans, clock, logger });
let recorded = 0;
let tokens = 0;
let returned = 0;
let refused = 0;

/** As the pipeline does: a store that is away is asked again. */
async function surely<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await Bun.sleep(20);
    }
  }
}

async function one(request: string): Promise<void> {
  const wish: Wish = { request, kind: "answer", limits: defaultSettings.limits };
  const admission = await surely(() => quota.admit(guild as GuildId, wish));
  if (clock.chance() < LOST) await surely(() => quota.admit(guild as GuildId, wish));
  if (!admission.admitted) {
    refused++;
    return;
  }
  if (clock.chance() < 0.1) {
    await quota.release(guild as GuildId, wish);
    returned++;
    return;
  }
  const usage = { kind: "answer", count: 1, tokensIn: 10, tokensOut: 2, costUsd: 0.001 } as const;
  const exchange = { trigger: request, conversation: null, channel: "1" as ChannelId, turns: [] };
  const first = await surely(() =>
    store.conversations.record(guild as GuildId, { ...exchange, outcome: outcome("answered", "known", 1), usage }),
  );
  if (first) {
    recorded++;
    tokens += 10;
  }
}

let next = 0;
await Promise.all(
  Array.from({ length: LANES }, async () => {
    while (next < Number(requests)) await one(`${name}:${next++}`);
  }),
);
process.stdout.write(`${JSON.stringify({ recorded, tokens, returned, refused })}\n`);
await Promise.all([store.close(), real.close()]);
process.exit(0);
