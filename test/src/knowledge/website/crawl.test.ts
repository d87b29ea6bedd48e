import { afterAll, expect, test } from "bun:test";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { News } from "../../../../src/bus.ts";
import { type Clock, systemClock } from "../../../../src/clock.ts";
import { AppError } from "../../../../src/errors.ts";
import { createMemoryHot } from "../../../../src/hot/memory.ts";
import type { Hot } from "../../../../src/hot.ts";
import type { GuildId } from "../../../../src/ids.ts";
import { createClaims } from "../../../../src/jobs/claims.ts";
import { type Crawls, createCrawls } from "../../../../src/jobs/crawls.ts";
import type { GuardRules } from "../../../../src/knowledge/website/fetch-guard.ts";
import { crawlWebsite, createExtractor, saveWebsite, type WebsiteConfig } from "../../../../src/knowledge.ts";
import { createLogger } from "../../../../src/logger.ts";
import type { KnowledgeStore } from "../../../../src/store/ports/knowledge.ts";
import { createKnowledgeStore, loadAll } from "../../../support/knowledge-store.ts";
import { until } from "../../../support/until.ts";

const guild = "100000000000000001" as GuildId;
const extractor = createExtractor(systemClock);
afterAll(() => extractor.close());

const filler = "The hub blinks twice when it has found the sensor. ".repeat(6);
const page = (title: string, body: string, head = "") =>
  `<!doctype html><html lang="en"><head><title>${title}</title>${head}</head><body><nav><a href="#top">Top</a></nav><main><h1>${title}</h1><p>${filler}</p>${body}</main></body></html>`;

test("pages are followed inside the start's folder, once each, as robots.txt and the pages ask", async () => {
  await using site = await serve({
    "/robots.txt": "User-agent: *\nDisallow: /docs/private\n",
    "/docs/": page(
      "Docs",
      `<a href="a?utm_source=x#top">A</a> <a href="a">A</a> <a href="private/x">P</a> <a href="/blog/">B</a> <a href="https://elsewhere.example/">E</a> <a href="b.pdf.zip">Z</a> <a href="gone">G</a>`,
    ),
    "/docs/a": page("A", `<a href="deep/one">One</a>`, `<link rel="canonical" href="/docs/a-canonical">`),
    "/docs/deep/one": page("One", `<a href="two">Two</a>`),
    "/docs/deep/two": page("Two", "", `<meta name="robots" content="noindex">`),
    "/docs/private/x": page("Private", ""),
    "/blog/": page("Blog", ""),
  });
  const world = await setUp(site, { start: `${site.origin}/docs/` });
  const report = await world.crawl();
  expect(report).toMatchObject({ imported: 3, removed: 0, cancelled: false });
  expect(report.failures).toEqual([
    { what: `${site.origin}/docs/private/x`, reason: "its robots.txt asks not to read it" },
    { what: `${site.origin}/docs/gone`, reason: "it answers 404" },
  ]);
  expect(await world.keys()).toEqual(["/docs/", "/docs/a-canonical", "/docs/deep/one"]);
  expect(site.asked.filter((path) => path.startsWith("/docs/private") || path === "/blog/")).toEqual([]);
  expect(site.asked.filter((path) => path === "/docs/a")).toHaveLength(1);
  const { passages } = await loadAll(world.store, guild);
  expect(passages[0]).toMatchObject({ title: "Docs", url: `${site.origin}/docs/`, language: "en" });
});

test("a crawl again writes only what changed and removes what is gone; what cannot be had just now stays", async () => {
  const pages: Record<string, string | number> = {
    "/": page("Home", `<a href="/a">A</a><a href="/b">B</a><a href="/c">C</a>`),
    "/a": page("A", ""),
    "/b": page("B", ""),
    "/c": page("C", ""),
  };
  await using site = await serve(pages);
  const world = await setUp(site, { start: `${site.origin}/` });
  expect(await world.crawl()).toMatchObject({ imported: 4 });
  pages["/a"] = page("A", "<p>Something is new here.</p>");
  pages["/b"] = 404;
  pages["/c"] = 503;
  expect(await world.crawl()).toMatchObject({ imported: 1, unchanged: 1, removed: 1 });
  expect(await world.keys()).toEqual(["/", "/a", "/c"]);
});

