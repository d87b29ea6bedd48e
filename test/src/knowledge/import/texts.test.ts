import { expect, test } from "bun:test";
import type { News } from "../../../../src/bus.ts";
import type { GuildId } from "../../../../src/ids.ts";
import { buildIndex } from "../../../../src/knowledge/search/index.ts";
import { retrieveFrom } from "../../../../src/knowledge/search/rank.ts";
import { savePairs, saveText } from "../../../../src/knowledge.ts";
import { createKnowledgeStore } from "../../../support/knowledge-store.ts";

const guild = "100000000000000001" as GuildId;

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
  const index = await buildIndex((await store.load(guild)).passages);
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
  await expect(saveText({ guild, name: "Note", text: "\u0000 " }, ports)).rejects.toThrow("empty");
});

test("a link that is not a public one is left out", async () => {
  const { store, ports } = setUp();
  await saveText({ guild, name: "Note", text: "Text.", url: "javascript:alert(1)" }, ports);
  expect((await store.load(guild)).passages.map((p) => p.url)).toEqual([null]);
});

function setUp() {
  const store = createKnowledgeStore();
  const news: News[] = [];
  const bus = {
    publish: async (item: News) => {
      news.push(item);
    },
  };
  return { store, news, ports: { store, bus } };
}
