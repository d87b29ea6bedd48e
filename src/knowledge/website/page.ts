/**
 * One page of a website that is being crawled → a document in the store, or why there is none. What cannot be had just now keeps
 * what was known of it; what the site says is gone, or not to be read, is noted as such.
 */
import type { GuildId } from "../../ids.ts";
import type { KnowledgeStore } from "../../store/ports/knowledge.ts";
import { cutOne, type Extractor, promisedKind, robotsDirectives } from "../extract.ts";
import type { Reporter } from "../import/progress.ts";
import { type Fetched, type GuardedFetch, type GuardRules, judgeUrl } from "./fetch-guard.ts";
import { belongs, type Frontier, movesWith, normalise, type Scope } from "./frontier.ts";
import type { Robots } from "./robots.ts";
import { fetchSitemaps, isSitemap } from "./sitemap.ts";

/** A crawl on its way. */
export type Site = {
  readonly guild: GuildId;
  /** The website source's id. */
  readonly source: string;
  readonly signal?: AbortSignal;
  /** The start's address while it may still lead elsewhere. */
  readonly start: string | null;
  /** There is something to go on with. */
  begun: boolean;
  readonly store: KnowledgeStore;
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

/** Null when the page is dealt with, else why not; a start that leads elsewhere says where. */
export async function readPage(
  site: Site,
  robots: Robots,
  url: string,
  depth: number,
): Promise<string | null | { readonly movedTo: string }> {
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
  if (!belongs(address, site.scope)) {
    if (url === site.start && movesWith(url, address)) return { movedTo: address };
    return "it redirects to another site or folder";
  }
  if (address !== url && !frontier.claim(address)) return null;

  if (isSitemap(answer.body)) {
    await addSitemap(site, address);
    gone.add(url).add(address);
    return null;
  }
  const extracted = await extractor.extract(answer.body, {
    path: pathOf(answer),
    mediaType: answer.mediaType,
    address,
  });
  if ("refused" in extracted) {
    kept.add(url).add(address);
    return extracted.refused;
  }
  const refresh = extracted.page?.refresh ?? null;
  if (refresh !== null && normalise(refresh) !== address) return goOn(site, url, address, refresh, depth);
  if (extracted.text.trim() === "") return "there is no text in it";
  frontier.add(extracted.page?.links ?? [], depth + 1);
  if (extracted.page?.noindex || robotsDirectives(answer.headers["x-robots-tag"] ?? "").noindex) {
    gone.add(url);
    return null;
  }

  const key = canonical(site, extracted.url, address);
  if (key !== address && key !== url && !frontier.claim(key) && kept.has(key)) return null;
  kept.add(key);
  const place = { key, title: titleFrom(key), url: key, anchored: true };
  const document = await cutOne(extractor, { extracted: { ...extracted, url: key }, place });
  if ("refused" in document) return document.refused;
  report.read(document, extracted.leftOutChars ?? 0, known.get(key) === document.hash);
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

/** A page that sends its reader on at once is no document; where it leads is read instead, in this site. */
function goOn(
  site: Site,
  url: string,
  address: string,
  refresh: string,
  depth: number,
): null | string | { readonly movedTo: string } {
  site.gone.add(url).add(address);
  const target = normalise(refresh) ?? refresh;
  if (belongs(target, site.scope)) {
    site.frontier.add([target], depth);
    return null;
  }
  if (url === site.start && movesWith(url, target)) return { movedTo: target };
  return "it sends its reader to another site or folder";
}

/** A start or a page that is a sitemap by its content stands for the pages it lists. */
async function addSitemap(site: Site, address: string): Promise<void> {
  const { pages, missed, ignored } = await fetchSitemaps(site.fetch, [address], site.scope.pagesMax, site.signal);
  site.frontier.add(pages, 0);
  site.missed ||= missed;
  for (const { sitemap, reason } of ignored) site.report.failed(sitemap, reason);
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
