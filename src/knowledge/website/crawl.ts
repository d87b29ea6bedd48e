/**
 * A website → documents of a source, or one page of it read again. From a start page or a sitemap, one page at a time, as robots.txt asks; only what changed
 * is written, what is gone (404, 410, no longer linked) is removed, what fails is named and keeps what was known of it.
 * Where it stands is kept in the source's config, so that a crash or a stop is taken up where it was.
 */
import type { Bus } from "../../bus.ts";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { GuildId } from "../../ids.ts";
import type { KnowledgeStore, SourceRow } from "../../store/ports/knowledge.ts";
import { createExtractor, type Extractor } from "../extract.ts";
import type { ImportReport } from "../import/import-files.ts";
import { createReporter, type ImportProgress, NOTHING_DONE } from "../import/progress.ts";
import { createGuardedFetch, type GuardedFetch, type GuardRules, PUBLIC_RULES } from "./fetch-guard.ts";
import { createFrontier, normalise, scopeOf } from "./frontier.ts";
import { readPage, type Site } from "./page.ts";
import type { Robots } from "./robots.ts";
import { fetchSitemaps } from "./sitemap.ts";
import { type WebsiteConfig, websiteSchema } from "./website.ts";

/** Where a crawl stands is written this often. */
const SAVE_PAGES = 20;

/** A start that redirects is followed so often, each time with the robots.txt of where it leads. */
const MOVES_MAX = 2;

/** Number of starts: a crawl that kills its process twice would do so a third time. */
const BEGUN_MAX = 2;
const GIVEN_UP =
  "reading it was begun twice and never came to an end, because the process was killed each time; start it again, with fewer pages or another start";

export type CrawlOrder = {
  readonly guild: GuildId;
  /** The website source's id. */
  readonly source: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Asked when `signal` stopped it: true leaves it marked as running, for the next process to take up. */
  readonly leaveRunning?: () => boolean;
};

export type CrawlPorts = {
  readonly store: KnowledgeStore;
  readonly bus: Pick<Bus, "publish">;
  readonly clock: Clock;
  readonly extractor?: Extractor;
  readonly fetch?: GuardedFetch;
  readonly rules?: GuardRules;
};

/** Throws `AppError` "not-found" for a source that is no website, "unavailable" when the start cannot be had. */
export function crawlWebsite(order: CrawlOrder, ports: CrawlPorts): Promise<ImportReport> {
  return crawlFromStart(order, ports, MOVES_MAX);
}

