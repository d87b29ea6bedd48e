import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { News } from "../../../../src/bus.ts";
import { systemClock } from "../../../../src/clock.ts";
import type { GuildId } from "../../../../src/ids.ts";
import { createExtractor, importFiles } from "../../../../src/knowledge.ts";
import { createKnowledgeStore, loadAll } from "../../../support/knowledge-store.ts";
import { zip } from "../../../support/zip.ts";

const guild = "100000000000000001" as GuildId;
const extractor = createExtractor(systemClock);
let root = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "gatehouse-import-"));
});
afterAll(async () => {
  extractor.close();
  await rm(root, { recursive: true });
});

test("a folder becomes documents with titles, links and passages; hidden files and links that lead out do not", async () => {
  const folder = await write("docs", {
    "alerts.md":
      "---\ntitle: Alerts\nurl: https://docs.example/alerts\nlanguage: en\n---\n# Alerts\n\n## Quiet hours\n\nNo alert between ten and six.",
    "guides/first-hub.md": "Put the hub on a shelf.",
    "page.html": "<html lang=tr><head><title>Sayfa</title></head><body><p>Işık yanar.</p></body></html>",
    "notes.txt": "Just a note about sensors.",
    ".secret.md": "# Secret",
    ".git/config.md": "# Config",
    "photo.png": "not read",
  });
  await writeFile(join(root, "outside.md"), "# Outside");
  await symlink(join(root, "outside.md"), join(folder, "link.md"));
  await symlink(folder, join(folder, "loop"));
  const world = setUp();
  const report = await world.run({ paths: [folder], baseUrl: "https://docs.example/v2" });
  expect(report).toMatchObject({ imported: 4, unchanged: 0, removed: 0, failures: [], cancelled: false });

  const { passages } = await loadAll(world.store, guild);
  expect(passages.map((p) => [p.title, p.url, p.language])).toEqual([
    ["Alerts", "https://docs.example/alerts#quiet-hours", "en"],
    ["First hub", "https://docs.example/v2/guides/first-hub", "und"],
    ["Notes", "https://docs.example/v2/notes.txt", "und"],
    ["Sayfa", "https://docs.example/v2/page", "tr"],
  ]);
});

test("a second run leaves what did not change, replaces what did, removes what is gone", async () => {
  const folder = await write("again", { "a.md": "# A\n\nFirst.", "b.md": "# B\n\nSame.", "c.md": "# C\n\nGone." });
  const world = setUp();
  expect(await world.run({ paths: [folder] })).toMatchObject({ imported: 3 });
  await writeFile(join(folder, "a.md"), "# A\n\nSecond.");
  await utimes(join(folder, "b.md"), 1, 1);
  await unlink(join(folder, "c.md"));
  expect(await world.run({ paths: [folder] })).toMatchObject({ imported: 1, unchanged: 1, removed: 1 });
  expect((await loadAll(world.store, guild)).passages.map((p) => p.text)).toEqual(["Second.", "Same."]);
  expect(await world.store.sources(guild)).toHaveLength(1);
  expect(await world.run({ paths: [folder] })).toMatchObject({ imported: 0, unchanged: 2, removed: 0 });
  expect(world.news.filter((n) => n.type === "knowledge-changed")).toHaveLength(2);
});

test("each failure is named with its reason, and what was known of the file stays", async () => {
  const folder = await write("failing", {
    "good.md": "# Good\n\nText.",
    "bad.pdf": "%PDF-1.4 nothing",
    "program.txt": "MZ\u0000\u0000",
  });
  const world = setUp();
  const report = await world.run({ paths: [folder] });
  expect(report.imported).toBe(1);
  expect(report.failures.map((f) => f.what)).toEqual(["bad.pdf", "program.txt"]);
  expect(report.failures[1]?.reason).toBe("the name says text, the content is a program");

  await writeFile(join(folder, "good.md"), "MZ now a program");
  expect(await world.run({ paths: [folder] })).toMatchObject({ imported: 0, removed: 0 });
  expect((await loadAll(world.store, guild)).passages.map((p) => p.text)).toEqual(["Text."]);
});

test("progress tells what is done and ends where it said it would", async () => {
  const folder = await write("progress", { "a.md": "# A\n\nText.", "b.md": "# B\n\nText." });
  const world = setUp();
  const seen: string[] = [];
  await world.run({ paths: [folder], onProgress: ({ done, total, what }) => seen.push(`${done}/${total} ${what}`) });
  expect(seen).toEqual(["1/2 a.md", "2/2 b.md"]);
  const [source] = await world.store.sources(guild);
  expect(source).toMatchObject({ state: "idle", documents: 2, progress: { done: 2, total: 2, failures: [] } });
});

test("a cancelled import keeps what is in and removes nothing; run again it goes on", async () => {
  const folder = await write("cancelled", { "a.md": "# A\n\nText.", "b.md": "# B\n\nText.", "c.md": "# C\n\nText." });
  const world = setUp();
  const stop = new AbortController();
  const first = await world.run({ paths: [folder], signal: stop.signal, onProgress: () => stop.abort() });
  expect(first).toMatchObject({ imported: 1, removed: 0, cancelled: true });
  expect(await world.run({ paths: [folder] })).toMatchObject({ imported: 2, unchanged: 1, cancelled: false });
});

