import { expect, test } from "bun:test";
import { ExitError } from "../../../shards/cli/exit.ts";
import { pastLinesOf, rehearsalText, surveyText, unreadable, verifiedText } from "../../../shards/cli/moderation.ts";
import type { GuildId } from "../../../src/ids.ts";
import type { Rehearsal } from "../../../src/moderation.ts";

const hit = {
  ...{ message: "1", channel: "2", author: "3", authorName: "Ada", text: "you\nidiot", staff: false, source: "model" },
  ...{ rule: { n: 2, text: "Be kind." }, severity: "high", confidence: 0.9, reason: "", acts: ["delete", "timeout"] },
  ...{ before: { acts: ["warn"], state: "applied" }, differs: true },
};
const rehearsal = {
  survey: { messages: 3, clear: 1, certain: 0, toTheModel: 2, calls: 1, tokens: 500 },
  hits: [{ ...hit, staff: true, acts: [] }, hit],
  spared: [{ case: "c", number: 7, text: "fine", acts: ["kick"] }],
  examples: [{ case: "d", text: "a joke", hit: true }],
  ...{ unjudged: 4, model: true, staffKnown: true },
} as unknown as Rehearsal;

test("a rehearsal is told line by line: staff, what would be done, what was done, what differs", () => {
  expect(rehearsalText(rehearsal).split("\n")).toEqual([
    "STAFF Ada: nothing (then: warn, applied) · rule 2 · high 0.90 · you idiot",
    "Ada: delete + timeout (then: warn, applied) · rule 2 · high 0.90 · you idiot",
    "1 of 2 findings would be acted on; 1 are by staff (never acted on); 2 differ from what happened.",
    "Case 7 (kick) would not happen again: fine",
    "Still found, though people said it was wrong: a joke",
    "4 got no verdict: the model was away, late or answered out of form.",
    "",
  ]);
});

test("what a rehearsal costs is said in calls, and that there is no model to call", () => {
  const cost = surveyText(rehearsal.survey, true);
  expect(cost).toBe(
    "3 messages: 1 cleared and 0 certain without a model, 2 to the model in 1 call, about 500 tokens.\n",
  );
  expect(surveyText(rehearsal.survey, false)).toContain("there is none (GROQ_API_KEY is not set)");
});

test("a past that cannot be read says what to do, and a rehearsal without Discord that nobody told who is staff", () => {
  expect(unreadable("No token: set DISCORD_TOKEN.")).toMatch(/set DISCORD_TOKEN\..*dashboard.*--file/);
  expect(rehearsalText({ ...rehearsal, staffKnown: false })).toContain("nobody could say who is staff");
});

test("a folder or a missing file instead of messages is one sentence, not a stack", async () => {
  const refusal = (file: string) =>
    pastLinesOf(file).then(
      () => "read",
      (error: unknown) => (error instanceof ExitError ? error.message : "a stack"),
    );
  expect(await refusal(import.meta.dir)).toBe(`${import.meta.dir} is a folder: give a file of JSON lines.`);
  expect(await refusal("/nowhere.jsonl")).toContain("/nowhere.jsonl cannot be read (ENOENT)");
  expect(await refusal(import.meta.path)).toBe("read");
});

test("a check of the log says what it looked at, also where there was nothing", () => {
  const guild = "1" as GuildId;
  expect(verifiedText([{ guild, cases: 2, events: 5, problem: null }])).toBe("1: ✓ 2 cases, 5 events\n");
  expect(verifiedText([{ guild, cases: 2, events: 5, problem: "event 3 was changed" }])).toBe(
    "1: ✗ event 3 was changed\n",
  );
  expect(verifiedText([])).toContain("nothing to verify");
});
