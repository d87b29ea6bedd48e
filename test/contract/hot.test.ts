/** One suite for every `Hot`: in memory, in Redis, and through the thread border. */
import { afterAll, describe, expect, test } from "bun:test";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createMemoryHot } from "../../src/hot/memory.ts";
import { createRedisHot } from "../../src/hot/redis.ts";
import { createThreadHot } from "../../src/hot/worker-door.ts";
import { type Hot, hotKey, hotPrefix, type Level } from "../../src/hot.ts";
import type { GuildId } from "../../src/ids.ts";
import { serve, settle } from "../../src/worker-door.ts";
import { needing } from "../support/needing.ts";
import { quiet } from "../support/postgres.ts";
import { openRedis } from "../support/redis.ts";
import { until } from "../support/until.ts";

const redis = await openRedis();

type Opened = { readonly hot: Hot; close(): Promise<void> };

const implementations: Record<string, () => Opened> = {
  memory: () => ({ hot: createMemoryHot({ clock: systemClock }), close: async () => {} }),
  thread: () => {
    const ports = { hot: createMemoryHot({ clock: systemClock }) };
    const hot = createThreadHot(async (request) => settle(await serve(ports, structuredClone(request))));
    return { hot, close: async () => {} };
  },
  redis: () => {
    const hot = createRedisHot({ url: redis?.url ?? "", logger: quiet });
    return { hot, close: () => hot.close() };
  },
};

afterAll(async () => {
  await redis?.stop();
});

needing(redis, "Redis").test("a search of Redis sees every kind of key of ours, with what it holds", async () => {
  const hot = createRedisHot({ url: redis?.url ?? "", logger: quiet });
  const guild = `${Date.now()}77` as GuildId;
  await hot.set(hotKey(guild, "a"), "one", 60_000);
  await hot.push(hotKey(guild, "b"), "two", 5, 60_000);
  await hot.push(hotKey(guild, "b"), "three", 5, 60_000);
  const level = { pool: "four", limit: 1, left: 1, perMs: 1, back: 0 };
  await hot.fill(hotKey(guild, "c"), [level], 0, 60_000);
  const found = new Map<string, string>();
  for await (const { key, text } of hot.entries()) if (key.startsWith(hotPrefix(guild))) found.set(key, text);
  await hot.drop(hotPrefix(guild));
  await hot.close();
  expect([found.get(hotKey(guild, "a")), found.get(hotKey(guild, "b"))]).toEqual(["one", "two\nthree"]);
  expect(found.get(hotKey(guild, "c"))).toContain("four");
});

