/** What a site asks of crawlers: robots.txt (robots-parser) and sitemaps. Both are the site's text, so both are bounded. */
import robotsParser from "robots-parser";
import { type GuardedFetch, USER_AGENT } from "./fetch-guard.ts";

const ROBOTS_CHARS_MAX = 100_000;
const SITEMAP_BYTES_MAX = 10 * 1024 * 1024;
const SITEMAPS_MAX = 50;
const SITEMAP_DEPTH_MAX = 3;

/** However long a site asks for, a page a while must be possible; however short, we are guests. */
const DELAY_MS_MAX = 10_000;
const DELAY_MS_MIN = 200;

export type Robots = {
  allowed(url: string): boolean;
  readonly delayMs: number;
  readonly sitemaps: readonly string[];
};

/** A site without robots.txt allows everything; one whose robots.txt cannot be had (5xx, silence) is left alone (RFC 9309). */
export async function fetchRobots(
  fetch: GuardedFetch,
  origin: string,
  signal?: AbortSignal,
): Promise<Robots | { readonly refused: string }> {
  const address = `${origin}/robots.txt`;
  const answer = await fetch(address, { signal, accept: "text/plain", bodyBytesMax: 1_000_000 });
  if ("refused" in answer) return { refused: `its robots.txt cannot be read: ${answer.refused}` };
  if (answer.status >= 500) return { refused: `its robots.txt answers ${answer.status}` };
  const text = answer.status === 200 ? new TextDecoder().decode(answer.body).slice(0, ROBOTS_CHARS_MAX) : "";
  const robots = robotsParser(address, text);
  const delaySeconds = robots.getCrawlDelay(USER_AGENT) ?? 0;
  return {
    allowed: (url) => robots.isAllowed(url, USER_AGENT) !== false,
    delayMs: Math.min(DELAY_MS_MAX, Math.max(DELAY_MS_MIN, delaySeconds * 1_000)),
    sitemaps: robots.getSitemaps(),
  };
}

/**
 * The pages of sitemaps and of the sitemaps they list, at most `most`. What cannot be read is passed over; `missed` says that one
 * could not be had just now, so that its pages are not taken for gone.
 */
export async function fetchSitemaps(
  fetch: GuardedFetch,
  sitemaps: readonly string[],
  most: number,
  signal?: AbortSignal,
): Promise<{ readonly pages: readonly string[]; readonly missed: boolean }> {
  const pages = new Set<string>();
  let missed = false;
  const seen = new Set<string>();
  let level = [...sitemaps];
  for (let depth = 0; depth < SITEMAP_DEPTH_MAX && level.length > 0; depth++) {
    const next: string[] = [];
    for (const sitemap of level) {
      if (seen.has(sitemap) || seen.size >= SITEMAPS_MAX || pages.size >= most) continue;
      seen.add(sitemap);
      const answer = await fetch(sitemap, { signal, accept: "application/xml", bodyBytesMax: SITEMAP_BYTES_MAX });
      if ("refused" in answer || answer.status !== 200) {
        if ("refused" in answer || answer.status >= 500) missed = true;
        continue;
      }
      const { index, locations } = readSitemap(new TextDecoder().decode(answer.body));
      if (index) next.push(...locations);
      else for (const page of locations) if (pages.size < most) pages.add(page);
    }
    level = next;
  }
  return { pages: [...pages], missed };
}

/** An address in a sitemap, plain or in CDATA. What can repeat is bounded or stops at a tag: each character is read a few times at most. */
const LOCATION = /<loc>([^<]{0,2200}|\s{0,100}<!\[CDATA\[[^\]]{0,2200}\]\]>\s{0,100})<\/loc>/gi;

/** Plain scanning: no parser, no entities but the five that XML knows. */
function readSitemap(xml: string): { readonly index: boolean; readonly locations: readonly string[] } {
  const locations = [...xml.matchAll(LOCATION)].map((match) =>
    (match[1] ?? "")
      .trim()
      .replace(/^<!\[CDATA\[|\]\]>$/g, "")
      .trim()
      .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? ""),
  );
  return { index: /<sitemapindex[\s>]/i.test(xml.slice(0, 4_096)), locations };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
