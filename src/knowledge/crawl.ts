/**
 * A website → documents of a source. From a start page or a sitemap, one page at a time, as robots.txt asks; only what changed
 * is written, what is gone (404, 410, no longer linked) is removed, what fails is named and keeps what was known of it.
 * Where it stands is kept in the source's config, so that a crash or a stop is taken up where it was.
 */
import type { Bus } from "../bus.ts";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { GuildId } from "../message.ts";
import type { KnowledgeStore } from "../store.ts";
import { documentOf } from "./document.ts";
import { promisedKind } from "./extract/kinds.ts";
import { createExtractor, type Extractor } from "./extract.ts";
import {
  createGuardedFetch,
  type Fetched,
  type GuardedFetch,
  type GuardRules,
  judgeUrl,
  PUBLIC_RULES,
} from "./fetch-guard.ts";
import { belongs, createFrontier, type Frontier, normalise, type Scope, scopeOf } from "./frontier.ts";
import type { ImportReport } from "./import.ts";
import { createReporter, type ImportProgress, type Reporter } from "./progress.ts";
import { fetchRobots, fetchSitemaps, type Robots } from "./robots.ts";
import { type WebsiteConfig, websiteSchema } from "./website.ts";

/** Where a crawl stands is written this often. */
const SAVE_PAGES = 20;

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
export async function crawlWebsite(order: CrawlOrder, ports: CrawlPorts): Promise<ImportReport> {
  const { guild, signal } = order;
  const { store, clock, rules = PUBLIC_RULES } = ports;
  const source = (await store.sources(guild)).find((s) => s.id === order.source && s.kind === "website");
  if (source === undefined) throw new AppError("not-found", "There is no such website among this server's sources.");
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
    total: frontier.total,
    onProgress: order.onProgress,
  });
  const site: Site = {
    ...order,
    store,
    clock,
    rules,
    fetch,
    extractor,
    scope,
    frontier,
    known,
    report,
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
  const save = (job: WebsiteConfig["job"], crawledAtMs: number | null) =>
    store.saveSource(guild, {
      id: source.id,
      kind: "website",
      name: source.name,
      config: { ...config, job, crawledAtMs },
    });

  const brokenOff = (): ImportReport => ({
    source: order.source,
    ...site.counts,
    removed: 0,
    failures: report.failures(),
    cancelled: true,
  });

  /** Keeps where it stands; nothing is removed on half the knowledge. */
  async function stopped(): Promise<ImportReport> {
    if (site.begun) await save(jobOf(site), config.crawledAtMs);
    if (order.leaveRunning?.()) await report.pause();
    else await report.end(site.counts.imported > 0);
    return brokenOff();
  }

  async function crawl(): Promise<ImportReport> {
    await report.start();
    const robots = await fetchRobots(fetch, scope.origin, signal);
    if ("refused" in robots) throw new AppError("unavailable", `The website cannot be crawled: ${robots.refused}.`);
    if (config.job === null) await seed(site, config, robots);
    site.begun = true;
    await save(jobOf(site), config.crawledAtMs);

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
      if (failure !== null) report.failed(step.url, failure);
      report.setTotal(frontier.total);
      await report.done(step.url);
      if (pages % SAVE_PAGES === 0) await save(jobOf(site), config.crawledAtMs);
    }

    if (signal?.aborted) return await stopped();
    let removed = 0;
    if (site.kept.size > 0) {
      // What only a page links to that could not be had may still be there.
      const gone = [...known.keys()].filter((key) => !site.kept.has(key) && (!site.missed || site.gone.has(key)));
      removed = await store.removeDocuments(guild, order.source, gone);
    }
    await save(null, clock.now());
    await report.end(site.counts.imported + removed > 0);
    return { source: order.source, ...site.counts, removed, failures: report.failures(), cancelled: false };
  }

  try {
    return await crawl().catch((error: unknown) => {
      // A wait that the signal broke off is no failure.
      if (signal?.aborted) return stopped();
      throw error;
    });
  } catch (error) {
    // Its source was removed meanwhile, perhaps through another process: there is nothing to crawl for any more.
    if (error instanceof AppError && error.kind === "not-found") return brokenOff();
    await report.broken(error);
    throw error;
  } finally {
    if (ports.extractor === undefined) extractor.close();
  }
}

