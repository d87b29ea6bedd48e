import { expect, test } from "bun:test";
import { recites } from "../../../src/llm/recital.ts";

const TOLD = "You answer questions in a Discord community from its knowledge base. Mention nobody, and be short.";

test("a run of eight words is a recital, whatever stands between them", () => {
  expect(recites("Sure: you answer questions in a Discord community from its knowledge", TOLD)).toBe(true);
  expect(recites("YOU > answer\n> questions\n> in\n> a **Discord** community: from", TOLD)).toBe(true);
  expect(recites("you an\u200bswer questions in a Discord commu\u200bnity from its", TOLD)).toBe(true);
});

test("fewer words, or the same words otherwise, are none", () => {
  expect(recites("you answer questions in a Discord community", TOLD)).toBe(false);
  expect(recites("In its community of Discord a knowledge base answers questions from you", TOLD)).toBe(false);
  expect(recites("", TOLD)).toBe(false);
  expect(recites(TOLD, "")).toBe(false);
});
