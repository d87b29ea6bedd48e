/**
 * Hot state in Redis 6 or newer, or in a server that speaks its protocol: one connection, 250 ms for each call, no repeats.
 *
 * Every operation that reads and then writes is a Lua script, so it is one step even when others call at the same time. `spend` keeps
 * its answer under the request's id. A guild's keys share a hash slot, because they contain `{guild}`.
 */
import type { Redis } from "ioredis";
import type { Hot, HotEntry } from "../hot.ts";
import type { Logger } from "../logger.ts";
import { bounds, createPolicy } from "../policy.ts";
import { connectRedis, redisFailure } from "../redis.ts";

export type RedisHot = Hot & {
  /** Every key of ours with its value as text; for a search that may take its time. */
  entries(): AsyncGenerator<HotEntry>;
  close(): Promise<void>;
};

/** A caller repeats a request within this time, if at all. */
const REQUEST_MS_MAX = 10 * 60_000;
const KEYS_A_SCAN = 1_000;
/** Their values are in memory at once. */
const KEYS_A_TRIP = 100;

const CLAIM = `
local owner = redis.call('get', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then redis.call('del', KEYS[1]) else redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2]) end
return 1`;

const PUSH = `
redis.call('rpush', KEYS[1], ARGV[1])
redis.call('ltrim', KEYS[1], -tonumber(ARGV[2]), -1)
redis.call('pexpire', KEYS[1], ARGV[3])
return 1`;

/** KEYS: counter, request. ARGV: amount, limit, ttl, base, how long the answer is kept. */
const SPEND = `
local answer = redis.call('get', KEYS[2])
if answer then return answer end
local there = redis.call('get', KEYS[1])
local total = tonumber(there or ARGV[4])
local amount, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
if amount == 0 then return (total <= limit and '1 ' or '0 ') .. string.format('%.17g', total) end
local granted = amount < 0 or total + amount <= limit
if granted then total = total + amount end
local text = string.format('%.17g', total)
if there then
  redis.call('set', KEYS[1], text, 'keepttl')
else
  redis.call('set', KEYS[1], text, 'px', ARGV[3])
end
answer = (granted and '1 ' or '0 ') .. text
redis.call('set', KEYS[2], answer, 'px', ARGV[5])
return answer`;

/** pools.ts says what both do; the time is Redis's, so that processes whose clocks differ draw from one pool. */
const POOLS = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function filled(pool)
  pool.left = math.min(pool.limit, pool.left + math.max(0, now - pool.atMs) * pool.perMs)
  pool.atMs = now
  return pool
end
local text = redis.call('get', KEYS[1])
`;

/** KEYS: the pools. ARGV: wants as JSON. */
const DRAW = `${POOLS}
if not text then return -1 end
local state = cjson.decode(text)
local wants = cjson.decode(ARGV[1])
local wait = math.max(0, state.pausedUntilMs - now)
for _, want in ipairs(wants) do
  local pool = state.pools[want.pool]
  if pool then
    filled(pool)
    local needed = math.min(pool.limit, want.amount + pool.limit * want.floor)
    if pool.left < needed then wait = math.max(wait, math.ceil((needed - pool.left) / pool.perMs)) end
  end
end
if wait == 0 then
  for _, want in ipairs(wants) do
    local pool = state.pools[want.pool]
    if pool then pool.left = pool.left - want.amount end
  end
end
redis.call('set', KEYS[1], cjson.encode(state), 'keepttl')
return wait`;

/** KEYS: the pools. ARGV: levels as JSON, pause, ttl. */
const FILL = `${POOLS}
local state = text and cjson.decode(text) or { pausedUntilMs = 0, pools = {} }
local pause = tonumber(ARGV[2])
for _, level in ipairs(cjson.decode(ARGV[1])) do
  local known = state.pools[level.pool]
  local left = level.left
  if known then left = math.min(left, filled(known).left + level.back) end
  state.pools[level.pool] = { limit = level.limit, left = math.min(level.limit, left), perMs = level.perMs, atMs = now }