test("a page that cannot be had just now takes nothing along that it links to; what the site says is gone goes", async () => {
  const pages: Record<string, string | number> = {
    "/": page("Home", `<a href="/a">A</a><a href="/b">B</a>`),
    "/a": page("A", `<a href="/a/1">One</a>`),
    "/a/1": page("One", ""),
    "/b": page("B", ""),
  };
  await using site = await serve(pages);
  const world = await setUp(site, { start: `${site.origin}/` });
  await world.crawl();
  Object.assign(pages, { "/a": 503, "/b": 410 });
  expect(await world.crawl()).toMatchObject({ imported: 0, removed: 1 });
  expect(await world.keys()).toEqual(["/", "/a", "/a/1"]);
  for (const away of [{ "/": 503 }, { "/": page("Home", ""), "/sitemap.xml": 500 }]) {
    Object.assign(pages, away);
    expect(await world.crawl()).toMatchObject({ removed: 0 });
  }
  Object.assign(pages, { "/": page("Home", `<a href="/a">A</a>`), "/a": page("A", ""), "/sitemap.xml": 403 });
  expect(await world.crawl()).toMatchObject({ removed: 1 });
  expect(await world.keys()).toEqual(["/", "/a"]);
});

test("a start that redirects within its site is followed for good, its new host asked for its robots.txt first", async () => {
  await using site = await serve({
    "docs.example/": { to: "http://www.docs.example:PORT/en/" },
    "docs.example/robots.txt": "",
    "www.docs.example/robots.txt": "User-agent: *\nDisallow: /en/private\n",
    "www.docs.example/en/": page("Home", `<a href="a">A</a><a href="private">P</a><a href="/fr/">F</a>`),
    "www.docs.example/en/a": page("A", ""),
    "www.docs.example/en/private": page("P", ""),
    "www.docs.example/fr/": page("F", ""),
  });
  const world = await setUp(site, { start: `${site.origin}/` });
  const there = site.origin.replace("docs.", "www.docs.");
  expect(await world.crawl()).toMatchObject({ imported: 2, failures: [{ what: `${there}/en/private` }] });
  expect((await world.store.sources(guild))[0]?.config).toMatchObject({ start: `${there}/en/`, job: null });
  expect(await world.crawl()).toMatchObject({ imported: 0, unchanged: 2, removed: 0 });
  expect(site.asked.filter((path) => path === "/")).toHaveLength(1);
});

test("a start that redirects to another site is not followed, and takes nothing along that is known", async () => {
  const pages: Record<string, Answer> = { "/": page("Home", `<a href="/a">A</a>`), "/a": page("A", "") };
  await using site = await serve(pages);
  const world = await setUp(site, { start: `${site.origin}/` });
  await world.crawl();
  pages["docs.example/"] = { to: "http://parked.example:PORT/" };
  const report = await world.crawl();
  expect(report).toMatchObject({ imported: 0, removed: 0 });
  expect(report.failures).toEqual([{ what: `${site.origin}/`, reason: "it redirects to another site or folder" }]);
  expect(await world.keys()).toEqual(["/", "/a"]);
  expect(site.asked).not.toContain("/parked");
});

test("a sitemap stands for its pages, sitemaps in it are read, one that lists itself ends", async () => {
  await using site = await serve({
    "/sitemap.xml": (origin) =>
      `<sitemapindex><sitemap><loc>${origin}/sitemap.xml</loc></sitemap><sitemap><loc>${origin}/docs.xml</loc></sitemap><sitemap><loc>http://169.254.169.254/x.xml</loc></sitemap></sitemapindex>`,
    "/docs.xml": (origin) =>
      `<urlset><url><loc>${origin}/one?a=1&amp;b=2</loc></url><url><loc> ${origin}/two </loc></url><url><loc>http://127.0.0.1:6379/</loc></url></urlset>`,
    "/one?a=1&b=2": page("One", ""),
    "/two": page("Two", ""),
  });
  const world = await setUp(site, { start: `${site.origin}/sitemap.xml` });
  // What is not read is said.
  expect(await world.crawl()).toMatchObject({ imported: 2, failures: [{ what: "http://169.254.169.254/x.xml" }] });
});

