import { expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { createCutter } from "../../src/knowledge/import/cutter.ts";
import type { Pair } from "../../src/knowledge.ts";
import { learnPair } from "../../src/learning.ts";
import { GUILD } from "../support/build.ts";
import { createBusDouble } from "../support/doubles.ts";
import { createKnowledgeStore } from "../support/knowledge-store.ts";

test("answers of the team gather in one source, the newest answer to a question in the place of the older", async () => {
  const cutter = createCutter(systemClock);
  const ports = { store: { knowledge: createKnowledgeStore() }, bus: createBusDouble(), cutter };
  const learn = (question: string, answer: string) => learnPair(GUILD, { question, answer }, ports);
  expect(await learn("How long is the warranty?", "One year.")).toBe(true);
  expect(await learn("Where is the hub made?", "In Ankara.")).toBe(true);
  expect(await learn("How long is the warranty?", "Two years.")).toBe(true);
  expect(await learn("", "x")).toBe(false);
  const [source] = await ports.store.knowledge.sources(GUILD);
  const { pairs } = (source?.config ?? { pairs: [] }) as { readonly pairs: readonly Pair[] };
  expect(pairs.map(({ answer }) => answer)).toEqual(["In Ankara.", "Two years."]);
  cutter.close();
});
