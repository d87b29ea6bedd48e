/**
 * A deployment of several machines on one: three gateways and two web processes hold 64 shards of 20,000 servers over one PostgreSQL
 * (with a standby) and one Redis, while members ask and use /ask. One thing after the other goes wrong; of each it is told how
 * many questions were lost and doubled, how many sessions were begun, and the longest that a member waited for a reply.
 *
 *   kill -9 of each · a deploy of all · a frozen process that comes back · Redis emptied and restarted · PostgreSQL failed over ·
 *   a fourth gateway joins · the number of shards doubles
 *
 * The processes share a machine, so that a killed one is missed at once; on several machines its leases have to run out first,
 * which is what the frozen process shows. `--set guilds=N`,
 * `shards=N`, `asks=N` a second, `only=NAME` of a fault, `logs=FOLDER` for what the processes wrote.
 */

import type { Started } from "../../test/support/process.ts";
import type { RedisServer } from "../../test/support/redis.ts";
import { command, startRedis } from "../../test/support/redis.ts";
import { openStage, type Stage } from "../../test/support/stage.ts";
import { until } from "../../test/support/until.ts";
import { type Balancer, startBalancer } from "../deployment/balancer.ts";
import { endAll } from "../deployment/end-all.ts";
import { type Exchanges, watchExchanges } from "../deployment/exchanges.ts";
import { shardsOf } from "../deployment/health.ts";
import { unlessInterrupted } from "../deployment/interrupted.ts";
import { type PostgresPair, startPostgresPair } from "../deployment/postgres-pair.ts";
import { report, sentence, type Told } from "../deployment/told.ts";
import { freePort } from "../simulator/free-port.ts";
import type { Interaction } from "../simulator/world.ts";
import type { Suite, SuiteOptions, SuiteReport } from "../suite.ts";

const GATEWAYS = 3;
const WEBS = 2;
const GUILDS = 20_000;
const GUILDS_QUICK = 2_000;
const SHARDS = 64;
const SHARDS_QUICK = 16;
/** Sessions that may begin in the same five seconds: Discord's figure for bots of this size. */
const CONCURRENCY = 16;
const ASKS_PER_SECOND = 5;
const COMMANDS_PER_SECOND = 1;
const LINES_PER_SECOND = 20;
/** Servers where people talk; the others are only held. */
const BUSY_GUILDS = 600;
const CALM_MS = 10_000;
const CALM_QUICK_MS = 4_000;
/** Longer than a lease lasts. */
const FROZEN_MS = 20_000;
const JOINED = "until it had its share";
const LIVE_MS_MAX = 180_000;
/** A look asks each gateway, which asks its database: more often, the looks would be the load. */
const LOOK_MS = 500;
const CAUGHT_UP_MS_MAX = 60_000;
const UNLIMITED = { requestsPerMinute: 1e6, requestsPerDay: 1e9, tokensPerMinute: 1e9, tokensPerDay: 1e12 } as const;

export const suite: Suite = {
  name: "cluster",
  description:
    "3 gateways, 2 web processes, 64 shards, 20,000 servers: what each fault costs (--set guilds=N, shards=N, asks=N)",
  async run(options) {
    options.progress("starting the stores");
    const house = await openHouse(options);
    try {
      return await unlessInterrupted(measure(options, house));
    } finally {
      await house.close();
    }
  },
};

type Member = { readonly started: Started; readonly origin: string };

type House = {
  readonly stage: Stage;
  readonly pair: PostgresPair;
  readonly redis: RedisServer;
  readonly balancer: Balancer;
  readonly exchanges: Exchanges;
  /** What runs now. */
  readonly gateways: Member[];
  readonly webs: Member[];
  /** All that ever ran, by what each was; for their logs. */
  readonly ran: [string, Started][];
  shards: number;
  /** How long is talked on after a fault. */
  readonly calmMs: number;
  close(): Promise<void>;
};

async function openHouse({ quick, set }: SuiteOptions): Promise<House> {
  const redis = await startRedis();
  if (redis === null) throw new Error("redis-server is not on the PATH");
  const pair = await startPostgresPair();
  const stage = await openStage("cluster", {
    simulator: { identify: { maxConcurrency: CONCURRENCY } },
    groq: { latencyMs: 100, limits: UNLIMITED },
    countsIdentifies: true,
    database: pair.database,
    environment: { DATABASE_URL: pair.database.url, REDIS_URL: redis.url },
  });
  const gateways: Member[] = [];
  const webs: Member[] = [];
  const ran: House["ran"] = [];
  const balancer = startBalancer(() => webs.map(({ origin }) => origin));
  const exchanges = watchExchanges(stage.simulator.world, stage.simulator.bots[0]?.userId ?? "");
  return {
    ...{ stage, pair, redis, balancer, exchanges, gateways, webs, ran },
    calmMs: quick ? CALM_QUICK_MS : CALM_MS,
    shards: Number(set.shards ?? (quick ? SHARDS_QUICK : SHARDS)),
    close: () => endAll(exchanges.stop, balancer.stop, () => keepLogs(ran, set.logs), stage.close, redis.stop),
  };
}

