/** Schedules, leases, deadlines and back-off, in simulated time over a hot state that processes share. */
import { expect, test } from "bun:test";
import type { News } from "../../../src/bus.ts";
import type { Clock } from "../../../src/clock.ts";
import { AppError } from "../../../src/errors.ts";
import { createMemoryHot } from "../../../src/hot/memory.ts";
import type { Hot } from "../../../src/hot.ts";
import { createClaims } from "../../../src/jobs/claims.ts";
import { createRunner } from "../../../src/jobs/runner.ts";
import type { Job } from "../../../src/jobs.ts";
import { createLogger } from "../../../src/logger.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const logger = createLogger({ level: "silent", format: "json" });
const MINUTE = 60_000;

function world(hotOf?: (hot: Hot) => Pick<Hot, "claim">) {
  const clock = simulatedClock(7);
  const memory = createMemoryHot({ clock });
  const hot = hotOf?.(memory) ?? memory;
  const listeners = new Set<(news: News) => void>();
  const bus = {
    subscribe(listener: (news: News) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    clock,
    tell: (news: News) => {
      for (const listener of listeners) listener(news);
    },
    /** A process that runs this job; with a clock whose timers never fire it is as good as gone after its first run. */
    process: (job: Partial<Job> & Pick<Job, "run">, its: Clock = clock) => {
      const whole: Job = { name: "sums", everyMs: 10 * MINUTE, scope: "process", deadlineMs: MINUTE, ...job };
      const ports = { clock: its, hot, logger, bus };
      return createRunner(ports, createClaims(ports), [whole]);
    },
  };
}

test("a job runs at the start, then on its schedule, at once when it is ordered, and no more after the stop", async () => {
  const { clock, process, tell } = world();
  let runs = 0;
  const runner = process({ run: async () => void runs++ });
  expect(runner.status()).toEqual([]);
  runner.start();
  await clock.advance(0);
  expect(runs).toBe(1);
  await clock.advance(10 * MINUTE);
  expect(runs).toBe(2);
  tell({ type: "job-ordered", job: "sums" });
  tell({ type: "job-ordered", job: "other" });
  await clock.advance(0);
  expect(runs).toBe(3);
  expect(runner.status()).toEqual([{ name: "sums", running: false, lastEndedAtMs: clock.now(), failures: 0 }]);
  await runner.stop();
  tell({ type: "job-ordered", job: "sums" });
  await clock.advance(60 * MINUTE);
  expect(runs).toBe(3);
});

test("runs of one job never overlap: an order during a run makes one more run after it", async () => {
  const { clock, process, tell } = world();
  let now = 0;
  let most = 0;
  let runs = 0;
  const runner = process({
    async run() {
      runs++;
      most = Math.max(most, ++now);
      await clock.sleep(1_000);
      now--;
    },
  });
  runner.start();
  for (let order = 0; order < 5; order++) tell({ type: "job-ordered", job: "sums" });
  await clock.advance(30_000);
  expect([runs, most]).toEqual([2, 1]);
  await runner.stop();
});

test("of three processes one runs a cluster's job; when it stops or vanishes, another does", async () => {
  const { clock, process } = world();
  const by: string[] = [];
  const named = (name: string) => process({ scope: "cluster", run: async () => void by.push(name) });
  const runners = ["a", "b", "c"].map(named);
  for (const runner of runners) runner.start();
  await clock.advance(35 * MINUTE);
  expect(new Set(by).size).toBe(1);
  expect(by.length).toBe(4);

  const holder = ["a", "b", "c"].indexOf(by[0] ?? "");
  await runners[holder]?.stop();
  by.length = 0;
  await clock.advance(25 * MINUTE);
  expect(new Set(by).size).toBe(1);
  expect(by.length).toBeGreaterThanOrEqual(2);
  for (const runner of runners) await runner.stop();
});

test("a lease that its holder took to the grave ends, and the job goes on elsewhere", async () => {
  const { clock, process } = world();
  const by: string[] = [];
  const job = (name: string) => ({ scope: "cluster" as const, run: async () => void by.push(name) });
  const still = { ...clock, after: () => ({ cancel: () => undefined }) };
  process(job("dead"), still).start();
  await clock.advance(0);
  const living = process(job("living"));
  living.start();
  await clock.advance(9 * MINUTE);
  expect(by).toEqual(["dead"]);
  await clock.advance(20 * MINUTE);
  expect(by.slice(0, 2)).toEqual(["dead", "living"]);
  await living.stop();
});

test("a run past its deadline is aborted and counts as a failure; failures wait longer each time, a success resets", async () => {
  const { clock, process } = world();
  const at: number[] = [];
  let well = false;
  const runner = process({
    deadlineMs: 1_000,
    async run(signal) {
      at.push(clock.elapsedMs());
      if (!well) await clock.sleep(3_600_000, signal);
    },
  });
  runner.start();
  await clock.advance(5 * MINUTE);
  const waits = at.slice(1).map((ms, index) => ms - (at[index] ?? 0) - 1_000);
  expect(waits.length).toBeGreaterThanOrEqual(4);
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(5_000 * 2 ** index);
    expect(wait).toBeLessThanOrEqual(5_000 * 2 ** index * 1.2 + 1);
  }
  expect(runner.status()[0]?.failures).toBe(at.length);
  well = true;
  await clock.advance(2 * 3_600_000);
  expect(runner.status()[0]?.failures).toBe(0);
  await runner.stop();
});

test("a cluster's job does not run while nobody can say who holds it, and runs again afterwards", async () => {
  let away = true;
  const { clock, process } = world((hot) => ({
    claim: (...of) => (away ? Promise.reject(new AppError("unavailable", "Redis is away")) : hot.claim(...of)),
  }));
  let runs = 0;
  const runner = process({ scope: "cluster", run: async () => void runs++ });
  runner.start();
  await clock.advance(MINUTE);
  expect(runs).toBe(0);
  away = false;
  await clock.advance(10 * MINUTE);
  expect(runs).toBeGreaterThan(0);
  await runner.stop();
});

test("a run whose lease went to another process is told to stop", async () => {
  let stolen = false;
  const { clock, process } = world((hot) => ({
    claim: (...of) => (stolen ? Promise.resolve(false) : hot.claim(...of)),
  }));
  let reason = "";
  const runner = process({
    scope: "cluster",
    deadlineMs: 3_600_000,
    async run(signal) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      reason = String(signal.reason);
    },
  });
  runner.start();
  await clock.advance(MINUTE);
  expect(reason).toBe("");
  stolen = true;
  await clock.advance(MINUTE);
  expect(reason).toContain("another process");
  await runner.stop();
});

test("a run that ignores the stop holds the process up for ten seconds at most", async () => {
  const { clock, process } = world();
  const runner = process({ run: () => new Promise(() => undefined) });
  runner.start();
  await clock.advance(0);
  let stopped = false;
  const stopping = runner.stop().then(() => {
    stopped = true;
  });
  await clock.advance(9_999);
  expect(stopped).toBe(false);
  await clock.advance(1);
  await stopping;
  expect(stopped).toBe(true);
});
