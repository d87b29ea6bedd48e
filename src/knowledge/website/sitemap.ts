/**
 * Sitemaps → the pages they list: XML with or without a namespace's prefix, a list of sitemaps, plain text with an address a line,
 * each of them gzipped or not. A sitemap is known by its content, whatever it is called. Its text is the site's, so it is bounded.
 * Source: https://www.sitemaps.org/protocol.html
 */
import { gunzipSync } from "node:zlib";
import type { GuardedFetch } from "./fetch-guard.ts";

const SITEMAP_BYTES_MAX = 10 * 1024 * 1024;
const SITEMAPS_MAX = 50;
const SITEMAP_DEPTH_MAX = 3;
/** The protocol's own bound: later addresses are not read, so that they do not hold the thread. */
const LOCATIONS_MAX = 50_000;
const HEAD_CHARS = 4_096;
const ADDRESS_CHARS_MAX = 2_200;

export type Sitemaps = {
  readonly pages: readonly string[];
  /** One could not be had just now, so its pages are not taken for gone. */
  readonly missed: boolean;
  /** Sitemaps that were not read, each with its reason. */
  readonly ignored: readonly { readonly sitemap: string; readonly reason: string }[];
};

/** The pages of sitemaps and of the sitemaps they list, at most `most`. A sitemap that does not exist (404) is passed over. */
export async function fetchSitemaps(
  fetch: GuardedFetch,
  sitemaps: readonly string[],
  most: number,
  signal?: AbortSignal,
): Promise<Sitemaps> {
  const pages = new Set<string>();
  const ignored: { sitemap: string; reason: string }[] = [];
  let missed = false;
  const seen = new Set<string>();
  let level = [...sitemaps];
  for (let depth = 0; depth < SITEMAP_DEPTH_MAX && level.length > 0; depth++) {
    const next: string[] = [];
    for (const sitemap of level) {
      if (seen.has(sitemap) || pages.size >= most) continue;
      if (seen.size >= SITEMAPS_MAX) {
        ignored.push({ sitemap, reason: `more than ${SITEMAPS_MAX} sitemaps are not read` });
        break;
      }
      seen.add(sitemap);
      const answer = await fetch(sitemap, { signal, accept: "application/xml", bodyBytesMax: SITEMAP_BYTES_MAX });
      if ("refused" in answer || answer.status !== 200) {
        if ("refused" in answer || answer.status >= 500) missed = true;
        if ("refused" in answer) ignored.push({ sitemap, reason: answer.refused });
        else if (answer.status !== 404) ignored.push({ sitemap, reason: `it answers ${answer.status}` });
        continue;
      }
      const read = readSitemap(answer.body);
      if ("refused" in read) ignored.push({ sitemap, reason: read.refused });
      else if (read.index) next.push(...read.locations);
      else for (const page of read.locations) if (pages.size < most) pages.add(page);
    }
    level = next;
  }
  return { pages: [...pages], missed, ignored };
}

/** By its content: an XML sitemap or a list of them, gzipped or not. A list of addresses in plain text is only one where it is expected. */
export function isSitemap(body: Uint8Array): boolean {
  const text = textOf(body.subarray(0, isGzip(body) ? body.length : HEAD_CHARS));
  return text !== null && rootOf(text) !== null;
}

type Locations = { readonly index: boolean; readonly locations: readonly string[] };

export function readSitemap(body: Uint8Array): Locations | { readonly refused: string } {
  const text = textOf(body);
  if (text === null) return { refused: "it cannot be unpacked, or is too large" };
  const root = rootOf(text);
  if (root !== null) return { index: root === "sitemapindex", locations: locationsOf(text) };
  if (text.trimStart().startsWith("<")) return { refused: "it is no sitemap" };
  const lines = text.split("\n").map((line) => line.trim());
  const addresses = lines.filter((line) => line.length <= ADDRESS_CHARS_MAX && /^https?:\/\//i.test(line));
  return addresses.length > 0 ? { index: false, locations: addresses } : { refused: "it lists no page" };
}

function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

function textOf(body: Uint8Array): string | null {
  if (!isGzip(body)) return new TextDecoder().decode(body);
  try {
    return new TextDecoder().decode(gunzipSync(body, { maxOutputLength: SITEMAP_BYTES_MAX }));
  } catch {
    return null;
  }
}

function rootOf(text: string): "urlset" | "sitemapindex" | null {
  const name = /<(?:[\w-]{1,40}:)?(urlset|sitemapindex)[\s>]/i.exec(text.slice(0, HEAD_CHARS))?.[1]?.toLowerCase();
  return name === "urlset" || name === "sitemapindex" ? name : null;
}

/** An address in a sitemap, plain or in CDATA. Repetitions are bounded or stop at a tag: each character is read a few times at most. */
const LOCATION =
  /<(?:[\w-]{1,40}:)?loc>([^<]{0,2200}|\s{0,100}<!\[CDATA\[[^\]]{0,2200}\]\]>\s{0,100})<\/(?:[\w-]{1,40}:)?loc>/gi;

/** Plain scanning: no parser, no entities but the five that XML knows. */
function locationsOf(xml: string): string[] {
  const found = xml.matchAll(LOCATION).take(LOCATIONS_MAX);
  return [...found].map((match) =>
    (match[1] ?? "")
      .trim()
      .replace(/^<!\[CDATA\[|\]\]>$/g, "")
      .trim()
      .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? ""),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
