/**
 * A gateway and a web process for half an hour and longer, under a mixed load, with a fault every minute: op 7, cut connections, a
 * stalled and a limited model, PostgreSQL and Redis away, Discord's errors. No process ends by them. Memory, descriptors and
 * connections must not grow once it has warmed up, every key in Redis must have an expiry, and everybody who asked must have been
 * answered once.
 *
 * `--minutes N`, `--set logs=FOLDER` keeps what the processes wrote; a third of it, at most ten minutes, is warm-up. Memory is what a process took for itself (`RssAnon`), its growth
 * the slope over the lowest value of every minute (deployment/slope.ts). The simulated Discord, which keeps every message, runs in
 * the bench's own process; its growth is shown, and no goal is set for it.
 */
import { existsSync } from "node:fs";
import Redis from "ioredis";
import { systemClock } from "../../src/clock.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { KETTLE } from "../../test/support/moderated.ts";
import { openEmbeddedDatabase, quiet, type TestDatabase } from "../../test/support/postgres.ts";
import type { Started } from "../../test/support/process.ts";
import { type RedisServer, startRedis } from "../../test/support/redis.ts";
import { seededRandom } from "../../test/support/simulated-clock.ts";
import { openStage, type Stage, signIn } from "../../test/support/stage.ts";
import { until } from "../../test/support/until.ts";
import { endAll } from "../deployment/end-all.ts";
import { heapsOf, shardsOf } from "../deployment/health.ts";
import { unlessInterrupted } from "../deployment/interrupted.ts";
import { type MixedLoad, settle, startMixedLoad } from "../deployment/mixed-load.ts";
import { growthInTenMinutes } from "../deployment/slope.ts";
import { type Fault, soakFaults } from "../deployment/soak-faults.ts";
import { familyOf, parentOf, type Vitals, vitalsOf } from "../deployment/vitals.ts";
import { type FaultProxy, startFaultProxy } from "../simulator/fault-proxy.ts";
import { freePort } from "../simulator/free-port.ts";
import { atMost, type Goal, type Result, result, type Suite, type SuiteOptions, type SuiteReport } from "../suite.ts";

const MINUTES = 30;
const MINUTES_QUICK = 3;
const WARM_UP_SHARE = 1 / 3;
const WARM_UP_MINUTES_MAX = 10;
const MINUTE_MS = 60_000;
const GROWTH_BYTES_MAX = 1e6;
/** A pool opens a connection late, and a page may be open when it is looked at. */
const DESCRIPTORS_MORE_MAX = 2;
/** In its minute: what a fault leaves is over when the next one comes. */
const FAULT_AT_SECOND = 20;
const LOOK_EVERY_SECONDS = 2;
const CAUGHT_UP_MS_MAX = 90_000;
const STARTED_MS_MAX = 60_000;
const HEARTBEAT_MS = 10_000;
const UNLIMITED = { requestsPerMinute: 1e6, requestsPerDay: 1e9, tokensPerMinute: 1e9, tokensPerDay: 1e12 } as const;

export const suite: Suite = {
  name: "soak",
  description: "half an hour of mixed load and a fault every minute: memory, descriptors, Redis keys (--minutes N)",
  async run(options) {
    options.progress("starting the stores");
    const house = await openHouse();
    try {
      return await unlessInterrupted(measure(options, house));
    } finally {
      await house.close();
    }
  },
};

type House = {
  readonly stage: Stage;
  readonly database: TestDatabase;
  readonly line: FaultProxy;
  readonly redis: RedisServer;
  close(): Promise<void>;
};

/** Stores of the suite's own, so that nobody else's work is in the figures. */
async function openHouse(): Promise<House> {
  const redis = await startRedis();
  if (redis === null) throw new Error("redis-server is not on the PATH");
  const database = await openEmbeddedDatabase();
  const target = new URL(database.url);
  const line = await startFaultProxy({ target: { host: target.hostname, port: Number(target.port) } });
  const stage = await openStage("soak", {
    simulator: { gateway: { heartbeatMs: HEARTBEAT_MS } },
    groq: { latencyMs: 150, limits: UNLIMITED },
    database,
    environment: { DATABASE_URL: line.urlFor(database.url), REDIS_URL: redis.url },
  });
  return {
    ...{ stage, database, line, redis },
    close: () => endAll(stage.close, () => line.stop(), redis.stop),
  };
}

const WHO = ["gateway", "web", "PostgreSQL", "Redis", "the bench"] as const;
type Series = Record<(typeof WHO)[number], (Vitals & { readonly atMs: number })[]>;
/** By process and thread. */
type Heaps = Map<string, { readonly atMs: number; readonly value: number }[]>;
type Pids = Record<(typeof WHO)[number], () => readonly number[]>;

