/**
 * Does a hog cost others their answers? Two processes against one stand-in for Groq with a developer's limits (250,000 tokens a
 * minute), 2,000 guilds that ask now and then, first alone and then beside three that always have calls waiting. The limits are one
 * organisation's: nobody may run into a 429. `--set seconds=N`; needs the Redis of this machine.
 */
import { join } from "node:path";
import { startRedis } from "../../test/support/redis.ts";
import { startGroq } from "../simulator/groq.ts";
import { atMost, percentile, result, type Suite } from "../suite.ts";

const PROCESSES = 2;
const PROGRAM = join(import.meta.dir, "..", "fair", "process.ts");
const LATENCY_MS = 400;

type Told = {
  readonly quietMs: readonly number[];
  readonly quietFellBack: number;
  readonly hogAnswered: number;
  readonly hogFellBack: number;
};

export const suite: Suite = {
  name: "fair",
  description: "three hogs beside 2,000 quiet guilds under one organisation's limits; --set seconds=N",
  async run({ quick, set, progress, seed }) {
    const seconds = Number(set.seconds ?? (quick ? 15 : 60));
    progress("alone");
    const alone = await round(seconds, 0, seed);
    progress("beside hogs", 0.5);
    const beside = await round(seconds, 3, seed);
    const [before, after] = [alone, beside].map(({ quietMs }) => percentile(quietMs, 0.99)) as [number, number];
    return {
      results: [
        result("quiet guild alone, p99", "ms", before),
        result("quiet guild beside hogs, p50", "ms", percentile(beside.quietMs, 0.5)),
        result("quiet guild beside hogs, p99", "ms", after),
        result("quiet questions", "count", beside.quietMs.length),
        result("quiet questions that fell back", "count", beside.quietFellBack),
        result("hogs' answers", "count", beside.hogAnswered),
        result("429s", "count", alone.refused + beside.refused),
      ],
      goals: [
        atMost("quiet guild's p99 beside hogs, over alone", 1.2, after / before),
        atMost("429s", 0, alone.refused + beside.refused),
        atMost("quiet questions that fell back", 0, beside.quietFellBack),
      ],
    };
  },
};

async function round(seconds: number, hogs: number, seed: number): Promise<Told & { readonly refused: number }> {
  const redis = await startRedis();
  if (redis === null) throw new Error("there is no redis-server on the PATH");
  const groq = await startGroq({ latencyMs: LATENCY_MS });
  try {
    const load = {
      ...{ groq: groq.url, key: groq.key, redis: redis.url, seconds, seed },
      ...{ quietGuilds: 2_000, quietPerSecond: 0.5, hogs, hogCalls: 20 },
    };
    const told = await Promise.all(
      Array.from({ length: PROCESSES }, async (_, place): Promise<Told> => {
        const options = JSON.stringify({ ...load, seed: seed + place * 1_000 });
        const child = Bun.spawn([process.execPath, PROGRAM, options], { stdout: "pipe", stderr: "inherit" });
        const text = await new Response(child.stdout).text();
        if ((await child.exited) !== 0) throw new Error(`a process of the bench ended with ${child.exitCode}`);
        return JSON.parse(text) as Told;
      }),
    );
    return {
      quietMs: told.flatMap((one) => one.quietMs),
      quietFellBack: told.reduce((sum, one) => sum + one.quietFellBack, 0),
      hogAnswered: told.reduce((sum, one) => sum + one.hogAnswered, 0),
      hogFellBack: told.reduce((sum, one) => sum + one.hogFellBack, 0),
      refused: groq.requests.filter(({ status }) => status === 429).length,
    };
  } finally {
    await groq.stop();
    await redis.stop();
  }
}
