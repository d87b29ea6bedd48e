/** Uploads from their order to their end: waiting, stopping, going on after a crash, and bounds. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { createMemoryHot } from "../../../src/hot/memory.ts";
import type { GuildId } from "../../../src/ids.ts";
import { createClaims } from "../../../src/jobs/claims.ts";
import { createImports, type Imports } from "../../../src/jobs/imports.ts";
import { createLogger } from "../../../src/logger.ts";
import type { Services } from "../../../src/services.ts";
import { createKnowledgeStore } from "../../support/knowledge-store.ts";
import { until } from "../../support/until.ts";

setDefaultTimeout(60_000);
const guild = "100000000000000001" as GuildId;
const logger = createLogger({ level: "silent", format: "json" });
const file = (name: string) => ({ name, bytes: new TextEncoder().encode(`# ${name}\n\nThe text of ${name}.`) });

let folder = "";
let knowledge: ReturnType<typeof createKnowledgeStore>;
const started: Imports[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-imports-"));
  knowledge = createKnowledgeStore();
});
afterEach(async () => {
  for (const imports of started.splice(0)) await imports.job.close?.();
  rmSync(folder, { recursive: true, force: true });
});

/** Imports as one process has them; processes that are given the same `hot` share their claims. */
function process(hot = createMemoryHot({ clock: systemClock })): Imports {
  const ports = { clock: systemClock, logger, hot, bus: { publish: async () => undefined } };
  const services = { ...ports, config: { dataDir: folder }, store: { knowledge } } as unknown as Services;
  const imports = createImports(services, createClaims(ports));
  started.push(imports);
  return imports;
}
const look = (imports: Imports) => imports.job.run(new AbortController().signal);
const waiting = () => readdirSync(join(folder, "uploads")).filter((name) => !name.startsWith("."));
const over = () => until(() => waiting().length === 0, 20_000);
const first = async () => (await knowledge.sources(guild))[0];

test("an order is shown as running while it waits, and runs in whichever process looks", async () => {
  const hot = createMemoryHot({ clock: systemClock });
  expect(await process(hot).order(guild, "Handbook", null, [file("a.md"), file("b.md")])).toBe("ordered");
  expect(await first()).toMatchObject({ name: "Handbook", state: "running", progress: { done: 0, total: 2 } });
  await look(process(hot));
  await over();
  expect(await first()).toMatchObject({ state: "idle", documents: 2 });
});

test("of two processes one imports an upload, and the other goes on with it when the first has ended", async () => {
  const hot = createMemoryHot({ clock: systemClock });
  const [one, other] = [process(hot), process(hot)];
  await one.order(
    guild,
    "Handbook",
    null,
    Array.from({ length: 60 }, (_, n) => file(`${n}.md`)),
  );
  await look(one);
  expect(one.running(guild, "Handbook")).toBe(true);
  await look(other);
  expect(other.running(guild, "Handbook")).toBe(false);
  await one.job.close?.();
  expect(waiting()).toHaveLength(1);
  await look(other);
  await over();
  expect((await first())?.documents).toBe(60);
});

test("one that waits is stopped: nobody takes it up until it goes on, and a new upload takes its place", async () => {
  const imports = process();
  await imports.order(guild, "Handbook", null, [file("a.md")]);
  expect(await imports.cancel(guild, "Handbook")).toBe(true);
  expect(await imports.cancel(guild, "Handbook")).toBe(false);
  await look(imports);
  expect(await first()).toMatchObject({ state: "idle", documents: 0, progress: { done: 0, total: 1 } });
  expect(waiting()).toHaveLength(1);

  expect(await imports.goOn(guild, "Handbook")).toBe(true);
  expect(await first()).toMatchObject({ state: "running" });
  await look(imports);
  await over();
  expect(await first()).toMatchObject({ state: "idle", documents: 1 });
  expect(await imports.goOn(guild, "Handbook")).toBe(false);

  await imports.order(guild, "Handbook", null, [file("b.md")]);
  await imports.cancel(guild, "Handbook");
  await imports.order(guild, "Handbook", null, [file("c.md")]);
  expect(waiting()).toHaveLength(1);
  await imports.cancel(guild, "Handbook");
  await imports.drop(guild, "Handbook");
  expect(waiting()).toEqual([]);
});