end
if pause > 0 then state.pausedUntilMs = math.max(state.pausedUntilMs, now + pause) end
redis.call('set', KEYS[1], cjson.encode(state), 'px', ARGV[3])
return 1`;

type Scripts = {
  ghDraw(key: string, wants: string): Promise<number>;
  ghFill(key: string, levels: string, pauseMs: number, ttlMs: number): Promise<number>;
  ghClaim(key: string, owner: string, ttlMs: number): Promise<number>;
  ghPush(key: string, item: string, itemsMax: number, ttlMs: number): Promise<number>;
  ghSpend(key: string, request: string, ...rest: readonly number[]): Promise<string>;
};

export function createRedisHot(options: { readonly url: string; readonly logger: Logger }): RedisHot {
  const link = connectRedis(options.url, options.logger, "hot");
  const redis = link.redis as Redis & Scripts;
  redis.defineCommand("ghClaim", { lua: CLAIM, numberOfKeys: 1 });
  redis.defineCommand("ghPush", { lua: PUSH, numberOfKeys: 1 });
  redis.defineCommand("ghSpend", { lua: SPEND, numberOfKeys: 2 });
  redis.defineCommand("ghDraw", { lua: DRAW, numberOfKeys: 1 });
  redis.defineCommand("ghFill", { lua: FILL, numberOfKeys: 1 });
  const policy = createPolicy("Redis", bounds.redis);

  function call<T>(command: () => Promise<T>): Promise<T> {
    return policy.run(async () => {
      try {
        if (redis.status !== "ready") await link.ready();
        return await command();
      } catch (error) {
        throw redisFailure(error);
      }
    });
  }

  /** Null: it is gone, or of a type that we do not use. */
  async function textOf(key: string, type: string): Promise<string | null> {
    if (type === "string") return await redis.get(key);
    if (type === "list") return (await redis.lrange(key, 0, -1)).join("\n");
    return type === "hash" ? JSON.stringify(await redis.hgetall(key)) : null;
  }

  return {
    get: (key) => call(() => redis.get(key)),

    async set(key, value, ttlMs) {
      await call(() => redis.set(key, value, "PX", whole(ttlMs)));
    },

    claim: async (key, owner, ttlMs) =>
      (await call(() => redis.ghClaim(key, owner, ttlMs === 0 ? 0 : whole(ttlMs)))) === 1,

    async push(key, item, itemsMax, ttlMs) {
      await call(() => redis.ghPush(key, item, itemsMax, whole(ttlMs)));
    },

    list: (key) => call(() => redis.lrange(key, 0, -1)),

    async spend(key, requestId, amount, limit, ttlMs, base = 0) {
      const request = `${key}:request:${requestId}`;
      const keptMs = whole(Math.min(ttlMs, REQUEST_MS_MAX));
      const answer = await call(() => redis.ghSpend(key, request, amount, limit, whole(ttlMs), base, keptMs));
      const [granted, total] = answer.split(" ");
      return { granted: granted === "1", total: Number(total) };
    },

    draw: (key, wants) => call(() => redis.ghDraw(key, JSON.stringify(wants))),

    async fill(key, levels, pauseMs, ttlMs) {
      await call(() => redis.ghFill(key, JSON.stringify(levels), pauseMs, whole(ttlMs)));
    },

    async remove(keys) {
      if (keys.length > 0) await call(() => redis.unlink([...keys]));
    },

    async drop(prefix) {
      const pattern = `${prefix.replaceAll(/[\\*?[\]]/g, "\\$&")}*`;
      // Every step has its own deadline: a large server is walked through, not blocked.
      for (let cursor = "0", first = true; first || cursor !== "0"; first = false) {
        const [next, keys] = await call(() => redis.scan(cursor, "MATCH", pattern, "COUNT", KEYS_A_SCAN));
        if (keys.length > 0) await call(() => redis.unlink(keys));
        cursor = next;
      }
    },

    async *entries() {
      for (let cursor = "0", first = true; first || cursor !== "0"; first = false) {
        const [next, keys] = await call(() => redis.scan(cursor, "MATCH", "gh1:*", "COUNT", KEYS_A_SCAN));
        // Many in one trip: thousands of keys with a trip each take minutes.
        for (let at = 0; at < keys.length; at += KEYS_A_TRIP) {
          const some = keys.slice(at, at + KEYS_A_TRIP);
          const types = await call(() => Promise.all(some.map((key) => redis.type(key))));
          const texts = await call(() => Promise.all(some.map((key, i) => textOf(key, types[i] ?? "none"))));
          for (const [i, text] of texts.entries()) if (text !== null) yield { key: some[i] ?? "", text };
        }
        cursor = next;
      }
    },

    async close() {
      redis.disconnect();
    },
  };
}

/** Redis refuses fractions and zero. */
function whole(ms: number): number {
  return Math.max(1, Math.round(ms));
}