test("a sitemap made to be slow to read is read at once, and its pages are found", async () => {
  await using site = await serve({
    "/sitemap.xml": (origin) =>
      `<urlset><url><loc>${" ".repeat(200_000)}x</url>${"<loc>".repeat(50_000)}<loc>\n<![CDATA[ ${origin}/one ]]>\n</loc></url></urlset>`,
    "/one": page("One", ""),
  });
  const world = await setUp(site, { start: `${site.origin}/sitemap.xml` });
  expect(await world.crawl()).toMatchObject({ imported: 1, failures: [] });
});

test("a page that turns into what cannot be read keeps what was known of it", async () => {
  const pages: Record<string, string> = { "/": page("Home", `<a href="/a">A</a>`), "/a": page("A", "") };
  await using site = await serve(pages);
  const world = await setUp(site, { start: `${site.origin}/` });
  await world.crawl();
  pages["/a"] = "%PDF-1.4 broken";
  expect(await world.crawl()).toMatchObject({ removed: 0, failures: [{ what: `${site.origin}/a` }] });
  expect(await world.keys()).toEqual(["/", "/a"]);
});

test("depth and page limits hold", async () => {
  await using site = await serve({
    "/": page("0", `<a href="/1">1</a>`),
    "/1": page("1", `<a href="/2">2</a>`),
    "/2": page("2", `<a href="/3">3</a>`),
    "/3": page("3", ""),
  });
  const shallow = await setUp(site, { start: `${site.origin}/`, depthMax: 1 });
  expect(await shallow.crawl()).toMatchObject({ imported: 2 });
  const few = await setUp(site, { start: `${site.origin}/`, pagesMax: 3 });
  expect(await few.crawl()).toMatchObject({ imported: 3 });
});

test("a crawl that was stopped goes on where it was", async () => {
  await using site = await serve({
    "/": page("0", `<a href="/1">1</a><a href="/2">2</a>`),
    "/1": page("1", ""),
    "/2": page("2", ""),
  });
  const world = await setUp(site, { start: `${site.origin}/` });
  const stop = new AbortController();
  const first = await world.crawl({
    signal: stop.signal,
    onProgress: ({ done }) => done === 2 && stop.abort(new Error("stopped")),
  });
  expect(first).toMatchObject({ imported: 2, cancelled: true, removed: 0 });
  expect((await world.store.sources(guild))[0]).toMatchObject({ state: "idle", progress: { done: 2, total: 3 } });
  const before = site.asked.length;
  const told: string[] = [];
  const onProgress = ({ done, total }: { done: number; total: number }) => told.push(`${done}/${total}`);
  expect(await world.crawl({ onProgress })).toMatchObject({ imported: 3, cancelled: false, removed: 0 });
  expect(told).toEqual(["3/3"]);
  expect((await world.store.sources(guild))[0]?.progress.report?.read).toBe(3);
  expect(site.asked.slice(before)).toEqual(["/robots.txt", "/2"]);
  expect(await world.keys()).toEqual(["/", "/1", "/2"]);
});

test("progress ends at all it said, also where pages redirect or call themselves something else", async () => {
  await using site = await serve({
    "/": page("0", `<a href="/old">1</a><a href="/a">2</a><a href="/b">3</a>`),
    "/old": { to: "http://docs.example:PORT/new" },
    "/new": page("New", ""),
    "/a": page("A", "", `<link rel="canonical" href="/a-canonical">`),
    "/b": 503,
  });
  const world = await setUp(site, { start: `${site.origin}/` });
  const told: string[] = [];
  await world.crawl({ onProgress: ({ done, total }) => told.push(`${done}/${total}`) });
  expect(told).toEqual(["1/4", "2/4", "3/4", "4/4"]);
});

