/**
 * Runs jobs on their schedule. Algorithm: each job has one timer. A run begins when the timer fires or the job is ordered;
 * at its end the timer is set again: to `everyMs` after a success, and after the n-th failure in a row to 5 s · 2ⁿ, at most
 * an hour, plus up to a fifth by chance, so that processes that failed together do not come back together.
 *
 * A cluster's job is run by the process that holds its lease. The holder keeps it between runs, so that the others' looks
 * cost one claim each; when the holder is gone, the lease ends and another process takes the job over.
 */
import type { Bus } from "../bus.ts";
import type { Clock, Timer } from "../clock.ts";
import { hotKey } from "../hot.ts";
import type { Job } from "../jobs.ts";
import type { Logger } from "../logger.ts";
import type { Claims } from "./claims.ts";

const BACKOFF_MS = 5_000;
const BACKOFF_MS_MAX = 3_600_000;
/** A run that ignores its signal may not hold up the end of the process for longer. */
const STOP_MS_MAX = 10_000;
/** The lease outlives the wait for the next run by this much. */
const LEASE_SLACK_MS = 60_000;

export type JobStatus = {
  readonly name: string;
  readonly running: boolean;
  readonly lastEndedAtMs: number | null;
  /** In a row; 0 after a success. */
  readonly failures: number;
};

export type Runner = {
  start(): void;
  status(): readonly JobStatus[];
  stop(): Promise<void>;
};

type Scheduled = {
  readonly job: Job;
  timer: Timer | null;
  current: Promise<void> | null;
  /** Ordered while it ran. */
  again: boolean;
  failures: number;
  lastEndedAtMs: number | null;
  /** The cluster's lease, between runs. */
  leased: boolean;
};

export function createRunner(
  ports: { readonly clock: Clock; readonly logger: Logger; readonly bus: Pick<Bus, "subscribe"> },
  claims: Claims,
  jobs: readonly Job[],
): Runner {
  const { clock, logger, bus } = ports;
  const ending = new AbortController();
  const all: Scheduled[] = jobs.map((job) => ({
    job,
    timer: null,
    current: null,
    again: false,
    failures: 0,
    lastEndedAtMs: null,
    leased: false,
  }));
  let started = false;
  let unsubscribe = () => {};

  function arm(one: Scheduled, ms: number): void {
    one.timer?.cancel();
    if (!ending.signal.aborted) one.timer = clock.after(ms, () => begin(one));
  }

  function begin(one: Scheduled): void {
    if (ending.signal.aborted) return;
    if (one.current !== null) {
      one.again = true;
      return;
    }
    one.timer?.cancel();
    one.again = false;
    one.current = turn(one).then((nextMs) => {
      one.current = null;
      one.lastEndedAtMs = clock.now();
      arm(one, one.again ? 0 : nextMs);
    });
  }

  /** One run; gives the wait until the next. */
  async function turn(one: Scheduled): Promise<number> {
    const { job } = one;
    try {
      const done = job.scope === "process" ? await bounded(job, []) : await leased(one);
      if (done) one.failures = 0;
      return job.everyMs;
    } catch (error) {
      if (ending.signal.aborted) return job.everyMs;
      const backoffMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** Math.min(one.failures, 20));
      const nextMs = Math.round(backoffMs * (1 + clock.chance() / 5));
      one.failures++;
      logger.warn({ job: job.name, failures: one.failures, nextMs, error }, "job-failed");
      return nextMs;
    }
  }

  /** False when another process of the cluster has the job. */
  async function leased(one: Scheduled): Promise<boolean> {
    const { job } = one;
    const claim = await claims.hold(hotKey("global", "job", job.name), "refuse");
    one.leased = claim !== null;
    if (claim === null) return false;
    try {
      return await bounded(job, [claim.lost]);
    } finally {
      if (ending.signal.aborted) one.leased = false;
      await claim.release(ending.signal.aborted ? 0 : job.everyMs + LEASE_SLACK_MS);
    }
  }

  async function bounded(job: Job, signals: readonly AbortSignal[]): Promise<true> {
    const late = new AbortController();
    const timer = clock.after(job.deadlineMs, () => late.abort(new Error(`took longer than ${job.deadlineMs} ms`)));
    try {
      await job.run(AbortSignal.any([late.signal, ending.signal, ...signals]));
      if (late.signal.aborted) throw late.signal.reason;
      return true;
    } finally {
      timer.cancel();
    }
  }

  return {
    start() {
      if (started) return;
      started = true;
      unsubscribe = bus.subscribe((news) => {
        const ordered = news.type === "job-ordered" ? all.find(({ job }) => job.name === news.job) : undefined;
        if (ordered !== undefined) begin(ordered);
      });
      for (const one of all) begin(one);
    },

    status: () =>
      started
        ? all.map(({ job, current, lastEndedAtMs, failures }) => ({
            name: job.name,
            running: current !== null,
            lastEndedAtMs,
            failures,
          }))
        : [],

    async stop() {
      unsubscribe();
      ending.abort(new Error("the process ends"));
      for (const { timer } of all) timer?.cancel();
      const patience = Promise.withResolvers<"late">();
      const timer = clock.after(STOP_MS_MAX, () => patience.resolve("late"));
      const ended = Promise.all(all.map((one) => one.current));
      if ((await Promise.race([ended, patience.promise])) === "late") {
        const names = all.filter(({ current }) => current !== null).map(({ job }) => job.name);
        logger.error({ jobs: names }, "jobs-did-not-stop");
      }
      timer.cancel();
      await Promise.all(all.map(({ job }) => job.close?.()));
      // So that another process need not wait for the lease to end.
      for (const one of all.filter(({ leased }) => leased)) {
        const claim = await claims.hold(hotKey("global", "job", one.job.name), "take");
        await claim?.release();
      }
    },
  };
}
