import { describe, expect, test } from "bun:test";
import { TRUST_MIN, TRUST_UNASKED_MIN } from "../../../src/answering/answer.ts";
import { fixedKnowledge } from "../../../src/knowledge.ts";
import { createExtractive, quotesFor } from "../../../src/llm/extractive.ts";
import { TRUST_FEATURES, trustFeatures } from "../../../src/llm/trust.ts";
import type { AnswerTask } from "../../../src/llm.ts";

const PAGES = {
  "Pair sensors": "Hold the hub's button for 3 seconds. The pairing window is open for 120 seconds.",
  "Billing and refunds":
    "Yearly plans are refunded within 30 days, monthly plans within 14 days. Cards and SEPA are accepted.",
  "Opening hours": "The shop in Leipzig is open from Monday to Friday. Support answers in English and German.",
  "Lights of the hub": "| Light | Meaning |\n| --- | --- |\n| violet | firmware update |\n| amber | no server found |",
  "Moving house": "Take the hub with you. Sensors need not be paired again when the server moves.",
};
const knowledge = await fixedKnowledge(
  Object.entries(PAGES).map(([title, text]) => ({ id: title, title, text, url: null })),
);

function taskFor(question: string) {
  const found = knowledge.retrieve(question, 8);
  const passages = found.passages.map(({ passage }) => passage);
  const task: AnswerTask = {
    ...{ task: "answer", question, passages, found, history: [], channel: [], language: "en" },
    ...{ instructions: "", botName: "Gatehouse" },
  };
  return { task, found };
}

async function trustOf(question: string): Promise<number> {
  const { result } = await createExtractive().complete(taskFor(question).task, { deadlineMs: 1_000 });
  return result.known ? (result.trust ?? Number.NaN) : 0;
}

describe("a quote is trusted", () => {
  test("where it holds what is asked, also unasked", async () => {
    for (const question of [
      "how long is the pairing window open?",
      "when are yearly plans refunded",
      "what does the violet light of the hub mean",
    ]) {
      expect([question, await trustOf(question)]).toEqual([question, expect.any(Number)]);
      expect(await trustOf(question)).toBeGreaterThan(TRUST_UNASKED_MIN);
    }
  });

  test("less where the page is about the matter, and the deciding word is nowhere", async () => {
    const said = await trustOf("how are yearly plans refunded");
    expect(await trustOf("which bank do yearly plans use")).toBeLessThan(said);
    expect(await trustOf("does the hub have a headphone jack")).toBeLessThan(TRUST_MIN);
  });

  test("not for a chance hit of general knowledge", async () => {
    for (const question of ["what is the capital of France", "how do I cook rice in a window", "who won the world cup"])
      expect(await trustOf(question)).toBeLessThan(TRUST_MIN);
  });
});

test("what trust goes by has one figure each, and an amount that is asked for and not there counts", () => {
  const featuresFor = (question: string) => {
    const { task, found } = taskFor(question);
    const quoted = quotesFor(task);
    if (quoted === null) throw new Error("nothing is quoted");
    return Object.fromEntries(trustFeatures({ ...quoted, found }).map((value, i) => [TRUST_FEATURES[i], value]));
  };
  expect(Object.keys(featuresFor("when are yearly plans refunded"))).toHaveLength(TRUST_FEATURES.length);
  expect(featuresFor("how many languages does support speak in the shop").noFigure).toBe(1);
  expect(featuresFor("how long is the pairing window open").noFigure).toBe(0);
  expect(featuresFor("what does violet mean").lookup).toBe(1);
});

test("without what search saw nothing is said of trust", async () => {
  const { found: _, ...task } = taskFor("how long is the pairing window open?").task;
  const { result } = await createExtractive().complete(task, { deadlineMs: 1_000 });
  expect(result).toMatchObject({ known: true });
  expect(result.trust).toBeUndefined();
});
