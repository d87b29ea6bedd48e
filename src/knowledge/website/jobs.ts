/**
 * Crawls in the background of one process: begun by an admin, by their schedule, or by a start that finds one unfinished; at
 * most a few at a time. A website is crawled by one process of all: it is claimed, and the claim renewed while it lasts. A stop
 * of the process leaves crawls where they are, and the next start, or another process, goes on with them.
 */
import type { Clock, Timer } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { type Hot, hotKey } from "../../hot.ts";
import type { Logger } from "../../logger.ts";
import type { GuildId } from "../../message.ts";
import { type CrawlPorts, crawlWebsite } from "./crawl.ts";

/** Crawls at a time; the rest wait their turn. */
const CRAWLS_MAX = 2;
/** Looked at in one go; what is left over is due still the next time. */
const DUE_MAX = 100;

const SCHEDULE_MS = 10 * 60_000;
/** A process that is gone holds its crawl so long. */
const CLAIM_MS = 60_000;
const RENEW_MS = 15_000;

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
    readonly hot: Pick<Hot, "claim">;
  },
): KnowledgeJobs {
  const { store, clock, logger, hot } = ports;
  const owner = clock.id();
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
      const done = run(job.guild, job.source, stop).finally(() => {
        running.delete(key);
        begin();
      });
      running.set(key, { ...job, stop, done });
    }
  }

  /** True also when nobody can be asked: a page read twice does less harm than one never read. */
  async function claim(guild: GuildId, source: string, ttlMs = CLAIM_MS): Promise<boolean> {
    try {
      return await hot.claim(hotKey(guild, "crawl", source), owner, ttlMs);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.warn({ guild, source, reason: error.kind }, "crawl-unclaimed");
      return true;
    }
  }

  async function run(guild: GuildId, source: string, stop: AbortController): Promise<void> {
    if (!(await claim(guild, source))) return arm(CLAIM_MS);
    let renewal: Timer | null = null;
    let over = false;
    const renew = async () => {
      if (!over && !(await claim(guild, source))) stop.abort(new Error("another process took the crawl over"));
      if (!over) renewal = clock.after(RENEW_MS, () => void renew());
    };
    renewal = clock.after(RENEW_MS, () => void renew());
    try {
      const { imported, unchanged, removed, failures, cancelled } = await crawlWebsite(
        { guild, source, signal: stop.signal, leaveRunning: () => closed },
        ports,
      );
      logger.info(
        { guild, source, imported, unchanged, removed, failures: failures.length, cancelled },
        "website-crawled",
      );
    } catch (error) {
      logger.warn({ guild, source, error }, "website-crawl-failed");
    } finally {
      over = true;
      renewal?.cancel();
      await claim(guild, source, 0);
    }
  }

  /** Looks around in `ms`, and in no more: a crawl that another process holds may be left over by then. */
  function arm(ms: number): void {
    timer?.cancel();
    if (!closed) timer = clock.after(ms, () => void tick());
  }

  async function tick(): Promise<void> {
    if (closed) return;
    arm(SCHEDULE_MS);
    try {
      for (const { guild, source } of await store.websitesDue(DUE_MAX)) crawl(guild, source);
    } catch (error) {
      logger.warn({ error }, "crawl-schedule-failed");
    }
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
