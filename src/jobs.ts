/**
 * Background work: what nobody waits for at a request. It runs in every process whose role has it switched on (`all`, `web`,
 * `jobs`); what may run only once in a cluster holds a lease.
 *
 * To add a job:
 *   1. Write `src/jobs/NAME.ts` with a function that takes what it needs of `Services` and gives a `Job`: a name, how long to
 *      wait between runs, the deadline of one run, and whether one process of the cluster runs it or each process does.
 *      `run` looks for what is due in the store, does a bounded piece of it, and stops soon after its signal is aborted.
 *   2. Add its line to `createJobs` below.
 * To have a job look at once, publish `{ type: "job-ordered", job: NAME }` on the bus, after the work is in the store.
 *
 * The runner sees to the rest: no run overlaps another of the same job, a run past its deadline is aborted, a failure is
 * logged and the next run waits longer each time. A lease saves work but cannot promise "exactly once" (Redis may forget, a
 * process may sleep): what must happen once claims each piece in the store, in a transaction.
 */
import { createClaims } from "./jobs/claims.ts";
import { type Crawls, createCrawls } from "./jobs/crawls.ts";
import { createEscalationJobs } from "./jobs/escalations.ts";
import { createImports, type Imports } from "./jobs/imports.ts";
import { createIndexJob } from "./jobs/indexes.ts";
import { createModerationJobs } from "./jobs/moderation.ts";
import { noticesJob } from "./jobs/notices.ts";
import { proactiveJobs } from "./jobs/proactive.ts";
import { createRetentionJob } from "./jobs/retention.ts";
import { createRunner, type JobStatus } from "./jobs/runner.ts";
import { createNoticeSender } from "./notices.ts";
import { createProactive } from "./proactive.ts";
import type { Services } from "./services.ts";

export type { Upload } from "./jobs/imports.ts";

export type Job = {
  /** A fixed word: log lines, the lease and `job-ordered` use it. */
  readonly name: string;
  /** From the end of a run to the beginning of the next. */
  readonly everyMs: number;
  /** "cluster": one process of all. "process": each process, which then claims each piece of work by itself. */
  readonly scope: "cluster" | "process";
  /** The signal of a run that lasts longer is aborted. */
  readonly deadlineMs: number;
  run(signal: AbortSignal): Promise<void>;
  /** Ends what a run left going in the background; called once, after the last run. */
  close?(): Promise<void>;
};

export type Jobs = {
  /** Files uploaded for a knowledge base. Orders are taken in every process; they run where jobs run. */
  readonly imports: Pick<Imports, "order" | "cancel" | "goOn" | "drop" | "waiting">;
  /** Websites of a knowledge base. Orders are taken in every process; they run where jobs run. */
  readonly crawls: Pick<Crawls, "order" | "cancel">;
  /** Runs every job now and then on its schedule, until `stop`. */
  start(): void;
  /** Empty while jobs do not run in this process. */
  status(): readonly JobStatus[];
  /** No new run begins; settles when the current ones have ended. Unfinished work goes on with the next start. */
  stop(): Promise<void>;
};

export function createJobs(services: Services): Jobs {
  const claims = createClaims(services);
  const imports = createImports(services, claims);
  const crawls = createCrawls({ ...services, store: services.store.knowledge }, claims);
  const runner = createRunner(services, claims, [
    imports.job,
    crawls.job,
    ...createModerationJobs(services),
    ...createEscalationJobs(services),
    ...proactiveJobs(createProactive(services)),
    noticesJob(createNoticeSender(services)),
    createRetentionJob(services),
    createIndexJob(services),
  ]);
  let unsubscribe = () => {};
  return {
    imports,
    crawls,
    status: runner.status,
    start() {
      unsubscribe = services.bus.subscribe((news) => {
        if (news.type !== "job-cancelled") return;
        const { guild, source, name } = news;
        Promise.all([imports.cancel(guild, name), crawls.cancel(guild, source)]).catch((error: unknown) => {
          services.logger.warn({ guild, source, error }, "job-not-cancelled");
        });
      });
      runner.start();
    },
    async stop() {
      unsubscribe();
      await runner.stop();
    },
  };
}
