/**
 * Reads websites: ordered by an admin, due by their schedule, or left unfinished by a process that ended. An order is the
 * source marked as running in the store. At most a few crawls run at a time in one process, and one process of all reads a
 * website: it claims it. A stop of the process leaves crawls where they are, and another process goes on with them.
 */
import type { Bus } from "../bus.ts";
import { hotKey } from "../hot.ts";
import type { GuildId } from "../ids.ts";
import type { Job } from "../jobs.ts";
import { crawlWebsite, orderWebsite } from "../knowledge.ts";
import type { Logger } from "../logger.ts";
import type { Claims } from "./claims.ts";
import { createGuildTurns } from "./guild-turns.ts";

/** At a time; the rest wait their turn. */
const CRAWLS_MAX = 2;
/** Websites looked at in one run; the rest stays due for the next run. */
const DUE_MAX = 100;
/** A crawl that another process held may be left over by then. */
const LOOK_MS = 60_000;
const LOOK_DEADLINE_MS = 30_000;
const NAME = "crawls";

export type Crawls = {
  /**
   * All of a website, or one page of it by its address. False when it runs or waits already. Goes on with one that was stopped.
   * Progress is the source's own, told by `job-progressed`.
   */
  order(guild: GuildId, source: string, page?: string): Promise<boolean>;
  /** Stops a crawl that runs or waits in this process; false when there is none. `order` goes on with it. */
  cancel(guild: GuildId, source: string): Promise<boolean>;
  running(): readonly { readonly guild: GuildId; readonly source: string }[];
  readonly job: Job;
};

type One = { readonly guild: GuildId; readonly source: string };

export function createCrawls(
  ports: Parameters<typeof crawlWebsite>[1] & { readonly logger: Logger; readonly bus: Pick<Bus, "publish"> },
  claims: Claims,
): Crawls {
  const { store, bus, logger } = ports;
  const waiting = new Map<string, One>();
  const running = new Map<string, One & { readonly stop: AbortController; readonly done: Promise<void> }>();
  const turns = createGuildTurns();
  let closed = false;

  const keyOf = ({ guild, source }: One) => `${guild}/${source}`;

  function begin(): void {
    for (const one of turns.inTurn(waiting.values())) {
      if (closed || running.size >= CRAWLS_MAX) return;
      // A server's second website waits for its first: another server's goes ahead.
      if ([...running.values()].some(({ guild }) => guild === one.guild)) continue;
      const key = keyOf(one);
      waiting.delete(key);
      turns.took(one.guild);
      const stop = new AbortController();
      const done = run(one, stop).finally(() => {
        running.delete(key);
        begin();
      });
      running.set(key, { ...one, stop, done });
    }
  }

  async function run({ guild, source }: One, stop: AbortController): Promise<void> {
    // A page that is read twice does less harm than one that is never read.
    const claim = await claims.hold(hotKey(guild, "crawl", source), "take");
    if (claim === null) return;
    try {
      const { imported, unchanged, removed, failures, cancelled } = await crawlWebsite(
        { guild, source, signal: AbortSignal.any([stop.signal, claim.lost]), leaveRunning: () => closed },
        ports,
      );
      logger.info(
        { guild, source, imported, unchanged, removed, failures: failures.length, cancelled },
        "website-crawled",
      );
    } catch (error) {
      logger.warn({ guild, source, error }, "website-crawl-failed");
    } finally {
      await claim.release();
    }
  }

  return {
    async order(guild, source, page) {
      const found = (await store.sources(guild)).find(({ id }) => id === source);
      if (found === undefined || found.state === "running") return false;
      await orderWebsite(guild, found, page ?? null, store);
      await bus.publish({ type: "job-progressed", guild, job: source });
      await bus.publish({ type: "job-ordered", job: NAME });
      return true;
    },

    async cancel(guild, source) {
      const key = keyOf({ guild, source });
      const one = running.get(key);
      one?.stop.abort(new Error("the crawl was stopped"));
      if (!waiting.delete(key)) return one !== undefined;
      const found = (await store.sources(guild)).find(({ id }) => id === source);
      if (found !== undefined) await store.setProgress(guild, source, "idle", found.progress);
      return true;
    },

    running: () => [...running.values(), ...waiting.values()].map(({ guild, source }) => ({ guild, source })),

    job: {
      name: NAME,
      everyMs: LOOK_MS,
      scope: "process",
      deadlineMs: LOOK_DEADLINE_MS,
      async run() {
        for (const one of await store.websitesDue(DUE_MAX)) {
          const key = keyOf(one);
          if (!waiting.has(key) && !running.has(key)) waiting.set(key, one);
        }
        begin();
      },
      async close() {
        closed = true;
        waiting.clear();
        const all = [...running.values()];
        for (const { stop } of all) stop.abort(new Error("the process ends"));
        await Promise.all(all.map(({ done }) => done));
      },
    },
  };
}
