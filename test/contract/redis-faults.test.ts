/**
 * Hot state and bus while Redis misbehaves: no call is pending past its deadline, what is asked for twice under one id
 * counts once, both are back within 5 s, and the process lives.
 */
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { startFaultProxy } from "../../bench/simulator/fault-proxy.ts";
import { createRedisBus } from "../../src/bus/redis.ts";
import type { AppError } from "../../src/errors.ts";
import { createRedisHot } from "../../src/hot/redis.ts";
import { type Hot, hotKey } from "../../src/hot.ts";
import { bounds } from "../../src/policy.ts";
import { drive } from "../support/drive.ts";
import { fairMs } from "../support/fair-time.ts";
import { needing } from "../support/needing.ts";
import { quiet } from "../support/postgres.ts";
import { command, type RedisServer, startRedis } from "../support/redis.ts";
import { startLoadingRedis } from "../support/redis-loading.ts";
import { until } from "../support/until.ts";
import { newGuild } from "./store/house.ts";

/** The deadline, and a little to notice that it is over. */
const PENDING_MS_MAX = bounds.redis.deadlineMs + 400;
const BACK_MS_MAX = 5_000;

/** Null where it is missing: its tests do not run then. */
const server = (await startRedis()) as RedisServer;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(async () => {
  await server?.stop();
});

async function openHot(url: string): Promise<Hot> {
  const hot = createRedisHot({ url, logger: quiet });
  closing.push(() => hot.close());
  await until(() => works(hot));
  return hot;
}

const works = (hot: Hot) =>
  hot.set(hotKey("global", "probe"), "1", 1_000).then(
    () => true,
    () => false,
  );

/** The call fails as one of `kinds`, in time. */
async function refused(call: Promise<unknown>, ...kinds: readonly string[]): Promise<void> {
  const startedAtMs = fairMs();
  const kind = await call.then(
    () => "fulfilled",
    (error: AppError) => error.kind,
  );
  expect(kinds).toContain(kind);
  expect(fairMs() - startedAtMs).toBeLessThan(PENDING_MS_MAX);
}

