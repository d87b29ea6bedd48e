/**
 * Crawls in the background of one process: begun by an admin, by their schedule, or by a start that finds one unfinished; at
 * most a few at a time, one for each website. A stop of the process leaves them where they are, and they go on at the next
 * start.
 */
import type { Clock, Timer } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { GuildId } from "../message.ts";
import { type CrawlPorts, crawlWebsite } from "./crawl.ts";
import { websiteSchema } from "./website.ts";

/** Crawls at a time; the rest wait their turn. */
const CRAWLS_MAX = 2;

const SCHEDULE_MS = 10 * 60_000;

export type KnowledgeJobs = {
  /** False when it runs or waits already. Progress is the source's own, told by `job-progressed`. */
  crawl(guild: GuildId, source: string): boolean;
  /** Stops a running crawl and takes a waiting one off; it is resumed by `crawl`. False when there was none. */
  cancel(guild: GuildId, source: string): boolean;
  running(): readonly { readonly guild: GuildId; readonly source: string }[];
  /** Takes up what an ended process left, and begins what is due; then looks again every ten minutes. */
  start(): Promise<void>;
  /** Resolves when nothing runs any more. */
  close(): Promise<void>;
};

export function createKnowledgeJobs(
  ports: CrawlPorts & {
    readonly clock: Clock;
    readonly logger: Logger;
    /** The guilds this process looks after. */
    readonly guilds: () => Promise<readonly GuildId[]>;
  },
): KnowledgeJobs {
  const { store, clock, logger } = ports;
  const waiting = new Map<string, { readonly guild: GuildId; readonly source: string }>();
  const running = new Map<
    string,
    { readonly guild: GuildId; readonly source: string; readonly stop: AbortController; readonly done: Promise<void> }
  >();
  let timer: Timer | null = null;
  let closed = false;

  const keyOf = (guild: GuildId, source: string) => `${guild}/${source}`;

  function crawl(guild: GuildId, source: string): boolean {
    const key = keyOf(guild, source);
    if (closed || waiting.has(key) || running.has(key)) return false;
    waiting.set(key, { guild, source });
    begin();
    return true;
  }

  function begin(): void {
    for (const [key, job] of waiting) {
      if (closed || running.size >= CRAWLS_MAX) return;
      waiting.delete(key);
      const stop = new AbortController();
      const done = run(job.guild, job.source, stop.signal).finally(() => {
        running.delete(key);
        begin();
      });
      running.set(key, { ...job, stop, done });
    }
  }

  async function run(guild: GuildId, source: string, signal: AbortSignal): Promise<void> {
    try {
      const { imported, unchanged, removed, failures, cancelled } = await crawlWebsite(
        { guild, source, signal, leaveRunning: () => closed },
        ports,
      );
      logger.info(
        { guild, source, imported, unchanged, removed, failures: failures.length, cancelled },
        "website-crawled",
      );
    } catch (error) {
      logger.warn({ guild, source, error }, "website-crawl-failed");
    }
  }

  async function lookAround(): Promise<void> {
    for (const guild of await ports.guilds()) {
      for (const source of await store.sources(guild)) {
        if (source.kind !== "website") continue;
        const config = websiteSchema.safeParse(source.config);
        if (!config.success) continue;
        const { job, everyHours, crawledAtMs } = config.data;
        // A crawl that an admin stopped is the admin's to go on with.
        const due = everyHours !== null && crawledAtMs !== null && clock.now() - crawledAtMs >= everyHours * 3_600_000;
        // Running without a runner: a process that ended left it.
        if (source.state === "running" || (due && job === null)) crawl(guild, source.id);
      }
    }
  }

  async function tick(): Promise<void> {
    if (closed) return;
    await lookAround().catch((error: unknown) => logger.warn({ error }, "crawl-schedule-failed"));
    if (!closed) timer = clock.after(SCHEDULE_MS, () => void tick());
  }

  return {
    crawl,
    cancel(guild, source) {
      const key = keyOf(guild, source);
      const job = running.get(key);
      job?.stop.abort(new Error("the crawl was stopped"));
      return waiting.delete(key) || job !== undefined;
    },
    running: () => [...running.values(), ...waiting.values()].map(({ guild, source }) => ({ guild, source })),
    start: tick,
    async close() {
      closed = true;
      timer?.cancel();
      waiting.clear();
      const jobs = [...running.values()];
      for (const { stop } of jobs) stop.abort(new Error("the process ends"));
      await Promise.all(jobs.map(({ done }) => done));
    },
  };
}
