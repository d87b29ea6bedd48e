/**
 * What a person waits for: help, an error, `gatehouse ask`, and each role from its start until it is live. Every figure is of a new process as a shell
 * would start it; processor time is of all its threads and of the processes below it. The roles use a database that runs already and a Discord that
 * answers at once; the demo brings its own; `ask` uses a data folder with an embedded database, once beside an `all` that runs on it and once alone, where it starts and stops
 * that database itself. A role's bot is a new one each round; at last one `all` is started with the sessions that the one before it left, once
 * killed and once stopped. The machine's file cache is warm: a first round is not counted. `--set rounds=N`.
 */
import { join } from "node:path";
import { temporaryFolder } from "../../test/support/folder.ts";
import { tokenOf } from "../gateway/feeder-protocol.ts";
import { withHouse } from "../gateway/house.ts";
import { startFeeder } from "../gateway/subject.ts";
import { type Environment, type Ran, ranTo } from "../start/command.ts";
import { startLive } from "../start/live.ts";
import { atMost, type Goal, type Result, result, type Suite, type SuiteOptions, type SuiteReport } from "../suite.ts";

const ROUNDS = 5;
const ROUNDS_QUICK = 2;
const HELP_CPU_MS_MAX = 200;
const ASK_MS_MAX = 2_000;
const LIVE_CPU_MS_MAX = 1_500;
/** With sessions from before: as fast as a new bot, whatever ended the process that had them. */
const LIVE_AGAIN_MS_MAX = 5_000;
const WRONG_USE = 64;

const KNOWLEDGE = join(import.meta.dir, "../demo/knowledge");
const GUILD = "100000000000000001";
const ASK = ["ask", "--guild", GUILD, "How do I pair a sensor?"];
const QUIET = { LOG_LEVEL: "warn", LOG_FORMAT: "text" };
const FIRST_APPLICATION = 990_000_000_000_000_001n;
/** How many shards are live where a role runs the gateway. */
const ROLES = { gateway: 1, web: 0, all: 1 } as const;

type Figures = { readonly results: Result[]; readonly goals: Goal[] };

export const suite: Suite = {
  name: "start",
  description: "help, an error, `gatehouse ask` and each role until it is live: time and processor (--set rounds=N)",
  async run(options): Promise<SuiteReport> {
    const rounds = Number(options.set.rounds ?? (options.quick ? ROUNDS_QUICK : ROUNDS));
    const measures = [measureHelp, measureAsk, measureRoles, measureDemo];
    const parts: Figures[] = [];
    for (const measure of measures) parts.push(await measure(options, rounds));
    return { results: parts.flatMap(({ results }) => results), goals: parts.flatMap(({ goals }) => goals) };
  },
};

async function measureHelp({ progress }: SuiteOptions, rounds: number): Promise<Figures> {
  progress("help and an error");
  const help = await repeated(rounds, () => ranTo(0, ["--help"], {}));
  const wrong = await repeated(rounds, () => ranTo(WRONG_USE, ["ask", "--guild", GUILD, "--jsom", "hello"], {}));
  return {
    results: [...figures("--help", help), ...figures("an unknown option", wrong)],
    goals: [
      atMost("--help: processor time", HELP_CPU_MS_MAX, middle(help, "cpuMs"), "ms"),
      atMost("an unknown option: processor time", HELP_CPU_MS_MAX, middle(wrong, "cpuMs"), "ms"),
    ],
  };
}

async function measureAsk({ progress }: SuiteOptions, rounds: number): Promise<Figures> {
  const folder = temporaryFolder("bench-start");
  const environment = { ...QUIET, GATEHOUSE_DATA_DIR: folder.path };
  try {
    progress("an embedded database is made");
    const all = await startLive("all", 0, environment);
    try {
      await ranTo(0, ["knowledge", "import", "--guild", GUILD, KNOWLEDGE], environment);
      progress("ask beside a process that runs");
      const beside = await repeated(rounds, () => ranTo(0, ASK, environment));
      await all.stop();
      progress("ask alone");
      const alone = await repeated(rounds, () => ranTo(0, ASK, environment));
      return {
        results: [
          result("all with a new embedded database: live after", "ms", all.ms),
          ...figures("ask beside a running embedded database", beside),
          ...figures("ask alone, with its start and stop", alone),
          result("ask alone: says something after", "ms", ...alone.map(({ firstWordMs }) => firstWordMs)),
        ],
        goals: [
          atMost("ask beside a running embedded database", ASK_MS_MAX, middle(beside, "ms"), "ms"),
          atMost("ask alone: says something after", ASK_MS_MAX, middle(alone, "firstWordMs"), "ms"),
        ],
      };
    } finally {
      await all.stop();
    }
  } finally {
    folder.remove();
  }
}

