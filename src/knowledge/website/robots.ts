/** What a site asks of crawlers in its robots.txt (robots-parser). It is the site's text, so it is bounded. */
import robotsParser from "robots-parser";
import { type GuardedFetch, USER_AGENT } from "./fetch-guard.ts";

const ROBOTS_CHARS_MAX = 100_000;

/**
 * A rule with `*` costs its length times an address's, for each address: so few and so short ones are heard, and the rest of the
 * file is heard without them.
 */
const WILDCARD_RULES_MAX = 200;
const WILDCARD_RULE_CHARS_MAX = 200;
const LINE_CHARS_MAX = 2_200;

/** As robots-parser compares it: without a version. */
const OURS = (USER_AGENT.split("/")[0] ?? "").toLowerCase();

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
  const text = answer.status === 200 ? new TextDecoder().decode(answer.body) : "";
  return readRobots(address, text);
}

export function readRobots(address: string, text: string): Robots {
  const robots = robotsParser(address, bounded(text));
  const delaySeconds = robots.getCrawlDelay(USER_AGENT) ?? 0;
  return {
    allowed: (url) => robots.isAllowed(url, USER_AGENT) !== false,
    delayMs: Math.min(DELAY_MS_MAX, Math.max(DELAY_MS_MIN, delaySeconds * 1_000)),
    sitemaps: robots.getSitemaps(),
  };
}

/** The file as far as it is heard. A rule counts for each agent named above it, so agents that are not ours become one. */
function bounded(text: string): string {
  let wildcards = 0;
  let agents = new Set<string>();
  const heard: string[] = [];
  for (const line of text.slice(0, ROBOTS_CHARS_MAX).split(/\r\n|\r|\n/)) {
    if (line.length > LINE_CHARS_MAX) continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name === "user-agent") {
      const agent = agentOf(line.slice(colon + 1));
      if (!agents.has(agent)) heard.push(`user-agent: ${agent}`);
      agents.add(agent);
      continue;
    }
    if (name !== "") agents = new Set();
    if ((name === "allow" || name === "disallow") && line.includes("*")) {
      if (line.length > WILDCARD_RULE_CHARS_MAX || ++wildcards > WILDCARD_RULES_MAX) continue;
    }
    heard.push(line);
  }
  return heard.join("\n");
}

function agentOf(value: string): string {
  const agent = (value.split("#")[0] ?? "").split("/")[0]?.trim().toLowerCase() ?? "";
  return agent === "*" || agent === OURS ? agent : "another";
}
