/** What a model is told, word for word: a change of wording is made on purpose, with the file in test/golden. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { type Prompt, promptFor } from "../../../src/llm/prompts.ts";
import type { Task } from "../../../src/llm.ts";
import { passage } from "../../support/build.ts";

const GOLDEN = join(import.meta.dir, "..", "..", "golden", "prompts.json");
const PASSAGES = [
  passage("The pairing window is open for 120 seconds.", {
    title: "Pair sensors",
    headings: ["The normal way"],
    url: "https://docs.example/pair",
  }),
  passage("Refunds are paid within 14 days.", { title: "Refunds", url: null }),
];
const HISTORY = [
  { role: "member", author: "Ada", text: "How do I pair a sensor?" },
  { role: "bot", author: "Gatehouse", text: "Hold the button for 3 seconds [1]." },
] as const;

const tasks: readonly Task[] = [
  {
    task: "answer",
    question: "How long is the window open?",
    passages: PASSAGES,
    history: HISTORY,
    channel: [],
    language: "en",
    instructions: "Be brief.",
    botName: "Gatehouse",
  },
  { task: "rewrite", question: "and on Windows?", history: HISTORY, language: "en" },
  { task: "judge", text: "how long is the window open?", channel: HISTORY, passages: PASSAGES },
  { task: "moderate", rules: ["Be kind."], messages: [{ n: 1, author: "eve", text: "you are stupid" }] },
];

test("prompts say what the golden file says", async () => {
  const told = tasks.map(promptFor).map(({ name, system, data, tokensMax }: Prompt) => ({
    name,
    system: system.split("\n"),
    data: JSON.parse(data),
    tokensMax,
  }));
  const golden: unknown = await Bun.file(GOLDEN)
    .json()
    .catch(() => null);
  // A first run, or one after the file was removed on purpose, writes it.
  if (golden === null) await Bun.write(GOLDEN, `${JSON.stringify(told, null, 2)}\n`);
  expect(told as unknown).toEqual(golden ?? told);
});