type Site = CrawlOrder & {
  /** There is something to go on with. */
  begun: boolean;
  readonly store: KnowledgeStore;
  readonly clock: Clock;
  readonly rules: GuardRules;
  readonly fetch: GuardedFetch;
  readonly extractor: Extractor;
  readonly scope: Scope;
  readonly frontier: Frontier;
  readonly known: ReadonlyMap<string, string>;
  readonly report: Reporter;
  /** Documents that stay: written, unchanged, or not to be had just now. */
  readonly kept: Set<string>;
  /** Documents that the site itself says are none any more. */
  readonly gone: Set<string>;
  /** A page could not be had just now, and so nor could its links. */
  missed: boolean;
  readonly counts: { imported: number; unchanged: number; passages: number };
};

function jobOf({ frontier, kept, missed, counts }: Site): NonNullable<WebsiteConfig["job"]> {
  const { queue, seen } = frontier.save();
  return { queue: [...queue], seen: [...seen], kept: [...kept], missed, ...counts };
}

/** A start that is a sitemap stands for its pages; any other start for itself and for what the site's own sitemaps list. */
async function seed(site: Site, config: WebsiteConfig, robots: Robots): Promise<void> {
  const { frontier, fetch, scope, signal } = site;
  const isSitemap = /\.xml(?:\?|$)/i.test(config.start);
  if (!isSitemap) frontier.add([config.start], 0);
  const sitemaps = isSitemap
    ? [config.start]
    : robots.sitemaps.length > 0
      ? robots.sitemaps
      : [`${scope.origin}/sitemap.xml`];
  const { pages, missed } = await fetchSitemaps(fetch, sitemaps, scope.pagesMax, signal);
  if (isSitemap && pages.length === 0)
    throw new AppError("unavailable", "The sitemap cannot be read, or lists no page.");
  frontier.add(pages, 0);
  site.missed ||= missed;
}

/** Null when the page is dealt with, else why not. */
async function readPage(site: Site, robots: Robots, url: string, depth: number): Promise<string | null> {
  const { guild, source, store, fetch, extractor, frontier, known, kept, gone, counts, report, signal } = site;
  if (!robots.allowed(url)) {
    gone.add(url);
    return "its robots.txt asks not to read it";
  }
  const answer = await fetch(url, { signal, accept: "text/html,text/markdown,text/plain,application/pdf;q=0.8" });
  if ("refused" in answer) {
    kept.add(url);
    site.missed = true;
    return answer.refused;
  }
  if (answer.status === 404 || answer.status === 410) {
    gone.add(url);
    return `it answers ${answer.status}`;
  }
  if (answer.status !== 200) {
    kept.add(url);
    site.missed = true;
    return `it answers ${answer.status}`;
  }
  const address = normalise(answer.url) ?? url;
  if (!belongs(address, site.scope)) return "it redirects to another site or folder";
  if (address !== url && !frontier.claim(address)) return null;

  const extracted = await extractor.extract(answer.body, {
    path: pathOf(answer),
    mediaType: answer.mediaType,
    address,
  });
  if ("refused" in extracted) return extracted.refused;
  frontier.add(extracted.page?.links ?? [], depth + 1);
  if (extracted.page?.noindex || /noindex|none/i.test(answer.headers["x-robots-tag"] ?? "")) {
    gone.add(url);
    return null;
  }

  const key = canonical(site, extracted.url, address);
  if (key !== address && key !== url && !frontier.claim(key) && kept.has(key)) return null;
  kept.add(key);
  const document = documentOf({ ...extracted, url: key }, { key, title: titleFrom(key), url: key, anchored: true });
  if (known.get(key) === document.hash) {
    counts.unchanged++;
    return null;
  }
  await store.putDocument(guild, source, document);
  counts.imported++;
  counts.passages += document.passages.length;
  await report.changed();
  return null;
}

/** The address a page calls its own, if it is one of this site; a page may not speak for another site. */
function canonical(site: Site, claimed: string | null, address: string): string {
  const url = claimed === null ? null : normalise(claimed);
  return url !== null && belongs(url, site.scope) && judgeUrl(url, site.rules).decision === "allow" ? url : address;
}

/** The name a reader takes the kind from where the media type does not tell. */
function pathOf({ url }: Fetched): string {
  const { pathname } = new URL(url);
  return promisedKind(pathname) === null ? "page.html" : pathname;
}

function titleFrom(url: string): string {
  const { host, pathname } = new URL(url);
  const last = pathname.split("/").filter(Boolean).at(-1);
  return last === undefined ? host : last.replace(/\.\w+$/, "").replace(/[-_]+/g, " ");
}
