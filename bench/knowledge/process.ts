/**
 * One process that answers from a large knowledge base, as a worker does, and says as a line of JSON what it took: the first retrieval after
 * the start, queries, a changed page, its memory, and the longest time that nothing else ran.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { News } from "../../src/bus.ts";
import { systemClock } from "../../src/clock.ts";
import type { GuildId } from "../../src/ids.ts";
import { createKnowledge } from "../../src/knowledge/search/service.ts";
import { createLogger } from "../../src/logger.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { until } from "../../test/support/until.ts";
import { SOURCE } from "./fill.ts";

export type Order = {
  readonly url: string;
  readonly guild: string;
  /** Has a few passages: asked first, so that code and connections are there. */
  readonly small: string;
  readonly questions: readonly string[];
  readonly queries: number;
  readonly changes: number;
};

export type Told = {
  readonly firstMs: number;
  readonly firstCpuMs: number;
  readonly queryMs: readonly number[];
  readonly changeMs: readonly number[];
  readonly changeCpuMs: readonly number[];
  readonly loadPauseMs: number;
  readonly changePauseMs: number;
  readonly heldBytes: number;
  readonly grownBytes: number;
  /** The most that the process had grown by: until the first answer, with the cuts that come after it; while it was asked; while pages changed. */
  readonly loadPeakBytes: number;
  readonly queryPeakBytes: number;
  readonly changePeakBytes: number;
};

const BYTES_MAX = 256 * 1024 * 1024;
const WAIT_MS_MAX = 120_000;
const SETTLE_MS = 3_000;

const order = JSON.parse(process.argv[2] ?? "{}") as Order;
const guild = order.guild as GuildId;
const logger = createLogger({ level: "warn", format: "text" });
const store = createSqlStore({ url: order.url, clock: systemClock, logger });
const listeners = new Set<(news: News) => void>();
const bus = {
  subscribe(listener: (news: News) => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
const knowledge = createKnowledge({ store: store.knowledge, bus, logger, clock: systemClock, bytesMax: BYTES_MAX });

for (const question of order.questions.slice(0, 50)) await knowledge.retrieve(order.small as GuildId, question, 9);
Bun.gc(true);
await Bun.sleep(SETTLE_MS);
const before = status("VmRSS");
startPeak();

const loading = watchPauses();
const cpu = process.cpuUsage();
const began = performance.now();
// A question waits a few seconds at most; who is told that the knowledge base is being read asks again.
while ((await knowledge.retrieve(guild, order.questions[0] ?? "", 9)).loading) {
  if (performance.now() - began > WAIT_MS_MAX) throw new Error("the knowledge base was never read");
}
const firstMs = performance.now() - began;
const firstCpuMs = cpuMs(cpu);
const loadPauseMs = loading.stop();
// The cuts of a large one come after.
await Bun.sleep(SETTLE_MS);
const loadPeakBytes = status("VmHWM") - before;

startPeak();
const queryMs: number[] = [];
for (let i = -100; i < order.queries; i++) {
  const question = order.questions[(i + 100) % order.questions.length] ?? "";
  const started = performance.now();
  await knowledge.retrieve(guild, question, 9);
  if (i >= 0) queryMs.push(performance.now() - started);
  if (i % 20 === 0) await Bun.sleep(0);
}
const queryPeakBytes = status("VmHWM") - before;

startPeak();
const changing = watchPauses();
const changeMs: number[] = [];
const changeCpuMs: number[] = [];
for (let i = 0; i < order.changes; i++) {
  const word = `zyxw${"abcdefghij"[i]}vuts`;
  const text = `The ${word} switch is behind the panel.`;
  const passage = { title: "Switches", headings: [], url: null, language: "en", text, position: 0 };
  const spent = process.cpuUsage();
  const started = performance.now();
  await store.knowledge.putDocument(guild, SOURCE, {
    ...{ key: "changing", title: "Switches", url: null, language: "en", hash: `changed ${i}`, passages: [passage] },
  });
  for (const listener of listeners) listener({ type: "knowledge-changed", guild });
  await until(async () => {
    const found = await knowledge.retrieve(guild, `where is the ${word} switch?`, 1);
    return found.passages[0]?.passage.text.includes(word) ?? false;
  }, WAIT_MS_MAX);
  changeMs.push(performance.now() - started);
  changeCpuMs.push(cpuMs(spent));
  await Bun.sleep(SETTLE_MS);
}
const changePauseMs = changing.stop();
const changePeakBytes = status("VmHWM") - before;
Bun.gc(true);
await Bun.sleep(SETTLE_MS);
Bun.gc(true);
await Bun.sleep(SETTLE_MS);
const told: Told = {
  ...{ firstMs, firstCpuMs, queryMs, changeMs, changeCpuMs, loadPauseMs, changePauseMs },
  heldBytes: knowledge.stats().bytes,
  grownBytes: status("VmRSS") - before,
  ...{ loadPeakBytes, queryPeakBytes, changePeakBytes },
};
process.stdout.write(`${JSON.stringify(told)}\n`);
knowledge.close();
await store.close();

/** From here on VmHWM is the most since now (proc_pid_clear_refs(5)). */
function startPeak(): void {
  writeFileSync("/proc/self/clear_refs", "5");
}

function status(field: "VmRSS" | "VmHWM"): number {
  const kiB = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  if (kiB === undefined) throw new Error("this system does not tell what a process holds in memory: Linux does");
  return Number(kiB) * 1024;
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

/** The longest time in which a timer that was due did not run. */
function watchPauses(): { stop(): number } {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}
