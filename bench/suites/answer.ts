/**
 * What an answer costs beside the model: a pipeline as a worker has it, with PostgreSQL and Redis of this machine, a model that answers at once
 * and a Discord that takes everything. By kind: a mention, the same in a server with every limit, one said again within the hour without a model, a follow-up, a
 * line in smart mode, /ask; all but the one said again ask what nobody asked before. A trip is what the process sends before it waits for
 * PostgreSQL to answer; a call of Redis is a command. Answers a second are of several at once, the rest of one after the other.
 * A line in smart mode is answered only after a wait for its author, in which the process goes on with what it does anyway: what it does in as
 * long without a question is measured in the same run, and taken off that kind's processor time. Both are told.
 * What a process reads again by age (settings, plan, version of the knowledge, who is not to be read) is all old for some answers of each kind:
 * the clock goes on by more than any of it may be believed. Their trips are told apart, and the goal is for the worst of all.
 */
import { Socket } from "node:net";
import { createAsk } from "../../src/ask.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { loadConfig } from "../../src/config.ts";
import { createRecording } from "../../src/discord/recording.ts";
import type { ChannelId, GuildId, UserId } from "../../src/ids.ts";
import { savePairs } from "../../src/knowledge.ts";
import type { Completion, Limits, Llm, ResultOf, Task } from "../../src/llm.ts";
import { createPipeline } from "../../src/pipeline.ts";
import { FEATURES } from "../../src/plans/plans.ts";
import { type Outcome, REUSED } from "../../src/record.ts";
import { createServices } from "../../src/services.ts";
import { APPLICATION, BOT, GUILD, guildPayload, message, snowflake } from "../../test/support/build.ts";
import { temporaryFolder } from "../../test/support/folder.ts";
import { openDatabase } from "../../test/support/postgres.ts";
import { startRedis } from "../../test/support/redis.ts";
import { atMost, type Goal, percentile, type Result, result, type Suite, type SuiteOptions } from "../suite.ts";

const TRIPS_MAX = 8;
const CPU_MS_MAX = 12;
const ANSWERS = 400;
const ANSWERS_QUICK = 100;
const WARM_UP = 40;
const AT_ONCE = 16;
/** Answers of each kind before which all that is read again by age became old. */
const LATE_ANSWERS = 8;
/** Nothing is believed longer; so often it goes on that the answer that is said again stays younger than an hour. */
const LATER_MS = 5 * 60_000 + 1_000;
/** A server's questions of a minute are bounded, which is not measured here. */
const MINUTE_MS = 60_000;
/** As long as smart mode waits for a thought to end. */
const IDLE_MS = 1_500;
const IDLES = 20;
const SMART_GUILD = "100000000000000077" as GuildId;
/** Its account has so many messages a month, and it a cost a day. */
const LIMITED_GUILD = "100000000000000078" as GuildId;
const QUESTION = "How do I pair a sensor with the hub?";
const FOLLOW_UP = "and how long does it take?";
const ANSWER = "Hold the hub's button for 3 seconds [1].";

type Kind = "mention" | "mention with limits" | "said again" | "follow-up" | "smart mode" | "/ask";
const KINDS: readonly Kind[] = ["mention", "mention with limits", "said again", "follow-up", "smart mode", "/ask"];

/** Settles when the question was answered. */
type Ask = () => Promise<void>;
type Cost = { readonly ms: number; readonly cpuMs: number; readonly trips: number; readonly calls: number };

export const suite: Suite = {
  name: "answer",
  description:
    "an answer without its model, by kind, and one that is said again: PostgreSQL's trips, Redis' calls, processor time, answers a second (--set answers=N)",
  run: measure,
};

