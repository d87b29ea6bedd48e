import { expect, test } from "bun:test";
import type { Bus, News } from "../../../../src/bus.ts";
import { systemClock } from "../../../../src/clock.ts";
import { AppError } from "../../../../src/errors.ts";
import type { GuildId } from "../../../../src/ids.ts";
import { createKnowledge } from "../../../../src/knowledge/search/service.ts";
import type { PassageRow } from "../../../../src/knowledge.ts";
import { createLogger } from "../../../../src/logger.ts";

const one = "100000000000000001" as GuildId;
const two = "100000000000000002" as GuildId;

test("a guild's passages are loaded once for many questions, and never another guild's", async () => {
  const world = setUp({ [one]: ["The canary of one sings."], [two]: ["The canary of two is silent."] });
  const [a, b, c] = await Promise.all([
    world.knowledge.retrieve(one, "canary", 5),
    world.knowledge.retrieve(one, "canary sings", 5),
    world.knowledge.retrieve(two, "canary sings", 5),
  ]);
  expect(texts(a)).toEqual(["The canary of one sings."]);
  expect(texts(b)).toEqual(["The canary of one sings."]);
  expect(texts(c)).toEqual(["The canary of two is silent."]);
  expect(world.loads).toEqual([one, two]);
  expect(world.knowledge.stats()).toMatchObject({ guilds: 2, hits: 0, misses: 3 });
});

test("an index that is held is waited for with no timer", async () => {
  const world = setUp({ [one]: ["Battery text."] });
  await world.knowledge.retrieve(one, "battery", 5);
  const before = world.timers();
  expect(texts(await world.knowledge.retrieve(one, "battery", 5))).toEqual(["Battery text."]);
  expect(world.timers()).toBe(before);
});

test("news of a change brings the new passages, and the old ones serve until then", async () => {
  const world = setUp({ [one]: ["Old battery text."] });
  await world.knowledge.retrieve(one, "battery", 5);
  const gate = world.hold();
  world.put(one, ["New battery text."]);
  world.publish({ type: "knowledge-changed", guild: one });
  expect(texts(await world.knowledge.retrieve(one, "battery", 5))).toEqual(["Old battery text."]);
  gate.open();
  await until(async () => texts(await world.knowledge.retrieve(one, "battery", 5))[0] === "New battery text.");
});

test("a change that comes while the index is being built is not missed", async () => {
  const world = setUp({ [one]: ["First battery text."] });
  await world.knowledge.retrieve(one, "battery", 5);
  const gate = world.hold();
  world.put(one, ["Second battery text."]);
  world.publish({ type: "knowledge-changed", guild: one });
  gate.open();
  world.put(one, ["Third battery text."]);
  world.publish({ type: "knowledge-changed", guild: one });
  await until(async () => texts(await world.knowledge.retrieve(one, "battery", 5))[0] === "Third battery text.");
});

test("of a base that changed only the documents that did are read", async () => {
  const world = setUp({ [one]: ["Old battery text.", "A hub text.", "A router text."] });
  await world.knowledge.retrieve(one, "battery", 5);
  expect(world.read).toEqual(["0", "1", "2"]);
  world.put(one, ["New battery text.", "A hub text."]);
  world.publish({ type: "knowledge-changed", guild: one });
  await until(async () => texts(await world.knowledge.retrieve(one, "battery", 5))[0] === "New battery text.");
  expect(world.read).toEqual(["0", "1", "2", "0"]);
  expect(texts(await world.knowledge.retrieve(one, "router", 5))).toEqual([]);
});

test("a change whose news was lost is noticed by the version", async () => {
  const world = setUp({ [one]: ["Old battery text."] });
  await world.knowledge.retrieve(one, "battery", 5);
  world.put(one, ["New battery text."]);
  world.forwardMs(31_000);
  await until(async () => texts(await world.knowledge.retrieve(one, "battery", 5))[0] === "New battery text.");
});

