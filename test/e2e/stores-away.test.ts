/**
 * A running bot whose stores go away. Without PostgreSQL it stays connected, answers nothing new, settles nothing and loses
 * nothing, and is back within five seconds; without Redis it goes on with what it has. The process never exits by itself.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type FaultProxy, startFaultProxy } from "../../bench/simulator/fault-proxy.ts";
import type { Channel, Guild, Message } from "../../bench/simulator/world.ts";
import { needing } from "../support/needing.ts";
import type { Started } from "../support/process.ts";
import { command, type RedisServer, startRedis } from "../support/redis.ts";
import { live, openStage, page, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

const BACK_MS_MAX = 5_000;
/** Past every deadline, so that calls that began, waited and gave up are among what is seen. */
const AWAY_MS = 2_500;
const RESET = { kind: "reset", connections: "open" } as const;
const KETTLE = page(
  "Resetting the kettle",
  "https://docs.example/kettle",
  "Hold the copper button for seven seconds until the lid blinks green. The kettle then forgets its network.",
);

type House = { readonly stage: Stage; readonly guild: Guild; readonly channel: Channel; readonly members: string[] };

async function openHouse(purpose: string): Promise<House> {
  const stage = await openStage(purpose);
  const { actions } = stage.simulator;
  const { guild, channel } = actions.createGuild({ name: "Kettles" });
  const members = ["ada", "bob", "cem"].map((username) => actions.addMember(guild.id, { username }).userId);
  return { stage, guild, channel, members };
}

/** Each of the members asks; the questions in order. */
function everybodyAsks({ stage, channel, members }: House): Message[] {
  return members.map((userId) =>
    stage.simulator.actions.say({ channelId: channel.id, userId, content: "{bot} how do I reset the kettle?" }),
  );
}

/** What the bot said in reply to these. */
function answersTo({ channel }: House, questions: readonly Message[]): Message[] {
  const asked = new Set(questions.map(({ id }) => id));
  return [...channel.messages.values()].filter(
    ({ repliedToId }) => repliedToId !== undefined && asked.has(repliedToId),
  );
}

async function answered(house: House, questions: readonly Message[], withinMs: number): Promise<void> {
  await until(() => answersTo(house, questions).length >= questions.length, withinMs);
  for (const answer of answersTo(house, questions)) expect(answer.content).toContain("seven seconds");
}

/** How many of these have their row. */
async function kept({ stage }: House, questions: readonly Message[]): Promise<number> {
  const sql = stage.database.admin;
  const ids = questions.map(({ id }) => id);
  return (await sql`select 1 from decisions where split_part(trigger, ':', 2) in ${sql(ids)}`).length;
}

const identifies = ({ stage }: House) => stage.simulator.services.ledger.list({ kind: "gateway", op: 2 }).length;
const connected = ({ stage }: House) =>
  [...stage.simulator.services.gateway.sessions.values()].map((session) => [session.id, session.write !== undefined]);

async function settledAt({ stage }: House): Promise<number> {
  const [row] = await stage.database.admin<{ settled: string }[]>`select settled::text as settled from shards`;
  return Number(row?.settled ?? -1);
}

/** What is saved once everything said so far has its outcome: what is saved grows at most once a second. */
async function settled(house: House): Promise<number> {
  const { simulator } = house.stage;
  const received = [...simulator.services.gateway.sessions.values()][0]?.sequence ?? 0;
  return until(async () => {
    const at = await settledAt(house);
    return at >= received && at;
  }, BACK_MS_MAX);
}

