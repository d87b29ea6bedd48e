/**
 * One gateway process of the `fair` suite: quiet guilds that ask now and then, hogs that always have calls waiting. Says on
 * stdout, as one line of JSON, how long each quiet question took and how many calls fell back.
 */
import { systemClock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";
import { createRedisHot } from "../../src/hot/redis.ts";
import type { GuildId } from "../../src/ids.ts";
import { createGroq } from "../../src/llm/groq.ts";
import { createLogger } from "../../src/logger.ts";

type Load = {
  readonly groq: string;
  readonly key: string;
  readonly redis: string;
  readonly seconds: number;
  readonly quietGuilds: number;
  readonly quietPerSecond: number;
  readonly hogs: number;
  readonly hogCalls: number;
  readonly seed: number;
};

const load = JSON.parse(process.argv[2] ?? "{}") as Load;
const logger = createLogger({ level: "error", format: "text" });
const hot = createRedisHot({ url: load.redis, logger });
const model = "openai/gpt-oss-120b";
const llm = createGroq({
  ...{ key: load.key, baseUrl: load.groq, answerModel: model, judgeModel: model, moderationModel: model },
  ...{ clock: systemClock, logger, hot },
});
const passages = Array.from({ length: 6 }, (_, i) => ({
  ...{ id: `p${i}`, document: `d${i}`, source: "s", kind: "text" as const, title: `Page ${i}`, headings: [] },
  ...{ url: null, language: "en", position: 0 },
  text: "Hold the hub's button for 3 seconds until the light turns blue, then pull the tab out of the sensor. ".repeat(
    5,
  ),
}));
const quietMs: number[] = [];
let quietFellBack = 0;
let hogAnswered = 0;
let hogFellBack = 0;
const endsAt = performance.now() + load.seconds * 1_000;

async function ask(guild: string): Promise<boolean> {
  const task = {
    ...{ task: "answer" as const, question: "How do I pair a sensor?", passages, history: [], channel: [] },
    ...{ language: "en", instructions: "", botName: "Gatehouse" },
  };
  try {
    await llm.complete(task, { deadlineMs: 8_000, guild: guild as GuildId });
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return false;
  }
}

async function hog(guild: string): Promise<void> {
  while (performance.now() < endsAt) {
    if (await ask(guild)) hogAnswered++;
    else {
      hogFellBack++;
      await Bun.sleep(50);
    }
  }
}

async function quiet(): Promise<void> {
  const asked: Promise<void>[] = [];
  for (let n = 0; performance.now() < endsAt; n++) {
    await Bun.sleep(1_000 / load.quietPerSecond);
    const guild = `quiet-${(n * 7919 + load.seed) % load.quietGuilds}`;
    const startedAt = performance.now();
    asked.push(
      ask(guild).then((answered) => {
        quietMs.push(performance.now() - startedAt);
        if (!answered) quietFellBack++;
      }),
    );
  }
  await Promise.all(asked);
}

const hogs = Array.from({ length: load.hogs * load.hogCalls }, (_, i) => hog(`hog-${i % load.hogs}`));
await quiet();
await Promise.all(hogs);
await hot.close();
process.stdout.write(`${JSON.stringify({ quietMs, quietFellBack, hogAnswered, hogFellBack })}\n`);
process.exit(0);