async function measure(options: SuiteOptions, house: House): Promise<SuiteReport> {
  const { database, redis } = house;
  const minutes = Number(options.set.minutes ?? (options.quick ? MINUTES_QUICK : MINUTES));
  const { gateway, web, load, origins } = await open(options, house);
  const postmaster = await postmasterOf(database);
  const pids: Pids = {
    ...{ gateway: () => [gateway.pid], web: () => [web.pid], PostgreSQL: () => familyOf(postmaster) },
    ...{ Redis: () => [redis.pid()], "the bench": () => [process.pid] },
  };
  const heaps: Heaps = new Map();
  const series: Series = { gateway: [], web: [], PostgreSQL: [], Redis: [], "the bench": [] };
  const faults = soakFaults(house);
  const struck: string[] = [];
  const began = performance.now();

  for (let second = 0; second < minutes * 60; second++) {
    await Bun.sleep(Math.max(0, began + second * 1_000 - performance.now()));
    for (const one of [gateway, web]) requireRunning(one);
    if (second % LOOK_EVERY_SECONDS === 0) {
      for (const who of WHO) series[who].push({ atMs: performance.now() - began, ...vitalsOf(pids[who]()) });
      void lookAtHeaps(heaps, origins, performance.now() - began);
    }
    options.progress(told(load, series), second / (minutes * 60));
    // What a second's calls wait for must not hold the next second back.
    void load.second(second);
    // The last minute is calm: what was left undone is to be seen at its end.
    if (second % 60 !== FAULT_AT_SECOND || second >= (minutes - 1) * 60) continue;
    const fault = faults[struck.length % faults.length] as Fault;
    struck.push(fault.name);
    void fault.strike();
  }
  await until(() => load.questions().unanswered.length === 0, CAUGHT_UP_MS_MAX).catch(() => {});
  load.stop();
  const { logs } = options.set;
  if (logs !== undefined) {
    await Bun.write(`${logs}/series.json`, JSON.stringify({ ...series, heaps: Object.fromEntries(heaps) }));
    for (const [name, { stderr }] of Object.entries({ gateway, web })) await Bun.write(`${logs}/${name}.log`, stderr());
  }
  const left = await outcomesOf(database, load.questions().unanswered);
  return report({ left, minutes, series, heaps, load, struck, lasting: await lastingKeys(redis.url) });
}

async function open(
  { seed }: SuiteOptions,
  { stage, database }: House,
): Promise<{
  readonly gateway: Started;
  readonly web: Started;
  readonly load: MixedLoad;
  readonly origins: { readonly gateway: string; readonly web: string };
}> {
  const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
  await store.migrate();
  const places = await settle(stage, store, KETTLE);
  await store.close();
  const port = String(freePort());
  const gateway = stage.gatehouse(["gateway"], { PORT: port });
  const web = stage.gatehouse(["web"]);
  const [, url = ""] = await web.printed(/Dashboard: (http\S+)/);
  const { origin } = new URL(url);
  await until(async () => (await shardsOf(`http://127.0.0.1:${port}`)).live > 0, STARTED_MS_MAX);
  await takeInteractions(stage, `${origin}/discord/webhook`);
  const admin = await signIn(web);
  const load = startMixedLoad({ stage, places, admin, origin, random: seededRandom(seed) });
  return { gateway, web, load, origins: { gateway: `http://127.0.0.1:${port}`, web: origin } };
}

async function lookAtHeaps(heaps: Heaps, origins: Readonly<Record<string, string>>, atMs: number): Promise<void> {
  for (const [who, origin] of Object.entries(origins)) {
    for (const [thread, value] of await heapsOf(origin)) {
      const name = `${who}: ${thread}`;
      heaps.set(name, [...(heaps.get(name) ?? []), { atMs, value }]);
    }
  }
}

/** As an operator does in Discord's Developer Portal. */
async function takeInteractions({ simulator }: Stage, url: string): Promise<void> {
  const [application] = simulator.world.applications.values();
  if (application === undefined || !(await simulator.services.interactions.verifyEndpoint(application, url)))
    throw new Error(`${url} is not an interactions endpoint`);
  application.interactionsEndpointUrl = url;
}

async function postmasterOf({ admin }: TestDatabase): Promise<number> {
  const [row] = await admin<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return parentOf(row?.pid ?? 0);
}