async function measureRoles(options: SuiteOptions, rounds: number): Promise<Figures> {
  return await withHouse(options, async ({ dataDir, databaseUrl }) => {
    const feeder = await startFeeder({ guilds: 10, resumes: true });
    const house = {
      ...{ ...QUIET, GATEHOUSE_DATA_DIR: dataDir, GATEHOUSE_KEY: "ab".repeat(32), GATEHOUSE_WORKERS: "1" },
      ...{ DATABASE_URL: databaseUrl, DISCORD_API_BASE: feeder.api },
    };
    let bots = 0n;
    // A bot that was here before goes on with its session.
    const withNewBot = (): Environment => {
      const application = String(FIRST_APPLICATION + bots++);
      return { ...house, DISCORD_APPLICATION_ID: application, DISCORD_TOKEN: tokenOf("start", application) };
    };
    try {
      const results: Result[] = [];
      const goals: Goal[] = [];
      for (const [role, shards] of Object.entries(ROLES)) {
        options.progress(`${role} until it is live`);
        const lives = await repeated(rounds, async () => {
          const live = await startLive(role, shards, withNewBot());
          await live.stop();
          return live;
        });
        results.push(...figures(`${role}: live after`, lives));
        goals.push(atMost(`${role}: processor time until live`, LIVE_CPU_MS_MAX, middle(lives, "cpuMs"), "ms"));
      }
      options.progress("all until it is live again");
      const again = await startedAgain(rounds, withNewBot());
      results.push(result("all with sessions from before: live after", "ms", ...again));
      goals.push(
        atMost("all with sessions from before: live after, the longest", LIVE_AGAIN_MS_MAX, Math.max(...again), "ms"),
      );
      return { results, goals };
    } finally {
      feeder.stop();
    }
  });
}

/** One bot: its process is killed and stopped by turns, and started again. In ms. */
async function startedAgain(rounds: number, environment: Environment): Promise<readonly number[]> {
  const took: number[] = [];
  let live = await startLive("all", 1, environment);
  for (let i = 0; i < 2 * rounds; i++) {
    await live.stop(i % 2 === 0 ? "SIGKILL" : "SIGTERM");
    live = await startLive("all", 1, environment);
    took.push(live.ms);
  }
  await live.stop();
  return took;
}

/** With its simulated Discord and its database, which are counted too. */
async function measureDemo({ progress }: SuiteOptions, rounds: number): Promise<Figures> {
  progress("demo until it is live");
  const folder = temporaryFolder("bench-start");
  try {
    const lives = await repeated(rounds, async () => {
      const live = await startLive("demo", 1, { ...QUIET, GATEHOUSE_DATA_DIR: folder.path });
      await live.stop();
      return live;
    });
    return { results: figures("demo: live after", lives), goals: [] };
  } finally {
    folder.remove();
  }
}

/** One more than asked for: the first is not counted. */
async function repeated<T>(rounds: number, once: () => Promise<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let i = 0; i <= rounds; i++) all.push(await once());
  return all.slice(1);
}

type Took = Pick<Ran, "ms" | "cpuMs">;

function figures(name: string, took: readonly Took[]): Result[] {
  return [
    result(name, "ms", ...took.map(({ ms }) => ms)),
    result(`${name}, processor time`, "ms", ...took.map(({ cpuMs }) => cpuMs)),
  ];
}

function middle<K extends string>(took: readonly Readonly<Record<K, number>>[], field: K): number {
  return result(field, "ms", ...took.map((one) => one[field])).value;
}