async function measure(options: SuiteOptions, house: House): Promise<SuiteReport> {
  const { progress, set, quick } = options;
  const guilds = Number(set.guilds ?? (quick ? GUILDS_QUICK : GUILDS));
  const places = settle(house, guilds);
  progress(`starting ${GATEWAYS} gateways and ${WEBS} web processes`);
  for (let n = 0; n < WEBS; n++) house.webs.push(await startWeb(house));
  // The first one migrates; the others come when there is a schema.
  for (let n = 0; n < GATEWAYS; n++) house.gateways.push(await startGateway(house));
  await takeInteractions(house);
  await allLive(house);
  const talk = startTalk(house, places, Number(set.asks ?? ASKS_PER_SECOND));
  const told: Told[] = [];
  try {
    for (const fault of FAULTS) {
      if (set.only !== undefined && set.only !== fault.name) continue;
      progress(fault.name, told.length / FAULTS.length);
      told.push(await phase(house, talk, fault));
      progress(`${sentence(told.at(-1) as Told)};`, told.length / FAULTS.length);
    }
  } finally {
    talk.stop();
  }
  return report(told);
}

type Place = { readonly channelId: string; readonly userId: string };

/** Servers of which some have a member who talks; the bot is in all of them. */
function settle({ stage }: House, guilds: number): readonly Place[] {
  const { actions } = stage.simulator;
  const places: Place[] = [];
  const every = Math.max(1, Math.floor(guilds / BUSY_GUILDS));
  for (let n = 0; n < guilds; n++) {
    const { guild, channel } = actions.createGuild({ name: `Kettles ${n}` });
    if (n % every !== 0) continue;
    places.push({ channelId: channel.id, userId: actions.addMember(guild.id, { username: `member-${n}` }).userId });
  }
  return places;
}

async function startGateway(house: House): Promise<Member> {
  const port = String(freePort());
  const started = house.stage.gatehouse(["gateway"], { PORT: port, DISCORD_SHARDS: String(house.shards) });
  house.ran.push(["gateway", started]);
  return { started, origin: `http://127.0.0.1:${port}` };
}

async function startWeb({ stage, ran }: House): Promise<Member> {
  const started = stage.gatehouse(["web"]);
  ran.push(["web", started]);
  const [, url = ""] = await started.printed(/Dashboard: (http\S+)/);
  return { started, origin: new URL(url).origin };
}

/** As an operator does in Discord's Developer Portal. */
async function takeInteractions({ stage, balancer }: House): Promise<void> {
  const { world, services } = stage.simulator;
  const [application] = world.applications.values();
  if (application === undefined) throw new Error("there is no application");
  const url = `${balancer.origin}/discord/webhook`;
  await until(() => services.interactions.verifyEndpoint(application, url), LIVE_MS_MAX);
  await until(() => application.commands.size > 0, LIVE_MS_MAX);
  application.interactionsEndpointUrl = url;
}

async function allLive({ gateways, shards }: House): Promise<void> {
  await until(async () => {
    await Bun.sleep(LOOK_MS);
    const all = await Promise.all(gateways.map(({ origin }) => shardsOf(origin)));
    return all.reduce((sum, { live }) => sum + live, 0) >= shards;
  }, LIVE_MS_MAX);
}

type Talk = { readonly commands: { readonly atMs: number; readonly interaction: Interaction }[]; stop(): void };

/** Members ask in turn, use /ask, and say things that are not the bot's business, from now on. */
function startTalk({ stage, exchanges }: House, places: readonly Place[], asks: number): Talk {
  const { actions } = stage.simulator;
  const commands: Talk["commands"] = [];
  let n = 0;
  const next = () => places[n++ % places.length] as Place;
  const timers = [
    setInterval(
      () => exchanges.asked(actions.say({ ...next(), content: "{bot} how do I reset the kettle?" })),
      1_000 / asks,
    ),
    setInterval(() => actions.say({ ...next(), content: "mine is still on its way" }), 1_000 / LINES_PER_SECOND),
    setInterval(() => {
      const atMs = performance.now();
      const run = { ...next(), name: "ask", options: { question: "how do I reset the kettle?" } };
      void actions.command(run).then((interaction) => commands.push({ atMs, interaction }));
    }, 1_000 / COMMANDS_PER_SECOND),
  ];
  return { commands, stop: () => timers.forEach(clearInterval) };
}

