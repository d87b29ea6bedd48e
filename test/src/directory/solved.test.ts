import { expect, test } from "bun:test";
import { tagSaysSolved, titleSaysSolved } from "../../../src/directory/solved.ts";

test.each([
  "[SOLVED] pairing fails",
  "pairing fails (solved)",
  "Solved: pairing fails",
  "pairing fails - resolved!",
  "pairing fails | fixed",
  "✅ pairing fails",
  "SOLVED pairing fails",
  "eşleştirme olmuyor çözüldü",
  "[çözüldü] eşleştirme",
  "done",
])("a thread called “%s” is solved", (title) => expect(titleSaysSolved(title)).toBe(true));

test.each([
  "Door sensor says closed",
  "Fixed IP address for the hub",
  "How do I get this done?",
  "DNS name could not be resolved",
  "still not solved",
  "[unsolved] pairing fails",
  "Closed beta: how do I join",
  "Nobody answered my ticket",
  "çözülmedi",
])("a thread called “%s” is still a question", (title) => expect(titleSaysSolved(title)).toBe(false));

test("a tag says it by its word, unless it says the opposite", () => {
  expect(["Solved", "✅ Answered", "Çözüldü", "Closed"].filter(tagSaysSolved)).toHaveLength(4);
  expect(["Unsolved", "Not solved", "Unanswered", "Help", "Disclosed"].filter(tagSaysSolved)).toEqual([]);
});
