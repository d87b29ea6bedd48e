/** The whole way over sockets: an endpoint, PostgreSQL, the index, and the ranking that comes of both. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type EmbeddingStandIn, startEmbeddings } from "../../bench/simulator/embeddings.ts";
import { createMemoryBus } from "../../src/bus/memory.ts";
import { systemClock } from "../../src/clock.ts";
import { createMemoryHot } from "../../src/hot/memory.ts";
import { createKnowledge } from "../../src/knowledge/search/service.ts";
import { createEmbedder, createMeanings } from "../../src/meanings.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { GUILD } from "../support/build.ts";
import { openDatabase, quiet, type TestDatabase } from "../support/postgres.ts";
import { until } from "../support/until.ts";

/** By hand: a question of leaving and a page of terminating a contract mean the same, and share no word. */
const vectorOf = (text: string) => [
  Number(/terminate|leave|quit/i.test(text)) + 0.01,
  Number(/invoice|bill/i.test(text)) + 0.01,
  Number(/sensor/i.test(text)) + 0.01,
];

const PAGES = [
  ["Contract", "You can terminate the contract with one month's notice at any date."],
  ["Invoices", "How an invoice is paid: by card or by transfer, and how we send it."],
  ["Sensors", "How a sensor is paired with the hub: hold its button, and how long."],
] as const;

let database: TestDatabase;
let store: Store;
let endpoint: EmbeddingStandIn;
beforeAll(async () => {
  database = await openDatabase();
  store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
  await store.migrate();
  endpoint = await startEmbeddings({ model: "by-hand", vectorOf });
  const { id } = await store.knowledge.saveSource(GUILD, { kind: "files", name: "Help", config: {} });
  for (const [title, text] of PAGES) {
    const page = { title, url: null, language: "en" };
    const passages = [{ ...page, headings: [], text, position: 0 }];
    await store.knowledge.putDocument(GUILD, id, { ...page, key: title, hash: title, passages });
  }
}, 60_000);
afterAll(async () => {
  await endpoint.stop();
  await store.close();
  await database.drop();
});

function open(withMeanings: boolean) {
  const ports = { clock: systemClock, logger: quiet, bytesMax: 10_000_000 };
  const embedder = createEmbedder({ baseUrl: endpoint.url, key: endpoint.key, model: "by-hand", clock: systemClock });
  const hot = createMemoryHot(ports);
  const meanings = withMeanings ? createMeanings({ ...ports, embedder, store: store.meanings, hot }) : null;
  const knowledge = createKnowledge({ ...ports, store: store.knowledge, bus: createMemoryBus(ports), meanings });
  return async (question: string) => {
    const { passages, answerable } = await knowledge.retrieve(GUILD, question, 3);
    return { titles: passages.map(({ passage }) => passage.title), answerable };
  };
}

const ASKED = "how do I leave";

test("a page that says the same in other words comes first, which words alone do not find; what is answerable is the words' to say", async () => {
  const byWords = await open(false)(ASKED);
  expect(byWords.titles).not.toContain("Contract");
  const ask = open(true);
  expect(await ask(ASKED)).toEqual(byWords);
  await until(async () => (await ask(ASKED)).titles.includes("Contract"));
  const found = await ask(ASKED);
  expect(found.answerable).toBe(byWords.answerable);
  // Both rankings stay in it.
  expect(found.titles).toEqual(expect.arrayContaining([...byWords.titles, "Contract"]));
  expect(await store.meanings.count(GUILD, "by-hand")).toBe(3);
});

test("with the endpoint down every question is answered as by words alone", async () => {
  const [byWords, ask] = [open(false), open(true)];
  endpoint.fault = { kind: "status", status: 503 };
  for (const question of [ASKED, "pair a sensor", "pay an invoice"]) {
    expect(await ask(question)).toEqual(await byWords(question));
  }
  endpoint.fault = null;
});