for (const [name, open] of Object.entries(implementations)) {
  const { describe, test, beforeAll, afterAll } = needing(name === "redis" ? redis : open, "Redis");
  describe(`hot/${name}`, () => {
    const guild = String(Date.now() * 1_000 + Math.floor(Math.random() * 1_000)) as GuildId;
    const other = `${guild}9` as GuildId;
    const key = (...parts: string[]) => hotKey(guild, ...parts);
    let opened: Opened;
    let hot: Hot;

    beforeAll(() => {
      opened = open();
      hot = opened.hot;
    });

    afterAll(async () => {
      await hot.drop(hotPrefix(guild));
      await hot.drop(hotPrefix(other));
      await opened.close();
    });

    test("a value is there until its time is over", async () => {
      await hot.set(key("value"), "çok güzel", 60_000);
      expect(await hot.get(key("value"))).toBe("çok güzel");
      expect(await hot.get(key("nothing"))).toBeNull();
      await hot.set(key("short"), "x", 20);
      await until(async () => (await hot.get(key("short"))) === null);
    });

    test("a claim is the first one's until its time is over, and may be claimed again by its owner", async () => {
      expect(await hot.claim(key("claim"), "a", 60_000)).toBe(true);
      expect(await hot.claim(key("claim"), "b", 60_000)).toBe(false);
      expect(await hot.claim(key("claim"), "a", 20)).toBe(true);
      await until(() => hot.claim(key("claim"), "b", 60_000));
      expect(await hot.claim(key("claim"), "a", 60_000)).toBe(false);
    });

    test("a claim given back is free at once, and only its owner can give it back", async () => {
      for (const owner of ["a", "b", "c"]) {
        expect(await hot.claim(key("returned"), owner, 60_000)).toBe(true);
        expect(await hot.claim(key("returned"), "stranger", 0)).toBe(false);
        expect(await hot.claim(key("returned"), owner, 0)).toBe(true);
      }
    });

    test("of many that claim at once exactly one succeeds", async () => {
      const claims = await Promise.all(
        Array.from({ length: 50 }, (_, owner) => hot.claim(key("race"), `owner${owner}`, 60_000)),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    test("a list keeps the newest, in the order of the calls", async () => {
      await Promise.all(["1", "2", "3", "4", "5"].map((item) => hot.push(key("list"), item, 3, 60_000)));
      expect(await hot.list(key("list"))).toEqual(["3", "4", "5"]);
      expect(await hot.list(key("no-list"))).toEqual([]);
    });

    test("a list ends when its time is over, whole", async () => {
      await hot.push(key("ending"), "1", 9, 60_000);
      await hot.push(key("ending"), "2", 9, 20);
      await until(async () => (await hot.list(key("ending"))).length === 0);
      await hot.push(key("ending"), "3", 9, 60_000);
      expect(await hot.list(key("ending"))).toEqual(["3"]);
    });

    test("a push renews the list's time: what was pushed before lasts as long", async () => {
      // At once: on a busy machine 30 ms may pass between two calls.
      await Promise.all([hot.push(key("renewed"), "1", 9, 30), hot.push(key("renewed"), "2", 9, 60_000)]);
      await hot.push(key("beside"), "x", 9, 30);
      await until(async () => (await hot.list(key("beside"))).length === 0);
      expect(await hot.list(key("renewed"))).toEqual(["1", "2"]);
    });

    test("a counter starts at its base and refuses what goes over the limit", async () => {
      expect(await hot.spend(key("quota"), "a", 3, 10, 60_000, 5)).toEqual({ granted: true, total: 8 });
      expect(await hot.spend(key("quota"), "b", 3, 10, 60_000, 5)).toEqual({ granted: false, total: 8 });
      expect(await hot.spend(key("quota"), "c", 2, 10, 60_000, 5)).toEqual({ granted: true, total: 10 });
    });

    test("the same request counts once and gets the same answer", async () => {
      const first = await hot.spend(key("once"), "r", 4, 10, 60_000);
      await hot.spend(key("once"), "another", 4, 10, 60_000);
      expect(await hot.spend(key("once"), "r", 4, 10, 60_000)).toEqual(first);
      expect(await hot.spend(key("once"), "refused", 4, 10, 60_000)).toEqual({ granted: false, total: 8 });
      await hot.spend(key("once"), "back", -8, 10, 60_000);
      expect(await hot.spend(key("once"), "refused", 4, 10, 60_000)).toEqual({ granted: false, total: 8 });
    });

    test("a refund is always granted, and a look changes nothing", async () => {
      expect(await hot.spend(key("refund"), "look", 0, 10, 60_000, 20)).toEqual({ granted: false, total: 20 });
      expect(await hot.spend(key("refund"), "back", -5, 10, 60_000, 20)).toEqual({ granted: true, total: 15 });
      expect(await hot.spend(key("refund"), "look", 0, 15, 60_000)).toEqual({ granted: true, total: 15 });
    });

    test("a counter's time runs from its first spend", async () => {
      // The second within the time of the first, however late a busy machine is with it.
      let tries = 0;
      const counter = await until(async () => {
        const tried = key("window", String(tries++));
        await hot.spend(tried, "1", 1, 10, 40);
        return (await hot.spend(tried, "2", 1, 10, 60_000)).total === 2 && tried;
      });
      await until(async () => (await hot.spend(counter, "look", 0, 10, 60_000)).total === 0);
    });

    test("under concurrency exactly the limit is granted", async () => {
      let granted = 0;
      await Promise.all(
        Array.from({ length: 20 }, async (_, lane) => {
          for (let i = 0; i < 20; i++) {
            if ((await hot.spend(key("rush"), `${lane}.${i}`, 1, 150, 60_000)).granted) granted++;
          }
        }),
      );
      expect(granted).toBe(150);
    });

    const level = (fields: Partial<Level> = {}): Level => ({
      ...{ pool: "tokens", limit: 100, left: 100, perMs: 0.0001, back: 0 },
      ...fields,
    });
    const want = (amount: number, floor = 0) => [{ pool: "tokens", amount, floor }];

    test("a pool that nobody knows says so, and one that is known gives what it holds and no more", async () => {
      expect(await hot.draw(key("pool"), want(1))).toBe(-1);
      await hot.fill(key("pool"), [level({ left: 50 })], 0, 60_000);
      const drawn = await Promise.all(Array.from({ length: 12 }, () => hot.draw(key("pool"), want(10))));
      expect(drawn.filter((wait) => wait === 0)).toHaveLength(5);
      expect(drawn.filter((wait) => wait > 1_000)).toHaveLength(7);
    });

    test("a draw leaves its floor to others, and one larger than the pool waits for a full one", async () => {
      await hot.fill(key("floor"), [level({ left: 95 })], 0, 60_000);
      expect(await hot.draw(key("floor"), want(80, 0.3))).toBeGreaterThan(0);
      expect(await hot.draw(key("floor"), want(60, 0.3))).toBe(0);
      expect(await hot.draw(key("floor"), want(500))).toBeGreaterThan(0);
      expect(await hot.draw(key("floor"), want(30))).toBe(0);
    });

    test("a pool fills up as time passes, and is never fuller than what was told", async () => {
      await hot.fill(key("filling"), [level({ left: 0, perMs: 1 })], 0, 60_000);
      await until(async () => (await hot.draw(key("filling"), want(50))) === 0);
      await hot.fill(key("filling"), [level({ left: 1_000, perMs: 0.0001, back: 500 })], 0, 60_000);
      await hot.fill(key("filling"), [level({ left: 5, perMs: 0.0001 })], 0, 60_000);
      expect(await hot.draw(key("filling"), want(50))).toBeGreaterThan(0);
      expect(await hot.draw(key("filling"), want(5))).toBe(0);
    });

    test("what was drawn too much comes back", async () => {
      await hot.fill(key("back"), [level()], 0, 60_000);
      expect(await hot.draw(key("back"), want(90))).toBe(0);
      await hot.fill(key("back"), [level({ left: 80, back: 70 })], 0, 60_000);
      expect(await hot.draw(key("back"), want(75))).toBe(0);
      expect(await hot.draw(key("back"), want(10))).toBeGreaterThan(0);
    });

    test("nothing is drawn in a pause, and all of a draw is taken or none", async () => {
      await hot.fill(key("pause"), [level()], 60_000, 60_000);
      expect(await hot.draw(key("pause"), want(1))).toBeGreaterThan(50_000);
      await hot.fill(key("both"), [level(), level({ pool: "requests", left: 0 })], 0, 60_000);
      const both = [...want(100), { pool: "requests", amount: 1, floor: 0 }];
      expect(await hot.draw(key("both"), both)).toBeGreaterThan(0);
      expect(await hot.draw(key("both"), want(100))).toBe(0);
    });

    test("removing keys leaves every other one, also those that begin like them", async () => {
      const [mine, longer, list] = [
        hotKey(guild, "remove", "1"),
        hotKey(guild, "remove", "12"),
        hotKey(guild, "remove", "list"),
      ];
      await hot.set(mine, "a", 10_000);
      await hot.set(longer, "b", 10_000);
      await hot.push(list, "c", 5, 10_000);
      await hot.remove([]);
      await hot.remove([mine, list, hotKey(guild, "remove", "nobody")]);
      expect([await hot.get(mine), await hot.get(longer), await hot.list(list)]).toEqual([null, "b", []]);
    });

    test("dropping a guild's keys leaves every other's", async () => {
      await hot.set(key("mine"), "1", 60_000);
      await hot.push(key("mine", "list"), "1", 3, 60_000);
      await hot.set(hotKey(other, "theirs"), "1", 60_000);
      await hot.drop(hotPrefix(guild));
      expect(await hot.get(key("mine"))).toBeNull();
      expect(await hot.list(key("mine", "list"))).toEqual([]);
      expect(await hot.get(hotKey(other, "theirs"))).toBe("1");
    });

    test("a prefix is no pattern", async () => {
      await hot.set(key("star"), "1", 60_000);
      await hot.drop("gh1:*");
      await hot.drop("gh1:?{");
      expect(await hot.get(key("star"))).toBe("1");
    });

    test("another kind of value under a key is refused", async () => {
      await hot.set(key("kind"), "1", 60_000);
      await expect(hot.push(key("kind"), "1", 3, 60_000)).rejects.toMatchObject({ kind: "invalid" });
      await expect(hot.list(key("kind"))).rejects.toMatchObject({ kind: "invalid" });
    });
  });
}

describe("hot/memory, bounded", () => {
  const shifted = (): { clock: Clock; pass(ms: number): void } => {
    let passed = 0;
    return {
      clock: { ...systemClock, now: () => systemClock.now() + passed },
      pass(ms) {
        passed += ms;
      },
    };
  };

  test("past its keys the one least used goes, and is counted", async () => {
    const hot = createMemoryHot({ clock: systemClock, keysMax: 3 });
    for (const key of ["a", "b", "c"]) await hot.set(key, key, 60_000);
    await hot.get("a");
    await hot.set("d", "d", 60_000);
    expect(await hot.get("b")).toBeNull();
    expect(await hot.get("a")).toBe("a");
    expect(hot.stats()).toMatchObject({ keys: 3, evicted: 1 });
  });

  test("past its bytes too, and bytes come back to none", async () => {
    const hot = createMemoryHot({ clock: systemClock, bytesMax: 10_000 });
    for (let i = 0; i < 20; i++) await hot.set(`key${i}`, "x".repeat(1_000), 60_000);
    expect(hot.stats().bytes).toBeLessThanOrEqual(10_000);
    expect(hot.stats().evicted).toBeGreaterThan(10);
    await hot.drop("");
    expect(hot.stats()).toMatchObject({ keys: 0, bytes: 0 });
  });

  test("what expired leaves though nobody asks for it", async () => {
    const time = shifted();
    const hot = createMemoryHot({ clock: time.clock });
    for (let i = 0; i < 100; i++) await hot.set(`old${i}`, "x", 1_000);
    time.pass(2_000);
    for (let i = 0; i < 200; i++) await hot.set("new", "x", 60_000);
    expect(hot.stats().keys).toBe(1);
  });
});

test("a main thread that does not answer counts as away", async () => {
  const hot = createThreadHot(() => new Promise(() => {}));
  await expect(hot.get("key")).rejects.toMatchObject({ kind: "timeout" });
});
