import { afterEach, expect, test } from "bun:test";
import { type EmbeddingStandIn, startEmbeddings } from "../../../bench/simulator/embeddings.ts";
import type { Clock } from "../../../src/clock.ts";
import { systemClock } from "../../../src/clock.ts";
import { AppError } from "../../../src/errors.ts";
import { createMemoryHot } from "../../../src/hot/memory.ts";
import type { GuildId } from "../../../src/ids.ts";
import type { PassageRow } from "../../../src/knowledge.ts";
import { createLogger } from "../../../src/logger.ts";
import { createMeanings } from "../../../src/meanings/bases.ts";
import { createEmbedder } from "../../../src/meanings/endpoint.ts";
import type { Embedder } from "../../../src/meanings.ts";
import type { MeaningRow, MeaningsStore } from "../../../src/store/ports/meanings.ts";
import { passage } from "../../support/build.ts";
import { until } from "../../support/until.ts";

const GUILD = "100000000000000001" as GuildId;
const OTHER = "100000000000000002" as GuildId;

/** Two meanings by hand: what is about money, and what is about time. */
const meaningOf = (text: string) => [
  Number(/price|cost|fee|money/.test(text)) + 0.01,
  Number(/hour|open|time/.test(text)) + 0.01,
];

let server: EmbeddingStandIn | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

async function setUp({ model = "by-hand", embedder = null as Embedder | null } = {}) {
  server = await startEmbeddings({ model, vectorOf: meaningOf });
  const standIn = server;
  let aheadMs = 0;
  let stoppedAtMs: number | null = null;
  const clock: Clock = { ...systemClock, now: () => (stoppedAtMs ?? Date.now()) + aheadMs };
  const rows = new Map<string, { readonly guild: GuildId; readonly model: string; readonly vector: Int8Array }>();
  let cleared = 0;
  let saves = 0;
  let failingSaves = 0;
  const store: Pick<MeaningsStore, "load" | "save" | "clear"> = {
    async *load(guild, of, documents) {
      const found = [...rows].filter(([id, row]) => {
        return row.guild === guild && row.model === of && documents.includes(id.split(".")[0] ?? "");
      });
      yield found.map(([id, { vector }]): MeaningRow => ({ passage: id, vector }));
    },
    async save(guild, of, given) {
      saves++;
      if (failingSaves-- > 0) throw new AppError("unavailable", "the database is away");
      for (const { passage: id, vector } of given) rows.set(id, { guild, model: of, vector });
    },
    async clear(guild) {
      cleared++;
      for (const [id, row] of rows) if (row.guild === guild) rows.delete(id);
    },
  };
  const hot = createMemoryHot({ clock });
  const logger = createLogger({ level: "silent", format: "json" });
  const open = (of = model, bytesMax = 1_000_000) =>
    createMeanings({
      embedder: embedder ?? createEmbedder({ baseUrl: standIn.url, key: standIn.key, model: of, clock }),
      ...{ store, hot, clock, logger, bytesMax },
    });
  const failSaves = (times: number) => {
    failingSaves = times;
  };
  return {
    ...{ failSaves, saves: () => saves },
    ...{ standIn, rows, open, hot, cleared: () => cleared, forwardMs: (ms: number) => (aheadMs += ms) },
    /** From now on the clock moves by `forwardMs` alone. */
    stoppedAtMs() {
      stoppedAtMs ??= Date.now();
      return clock.now();
    },
  };
}

type World = Awaited<ReturnType<typeof setUp>>;
type Meanings = ReturnType<World["open"]>;

const three = passagesOf(["The fee is 5 euros.", "We open at nine.", "Dogs are welcome."]);

function passagesOf(texts: readonly string[], document = "doc"): readonly PassageRow[] {
  return texts.map((text, position) =>
    passage(text, { id: `${document}.${position}`, document, position, title: "", headings: [] }),
  );
}

function ask(meanings: Meanings, question: string, passages = three, version = 1, guild = GUILD) {
  return meanings.nearest(guild, { passages, version, question, deadlineAtMs: Number.POSITIVE_INFINITY });
}

test("the first question is ranked by words alone and has the passages embedded; then the nearest in meaning comes first", async () => {
  const world = await setUp();
  const meanings = world.open();
  expect(await ask(meanings, "what does it cost")).toBeNull();
  const found = await until(() => ask(meanings, "what does it cost"));
  expect(found[0]).toBe(0);
  expect((await until(() => ask(meanings, "at what time")))[0]).toBe(1);
  expect(world.rows.size).toBe(3);
});

test("what is kept is read and not embedded again, and a question is embedded once", async () => {
  const world = await setUp();
  await until(() => ask(world.open(), "what does it cost").then(() => world.rows.size === 3));
  const before = world.standIn.asked.length;
  world.forwardMs(61_000);
  const meanings = world.open();
  await until(() => ask(meanings, "cost"));
  await ask(meanings, "cost");
  expect(world.standIn.asked.slice(before)).toEqual([["cost"]]);
});

test("a text that changed is embedded anew, the others keep their vectors", async () => {
  const world = await setUp();
  const meanings = world.open();
  await until(() => ask(meanings, "cost"));
  const changed = passagesOf(["The fee is 5 euros.", "It costs money.", "Dogs are welcome."]);
  const before = world.standIn.asked.length;
  // The store forgets a document's vectors when the document is written anew.
  world.rows.clear();
  await until(async () => {
    await ask(meanings, "cost", changed, 2);
    return world.rows.size === 3;
  });
  expect(world.standIn.asked.slice(before)).toEqual([["\nIt costs money."]]);
});

