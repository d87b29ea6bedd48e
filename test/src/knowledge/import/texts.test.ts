import { afterAll, expect, test } from "bun:test";
import type { News } from "../../../../src/bus.ts";
import { systemClock } from "../../../../src/clock.ts";
import type { GuildId } from "../../../../src/ids.ts";
import { createCutter } from "../../../../src/knowledge/import/cutter.ts";
import { buildIndex } from "../../../../src/knowledge/search/build.ts";
import { retrieveFrom } from "../../../../src/knowledge/search/rank.ts";
import { addPairs, savePairs, saveText, versionOf } from "../../../../src/knowledge.ts";
import { createKnowledgeStore, loadAll } from "../../../support/knowledge-store.ts";

const guild = "100000000000000001" as GuildId;
const cutter = createCutter(systemClock);
afterAll(() => cutter.close());

test("a pair stands first when its question is asked, and saving again replaces them all", async () => {
  const { store, ports, news } = setUp();
  await saveText(
    { guild, name: "Refund page", text: "# Refunds\n\nRefund, refund, refund: how long does a refund take?" },
    ports,
  );
  const pairs = [
    { question: "How long does a refund take?", answer: "Ten days.", url: "https://docs.example/refunds" },
    { question: "Do you ship to Türkiye?", answer: "Yes." },
  ];
  expect(await savePairs({ guild, name: "FAQ", pairs }, ports)).toMatchObject({
    imported: 2,
    unchanged: 0,
    removed: 0,
  });
  const index = await buildIndex((await loadAll(store, guild)).passages);
  const [first] = retrieveFrom(index, "how long does the refund take", 5).passages;
  expect(first?.passage).toMatchObject({ kind: "pair", text: "Ten days.", url: "https://docs.example/refunds" });

  expect(await savePairs({ guild, name: "FAQ", pairs: pairs.slice(0, 1) }, ports)).toMatchObject({
    imported: 0,
    unchanged: 1,
    removed: 1,
  });
  expect(await savePairs({ guild, name: "FAQ", pairs: pairs.slice(0, 1) }, ports)).toMatchObject({
    imported: 0,
    removed: 0,
  });
  expect(news.filter((n) => n.type === "knowledge-changed")).toHaveLength(3);
});

test("what is empty or too long is refused by its number", async () => {
  const { ports } = setUp();
  await expect(
    savePairs(
      {
        guild,
        name: "FAQ",
        pairs: [
          { question: "a", answer: "b" },
          { question: " ", answer: "b" },
        ],
      },
      ports,
    ),
  ).rejects.toThrow("Pair 2 needs");
  await expect(
    savePairs({ guild, name: "FAQ", pairs: [{ question: "a".repeat(501), answer: "b" }] }, ports),
  ).rejects.toThrow("Pair 1 is longer");
  const long = Array.from({ length: 250 }, (_, n) => ({ question: `${n}`, answer: "a".repeat(9_000) }));
  await expect(savePairs({ guild, name: "FAQ", pairs: long }, ports)).rejects.toThrow("2 million characters together");
  await expect(saveText({ guild, name: "Note", text: "\u0000 " }, ports)).rejects.toThrow("empty");
});

test("what two save at the same moment ends as what was saved last, documents and all", async () => {
  const { store, ports } = setUp();
  const pair = (n: number) => ({ question: `Question ${n}?`, answer: `Answer ${n}.` });
  const save = (...which: number[]) => savePairs({ guild, name: "FAQ", pairs: which.map(pair) }, ports);
  await save(1, 2, 3);
  await Promise.all([save(1, 2, 3, 4, 5), save(2, 6), save(1, 6, 7)]);
  const [source] = await store.sources(guild);
  const kept =
    (source?.config as { readonly pairs?: readonly { readonly question: string }[] } | undefined)?.pairs ?? [];
  const found = (await loadAll(store, guild)).passages.map(({ title }) => title).sort();
  expect(found).toEqual(kept.map(({ question }) => question).sort());
});

test("pairs that are added at the same moment are all kept; the same question takes the place of the older", async () => {
  const { store, ports } = setUp();
  const add = (question: string, answer: string) =>
    addPairs({ guild, name: "FAQ", pairs: [{ question, answer }] }, ports);
  await Promise.all([add("One?", "1."), add("Two?", "2."), add("Three?", "3.")]);
  await add(" one?", "First.");
  const texts = (await loadAll(store, guild)).passages.map(({ text }) => text).sort();
  expect(texts).toEqual(["2.", "3.", "First."]);
});

test("what somebody else changed since it was read is refused and not written", async () => {
  const { store, ports } = setUp();
  await saveText({ guild, name: "Note", text: "one" }, ports);
  const over = versionOf((await store.sources(guild))[0]);
  await saveText({ guild, name: "Note", text: "two", over }, ports);
  await expect(saveText({ guild, name: "Note", text: "three", over }, ports)).rejects.toMatchObject({
    kind: "conflict",
  });
  expect((await loadAll(store, guild)).passages.map(({ text }) => text)).toEqual(["two"]);
});

test("a link that is not a public one is left out", async () => {
  const { store, ports } = setUp();
  await saveText({ guild, name: "Note", text: "Text.", url: "javascript:alert(1)" }, ports);
  expect((await loadAll(store, guild)).passages.map((p) => p.url)).toEqual([null]);
});

function setUp() {
  const store = createKnowledgeStore();
  const news: News[] = [];
  const bus = {
    publish: async (item: News) => {
      news.push(item);
    },
  };
  return { store, news, ports: { store, bus, cutter } };
}
