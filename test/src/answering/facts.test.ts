import { describe, expect, test } from "bun:test";
import { ANSWER_FILES, judgeAnswers } from "../../../bench/answers/judge.ts";
import { withoutFalseFacts } from "../../../src/answering/facts.ts";
import type { PassageRow } from "../../../src/knowledge.ts";

const passage = (title: string, text: string, language = "en"): PassageRow => ({
  ...{ id: "p", document: "d", source: "s", kind: "text", title, headings: [], url: null, language, text, position: 0 },
});

describe("answers written by hand, true and false in the source's own words", () => {
  for (const file of ANSWER_FILES) {
    test(`${file}: no more than one false answer passes, no more than one true answer fails`, async () => {
      const judged = await judgeAnswers(file);
      expect(judged.length).toBeGreaterThan(60);
      expect(judged.filter(({ right, passes }) => !right && passes).length).toBeLessThanOrEqual(1);
      expect(judged.filter(({ right, passes }) => right && !passes).length).toBeLessThanOrEqual(1);
    });
  }
});

test("a sentence that says something false goes, and the others stay with their marks", () => {
  const source = passage("Bikes", "A bike costs 8 euros a day. A helmet costs 2 euros a day. Ask for `bikectl rent`.");
  const said = withoutFalseFacts(
    "A bike is 8 euros a day [1]. A helmet is 8 euros a day [1]. Run `bikectl rent` [1].",
    [source],
    "?",
    "en",
  );
  expect(said.text).toBe("A bike is 8 euros a day [1]. Run `bikectl rent` [1].");
  expect(said.dropped.map(({ sentence }) => sentence)).toEqual(["A helmet is 8 euros a day [1]."]);
  expect(said.kept).toBeGreaterThan(0.5);
});

test("what the question says may be said again, and a translation keeps its numbers", () => {
  const source = passage("Bikes", "A bike costs 8 euros a day.");
  const kept = (answer: string, question: string, language: string) =>
    withoutFalseFacts(answer, [source], question, language).dropped.length === 0;
  expect(kept("For 3 days, count 8 euros a day [1].", "What do I pay for 3 days?", "en")).toBe(true);
  expect(kept("Bir bisiklet günde 8 avro [1].", "?", "tr")).toBe(true);
  expect(kept("Bir bisiklet günde 9 avro [1].", "?", "tr")).toBe(false);
});