/** What was recorded of messages that nobody replied to. */
async function outcomesOf({ admin }: TestDatabase, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await admin<{ trigger: string; what: string }[]>`
    select split_part(trigger, ':', 2) as trigger, kind || '/' || reason as what from decisions
    where split_part(trigger, ':', 2) = any(${[...ids]})`;
  const found = new Map(rows.map(({ trigger, what }) => [trigger, what]));
  const left = new Map<string, number>();
  for (const id of ids) {
    const what = found.get(id) ?? "nothing recorded";
    left.set(what, (left.get(what) ?? 0) + 1);
  }
  return left;
}

function requireRunning(one: Started): void {
  if (!existsSync(`/proc/${one.pid}/exe`)) throw new Error(`a process ended:\n${one.stderr().slice(-2_000)}`);
}

/** Keys that never expire, by their pattern. */
async function lastingKeys(url: string): Promise<ReadonlyMap<string, number>> {
  const redis = new Redis(url);
  const lasting = new Map<string, number>();
  try {
    for await (const keys of redis.scanStream({ count: 500 }) as AsyncIterable<string[]>) {
      for (const key of keys) {
        if ((await redis.pttl(key)) !== -1) continue;
        const pattern = key.replaceAll(/\d{6,}/g, "N");
        lasting.set(pattern, (lasting.get(pattern) ?? 0) + 1);
      }
    }
  } finally {
    redis.disconnect();
  }
  return lasting;
}

function told(load: MixedLoad, series: Series): string {
  const { asked, unanswered, doubled } = load.questions();
  const sizes = WHO.map((who) => `${who} ${Math.round((series[who].at(-1)?.bytes ?? 0) / 1e6)} MB`);
  return `${asked} asked, ${unanswered.length} open, ${doubled} doubled; ${sizes.join(", ")};`;
}

function report(found: {
  readonly left: ReadonlyMap<string, number>;
  readonly minutes: number;
  readonly series: Series;
  readonly heaps: Heaps;
  readonly load: MixedLoad;
  readonly struck: readonly string[];
  readonly lasting: ReadonlyMap<string, number>;
}): SuiteReport {
  const { left, minutes, series, heaps, load, struck, lasting } = found;
  const warmUpMs = Math.min(minutes * WARM_UP_SHARE, WARM_UP_MINUTES_MAX) * MINUTE_MS;
  const results: Result[] = [];
  const goals: Goal[] = [];
  for (const who of WHO) {
    const warm = series[who].filter(({ atMs }) => atMs >= warmUpMs);
    const growth = growthInTenMinutes(warm.map(({ atMs, bytes }) => ({ atMs, value: bytes })));
    const [descriptors, sockets] = [more(warm, "descriptors"), more(warm, "sockets")];
    results.push(
      result(`${who}: memory`, "bytes", ...warm.map(({ bytes }) => bytes)),
      result(`${who}: growth in ten minutes`, "bytes", growth),
      result(`${who}: more descriptors at the end`, "count", descriptors),
      result(`${who}: more connections at the end`, "count", sockets),
    );
    if (who === "the bench") continue;
    goals.push(atMost(`${who}: growth in ten minutes`, GROWTH_BYTES_MAX, growth, "bytes"));
    // A server of PostgreSQL keeps a descriptor for every table that it has touched, and ends a connection that was cut when it writes.
    if (who !== "PostgreSQL")
      goals.push(atMost(`${who}: more descriptors at the end`, DESCRIPTORS_MORE_MAX, descriptors));
  }
  for (const [name, points] of heaps) {
    const warm = points.filter(({ atMs }) => atMs >= warmUpMs);
    results.push(result(`${name}: growth in ten minutes`, "bytes", growthInTenMinutes(warm)));
  }
  const { asked, unanswered, doubled } = load.questions();
  const keys = [...lasting.values()].reduce((sum, count) => sum + count, 0);
  results.push(
    result("minutes", "count", minutes),
    result("faults", "count", struck.length),
    result("questions", "count", asked),
    ...[...load.refused].map(([what, times]) => result(`refused: ${what}`, "count", times)),
    ...[...left].map(([what, count]) => result(`nobody answered: ${what}`, "count", count)),
    ...[...lasting].map(([pattern, count]) => result(`without expiry: ${pattern}`, "count", count)),
  );
  goals.push(
    atMost("questions that nobody answered", 0, unanswered.length),
    atMost("questions answered twice", 0, doubled),
    atMost("keys in Redis without an expiry", 0, keys),
  );
  return { results, goals };
}

/** How many more there are at least in the last third than in the first. */
function more(warm: readonly Vitals[], what: "descriptors" | "sockets"): number {
  const third = Math.ceil(warm.length / 3);
  const least = (some: readonly Vitals[]) => Math.min(...some.map((vitals) => vitals[what]));
  return least(warm.slice(-third)) - least(warm.slice(0, third));
}
