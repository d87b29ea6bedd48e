/**
 * What guilds cost in memory: the growth of resident memory from a process that is up and has identified to READY and a
 * GUILD_CREATE of each guild (50 members, 20 channels, 20 roles), garbage collected before both looks. Ours beside discord.js
 * in every round, each time in a new process; then a guild's share at 20,000 guilds, what one more worker costs, and what one more bot
 * of an admin's own. In a first start all guilds are new; after a restart they are on record.
 *
 * Ours runs as production starts it and keeps what permission checks need: roles, channels, overwrites, its own member. The
 * goal is met when the upper quartile of the ratios reaches it. `--set peers=off` leaves discord.js out; `--set rounds=N`;
 * `--set bots=N`, 0 for none; `--set only=bots`.
 */
import { measureBots } from "../deployment/custom-bots.ts";
import { tokenOf } from "../gateway/feeder-protocol.ts";
import { type House, withHouse } from "../gateway/house.ts";
import {
  type Feeder,
  residentBytes,
  type Subject,
  startCounter,
  startFeeder,
  startGatehouse,
  until,
} from "../gateway/subject.ts";
import { installPeers, PEERS } from "../peers.ts";
import {
  atLeast,
  atMost,
  type Goal,
  percentile,
  type Result,
  result,
  type Suite,
  type SuiteOptions,
} from "../suite.ts";

const SIZE = { members: 50, channels: 20, roles: 20 };
const GUILDS = 2_000;
const MANY_GUILDS = 20_000;
const SHARE_MAX = 1 / 5;
const START_MB_MAX = 150;
const WORKER_MB_MAX = 45;
const MB = 1_000_000;
const MANY_WORKERS = 4;
const BOTS = 200;
const BOTS_QUICK = 20;
/** Until collected memory has gone back to the system. */
const SETTLE_MS = 1_500;
const COLLECTIONS = 3;
const COLLECT = Bun.fileURLToPath(import.meta.resolve("../gateway/collect.ts"));

type Grown = { readonly startBytes: number; readonly grownBytes: number };

export const suite: Suite = {
  name: "memory",
  description:
    "memory of 2,000 guilds beside discord.js, a guild's share at 20,000, a worker's and a bot's (--set peers=off, rounds=N, bots=N, only=bots)",
  async run(options) {
    const report =
      options.set.only === "bots"
        ? { results: [], goals: [] }
        : await withHouse(options, (house) => measure(options, house));
    const bots = Number(options.set.bots ?? (options.quick ? BOTS_QUICK : BOTS));
    return bots === 0 ? report : await withBots(bots, options, report);
  },
};

async function measure(options: SuiteOptions, house: House): Promise<{ results: Result[]; goals: Goal[] }> {
  const rounds = Number(options.set.rounds ?? (options.quick ? 1 : 3));
  const many = options.quick ? MANY_GUILDS / 4 : MANY_GUILDS;
  const beside = options.set.peers !== "off";
  if (beside) await installPeers(options.progress);
  const steps = rounds * (beside ? 3 : 2) + 3;
  let step = 0;
  const say = (what: string) => options.progress(what, step++ / steps);

  const ours: Grown[] = [];
  const again: Grown[] = [];
  const theirs: Grown[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}: Gatehouse`);
    ours.push(await grow(GUILDS, (feeder) => gatehouse(feeder, house, round, 1)));
    say(`round ${round} of ${rounds}: Gatehouse once more, as after a restart`);
    again.push(await grow(GUILDS, (feeder) => gatehouse(feeder, house, round, 1)));
    if (!beside) continue;
    say(`round ${round} of ${rounds}: discord.js`);
    theirs.push(await grow(GUILDS, discordJs));
  }
  say(`Gatehouse with ${many} guilds`);
  const large = await grow(many, (feeder) => gatehouse(feeder, house, 10, 1));
  say("Gatehouse with one worker");
  const one = await grow(0, (feeder) => gatehouse(feeder, house, 20, 1));
  say(`Gatehouse with ${MANY_WORKERS} workers`);
  const several = await grow(0, (feeder) => gatehouse(feeder, house, 21, MANY_WORKERS));

  const workerBytes = (several.startBytes - one.startBytes) / (MANY_WORKERS - 1);
  const starts = ours.map(({ startBytes }) => startBytes);
  const results = [
    ...figures("Gatehouse", ours),
    result(
      `Gatehouse: growth for ${GUILDS} guilds after a restart`,
      "bytes",
      ...again.map(({ grownBytes }) => grownBytes),
    ),
    ...figures("discord.js", theirs),
    result(`Gatehouse: a guild's share at ${many} guilds`, "bytes", large.grownBytes / many),
    result(`Gatehouse: growth for ${many} guilds`, "bytes", large.grownBytes),
    result("Gatehouse: one more worker", "bytes", workerBytes),
  ];
  const ratios = ours.flatMap(({ grownBytes }, i) => {
    const peer = theirs[i];
    return peer === undefined ? [] : [grownBytes / peer.grownBytes];
  });
  const goals = [
    atMost("at the start", START_MB_MAX, result("at the start", "bytes", ...starts).value / MB, "MB"),
    atMost("one more worker", WORKER_MB_MAX, workerBytes / MB, "MB"),
  ];
  if (ratios.length === 0) return { results, goals };
  results.push(result("growth over discord.js's", "×", ...ratios));
  const name = `growth for ${GUILDS} guilds over discord.js's: upper quartile of ratios`;
  return { results, goals: [...goals, atMost(name, SHARE_MAX, percentile(ratios, 0.75))] };
}