describe("without PostgreSQL", () => {
  let house: House;
  let line: FaultProxy;
  let all: Started;
  let exited = false;

  beforeAll(async () => {
    house = await openHouse("postgres-away");
    const { stage, guild } = house;
    const target = new URL(stage.database.url);
    line = await startFaultProxy({ target: { host: target.hostname, port: Number(target.port || 5432) } });
    all = start();
    await live(all);
    await stage.teach(guild.id, { "kettle.md": KETTLE });
    await answered(house, everybodyAsks(house), 20_000);
  });
  afterAll(async () => {
    await house.stage.close();
    await line.stop();
  });

  function start(): Started {
    const process = house.stage.gatehouse(["all"], { DATABASE_URL: line.urlFor(house.stage.database.url) });
    void process.exited.then(() => {
      exited = true;
    });
    return process;
  }

  for (const kind of ["black-hole", "refuse", "freeze", "half-open"] as const) {
    test(`(${kind}) it stays connected and silent, and answers everybody once it is back`, async () => {
      const before = { identifies: identifies(house), connected: connected(house), settled: await settled(house) };
      // Refusing new ones is nothing to who is connected.
      await line.set({ kind }, ...(kind === "refuse" ? [RESET] : []));
      const questions = everybodyAsks(house);
      await Bun.sleep(AWAY_MS);
      // New connections pass a half-open line: there the bot may be back already.
      if (kind !== "half-open") {
        expect(answersTo(house, questions)).toEqual([]);
        expect(await kept(house, questions)).toBe(0);
        expect(await settledAt(house)).toBe(before.settled);
      }
      expect(identifies(house)).toBe(before.identifies);
      expect(connected(house)).toEqual(before.connected);

      await line.clear();
      await answered(house, questions, BACK_MS_MAX);
      await until(async () => (await kept(house, questions)) === questions.length, BACK_MS_MAX);
      expect(answersTo(house, questions)).toHaveLength(questions.length);
      expect(exited).toBe(false);
    });
  }

  test("it is killed meanwhile, and what was asked is answered by the next start, once", async () => {
    await line.set({ kind: "black-hole" }, RESET);
    const before = identifies(house);
    const questions = everybodyAsks(house);
    await Bun.sleep(AWAY_MS);
    all.kill("SIGKILL");
    await all.exited;
    await line.clear();
    all = start();
    await live(all);
    await answered(house, questions, 20_000);
    await until(async () => (await settledAt(house)) > 0);
    expect(answersTo(house, questions)).toHaveLength(questions.length);
    expect(identifies(house)).toBe(before);
  });

  test("it ends when it is told to", async () => {
    await line.set({ kind: "black-hole" }, RESET);
    all.kill("SIGTERM");
    expect(await all.exited).toBe(0);
    await line.clear();
  });
});

/** Null where it is missing: its test does not run then. */
const redis = (await startRedis()) as RedisServer;

needing(redis, "Redis").test("without Redis it goes on: out of memory, frozen, killed, and back", async () => {
  const house = await openHouse("redis-away");
  const { stage, guild } = house;
  const all = stage.gatehouse(["all"], { REDIS_URL: redis.url });
  await live(all);
  await stage.teach(guild.id, { "kettle.md": KETTLE });
  await answered(house, everybodyAsks(house), 20_000);

  await command(redis.port, "config", "set", "maxmemory", "1");
  await answered(house, everybodyAsks(house), 20_000);
  await command(redis.port, "config", "set", "maxmemory", "0");
  redis.signal("SIGSTOP");
  await answered(house, everybodyAsks(house), 20_000);
  redis.signal("SIGCONT");
  await redis.kill();
  await answered(house, everybodyAsks(house), 20_000);
  await redis.restart();
  await answered(house, everybodyAsks(house), 20_000);
  expect(identifies(house)).toBe(1);
  all.kill("SIGTERM");
  expect(await all.exited).toBe(0);
  await stage.close();
  await redis.stop();
});

test("a start that cannot read its bots for some seconds waits for them", async () => {
  const stage = await openStage("slow-start");
  try {
    expect((await stage.finished(["migrate"])).code).toBe(0);
    const locked = Promise.withResolvers<void>();
    const reads = Promise.withResolvers<void>();
    const locking = stage.database.admin.begin(async (sql) => {
      await sql`lock table bots in access exclusive mode`;
      locked.resolve();
      await reads.promise;
    });
    await locked.promise;
    const started = stage.gatehouse(["web"]);
    await until(async () => {
      const asking = await stage.database.admin`
        select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      return asking.length > 0;
    }, 60_000);
    // Past the deadline of its question.
    await Bun.sleep(AWAY_MS + 500);
    reads.resolve();
    await locking;
    await started.printed(/Dashboard: (http\S+)/);
  } finally {
    await stage.close();
  }
});
