/**
 * Run as a process, so that a throw outside any promise would end it: uses hot state and bus in Redis without pause.
 * Speaks as store-driver.ts does.
 */
import { createInterface } from "node:readline";
import { createRedisBus } from "../../src/bus/redis.ts";
import { AppError } from "../../src/errors.ts";
import { createRedisHot } from "../../src/hot/redis.ts";
import { hotKey } from "../../src/hot.ts";
import type { GuildId } from "../../src/ids.ts";
import { fairMs } from "./fair-time.ts";
import { quiet } from "./postgres.ts";

const LANES = 8;
const [url = "", guild = ""] = process.argv.slice(2);
const hot = createRedisHot({ url, logger: quiet });
const bus = createRedisBus({ url, logger: quiet, channel: guild });
const counter = hotKey(guild as GuildId, "counter");
const acknowledged: string[] = [];
const failures: Record<string, number> = {};
let slowestMs = 0;
let stopped = false;
let marks: number[] = [];

/** News comes back from the bus, and calls succeed: then it is back. */
bus.subscribe((news) => {
  if (news.type !== "job-progressed") return;
  const sentAtMs = Number(news.job);
  const due = marks.filter((mark) => mark <= sentAtMs);
  marks = marks.filter((mark) => mark > sentAtMs);
  for (const mark of due) process.stdout.write(`back ${Math.round(fairMs() - mark)}\n`);
});

async function call(work: (startedAtMs: number) => Promise<unknown>): Promise<boolean> {
  const startedAtMs = fairMs();
  try {
    await work(startedAtMs);
    return true;
  } catch (error) {
    const kind = error instanceof AppError ? error.kind : `bug: ${error}`;
    failures[kind] = (failures[kind] ?? 0) + 1;
    await Bun.sleep(5);
    return false;
  } finally {
    slowestMs = Math.max(slowestMs, fairMs() - startedAtMs);
  }
}

async function lane(number: number): Promise<void> {
  for (let i = 0; !stopped; i++) {
    const request = `${number}.${i}`;
    const spent = () => call(() => hot.spend(counter, request, 1, Number.MAX_SAFE_INTEGER, 600_000));
    // A caller that heard nothing asks again, under the same id.
    while (!stopped && !(await spent())) {}
    if (!stopped) acknowledged.push(request);
    await call(() => hot.push(hotKey(guild as GuildId, "window"), request, 20, 60_000));
    await call((startedAtMs) =>
      bus.publish({ type: "job-progressed", guild: guild as GuildId, job: String(startedAtMs) }),
    );
  }
}

const lanes = Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "mark") marks.push(fairMs());
  if (line === "stop") break;
}
stopped = true;
await lanes;
await Promise.all([hot.close(), bus.close()]);
process.stdout.write(`${JSON.stringify({ acknowledged, failures, slowestMs })}\n`);
process.exit(0);