test("one page is read again by itself: changed, failing or gone, and nothing else of the website changes", async () => {
  const pages: Record<string, Answer> = {
    "/": page("Home", `<a href="/a">A</a><a href="/b">B</a>`),
    "/a": page("A", `<a href="/c">C</a>`),
    "/b": 503,
    "/c": page("C", ""),
  };
  await using site = await serve(pages);
  const world = await setUp(site, { start: `${site.origin}/` });
  await world.crawl();
  const before = (await world.store.sources(guild))[0];
  const jobs = world.crawls();
  const readAgain = async (path: string) => {
    const from = site.asked.length;
    expect(await jobs.order(guild, world.source, `${site.origin}${path}`)).toBe(true);
    expect((await world.store.sources(guild))[0]?.state).toBe("running");
    await look(jobs);
    await until(async () => (await world.store.sources(guild))[0]?.state === "idle" && jobs.running().length === 0);
    return site.asked.slice(from);
  };
  Object.assign(pages, { "/a": page("A", `<p>News.</p><a href="/d">D</a>`), "/b": page("B", ""), "/d": page("D", "") });
  expect(await readAgain("/a")).toEqual(["/robots.txt", "/a"]);
  const after = (await world.store.sources(guild))[0];
  expect(after?.config).toEqual({ ...(before?.config as object), again: null });
  expect(after?.progress).toEqual(before?.progress);
  expect((await loadAll(world.store, guild)).passages.some(({ text }) => text.includes("News."))).toBe(true);

  await readAgain("/b");
  expect((await world.store.sources(guild))[0]?.progress.failures).toEqual([]);
  expect(await world.keys()).toEqual(["/", "/a", "/b", "/c"]);

  pages["/c"] = 404;
  await readAgain("/c");
  expect(await world.keys()).toEqual(["/", "/a", "/b"]);
  expect((await world.store.sources(guild))[0]?.progress.failures).toEqual([
    { what: `${site.origin}/c`, reason: "it answers 404" },
  ]);
  await jobs.job.close?.();
});

test("a website that is removed while it is read stays removed, whoever reads it", async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  await using site = await serve({ "/": page("0", `<a href="/1">1</a>`), "/1": page("1", "") }, gate);
  const world = await setUp(site, { start: `${site.origin}/` });
  const here = new AbortController();
  const crawls = [world.crawl({ signal: here.signal }), world.crawl()];
  await until(() => site.asked.filter((path) => path === "/").length === 2);
  here.abort();
  await world.store.removeSource(guild, world.source);
  open();
  for (const report of await Promise.all(crawls)) expect(report).toMatchObject({ imported: 0, cancelled: true });
  expect(await world.store.sources(guild)).toEqual([]);
  expect((await loadAll(world.store, guild)).passages).toEqual([]);
});

test("it waits between pages as robots.txt asks, and a moment where it asks nothing", async () => {
  for (const [robots, waitMs] of [
    ["User-agent: *\nCrawl-delay: 4\n", 4_000],
    ["User-agent: *\nDisallow:\n", 200],
  ] as const) {
    await using site = await serve({
      "/robots.txt": robots,
      "/": page("0", `<a href="/1">1</a><a href="/2">2</a>`),
      "/1": page("1", ""),
      "/2": page("2", ""),
    });
    const world = await setUp(site, { start: `${site.origin}/` });
    await world.crawl();
    expect(world.waitsMs).toEqual([waitMs, waitMs]);
  }
});

test("a site whose robots.txt fails is left alone, and the source says why", async () => {
  await using site = await serve({ "/robots.txt": 500, "/": page("Home", "") });
  const world = await setUp(site, { start: `${site.origin}/` });
  await expect(world.crawl()).rejects.toThrow(/robots\.txt answers 500/);
  const [source] = await world.store.sources(guild);
  expect(source).toMatchObject({ state: "failed", documents: 0 });
});