async function crawlFromStart(order: CrawlOrder, ports: CrawlPorts, movesLeft: number): Promise<ImportReport> {
  const { guild, signal } = order;
  const { store, clock, rules = PUBLIC_RULES } = ports;
  const source = (await store.sources(guild)).find((s) => s.id === order.source && s.kind === "website");
  if (source === undefined) throw new AppError("not-found", "There is no such website among this server's sources.");
  const { name } = source;
  const config = websiteSchema.parse(source.config);
  const fetch = ports.fetch ?? createGuardedFetch(clock, rules);
  const extractor = ports.extractor ?? createExtractor(clock);
  const scope = scopeOf(config.start, config);
  const frontier = createFrontier(scope, config.job ?? undefined);
  const known = await store.hashes(guild, source.id);
  const report = createReporter({
    ...ports,
    guild,
    source: source.id,
    before: startOf(source.progress, config),
    left: config.again === null ? frontier.waiting : source.progress.total - source.progress.done,
    onProgress: order.onProgress,
  });
  const site: Site = {
    ...order,
    store,
    rules,
    fetch,
    extractor,
    scope,
    frontier,
    known,
    report,
    start: movesLeft > 0 ? normalise(config.start) : null,
    begun: config.job !== null,
    kept: new Set(config.job?.kept),
    gone: new Set(),
    missed: config.job?.missed ?? false,
    counts: {
      imported: config.job?.imported ?? 0,
      unchanged: config.job?.unchanged ?? 0,
      passages: config.job?.passages ?? 0,
    },
  };
  type Standing = { readonly again?: WebsiteConfig["again"]; readonly begun?: number };
  const save = (
    job: WebsiteConfig["job"],
    crawledAtMs: number | null,
    { again = config.again, begun = config.begun + 1 }: Standing = {},
  ) =>
    store.saveSource(guild, {
      id: source.id,
      kind: "website",
      name: source.name,
      config: { ...config, job, crawledAtMs, again, begun },
    });

  let done = config.job?.done ?? 0;
  const brokenOff = (): ImportReport => ({
    source: order.source,
    ...site.counts,
    removed: 0,
    failures: report.failures(),
    cancelled: true,
  });

  /** Keeps where it stands; nothing is removed on half the knowledge. */
  async function stopped(): Promise<ImportReport> {
    const goesOn = order.leaveRunning?.() === true;
    const again = goesOn ? config.again : null;
    await save(site.begun ? jobOf(site, done) : null, config.crawledAtMs, { again, begun: 0 });
    if (goesOn) await report.pause();
    else await report.end(site.counts.imported > 0);
    return brokenOff();
  }

  /** Their parser is loaded with the first crawl: every worker has this file, and crawls nothing. */
  async function robotsOf() {
    const { fetchRobots } = await import("./robots.ts");
    return await fetchRobots(fetch, scope.origin, signal);
  }

  /** One page, as an admin asked; nothing else of the source changes, nor when it is next due. */
  async function readOne(url: string): Promise<ImportReport> {
    await begin();
    const robots = await robotsOf();
    const own = {
      kept: new Set<string>(),
      gone: new Set<string>(),
      counts: { imported: 0, unchanged: 0, passages: 0 },
    };
    const alone = {
      ...site,
      ...own,
      start: null,
      frontier: createFrontier(scope),
      report: { ...report, read: () => {} },
    };
    const failure = "refused" in robots ? robots.refused : await readPage(alone, robots, url, config.depthMax);
    if (typeof failure === "string") report.failed(url, failure);
    // Pages that are gone according to the site, and addresses that lead to another page now.
    const isGone = own.gone.has(url) || (failure === null && !own.kept.has(url));
    const removed = await store.removeDocuments(guild, order.source, isGone ? [url] : []);
    await save(config.job, config.crawledAtMs, { again: null, begun: 0 });
    await report.end(own.counts.imported + removed > 0);
    return { source: order.source, ...own.counts, removed, failures: report.failures(), cancelled: false };
  }

  /** "http://docs.example" is https://www.docs.example/en/ today: that is the start from now on. */
  async function moved(start: string): Promise<ImportReport> {
    await store.saveSource(guild, {
      id: order.source,
      kind: "website",
      name,
      config: { ...config, start, job: null, begun: 0 },
    });
    return crawlFromStart(order, ports, movesLeft - 1);
  }

  /** Counted before anything is read. */
  async function begin(): Promise<void> {
    await report.start();
    if (config.begun >= BEGUN_MAX) throw new AppError("unavailable", GIVEN_UP, { retryable: false });
    await save(config.job, config.crawledAtMs);
  }

  async function crawl(): Promise<ImportReport> {
    await begin();
    const robots = await robotsOf();
    if ("refused" in robots) throw new AppError("unavailable", `The website cannot be crawled: ${robots.refused}.`);
    if (config.job === null) await seed(site, config, robots);
    site.begun = true;
    await save(jobOf(site, done), config.crawledAtMs);

    report.setLeft(frontier.waiting);
    let pages = 0;
    for (let step = frontier.next(); step !== null; step = frontier.next()) {
      if (pages > 0) await clock.sleep(robots.delayMs, signal).catch(() => undefined);
      pages++;
      if (signal?.aborted) {
        frontier.putBack(step);
        break;
      }
      const failure = await readPage(site, robots, step.url, step.depth).catch((error: unknown) => {
        if (signal?.aborted) frontier.putBack(step);
        throw error;
      });
      if (failure !== null && typeof failure === "object") return await moved(failure.movedTo);
      if (failure !== null) report.failed(step.url, failure);
      done++;
      report.setLeft(frontier.waiting + 1);
      await report.done(step.url);
      if (pages % SAVE_PAGES === 0) await save(jobOf(site, done), config.crawledAtMs);
    }

    if (signal?.aborted) return await stopped();
    let removed = 0;
    if (site.kept.size > 0) {
      // A page that is linked only from an unreachable page may still be there.
      const gone = [...known.keys()].filter((key) => !site.kept.has(key) && (!site.missed || site.gone.has(key)));
      removed = await store.removeDocuments(guild, order.source, gone);
    }
    await save(null, clock.now(), { begun: 0 });
    await report.end(site.counts.imported + removed > 0);
    return { source: order.source, ...site.counts, removed, failures: report.failures(), cancelled: false };
  }

  try {
    return await (config.again === null ? crawl() : readOne(config.again)).catch((error: unknown) => {
      // A wait that the signal broke off is no failure.
      if (signal?.aborted) return stopped();
      throw error;
    });
  } catch (error) {
    // Its source was removed meanwhile, perhaps through another process: there is nothing to crawl for any more.
    if (error instanceof AppError && error.kind === "not-found") return brokenOff();
    // It came to an end, if to a bad one. The store may be what broke: the first error is the one to tell.
    const job = site.begun ? jobOf(site, done) : config.job;
    await save(job, config.crawledAtMs, { again: null, begun: 0 }).catch(() => undefined);
    await report.broken(error);
    throw error;
  } finally {
    if (ports.extractor === undefined) extractor.close();
  }
}

function jobOf({ frontier, kept, missed, counts }: Site, done: number): NonNullable<WebsiteConfig["job"]> {
  const { queue, seen } = frontier.save();
  return { queue: [...queue], seen: [...seen], kept: [...kept], missed, done, ...counts };
}

/** Where a crawl begins to count: anew, or at what the one that was stopped had done. One page alone counts for nothing. */
function startOf(progress: SourceRow["progress"], { job, again }: WebsiteConfig): SourceRow["progress"] {
  if (again !== null) return { ...progress, failures: progress.failures.filter(({ what }) => what !== again) };
  return job === null ? NOTHING_DONE : { ...progress, done: job.done };
}

/** A sitemap as start stands for its pages; any other start stands for itself and for the pages in the site's own sitemaps. */
async function seed(site: Site, config: WebsiteConfig, robots: Robots): Promise<void> {
  const { frontier, fetch, scope, signal } = site;
  const isSitemap = /\.xml(?:\.gz)?(?:\?|$)/i.test(config.start);
  if (!isSitemap) frontier.add([config.start], 0);
  const sitemaps = isSitemap
    ? [config.start]
    : robots.sitemaps.length > 0
      ? robots.sitemaps
      : [`${scope.origin}/sitemap.xml`];
  const { pages, missed, ignored } = await fetchSitemaps(fetch, sitemaps, scope.pagesMax, signal);
  for (const { sitemap, reason } of ignored) site.report.failed(sitemap, reason);
  if (isSitemap && pages.length === 0)
    throw new AppError("unavailable", "The sitemap cannot be read, or lists no page.");
  frontier.add(pages, 0);
  site.missed ||= missed;
}
