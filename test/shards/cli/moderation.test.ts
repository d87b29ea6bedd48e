import { expect, test } from "bun:test";
import { rehearsalText, verifiedText } from "../../../shards/cli/moderation.ts";
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
  unjudged: 4,
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

test("a check of the log says what it looked at, also where there was nothing", () => {
  const guild = "1" as GuildId;
  expect(verifiedText([{ guild, cases: 2, events: 5, problem: null }])).toBe("1: ✓ 2 cases, 5 events\n");
  expect(verifiedText([{ guild, cases: 2, events: 5, problem: "event 3 was changed" }])).toBe(
    "1: ✗ event 3 was changed\n",
  );
  expect(verifiedText([])).toContain("nothing to verify");
});