type Fault = {
  readonly name: string;
  /** How many sessions Discord makes us begin. */
  readonly identifies: (house: House) => number;
  /** `tell` takes what else there is to know: a time by its name. */
  strike(house: House, tell: (what: string, ms: number) => void): Promise<void>;
};

const none = () => 0;

const FAULTS: readonly Fault[] = [
  { name: "nothing", identifies: none, strike: async () => {} },
  {
    name: "gateways killed",
    identifies: none,
    async strike(house) {
      for (let n = 0; n < house.gateways.length; n++) {
        await end(house.gateways[n] as Member, "SIGKILL");
        house.gateways[n] = await startGateway(house);
        await allLive(house);
      }
    },
  },
  {
    name: "web processes killed",
    identifies: none,
    async strike(house) {
      for (let n = 0; n < house.webs.length; n++) {
        await end(house.webs[n] as Member, "SIGKILL");
        house.webs[n] = await startWeb(house);
      }
    },
  },
  { name: "deploy", identifies: none, strike: deploy },
  {
    name: "a gateway frozen",
    identifies: none,
    async strike(house) {
      const { started } = house.gateways[0] as Member;
      started.kill("SIGSTOP");
      await Bun.sleep(FROZEN_MS);
      started.kill("SIGCONT");
      await Bun.sleep(house.calmMs);
    },
  },
  {
    name: "Redis emptied and restarted",
    identifies: none,
    async strike({ redis, calmMs }) {
      await command(redis.port, "flushall");
      await Bun.sleep(calmMs);
      await redis.restart();
    },
  },
  { name: "PostgreSQL failed over", identifies: none, strike: ({ pair }) => pair.failOver() },
  {
    name: "a fourth gateway",
    identifies: none,
    async strike(house, tell) {
      const began = performance.now();
      const fourth = await startGateway(house);
      house.gateways.push(fourth);
      const share = Math.floor(house.shards / house.gateways.length);
      await until(async () => {
        await Bun.sleep(LOOK_MS);
        return (await shardsOf(fourth.origin)).live >= share;
      }, LIVE_MS_MAX);
      tell(JOINED, performance.now() - began);
    },
  },
  {
    name: "twice the shards",
    identifies: ({ shards }) => shards,
    async strike(house) {
      const before = house.gateways.splice(0);
      house.shards *= 2;
      for (const _ of before) house.gateways.push(await startGateway(house));
      await allLive(house);
      for (const one of before) await end(one, "SIGTERM");
    },
  },
];

/** Every process in turn: told to stop, then the new one. */
async function deploy(house: House): Promise<void> {
  for (let n = 0; n < house.gateways.length; n++) {
    await end(house.gateways[n] as Member, "SIGTERM");
    house.gateways[n] = await startGateway(house);
    await allLive(house);
  }
  for (let n = 0; n < house.webs.length; n++) {
    await end(house.webs[n] as Member, "SIGTERM");
    house.webs[n] = await startWeb(house);
  }
}

async function end({ started }: Member, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  started.kill(signal);
  await started.exited;
}

async function phase(house: House, talk: Talk, fault: Fault): Promise<Told> {
  const { ledger, identifies } = house.stage.simulator.services;
  const tooEarly = identifies.tooFast();
  const after = ledger.list().at(-1)?.n ?? 0;
  const fromMs = performance.now();
  const more: Record<string, number> = {};
  await fault.strike(house, (what, ms) => {
    more[what] = ms;
  });
  await allLive(house);
  await Bun.sleep(house.calmMs);
  const toMs = performance.now();
  const exchanges = house.exchanges.between(fromMs, toMs);
  const commands = () =>
    talk.commands.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ interaction }) => interaction);
  await until(
    () => exchanges.every(({ replies }) => replies > 0) && commands().every(({ state }) => state === "answered"),
    CAUGHT_UP_MS_MAX,
  ).catch(() => {});
  return {
    ...{ name: fault.name, exchanges, commands: commands(), more, identifiesDue: fault.identifies(house) },
    tooEarly: identifies.tooFast() - tooEarly,
    identifies: ledger.list({ kind: "gateway", op: 2, after }).length,
    resumes: ledger.list({ kind: "gateway", op: 6, after }).length,
  };
}

async function keepLogs(ran: House["ran"], folder?: string): Promise<void> {
  if (folder === undefined) return;
  for (const [n, [kind, started]] of ran.entries()) await Bun.write(`${folder}/${n}-${kind}.log`, started.stderr());
}