{
  const { describe, test } = needing(server, "Redis");
  describe("hot state and bus on a Redis that", () => {
    /** Runs both in a process of their own while `harm` is done. */
    async function under(harm: () => Promise<void>) {
      const guild = newGuild();
      const driver = drive("hot-driver.ts", server?.url ?? "", guild);
      await driver.back();
      await harm();
      expect(await driver.back()).toBeLessThan(BACK_MS_MAX);
      const report = await driver.stop();
      expect(report.slowestMs).toBeLessThan(PENDING_MS_MAX);
      expect(Object.keys(report.failures).filter((kind) => kind.startsWith("bug"))).toEqual([]);
      const counted = Number(await command(server?.port ?? 0, "GET", hotKey(guild, "counter")));
      return { report, counted };
    }

    test("is killed and started again, empty", async () => {
      const { report } = await under(async () => {
        await server.kill();
        await Bun.sleep(700);
        await server.restart();
      });
      expect(report.failures.unavailable).toBeGreaterThan(0);
    }, 60_000);

    test("is frozen and thaws: every request counted once", async () => {
      const { report, counted } = await under(async () => {
        server.signal("SIGSTOP");
        await Bun.sleep(1_500);
        server.signal("SIGCONT");
      });
      expect(Object.keys(report.failures)).toContain("timeout");
      // Requests that were given up at the end may have been counted as well: at most one a lane.
      expect(counted).toBeGreaterThanOrEqual(report.acknowledged.length);
      expect(counted).toBeLessThanOrEqual(report.acknowledged.length + 8);
    }, 60_000);

    test("is slow for a second", async () => {
      const { report, counted } = await under(async () => {
        await command(server.port, "CLIENT", "PAUSE", "1000");
      });
      expect(counted).toBeGreaterThanOrEqual(report.acknowledged.length);
      expect(counted).toBeLessThanOrEqual(report.acknowledged.length + 8);
    }, 60_000);

    test("is out of memory: writes are refused, reads go on", async () => {
      const hot = await openHot(server.url);
      await hot.set(hotKey("global", "kept"), "1", 60_000);
      await command(server.port, "CONFIG", "SET", "maxmemory", "1");
      for (let i = 0; i < 20; i++) {
        await refused(hot.set(hotKey("global", "more"), "1", 1_000), "overloaded");
        await refused(hot.spend(hotKey("global", "sum"), `r${i}`, 1, 9, 1_000), "overloaded");
        expect(await hot.get(hotKey("global", "kept"))).toBe("1");
      }
      await command(server.port, "CONFIG", "SET", "maxmemory", "0");
      expect(await works(hot)).toBe(true);
      expect(await hot.spend(hotKey("global", "sum"), "r0", 1, 9, 1_000)).toEqual({ granted: true, total: 1 });
    });

    test("is read-only after a failover", async () => {
      const hot = await openHot(server.url);
      await command(server.port, "REPLICAOF", "127.0.0.1", "1");
      await refused(hot.set(hotKey("global", "more"), "1", 1_000), "unavailable");
      await command(server.port, "REPLICAOF", "NO", "ONE");
      await until(() => works(hot), BACK_MS_MAX);
    });

    test("cuts the line before its answer: 20 requests, asked until they are answered, count 20", async () => {
      const line = await startFaultProxy({ target: { host: "127.0.0.1", port: server.port } });
      closing.push(() => line.stop());
      const hot = await openHot(line.urlFor(server.url));
      const counter = hotKey(newGuild(), "lost-answers");
      for (let i = 0; i < 20; i++) {
        await line.set({ kind: "lose-reply", request: `request:r${i}\r\n`, times: 1 });
        await refused(hot.spend(counter, `r${i}`, 1, 100, 60_000), "unavailable");
        await until(() => hot.spend(counter, `r${i}`, 1, 100, 60_000).catch(() => null), BACK_MS_MAX);
      }
      expect(await hot.spend(counter, "look", 0, 100, 60_000)).toEqual({ granted: true, total: 20 });
    }, 60_000);

    test("resets the line under many calls at once: each of them ends, in time", async () => {
      const line = await startFaultProxy({ target: { host: "127.0.0.1", port: server.port } });
      closing.push(() => line.stop());
      const hot = await openHot(line.urlFor(server.url));
      await line.set({ kind: "freeze" });
      const startedAtMs = fairMs();
      const calls = Array.from({ length: 50 }, (_, i) => hot.push(hotKey("global", "reset"), `${i}`, 50, 1_000));
      const ends = Promise.allSettled(calls);
      await line.set({ kind: "reset" });
      expect((await ends).map((end) => end.status)).not.toContain("fulfilled");
      expect(fairMs() - startedAtMs).toBeLessThan(PENDING_MS_MAX);
      await line.clear();
      await until(() => works(hot), BACK_MS_MAX);
    });

    test("goes silent on an open line: the line is replaced", async () => {
      const line = await startFaultProxy({ target: { host: "127.0.0.1", port: server.port } });
      closing.push(() => line.stop());
      const hot = await openHot(line.urlFor(server.url));
      await line.set({ kind: "half-open" });
      await refused(hot.get(hotKey("global", "probe")), "timeout");
      // Still half-open: only a new connection helps.
      await until(() => works(hot), BACK_MS_MAX);
    });

    test("asks for a password that we have not", async () => {
      const guarded = await startRedis("--requirepass", "secret");
      if (guarded === null) return;
      closing.push(() => guarded.stop());
      const hot = createRedisHot({ url: guarded.url, logger: quiet });
      closing.push(() => hot.close());
      await refused(hot.get("key"), "unauthorized");
      const welcome = createRedisHot({ url: guarded.url.replace("://", "://:secret@"), logger: quiet });
      closing.push(() => welcome.close());
      await until(() => works(welcome));
    });
  });
}

describe("hot state and bus on a Redis that is not real and", () => {
  test("is loading its data set", async () => {
    const loading = await startLoadingRedis();
    closing.push(() => loading.stop());
    const hot = createRedisHot({ url: loading.url, logger: quiet });
    const bus = createRedisBus({ url: loading.url, logger: quiet });
    closing.push(
      () => hot.close(),
      () => bus.close(),
    );
    await refused(hot.get("key"), "unavailable");
    await refused(bus.publish({ type: "guild-changed", guild: newGuild() }), "unavailable");
    loading.finish();
    await until(
      () =>
        hot.get("key").then(
          () => true,
          () => false,
        ),
      BACK_MS_MAX,
    );
    await bus.listening;
    loading.relapse();
    await refused(hot.get("key"), "unavailable");
    loading.finish();
    await until(
      () =>
        hot.get("key").then(
          () => true,
          () => false,
        ),
      BACK_MS_MAX,
    );
  }, 60_000);

  test("is not there at all", async () => {
    const hot = createRedisHot({ url: "redis://127.0.0.1:1", logger: quiet });
    closing.push(() => hot.close());
    // A busy machine may not hear of the refusal before the deadline.
    for (let i = 0; i < 10; i++) await refused(hot.get("key"), "unavailable", "timeout");
    // The breaker: who has asked often enough is told without another try.
    await until(() => hot.get("key").catch(({ message }: AppError) => message === "Redis is away"));
  }, 60_000);
});
