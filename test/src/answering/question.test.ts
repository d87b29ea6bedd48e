import { expect, test } from "bun:test";
import fc from "fast-check";
import { QUESTION_CHARS_MAX, questionOf } from "../../../src/answering/question.ts";

/** The same with every step taken, whether the text needs it or not. */
function stepByStep(content: string, needles: readonly string[]): string {
  return content
    .replace(/<@[!&]?(\d{1,20})>/g, (_, id: string) => (needles.includes(id) ? " " : "@someone"))
    .replace(/<#\d{1,20}>/g, "#channel")
    .replace(/<a?:(\w{1,64}):\d{1,20}>/g, ":$1:")
    .replace(/<t:(-?\d{1,15})(?::\w)?>/g, "a certain time")
    .replace(/<\/([^:>]{1,64}):\d{1,20}>/g, "/$1")
    .replace(/[^\S\n]+/g, " ")
    .replace(/^[\s,.:;!-]+/, "")
    .trim()
    .slice(0, QUESTION_CHARS_MAX)
    .replace(/\p{Surrogate}$/u, "");
}

const piece = fc.oneof(
  fc.constantFrom("<@1>", "<@!2>", "<@&3>", "<#4>", "<:smile:5>", "<a:wave:6>", "<t:7:R>", "</ask:8>", "<", ">"),
  fc.constantFrom(" ", "  ", "\n", " \n ", "\t", "\u00a0", ",", "- ", "how do I", "🙂", "\ud83d", "\ude42"),
  fc.string({ unit: "binary" }),
);

test("a question is the message with its marks as people read them, single spaces, and no lone half of a character", () => {
  const long = fc.nat(3).map((more) => "x".repeat(QUESTION_CHARS_MAX - more));
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 20, arbitrary: piece }, { weight: 1, arbitrary: long })), (pieces) => {
      const content = pieces.join("");
      expect(questionOf({ content }, ["1", "3"])).toBe(stepByStep(content, ["1", "3"]));
    }),
    { numRuns: 2_000 },
  );
});
