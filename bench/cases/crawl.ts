/** A website of a few pages on loopback, read by the product's crawler: which pages became documents. */
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import type { GuildId } from "../../src/ids.ts";
import { crawlWebsite, createExtractor, saveWebsite } from "../../src/knowledge.ts";
import { createKnowledgeStore } from "../../test/support/knowledge-store.ts";
import type { CrawlCheck, Finding, Place } from "./check.ts";

const GUILD = "100000000000000001" as GuildId;
const FILLER =
  "The hub blinks twice when it has found the sensor, and once more when the first reading has come in. ".repeat(4);

export async function checkCrawl(place: Place, check: CrawlCheck): Promise<Finding> {
  let origin = "";
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const found = check.site[path];
    if (found === undefined) return response.writeHead(404).end("no");
    const { headers, body, gzip } = typeof found === "string" ? { headers: {}, body: found, gzip: false } : found;
    const text = body.replaceAll("ORIGIN", origin).replaceAll("FILLER", FILLER);
    response.writeHead(200, { "content-type": typeOf(path), ...headers }).end(gzip === true ? gzipSync(text) : text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  origin = `http://docs.example:${port}`;
  const extractor = createExtractor(place.clock);
  const store = createKnowledgeStore();
  const ports = {
    store,
    bus: { publish: async () => undefined },
    clock: { ...place.clock, sleep: async (_: number, signal?: AbortSignal) => signal?.throwIfAborted() },
    extractor,
    rules: { ports: [port], isPublic: () => true, resolve: async () => ["127.0.0.1"] },
  } as unknown as Parameters<typeof crawlWebsite>[1] & Parameters<typeof saveWebsite>[2];
  try {
    const saved = await saveWebsite(GUILD, { start: origin + (check.start ?? "/") }, ports);
    await crawlWebsite({ guild: GUILD, source: saved.id }, ports);
    const hashes = await store.hashes(GUILD, saved.id);
    const got = JSON.stringify([...hashes.keys()].map((key) => key.replace(origin, "")).sort());
    const want = JSON.stringify([...check.expect].sort());
    return { case: place.name, what: check.what, problem: got === want ? null : `got ${got}, want ${want}` };
  } finally {
    extractor.close();
    server.closeAllConnections();
    server.close();
  }
}

function typeOf(path: string): string {
  if (path.endsWith(".xml")) return "application/xml";
  return path.endsWith(".txt") ? "text/plain" : "text/html; charset=utf-8";
}
