/** What the demo's terminal tells of an exchange: one line, in words, whatever the members wrote. */
import { describe, expect, test } from "bun:test";
import { caseLine, exchangeLine } from "../../../shards/cli/narration.ts";
import type { TurnRow } from "../../../src/store/ports/conversations.ts";
import type { CaseRow } from "../../../src/store/ports/moderation.ts";
import { outcome } from "../../support/dashboard.ts";

const asked: TurnRow = {
  id: "1",
  role: "member",
  author: "Marcus",
  text: "<@1247314170150308286> how long\ndoes it   keep readings?",
  atMs: 0,
  message: null,
  sources: [],
  outcome: null,
  feedback: null,
};
const answered: TurnRow = {
  ...asked,
  id: "2",
  role: "bot",
  author: "Gatehouse",
  text: "For six hours.",
  sources: [{ n: 1, title: "Buffers", url: null, passage: "p" }],
  outcome: outcome({ ms: 17.4 }),
};

describe("an exchange in one line", () => {
  test("names the channel, who asked what, how fast it was answered and from where", () => {
    expect(exchangeLine("help", asked, answered)).toMatch(
      /^\d\d:\d\d:\d\d {2}#help {2}Marcus: how long does it keep readings\? → answered in 17 ms from "Buffers"$/,
    );
  });

  test("says why, where no source was used", () => {
    const line = exchangeLine("help", asked, {
      ...answered,
      sources: [],
      outcome: outcome({ reason: "not-in-knowledge" }),
    });
    expect(line).toEndWith("answered in 842 ms: the knowledge base does not hold it");
  });

  test("stays one line of bounded length", () => {
    const line = exchangeLine("", { ...asked, text: "ha\n".repeat(500) }, answered);
    expect(line).toContain("direct message");
    expect(line).not.toContain("\n");
    expect(line.length).toBeLessThan(200);
  });
});

test("a case says what would be done to whom, under which rule and why", () => {
  const one = {
    ...{
      key: "1",
      number: 3,
      updatedAtMs: 0,
      channelName: "lounge",
      authorName: "Nitro Gifts",
      evidence: "FREE\nNITRO",
    },
    ...{
      rule: { n: 1, text: "No scams." },
      state: "dry-run",
      problem: null,
      plan: { acts: ["delete", "timeout"], held: [] },
    },
    verdict: { reason: "", source: "certain", signals: [{ name: "look-alike-domain", saw: "dlscord.example" }] },
  } as unknown as CaseRow;
  expect(caseLine(one)).toMatch(
    /^\d\d:\d\d:\d\d {2}#lounge {2}Nitro Gifts: FREE NITRO → case 3: would delete \+ timeout \(dry run\), rule 1: look-alike-domain "dlscord\.example"$/,
  );
  expect(caseLine({ ...one, key: "name:2:free nitro", channelName: "" })).toContain("  a name  Nitro Gifts: ");
});
