/**
 * A guild of 50,000 passages (`--set passages=N`), in a process of its own that does nothing else: how long its first question after the
 * start waits, how long a changed page takes until it is found, queries, memory, and the longest time that the thread did nothing else. Each
 * round is a new process; the store is PostgreSQL on this machine.
 */
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { createLogger } from "../../src/logger.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { openDatabase } from "../../test/support/postgres.ts";
import { fillKnowledge, loadSets } from "../knowledge/fill.ts";
import type { Order, Told } from "../knowledge/process.ts";
import { atMost, type Goal, percentile, type Result, result, type Suite, type SuiteOptions } from "../suite.ts";

const PASSAGES = 50_000;
const SMALL_PASSAGES = 300;
const PROGRAM = join(import.meta.dir, "..", "knowledge", "process.ts");
const GUILD = "100000000000000001";
const SMALL_GUILD = "100000000000000002";
const MIB = 1024 * 1024;

export const suite: Suite = {
  name: "knowledge",
  description:
    "a guild of 50,000 passages: first answer after a start, a changed page, queries, memory, pauses (--set passages=N)",
  run: measure,
};

async function measure(options: SuiteOptions): Promise<{ results: Result[]; goals: Goal[] }> {
  const database = await openDatabase();
  try {
    const store = createSqlStore({
      ...{ url: database.url, clock: systemClock, logger: createLogger({ level: "warn", format: "text" }) },
    });
    await store.migrate();
    await store.close();
    const { passages, questions } = await loadSets();
    options.progress("writing passages");
    await fillKnowledge(database.admin, SMALL_GUILD, passages, SMALL_PASSAGES, "small");
    const count = await fillKnowledge(database.admin, GUILD, passages, Number(options.set.passages ?? PASSAGES), "");
    const rounds = options.quick ? 1 : 3;
    const told: Told[] = [];
    for (let round = 0; round < rounds; round++) {
      options.progress("a process of its own", round / rounds);
      told.push(
        await run({
          ...{ url: database.url, guild: GUILD, small: SMALL_GUILD, questions },
          ...{ queries: options.quick ? 500 : 2_000, changes: options.quick ? 2 : 5 },
        }),
      );
    }
    return figures(`${count.toLocaleString("en-US")} passages`, count, told);
  } finally {
    await database.drop();
  }
}

async function run(order: Order): Promise<Told> {
  const child = Bun.spawn([process.execPath, PROGRAM, JSON.stringify(order)], { stdout: "pipe", stderr: "inherit" });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`the process of the bench ended with ${child.exitCode}`);
  return JSON.parse(text) as Told;
}

function figures(size: string, count: number, told: readonly Told[]): { results: Result[]; goals: Goal[] } {
  const most = (of: (one: Told) => number) => Math.max(...told.map(of));
  const queries = told.flatMap(({ queryMs }) => queryMs);
  const name = (what: string) => `${size}: ${what}`;
  const p99 = percentile(queries, 0.99);
  const pause = most((one) => Math.max(one.loadPauseMs, one.changePauseMs));
  return {
    results: [
      result(name("first answer after a start"), "ms", ...told.map(({ firstMs }) => firstMs)),
      result(name("processor time of it"), "ms", ...told.map(({ firstCpuMs }) => firstCpuMs)),
      result(name("a changed page is found after"), "ms", ...told.flatMap(({ changeMs }) => changeMs)),
      result(name("processor time of it, changed page"), "ms", ...told.flatMap(({ changeCpuMs }) => changeCpuMs)),
      result(name("query p50"), "ms", percentile(queries, 0.5)),
      result(name("query p99"), "ms", p99),
      result(name("longest pause while it is read"), "ms", ...told.map(({ loadPauseMs }) => loadPauseMs)),
      result(name("longest pause while pages change"), "ms", ...told.map(({ changePauseMs }) => changePauseMs)),
      result(name("growth of the process"), "bytes", ...told.map(({ grownBytes }) => grownBytes)),
      result(name("growth at the peak, while it is read"), "bytes", ...told.map(({ loadPeakBytes }) => loadPeakBytes)),
      result(
        name("growth at the peak, while it is asked"),
        "bytes",
        ...told.map(({ queryPeakBytes }) => queryPeakBytes),
      ),
      result(
        name("growth at the peak, while pages change"),
        "bytes",
        ...told.map(({ changePeakBytes }) => changePeakBytes),
      ),
      result(name("bytes a passage, counted"), "bytes", ...told.map(({ heldBytes }) => heldBytes / count)),
    ],
    goals: [
      atMost(
        name("first answer after a start"),
        3_000,
        most(({ firstMs }) => firstMs),
        "ms",
      ),
      atMost(
        name("a changed page is found after"),
        2_000,
        most(({ changeMs }) => Math.max(...changeMs)),
        "ms",
      ),
      atMost(name("query p99"), 10, p99, "ms"),
      atMost(name("longest pause"), 50, pause, "ms"),
      atMost(
        name("growth of the process"),
        150 * MIB,
        most(({ grownBytes }) => grownBytes),
        "bytes",
      ),
      atMost(
        name("growth of the process at its peak"),
        150 * MIB,
        most((one) => Math.max(one.loadPeakBytes, one.queryPeakBytes, one.changePeakBytes)),
        "bytes",
      ),
      atMost(
        name("bytes a passage, counted"),
        2_000,
        most(({ heldBytes }) => heldBytes / count),
        "bytes",
      ),
    ],
  };
}
