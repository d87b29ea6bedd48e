/** What a site asks of crawlers in its robots.txt (robots-parser). It is the site's text, so it is bounded. */
import robotsParser from "robots-parser";
import { type GuardedFetch, USER_AGENT } from "./fetch-guard.ts";

const ROBOTS_CHARS_MAX = 100_000;

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