test("a version that is read with something else is believed as one that was asked for, and another one is loaded", async () => {
  const { knowledge, loads, checked, forwardMs } = setUp({ [one]: ["The hub is white."] });
  await knowledge.retrieve(one, "hub", 3);
  for (let n = 0; n < 2; n++) {
    forwardMs(20_000);
    knowledge.versionComes(one, Promise.resolve(0));
    await knowledge.retrieve(one, "hub", 3);
  }
  expect(checked).toEqual([]);
  forwardMs(30_000);
  await knowledge.retrieve(one, "hub", 3);
  expect(checked).toEqual([one]);
  knowledge.versionComes(two, Promise.resolve(2));
  knowledge.versionComes(one, Promise.resolve(null));
  await Promise.resolve();
  expect(loads).toEqual([one]);
  knowledge.versionComes(one, Promise.resolve(2));
  await until(async () => loads.length === 2);
});

test("the bound in bytes holds, the least recently asked leave first", async () => {
  const guilds = Array.from({ length: 8 }, (_, i) => `20000000000000000${i}` as GuildId);
  const world = setUp(Object.fromEntries(guilds.map((g) => [g, ["word ".repeat(150)]])), 3_000);
  for (const guild of guilds) {
    await world.knowledge.retrieve(guild, "word", 1);
    expect(world.knowledge.stats().bytes).toBeLessThanOrEqual(3_000);
  }
  const before = world.loads.length;
  await world.knowledge.retrieve(guilds.at(-1) as GuildId, "word", 1);
  expect(world.loads.length).toBe(before);
  await world.knowledge.retrieve(guilds[0] as GuildId, "word", 1);
  expect(world.loads.length).toBe(before + 1);
});

test("a store that fails fails the question, and the next one tries again", async () => {
  const world = setUp({ [one]: ["Battery text."] });
  world.failNext();
  await expect(world.knowledge.retrieve(one, "battery", 5)).rejects.toThrow("store is down");
  expect(texts(await world.knowledge.retrieve(one, "battery", 5))).toEqual(["Battery text."]);
});

test("whether a guild has passages is said without loading them", async () => {
  const world = setUp({ [one]: [], [two]: ["Battery text."] });
  expect(await world.knowledge.empty(one)).toBe(true);
  expect(await world.knowledge.empty(two)).toBe(false);
  expect(world.loads).toEqual([]);
  await world.knowledge.retrieve(one, "battery", 5);
  expect(await world.knowledge.empty(one)).toBe(true);
});

test("a knowledge base that takes long to load is said to be loading, and is loaded once for all who ask", async () => {
  const world = setUp({ [one]: ["Battery text."] });
  const gate = world.hold();
  world.hurry();
  expect(await world.knowledge.retrieve(one, "battery", 5)).toEqual({ passages: [], answerable: 0, loading: true });
  expect(await world.knowledge.retrieve(one, "battery", 5)).toMatchObject({ loading: true });
  gate.open();
  await until(async () => texts(await world.knowledge.retrieve(one, "battery", 5))[0] === "Battery text.");
  expect(world.loads).toEqual([one]);
});

test("a load that was too slow is not repeated by every question: it is tried again later, and later each time", async () => {
  const world = setUp({ [one]: ["Battery text."], [two]: ["Another's battery."] });
  world.failNext(new AppError("timeout", "too slow"));
  const ask = () => world.knowledge.retrieve(one, "battery", 5);
  expect(await ask()).toEqual({ passages: [], answerable: 0, loading: true });
  for (let n = 0; n < 5; n++) expect(await ask()).toMatchObject({ loading: true });
  expect(texts(await world.knowledge.retrieve(two, "battery", 5))).toEqual(["Another's battery."]);
  expect(world.loads).toEqual([one, two]);
  world.forwardMs(5_001);
  world.failNext(new AppError("timeout", "too slow"));
  expect(await ask()).toMatchObject({ loading: true });
  world.forwardMs(5_001);
  expect(await ask()).toMatchObject({ loading: true });
  expect(world.loads).toEqual([one, two, one]);
  world.forwardMs(5_001);
  expect(texts(await ask())).toEqual(["Battery text."]);
});