test("an address the guard refuses is refused when it is saved", async () => {
  const store = createKnowledgeStore();
  await expect(saveWebsite(guild, { start: "http://localhost:3000/" }, { store })).rejects.toThrow(/is not crawled/);
  await expect(saveWebsite(guild, { start: "http://169.254.169.254/" }, { store })).rejects.toThrow(/not public/);
});

test("jobs run in the background, can be stopped, and a process's end leaves them to the next one", async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  await using site = await serve({ "/": page("0", `<a href="/1">1</a>`), "/1": page("1", "") }, gate);
  const world = await setUp(site, { start: `${site.origin}/` });
  const jobs = world.crawls();
  expect(await jobs.order(guild, world.source)).toBe(true);
  expect(await jobs.order(guild, world.source)).toBe(false);
  await look(jobs);
  await until(() => site.asked.includes("/"));
  await jobs.job.close?.();
  const [left] = await world.store.sources(guild);
  expect(left?.state).toBe("running");

  open();
  const next = world.crawls();
  await look(next);
  await until(async () => (await world.store.sources(guild))[0]?.state === "idle");
  expect(await world.keys()).toEqual(["/", "/1"]);
  await until(() => next.running().length === 0);
  expect(await next.cancel(guild, world.source)).toBe(false);
  await next.job.close?.();
});

test("of two processes one crawls a website, and the other goes on with it when the first is gone", async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  await using site = await serve({ "/": page("0", `<a href="/1">1</a>`), "/1": page("1", "") }, gate);
  const world = await setUp(site, { start: `${site.origin}/` });
  let laterMs = 0;
  const hot = createMemoryHot({ clock: { ...systemClock, now: () => systemClock.now() + laterMs } });
  // Its timers never fire: it is as good as gone once it has begun.
  const first = world.crawls(hot, "gone");
  await first.order(guild, world.source);
  await look(first);
  await until(() => site.asked.includes("/"));

  const second = world.crawls(hot);
  await look(second);
  await until(() => second.running().length === 0);
  expect(site.asked.filter((path) => path === "/robots.txt")).toHaveLength(1);

  laterMs += 60_000;
  await look(second);
  await until(() => site.asked.filter((path) => path === "/robots.txt").length === 2);
  expect(second.running()).toEqual([{ guild, source: world.source }]);
  open();
  await until(() => second.running().length === 0);
  await Promise.all([first.job.close?.(), second.job.close?.()]);
});

test("a crawl that is over can be taken by any process at once, also where claims cannot be had", async () => {
  await using site = await serve({ "/": page("0", "") });
  const world = await setUp(site, { start: `${site.origin}/` });
  // What is given back is free a millisecond later: here every look at the clock takes one.
  let now = 0;
  const hot = createMemoryHot({ clock: { ...systemClock, now: () => ++now } });
  const away: Pick<Hot, "claim"> = {
    claim: () => Promise.reject(new AppError("unavailable", "Redis cannot be reached")),
  };
  for (const shared of [hot, hot, away]) {
    const before = site.asked.length;
    const jobs = world.crawls(shared);
    await jobs.order(guild, world.source);
    await look(jobs);
    await until(() => jobs.running().length === 0);
    expect(site.asked.length).toBeGreaterThan(before);
    await jobs.job.close?.();
  }
});

test("a crawl that was begun twice and never ended is failed with its reason, and may be started again", async () => {
  await using site = await serve({ "/": page("0", `<a href="/1">1</a>`), "/1": page("1", "") });
  const world = await setUp(site, { start: `${site.origin}/` });
  // A process that is killed writes nothing more.
  const killedMidway = async () => {
    const killed = new AbortController();
    const order = { onProgress: () => killed.abort(new Error("killed")), signal: killed.signal };
    const saveSource: KnowledgeStore["saveSource"] = async (of, source) => {
      if (killed.signal.aborted) throw new Error("killed");
      return await world.store.saveSource(of, source);
    };
    const begun = world.crawl(order, { ...world.store, saveSource });
    await expect(begun).rejects.toThrow("killed");
    const [left] = await world.store.sources(guild);
    await world.store.setProgress(
      guild,
      world.source,
      "running",
      left?.progress ?? { done: 0, total: 0, failures: [] },
    );
  };
  await killedMidway();
  await killedMidway();
  const asked = site.asked.length;
  await expect(world.crawl()).rejects.toThrow("begun twice");
  expect(site.asked.length).toBe(asked);
  const [failed] = await world.store.sources(guild);
  expect([failed?.state, failed?.progress.failures.at(-1)?.reason]).toEqual([
    "failed",
    expect.stringContaining("begun twice"),
  ]);
  expect(await world.store.websitesDue(10)).toEqual([]);
  expect((await world.crawl()).cancelled).toBe(false);
  expect(await world.keys()).toEqual(["/", "/1"]);
});

