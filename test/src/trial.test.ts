import { describe, expect, test } from "bun:test";
import { QUESTION_CHARS_MAX } from "../../src/answering/question.ts";
import { createScripted } from "../../src/llm/scripted.ts";
import { defaultSettings } from "../../src/settings/form.ts";
import { attempt, readEarlierLines, staysSilent } from "../../src/trial.ts";
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

const TALK = "you: How do I pair a sensor with the hub button?\nbot: Hold the hub's button for 3 seconds.";

async function tryUnasked(question: string, before = "", llm: ReturnType<typeof createScripted> | null = null) {
  const { services } = await openHouse({ llm });
  const tried = { guild: GUILD, settings: defaultSettings, question, unasked: true };
  return await attempt({ ...tried, before: readEarlierLines(before) }, services);
}

describe("as smart mode hears it, it is decided as in a channel", () => {
  test("small talk is a silence, with the channel's reason", async () => {
    const trial = await tryUnasked("thanks everybody");
    expect(staysSilent(trial)).toBe(true);
    expect(trial.answered.declined).toEqual({ reason: "small-talk", why: null });
  });

  test("a follow-up is one where the bot has just answered, and small talk otherwise", async () => {
    expect((await tryUnasked("and on the hub button?", TALK)).answered.kind).toBe("known");
    const llm = createScripted({ question: "How do I pair a sensor with the hub on Windows?" });
    await tryUnasked("and on Windows?", TALK, llm);
    expect(llm.asked[0]).toMatchObject({ task: "rewrite", history: [{ role: "member" }, { role: "bot" }] });
    expect((await tryUnasked("ok thanks", TALK)).answered.declined?.reason).toBe("small-talk");
  });

  test("a line to somebody who spoke before is theirs", async () => {
    const trial = await tryUnasked("ada: how do I pair a sensor with the hub button?", "Ada: anybody here?");
    expect(trial.answered.declined?.reason).toBe("addressed-to-another");
  });

  test("the wish for a person counts, and nothing is quoted", async () => {
    const { answered } = await tryUnasked("I want to talk to a real human please");
    expect(answered).toMatchObject({ kind: "wants-human", escalation: "marked", sources: [] });
  });
});

test("earlier lines are read with who said them, and no more than the last twenty", () => {
  expect(readEarlierLines(" me: hi \n\nBot: Hello!\nAda: is it 10:30?\nHow do I fix this here: it blinks\n")).toEqual([
    { by: "you", text: "hi" },
    { by: "bot", text: "Hello!" },
    { by: "Ada", text: "is it 10:30?" },
    { by: "you", text: "How do I fix this here: it blinks" },
  ]);
  expect(readEarlierLines("x\n".repeat(50))).toHaveLength(20);
});