async function measure(options: SuiteOptions): Promise<{ results: Result[]; goals: Goal[] }> {
  const database = await openDatabase();
  const redis = await startRedis();
  const folder = temporaryFolder("bench-answer");
  if (redis === null) throw new Error("there is no redis-server on the PATH");
  const traffic = watchTraffic(Number(new URL(database.url).port || 5432), redis.port);
  const house = await openHouse(database.url, redis.url, folder.path);
  try {
    const results: Result[] = [];
    const goals: Goal[] = [];
    const answers = Number(options.set.answers ?? (options.quick ? ANSWERS_QUICK : ANSWERS));
    let idleCpuMs = 0;
    for (const [place, kind] of KINDS.entries()) {
      options.progress(kind, place / KINDS.length);
      house.later(MINUTE_MS);
      await rateOf(await house.preparedAll(kind, WARM_UP));
      if (kind === "smart mode") {
        const idles: Cost[] = [];
        for (let i = 0; i < IDLES; i++) idles.push(await costOf(() => Bun.sleep(IDLE_MS), traffic));
        idleCpuMs = mean(idles.map(({ cpuMs }) => cpuMs));
        results.push(result(`${IDLE_MS / 1_000} s without a question: processor time, mean`, "ms", idleCpuMs));
      }
      const costs: Cost[] = [];
      for (let i = 0; i < answers; i++) costs.push(await costOf(await house.prepared(kind), traffic));
      const late: Cost[] = [];
      for (let i = 0; i < LATE_ANSWERS; i++) {
        const ask = await house.prepared(kind);
        house.later(LATER_MS);
        late.push(await costOf(ask, traffic));
      }
      house.later(MINUTE_MS);
      const rate = await rateOf(await house.preparedAll(kind, answers));
      const of = (what: (cost: Cost) => number) => costs.map(what);
      results.push(
        result(`${kind}: trips to PostgreSQL`, "count", ...of(({ trips }) => trips)),
        result(
          `${kind}: the same where all is old that is read again by age`,
          "count",
          ...late.map(({ trips }) => trips),
        ),
        result(`${kind}: calls of Redis`, "count", ...of(({ calls }) => calls)),
        result(`${kind}: processor time, mean`, "ms", mean(of(({ cpuMs }) => cpuMs))),
        result(
          `${kind}: p50`,
          "ms",
          percentile(
            of(({ ms }) => ms),
            0.5,
          ),
        ),
        result(
          `${kind}: p99`,
          "ms",
          percentile(
            of(({ ms }) => ms),
            0.99,
          ),
        ),
        result(`${kind}: answers a second, ${AT_ONCE} at once`, "answers/s", rate),
      );
      const tripsMax = Math.max(...[...costs, ...late].map(({ trips }) => trips));
      goals.push(atMost(`${kind}: trips to PostgreSQL, the most`, TRIPS_MAX, tripsMax));
      const cpuMs = mean(of((cost) => cost.cpuMs));
      goals.push(
        kind === "smart mode"
          ? atMost(
              `${kind}: processor time beyond a wait without a question, mean`,
              CPU_MS_MAX,
              cpuMs - idleCpuMs,
              "ms",
            )
          : atMost(`${kind}: processor time, mean`, CPU_MS_MAX, cpuMs, "ms"),
      );
    }
    return { results, goals };
  } finally {
    await house.close();
    traffic.stop();
    await redis.stop();
    await database.drop();
    folder.remove();
  }
}

async function costOf(ask: Ask, traffic: Traffic): Promise<Cost> {
  const [trips, calls] = [traffic.trips(), traffic.calls()];
  const cpu = process.cpuUsage();
  const began = performance.now();
  await ask();
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1_000, trips: traffic.trips() - trips, calls: traffic.calls() - calls };
}

async function rateOf(asks: readonly Ask[]): Promise<number> {
  const began = performance.now();
  const left = asks.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const ask of left) await ask();
    }),
  );
  return asks.length / ((performance.now() - began) / 1_000);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Services as main has them, and a pipeline over them, since a worker's reach Discord through main. */