test("one that runs is stopped where it is and goes on from there, in whichever process, with its failures", async () => {
  const hot = createMemoryHot({ clock: systemClock });
  const [one, other] = [process(hot), process(hot)];
  const files = Array.from({ length: 80 }, (_, n) => file(`${String(n).padStart(2, "0")}.md`));
  const broken = { name: "00.pdf", bytes: new TextEncoder().encode("%PDF-1.4 nothing") };
  await one.order(guild, "Handbook", null, [broken, ...files]);
  await look(one);
  await until(async () => ((await first())?.documents ?? 0) > 3);
  await one.cancel(guild, "Handbook");
  await until(async () => (await first())?.state === "idle");
  const stopped = await first();
  const done = stopped?.progress.done ?? 0;
  expect(done).toBeLessThan(81);
  expect(stopped).toMatchObject({ documents: done - 1, progress: { total: 81, failures: [{ what: "00.pdf" }] } });

  await until(() => !one.running(guild, "Handbook"));
  const written: string[] = [];
  const { putDocument } = knowledge;
  knowledge.putDocument = (of, source, document) => {
    written.push(document.key);
    return putDocument(of, source, document);
  };
  expect(await other.goOn(guild, "Handbook")).toBe(true);
  await look(other);
  await over();
  expect(written).toHaveLength(81 - done);
  expect(await first()).toMatchObject({
    documents: 80,
    progress: { done: 81, total: 81, failures: [{ what: "00.pdf" }] },
  });
});

test("what was stopped goes away after a week, and before that when a server stops too much", async () => {
  const imports = process();
  for (let n = 0; n < 12; n++) {
    await imports.order(guild, `Part ${n}`, null, [file("a.md")]);
    await imports.cancel(guild, `Part ${n}`);
  }
  expect(waiting()).toHaveLength(10);
  const [id = ""] = waiting();
  const at = new Date(systemClock.now() - 8 * 24 * 3_600_000);
  utimesSync(join(folder, "uploads", id, "stopped"), at, at);
  await look(imports);
  expect(waiting()).toHaveLength(9);
});

test("a server has at most ten uploads waiting, and one for a source", async () => {
  const imports = process();
  for (let n = 0; n < 10; n++) expect(await imports.order(guild, `Part ${n}`, null, [file("a.md")])).toBe("ordered");
  expect(await imports.order(guild, "Part 3", null, [file("a.md")])).toBe("busy");
  expect(await imports.order(guild, "Part 11", null, [file("a.md")])).toBe("full");
  const other = "100000000000000002" as GuildId;
  expect(await imports.order(other, "Part 1", null, [file("a.md")])).toBe("ordered");
});

test("half an upload is never imported, and goes away when nobody can be writing it any more", async () => {
  const half = (name: string, hoursAgo: number) => {
    const path = join(folder, "uploads", name);
    mkdirSync(path, { recursive: true });
    const at = new Date(systemClock.now() - hoursAgo * 3_600_000);
    utimesSync(path, at, at);
    return path;
  };
  const [old, young] = [half(".old", 2), half(".young", 0)];
  await look(process());
  expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
});

test("an upload that was begun twice and never ended is failed with its reason, not begun again", async () => {
  const imports = process();
  await imports.order(guild, "Handbook", null, [file("a.md")]);
  const [id = ""] = waiting();
  // What two processes leave that were killed while they read it.
  writeFileSync(join(folder, "uploads", id, "begun"), "xx");
  await look(imports);
  await over();
  const source = await first();
  expect(source?.state).toBe("failed");
  expect(source?.progress.failures[0]?.reason).toContain("begun twice");
});

test("a server's second upload waits for its first, and another server's goes ahead", async () => {
  const imports = process();
  const other = "100000000000000777" as typeof guild;
  for (const name of ["One", "Two"]) await imports.order(guild, name, null, [file("a.md"), file("b.md")]);
  await imports.order(other, "Three", null, [file("c.md")]);
  await look(imports);
  const runs = (of: typeof guild) => ["One", "Two", "Three"].filter((name) => imports.running(of, name)).length;
  expect([runs(guild), runs(other)]).toEqual([1, 1]);
  await until(async () => {
    await look(imports);
    return waiting().length === 0;
  }, 60_000);
});
