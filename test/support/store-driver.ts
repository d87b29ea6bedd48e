/**
 * Run as a process, so that a throw outside any promise would end it: writes exchanges through a store without pause and
 * reads in between. `mark` on stdin: says `back <ms>` when a call that began afterwards has succeeded. `stop`: reports.
 */
import { createInterface } from "node:readline";
import { systemClock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { newExchange } from "../contract/store/house.ts";
import { fairMs } from "./fair-time.ts";
import { quiet } from "./postgres.ts";

const LANES = 8;
const [url = "", guild = ""] = process.argv.slice(2);
const store = createSqlStore({ url, clock: systemClock, logger: quiet });
const acknowledged: string[] = [];
const failures: Record<string, number> = {};
let slowestMs = 0;
let stopped = false;
let marks: number[] = [];

async function call(work: () => Promise<void>): Promise<void> {
  const startedAtMs = fairMs();
  try {
    await work();
    const due = marks.filter((mark) => mark <= startedAtMs);
    marks = marks.filter((mark) => mark > startedAtMs);
    for (const mark of due) process.stdout.write(`back ${Math.round(fairMs() - mark)}\n`);
  } catch (error) {
    const kind = error instanceof AppError ? error.kind : `bug: ${error}`;
    failures[kind] = (failures[kind] ?? 0) + 1;
    // As a caller would: not a busy loop against a store that is away.
    await Bun.sleep(20);
  }
  slowestMs = Math.max(slowestMs, fairMs() - startedAtMs);
}

async function lane(number: number): Promise<void> {
  for (let i = 0; !stopped; i++) {
    const trigger = `${process.pid}.${number}.${i}`;
    await call(async () => {
      const first = await store.conversations.record(guild as GuildId, newExchange(null, { trigger }));
      if (!first) throw new Error("nobody else records this trigger");
      acknowledged.push(trigger);
    });
    if (i % 4 === 0) {
      await call(async () => {
        await store.usage.days(guild as GuildId, 0);
      });
    }
  }
}

const lanes = Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "mark") marks.push(fairMs());
  if (line === "stop") break;
}
stopped = true;
await lanes;
await store.close();
process.stdout.write(`${JSON.stringify({ acknowledged, failures, slowestMs })}\n`);
process.exit(0);