test("a question waits for an index no longer than its deadline allows", async () => {
  const world = setUp({ [one]: ["Battery text."] });
  world.hold();
  const found = await world.knowledge.retrieve(one, "battery", 5, systemClock.now() + 100);
  expect(found).toMatchObject({ loading: true });
});

test("garbage is collected before and after a large index is made, and never for a small one", async () => {
  const many = Array.from({ length: 5_001 }, (_, i) => `Battery number ${i}.`);
  const world = setUp({ [one]: many, [two]: ["A battery."] });
  await world.knowledge.retrieve(two, "battery", 5);
  expect(world.collected()).toBe(0);
  await world.knowledge.retrieve(one, "battery", 5);
  expect(world.collected()).toBe(2);
  world.put(one, ["A router.", ...many.slice(1)]);
  world.publish({ type: "knowledge-changed", guild: one });
  await until(async () => texts(await world.knowledge.retrieve(one, "router", 5))[0] === "A router.");
  expect(world.collected()).toBe(4);
});

function texts(retrieval: { readonly passages: readonly { readonly passage: PassageRow }[] }): string[] {
  return retrieval.passages.map(({ passage }) => passage.text);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it never came to hold");
}

function setUp(content: Record<string, readonly string[]>, bytesMax = 50_000_000) {
  const texts = new Map(Object.entries(content));
  const versions = new Map<string, number>();
  const listeners = new Set<(news: News) => void>();
  const loads: string[] = [];
  const read: string[] = [];
  const checked: string[] = [];
  let gate: Promise<void> = Promise.resolve();
  let fail: Error | null = null;
  let aheadMs = 0;
  let hurried = false;
  let collected = 0;
  let timers = 0;
  const bus: Pick<Bus, "subscribe"> = {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const knowledge = createKnowledge({
    bus,
    bytesMax,
    collect: () => void collected++,
    clock: {
      ...systemClock,
      now: () => systemClock.now() + aheadMs,
      after(ms, run) {
        timers++;
        return systemClock.after(hurried ? 0 : ms, run);
      },
    },
    logger: createLogger({ level: "silent", format: "json" }),
    store: {
      async marks(guild) {
        loads.push(guild);
        await gate;
        const failure = fail;
        fail = null;
        if (failure !== null) throw failure;
        const marks = new Map((texts.get(guild) ?? []).map((text, i) => [`${i}`, text]));
        return { version: versions.get(guild) ?? 0, marks };
      },
      async *read(guild, documents) {
        read.push(...documents);
        yield (texts.get(guild) ?? []).map(row).filter(({ document }) => documents.includes(document));
      },
      async version(guild) {
        checked.push(guild);
        return versions.get(guild) ?? 0;
      },
      sources: async (guild) => [{ passages: (texts.get(guild) ?? []).length }] as never,
    },
  });
  return {
    knowledge,
    loads,
    /** Documents whose passages were read. */
    read,
    /** Guilds whose version was asked for. */
    checked,
    collected: () => collected,
    timers: () => timers,
    publish: (news: News) => {
      for (const listener of listeners) listener(news);
    },
    put(guild: GuildId, rows: readonly string[]) {
      texts.set(guild, rows);
      versions.set(guild, (versions.get(guild) ?? 0) + 1);
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return { open: resolve };
    },
    /** Time that is waited for passes at once. */
    hurry() {
      hurried = true;
    },
    failNext(error = new Error("store is down")) {
      fail = error;
    },
    forwardMs(ms: number) {
      aheadMs += ms;
    },
  };
}

function row(text: string, position: number): PassageRow {
  return {
    id: `${position}`,
    document: `${position}`,
    source: "s",
    kind: "text",
    title: "",
    headings: [],
    url: null,
    language: "en",
    text,
    position,
  };
}