test("another model's vectors count for nothing: all is embedded again", async () => {
  const world = await setUp();
  const meanings = world.open();
  await until(() => ask(meanings, "cost"));
  for (const [id, row] of world.rows) world.rows.set(id, { ...row, model: "an-older-one" });
  world.forwardMs(61_000);
  const next = world.open();
  await until(() => ask(next, "cost"));
  expect([...world.rows.values()].every(({ model }) => model === "by-hand")).toBe(true);
});

test("vectors that became longer are forgotten and made anew, once an hour at most", async () => {
  const world = await setUp();
  const meanings = world.open();
  await until(() => ask(meanings, "cost"));
  world.standIn.fault = { kind: "longer", by: 2 };
  expect(await ask(meanings, "what is the fee")).toBeNull();
  expect(world.cleared()).toBe(1);
  await until(() => ask(meanings, "what is the fee"));
  expect([...world.rows.values()].every(({ vector }) => vector.length === 4)).toBe(true);
  world.standIn.fault = null;
  expect(await ask(meanings, "and the price")).toBeNull();
  expect(world.cleared()).toBe(1);
});

for (const [what, fault] of [
  ["away", { kind: "status", status: 503 }],
  ["at its limit", { kind: "status", status: 429, headers: { "retry-after": "30" } }],
  ["without the model", { kind: "status", status: 404 }],
  ["answering with too few vectors", { kind: "too-few" }],
  ["answering with NaN", { kind: "body", body: '{"data":[{"index":0,"embedding":[NaN]}]}' }],
] as const) {
  test(`an endpoint that is ${what} leaves ranking to words, is left alone for a while, and is used again when it is well`, async () => {
    const world = await setUp();
    const meanings = world.open();
    await until(() => ask(meanings, "cost"));
    world.standIn.fault = fault;
    expect(await ask(meanings, "a first question")).toBeNull();
    const asked = world.standIn.asked.length;
    for (const question of ["a second", "a third", "a fourth"]) expect(await ask(meanings, question)).toBeNull();
    expect(world.standIn.asked.length).toBe(asked);
    world.standIn.fault = null;
    world.forwardMs(10 * 60_000);
    expect(await ask(meanings, "what is the price")).not.toBeNull();
  });
}

test("the endpoint has a quarter of what is left of a question's deadline, and 1.5 s at most", async () => {
  const waits: number[] = [];
  const embedder: Embedder = {
    model: "by-hand",
    async embed(texts, deadlineMs) {
      if (texts[0]?.startsWith("what with")) waits.push(deadlineMs);
      return texts.map((text) => Float32Array.from(meaningOf(text)));
    },
  };
  const world = await setUp({ embedder });
  const meanings = world.open();
  await until(() => ask(meanings, "cost"));
  const waitWithLeft = async (leftMs: number) => {
    world.forwardMs(60_000);
    const deadlineAtMs = world.stoppedAtMs() + leftMs;
    await meanings.nearest(GUILD, { passages: three, version: 1, question: `what with ${leftMs}`, deadlineAtMs });
    return waits.at(-1);
  };
  expect(await waitWithLeft(2_000)).toBe(500);
  expect(await waitWithLeft(60_000)).toBe(1_500);
  expect(await waitWithLeft(-1)).toBe(0);
});

test("while another process embeds a guild's passages this one does not pay for them too", async () => {
  const world = await setUp();
  await world.hot.claim(`gh1:{${GUILD}}:meanings`, "another", 60_000);
  const meanings = world.open();
  for (let i = 0; i < 20; i++) expect(await ask(meanings, "cost")).toBeNull();
  expect(world.standIn.asked).toEqual([]);
});

test("a knowledge base larger than may be kept is ranked by words alone, and nothing is embedded", async () => {
  const world = await setUp();
  const many = passagesOf(Array.from({ length: 20_001 }, () => "x"));
  expect(await ask(world.open(), "cost", many)).toBeNull();
  expect(world.standIn.asked).toEqual([]);
});

test("a batch whose save fails is saved later and paid for once, also where its guild was dropped from memory meanwhile", async () => {
  for (const bytesMax of [1_000_000, 1]) {
    const world = await setUp();
    world.failSaves(3);
    const meanings = world.open("by-hand", bytesMax);
    const passages = world.standIn.asked;
    for (let tries = 1; tries <= 3; tries++) {
      await until(async () => {
        await ask(meanings, "");
        return world.saves() === tries;
      });
      expect(world.rows.size).toBe(0);
      // Another guild's base takes the memory of the first.
      if (bytesMax === 1)
        await until(() => ask(meanings, "", passagesOf(["x"], `other-${tries}`), tries, OTHER).then(() => true));
      world.forwardMs(10 * 60_000);
    }
    await until(async () => {
      await ask(meanings, "");
      return [...world.rows.keys()].filter((id) => id.startsWith("doc.")).length === 3;
    });
    expect(passages.filter((texts) => texts.some((text) => text.includes("The fee is 5 euros.")))).toHaveLength(1);
    expect(await until(() => ask(meanings, "what does it cost"))).toContain(0);
    await server?.stop();
  }
});

test("one guild's spent budget of a day is not another's", async () => {
  const embedder: Embedder = {
    model: "by-hand",
    embed: async (texts) => texts.map((text) => Float32Array.from(meaningOf(text))),
  };
  const world = await setUp({ embedder });
  const meanings = world.open();
  const large = (document: string) =>
    passagesOf(
      Array.from({ length: 15_000 }, () => "y".repeat(2_000)),
      document,
    );
  // 15,000 passages of 2,000 characters are the whole day's: a tenth stays for questions.
  const all = large("doc");
  await ask(meanings, "cost", all);
  await until(() => world.rows.size >= 13_000, 30_000);
  await until(() => ask(meanings, "cost", three, 1, OTHER));
  expect(world.rows.size).toBeLessThan(15_000);
}, 60_000);