test("a ZIP counts, links and fails by each of its files, and what is no document is told in one line", async () => {
  const folder = await write("zipped", {});
  const path = join(folder, "handbook.zip");
  await mkdir(folder, { recursive: true });
  const pages = { "guides/b.md": "# B\n\nText of B.", "a.md": "# A\n\nText of A.", "bad.pdf": "%PDF-1.4 nothing" };
  await writeFile(path, zip({ ...pages, "logo.png": "no", "inner.zip": "PK", "style.css": "a{}" }));
  await writeFile(join(folder, "z.md"), "# Z\n\nText of Z.");
  const world = setUp();
  const seen: string[] = [];
  const order = { paths: [path, join(folder, "z.md")], baseUrl: "https://docs.example", removeVanished: false };
  const report = await world.run({
    ...order,
    onProgress: ({ done, total, what }) => seen.push(`${done}/${total} ${what}`),
  });
  expect(seen).toEqual([
    "1/4 handbook.zip/a.md",
    "2/4 handbook.zip/bad.pdf",
    "3/4 handbook.zip/guides/b.md",
    "4/4 z.md",
  ]);
  expect(report.failures.map(({ what }) => what)).toEqual(["handbook.zip/bad.pdf", "handbook.zip"]);
  expect(report.failures[1]?.reason).toBe("3 of its files are of a kind that is not read here (.css, .png, .zip)");
  expect((await loadAll(world.store, guild)).passages.map((p) => [p.title, p.url])).toEqual([
    ["A", "https://docs.example/a"],
    ["B", "https://docs.example/guides/b"],
    ["Z", "https://docs.example/z"],
  ]);

  // The next ZIP of that name replaces it, and nothing else.
  await writeFile(path, zip({ "a.md": "# A\n\nText of A." }));
  expect(await world.run(order)).toMatchObject({ imported: 0, unchanged: 2, removed: 1 });
  await writeFile(path, "PK\u0003\u0004 cut");
  expect(await world.run({ paths: order.paths })).toMatchObject({ removed: 0, failures: [{ what: "handbook.zip" }] });
  expect((await loadAll(world.store, guild)).passages).toHaveLength(2);
});

test("an import that is stopped goes on where it was, in the middle of a ZIP too", async () => {
  const folder = await write("resumed", { "a.md": "# A\n\nText." });
  await writeFile(
    join(folder, "b.zip"),
    zip({
      "1.md": "# One\n\nText.",
      "2.pdf": "%PDF-1.4 nothing",
      "3.md": "# Three\n\nText.",
      "4.md": "# Four\n\nText.",
    }),
  );
  const world = setUp();
  const stop = new AbortController();
  await world.run({ paths: [folder], signal: stop.signal, onProgress: ({ done }) => done === 3 && stop.abort() });
  const stopped = (await world.store.sources(guild))[0]?.progress;
  expect(stopped).toMatchObject({ done: 3, total: 5, failures: [{ what: "b.zip/2.pdf" }], report: { read: 2 } });
  const seen: string[] = [];
  const report = await world.run({
    paths: [folder],
    goOn: true,
    onProgress: ({ done, total, what }) => seen.push(`${done}/${total} ${what}`),
  });
  expect(seen).toEqual(["4/5 b.zip/3.md", "5/5 b.zip/4.md"]);
  expect(report).toMatchObject({ imported: 2, removed: 0, failures: [{ what: "b.zip/2.pdf" }] });
  expect((await world.store.sources(guild))[0]).toMatchObject({ documents: 4, progress: { report: { read: 4 } } });
});

test("a path that is not there is refused before anything happens", async () => {
  const world = setUp();
  await expect(world.run({ paths: [join(root, "nowhere")] })).rejects.toThrow(/There is no file or folder/);
  expect(await world.store.sources(guild)).toEqual([]);
});

function setUp() {
  const store = createKnowledgeStore();
  const news: News[] = [];
  const bus = {
    async publish(item: News) {
      news.push(item);
    },
  };
  return {
    store,
    news,
    run: (order: Omit<Parameters<typeof importFiles>[0], "guild" | "name">) =>
      importFiles({ guild, name: "docs", ...order }, { store, bus, clock: systemClock, extractor }),
  };
}

async function write(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

test("an import ends with a report: what was read, what of pages was left out, three samples of what members would see", async () => {
  const menu = `<nav>${"Home Prices Blog ".repeat(30)}</nav>`;
  const page = (title: string) =>
    `<html><head><title>${title}</title></head><body>${menu}<main><h1>${title}</h1><p>${`${title} is explained here. `.repeat(12)}</p></main></body></html>`;
  const folder = await write("reported", {
    "a.html": page("Pumps"),
    "b.html": page("Valves"),
    "c.html": page("Tanks"),
    "d.html": page("Pipes"),
  });
  const world = setUp();
  await world.run({ paths: [folder] });
  const report = (await world.store.sources(guild))[0]?.progress.report;
  expect(report).toMatchObject({ read: 4, unchanged: 0, samples: { length: 3 } });
  expect(report?.leftOutChars).toBeGreaterThan(4 * 400);
  expect(report?.keptChars).toBeGreaterThan(4 * 200);
  expect(report?.samples[0]?.text).toContain("is explained here.");
  await world.run({ paths: [folder] });
  expect((await world.store.sources(guild))[0]?.progress.report).toMatchObject({ read: 4, unchanged: 4 });
});
