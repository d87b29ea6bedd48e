import { expect, test } from "bun:test";
import { QUESTION_CHARS_MAX } from "../../src/answering/question.ts";
import { defaultSettings } from "../../src/guilds.ts";
import { createScripted } from "../../src/llm/scripted.ts";
import { attempt } from "../../src/trial.ts";
import { GUILD } from "../support/build.ts";
import { openHouse } from "../support/house.ts";

test("a question is tried as a member's would be read: a book of it costs no more than a message", async () => {
  const llm = createScripted({ answer: "", used: [], known: false, wantsHuman: false });
  const { services } = await openHouse({ llm });
  const tried = { guild: GUILD, settings: defaultSettings, question: `\n How do I pair it? ${"x".repeat(100_000)}` };
  const trial = await attempt(tried, services);
  expect(trial.question).toHaveLength(QUESTION_CHARS_MAX);
  expect(llm.asked).toMatchObject([{ task: "answer", question: trial.question }]);
});