async function withBots(bots: number, options: SuiteOptions, { results, goals }: { results: Result[]; goals: Goal[] }) {
  options.progress(`${bots} bots of admins' own in one process`);
  const { liveMs, bytesABot, answered } = await measureBots(bots);
  return {
    results: [
      ...results,
      result("Gatehouse: one more bot", "bytes", bytesABot),
      result(`Gatehouse: ${bots} bots live after`, "ms", liveMs),
      result(`Gatehouse: bots of ${bots} that answered in their own server, once`, "count", answered),
    ],
    goals: [...goals, atLeast("bots that answered in their own server, once", bots, answered)],
  };
}

function figures(name: string, measured: readonly Grown[]): Result[] {
  if (measured.length === 0) return [];
  return [
    result(`${name}: at the start`, "bytes", ...measured.map(({ startBytes }) => startBytes)),
    result(`${name}: growth for ${GUILDS} guilds`, "bytes", ...measured.map(({ grownBytes }) => grownBytes)),
  ];
}

/** A process from its IDENTIFY to its last guild. */
async function grow(guilds: number, start: (feeder: Feeder) => Promise<Subject>): Promise<Grown> {
  const feeder = await startFeeder({ guilds, size: SIZE, hold: true });
  let subject: Subject | null = null;
  try {
    const started = await start(feeder);
    subject = started;
    const { name, token } = started;
    await until(`${name} has identified`, 30_000, async () => (await feeder.ask({ op: "look", token })).connected);
    const startBytes = await settledBytes(started);
    await feeder.ask({ op: "release", token });
    await until(`${name} knows its guilds`, 240_000, async () => {
      const { guilds: known, waiting } = await started.sample();
      return known >= guilds && waiting === 0;
    });
    return { startBytes, grownBytes: (await settledBytes(started)) - startBytes };
  } finally {
    await subject?.stop();
    feeder.stop();
  }
}

async function settledBytes(subject: Subject): Promise<number> {
  for (let i = 0; i < COLLECTIONS; i++) {
    subject.collect();
    await Bun.sleep(SETTLE_MS / COLLECTIONS);
  }
  await subject.sample();
  return residentBytes(subject.pid);
}

function gatehouse(feeder: Feeder, { dataDir, databaseUrl }: House, bot: number, workers: number): Promise<Subject> {
  const application = String(980_000_000_000_000_000n + BigInt(bot));
  return startGatehouse({
    name: "Gatehouse",
    application,
    token: tokenOf(`memory-${bot}`, application),
    api: feeder.api,
    compression: "none",
    dataDir,
    databaseUrl,
    key: "ab".repeat(32),
    preload: COLLECT,
    workers,
  });
}

async function discordJs(feeder: Feeder): Promise<Subject> {
  const token = tokenOf("memory-peer", "971000000000000000");
  const command = ["--preload", COLLECT, "gateway/discord.js.ts", feeder.api, feeder.gateway, token, "memory"];
  return startCounter("discord.js", token, command, PEERS);
}