test("a crawl that is stopped in order was no attempt, however often", async () => {
  await using site = await serve({ "/": page("0", `<a href="/1">1</a>`), "/1": page("1", "") });
  const world = await setUp(site, { start: `${site.origin}/` });
  for (let n = 0; n < 4; n++) {
    const stop = AbortSignal.abort(new Error("the process ends"));
    expect((await world.crawl({ signal: stop, leaveRunning: () => true })).cancelled).toBe(true);
  }
  expect((await world.crawl()).imported).toBe(2);
});

const look = (crawls: Crawls) => crawls.job.run(new AbortController().signal);

type Answer = string | number | ((origin: string) => string) | { readonly to: string };

async function serve(pages: Readonly<Record<string, Answer>>, gate: Promise<void> = Promise.resolve()) {
  const asked: string[] = [];
  let origin = "";
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    asked.push(path);
    const found = pages[`${request.headers.host?.replace(/:.*/, "")}${path}`] ?? pages[path] ?? 404;
    void (path === "/" ? gate : Promise.resolve()).then(() => {
      if (typeof found === "number") return response.writeHead(found).end("no");
      if (typeof found === "object") {
        return response.writeHead(301, { location: found.to.replace("PORT", `${request.socket.localPort}`) }).end();
      }
      const body = typeof found === "function" ? found(origin) : found;
      const type = /\.xml$/.test(path)
        ? "application/xml"
        : path === "/robots.txt"
          ? "text/plain"
          : "text/html; charset=utf-8";
      return response.writeHead(200, { "content-type": type }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  origin = `http://docs.example:${port}`;
  const rules: GuardRules = { ports: [port], isPublic: () => true, resolve: async () => ["127.0.0.1"] };
  return {
    origin,
    rules,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function setUp(
  site: { readonly origin: string; readonly rules: GuardRules },
  website: { readonly start: string } & Partial<Pick<WebsiteConfig, "depthMax" | "pagesMax">>,
) {
  const store = createKnowledgeStore();
  const bus = { publish: async (_: News) => undefined };
  // Politeness is for guests; the fixture is at home.
  const waitsMs: number[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep: async (ms, signal) => {
      waitsMs.push(ms);
      signal?.throwIfAborted();
    },
  };
  const ports = { store, bus, clock, extractor, rules: site.rules };
  const { id: source } = await saveWebsite(guild, website, ports);
  return {
    store,
    source,
    waitsMs,
    crawl: (order: Partial<Parameters<typeof crawlWebsite>[0]> = {}, by: KnowledgeStore = store) =>
      crawlWebsite({ guild, source, ...order }, { ...ports, store: by }),
    /** Crawls as one process has them; those of a process that is "gone" renew nothing. */
    crawls: (hot: Pick<Hot, "claim"> = createMemoryHot({ clock }), process: "here" | "gone" = "here") => {
      const logger = createLogger({ level: "silent", format: "json" });
      const still: Clock = { ...clock, after: () => ({ cancel: () => undefined }) };
      const its = { ...ports, clock: process === "gone" ? still : clock, hot, logger };
      return createCrawls(its, createClaims(its));
    },
    keys: async () =>
      [...(await store.hashes(guild, source)).keys()].map((key) => key.slice(site.origin.length)).sort(),
  };
}