async function openHouse(databaseUrl: string, redisUrl: string, dataDir: string) {
  const config = loadConfig({
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, GATEHOUSE_DATA_DIR: dataDir, GATEHOUSE_KEY: "0f".repeat(32) },
    LOG_LEVEL: "error",
  });
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  const discord = createRecording(APPLICATION, BOT, clock);
  const services = await createServices(config, { discord: () => discord, llm: instantModel(), clock });
  const { store, bus, cutter } = services;
  await store.migrate();
  const pipeline = createPipeline(services, { self: () => BOT });
  const ask = createAsk(services);
  await store.accounts.savePlan({
    ...{ id: "limited", name: "Limited", priceUsd: 1, messages: 1_000_000, features: FEATURES, position: 1 },
  });
  const owner = { timeZone: "UTC", owner: null, mail: null };
  await store.accounts.save({ id: "limited", name: "Limited", plan: "limited", ...owner });
  for (const guild of [GUILD, SMART_GUILD, LIMITED_GUILD]) {
    await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload({ id: guild }));
    const row = await store.guilds.get(guild);
    if (row === null) throw new Error("the guild was not joined");
    const costDayUsd = guild === LIMITED_GUILD ? 1_000 : null;
    const limits = { ...row.settings.limits, memberHour: 10_000, channelMinute: 10_000, costDayUsd };
    const smart = guild === SMART_GUILD ? { mode: "all" as const, smart: true } : {};
    await store.guilds.change(guild, { ...row.settings, limits, ...smart }, "bench", "limits");
    if (guild === LIMITED_GUILD) await store.accounts.move(guild, "limited", "bench");
    await bus.publish({ type: "guild-changed", guild });
    const pairs = [
      {
        question: QUESTION,
        answer: "Hold the hub's button for 3 seconds. The light blinks blue: pairing is open for 120 seconds.",
      },
      { question: "When are refunds paid?", answer: "Refunds are paid within 14 days of the purchase." },
    ];
    await savePairs({ guild, name: "Bench", pairs }, { store: store.knowledge, bus, cutter });
  }

  let place = 0n;
  const member = (id: string) => ({
    author: { id, username: "ada", global_name: "Ada", discriminator: "0", avatar: null },
  });
  /** Another member in another channel each time, as in a deployment of many servers. */
  const newPlace = () => {
    place++;
    return {
      id: snowflake(),
      channel_id: String(200_000_000_000_000_000n + place) as ChannelId,
      member: String(300_000_000_000_000_000n + place) as UserId,
    };
  };
  /** An answer of the last hour would be said again: each is another question to the same passages. */
  const newQuestion = () => `${QUESTION.slice(0, -1)} number ${place}?`;
  const say = async (
    guild: GuildId,
    content: string,
    at: ReturnType<typeof newPlace>,
    fields: object = {},
    again = false,
  ) => {
    const { id, channel_id, member: who } = at;
    const said = message({ ...{ id, channel_id, guild_id: guild, content, ...member(who) }, ...fields });
    const trigger = { application: APPLICATION, message: said, receivedAtMs: clock.now() };
    requireAnswer(await pipeline.handle(trigger), again);
  };
  const mentioned = { mentions: [{ id: BOT.userId, username: BOT.name }] };

  let isSaid = false;
  /** The next question; what comes before it was said already. */
  async function prepared(kind: Kind): Promise<Ask> {
    const at = newPlace();
    const question = newQuestion();
    const mention = (guild = GUILD) => say(guild, `<@${BOT.userId}> ${question}`, at, mentioned);
    if (kind === "mention") return mention;
    if (kind === "mention with limits") return () => mention(LIMITED_GUILD);
    if (kind === "said again") {
      if (!isSaid) await say(GUILD, `<@${BOT.userId}> ${QUESTION}`, newPlace(), mentioned);
      isSaid = true;
      return () => say(GUILD, `<@${BOT.userId}> ${QUESTION}`, at, mentioned, true);
    }
    if (kind === "smart mode") return () => say(SMART_GUILD, question, at);
    if (kind === "follow-up") {
      await mention();
      return () => say(GUILD, `<@${BOT.userId}> ${FOLLOW_UP}`, { ...at, id: snowflake() }, mentioned);
    }
    return async () => {
      const { id, channel_id, member: who } = at;
      const data = {
        ...{
          id,
          application_id: APPLICATION,
          token: `token-${id}`,
          type: 2,
          version: 1,
          guild_id: GUILD,
          channel_id,
        },
        ...{ guild: { id: GUILD, name: "Lumen" }, channel: { id: channel_id, name: "help", type: 0 } },
        ...{ member: { user: member(who).author, roles: [] }, locale: "en-US", guild_locale: "en-US" },
        data: { type: 1, name: "ask", options: [{ name: "question", value: question, type: 3 }] },
      };
      const asked = await ask.handle({
        application: APPLICATION,
        data,
        receivedAtMs: clock.now(),
        botName: BOT.name,
      });
      requireAnswer((await asked?.work?.()) ?? null, false);
    };
  }

  // Its first run on a connection takes a trip more, as do those of an answer, which the warm-up runs.
  for (const read of [() => store.states.of([GUILD]), () => store.usage.costOn(GUILD, "2026-01-01")])
    await Promise.all(Array.from({ length: AT_ONCE }, async () => void (await read())));

  return {
    prepared,
    later(ms: number) {
      aheadMs += ms;
    },
    async preparedAll(kind: Kind, count: number): Promise<readonly Ask[]> {
      const asks: Ask[] = [];
      for (let i = 0; i < count; i++) asks.push(await prepared(kind));
      return asks;
    },
    async close() {
      await pipeline.drain(5_000);
      await services.close();
    },
  };
}

function requireAnswer(came: Outcome | null, again: boolean): void {
  if (came?.kind !== "answered" || (came.reason === REUSED) !== again)
    throw new Error(`a question came to ${came?.kind}: ${came?.reason}`);
}

/** Answers at once what a good model would. */
function instantModel(): Llm {
  const results: Partial<Record<Task["task"], ResultOf<Task>>> = {
    answer: { answer: ANSWER, used: [1], known: true, wantsHuman: false },
    rewrite: { question: QUESTION },
    judge: { help: true, reason: "a request that the passages answer" },
  };
  return {
    name: "instant",
    async complete<T extends Task>({ task }: T, _: Limits): Promise<Completion<ResultOf<T>>> {
      const found = results[task];
      if (found === undefined) throw new Error(`the bench's model does no ${task}`);
      return { result: found as ResultOf<T>, model: "instant", tokensIn: 100, tokensOut: 20, costUsd: 0, ms: 0 };
    },
  };
}

type Traffic = { trips(): number; calls(): number; stop(): void };

/** Counts what this process sends to the two ports. A trip begins with the first write after an answer. */
function watchTraffic(postgresPort: number, redisPort: number): Traffic {
  const { write } = Socket.prototype;
  const waiting = new WeakMap<Socket, boolean>();
  let trips = 0;
  let calls = 0;
  Socket.prototype.write = function (this: Socket, ...sent: unknown[]) {
    if (this.remotePort === redisPort) calls++;
    if (this.remotePort === postgresPort) {
      if (!waiting.has(this)) this.on("data", () => waiting.set(this, false));
      if (waiting.get(this) !== true) trips++;
      waiting.set(this, true);
    }
    return (write as (...all: unknown[]) => boolean).apply(this, sent);
  } as typeof write;
  return {
    trips: () => trips,
    calls: () => calls,
    stop() {
      Socket.prototype.write = write;
    },
  };
}
