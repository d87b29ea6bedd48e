import { describe, expect, test } from "bun:test";
import { UNCALIBRATED } from "../../../../src/knowledge/search/answerable.ts";
import { buildIndex } from "../../../../src/knowledge/search/build.ts";
import { calibrate } from "../../../../src/knowledge/search/calibrate.ts";
import { type FixedDocument, fixedKnowledge } from "../../../../src/knowledge/search/fixed.ts";
import { ADDRESSED_ANSWERABLE_MIN, ANSWERABLE_MIN } from "../../../../src/knowledge.ts";

const PAGES = [
  ["Export", "You can export your notes as Markdown from the menu of a notebook. An export holds pictures too."],
  ["Sync", "Notes are kept in step on all devices. Sync needs a paid plan and works over Wi-Fi only by default."],
  ["Encryption", "A locked notebook is encrypted on the device; whoever loses the passphrase loses its notes."],
  ["Plans", "The free plan holds 50 notes. The paid plan costs 4 euros a month and holds as many as you like."],
] as const;
const documents: readonly FixedDocument[] = PAGES.map(([title, text]) => ({ id: title, title, text, url: null }));
const cookery = [
  ...documents,
  ...["Boiling an egg takes eight minutes.", "Cats purr when they are fed.", "Plants want water twice a week."].map(
    (text, i) => ({ id: `k${i}`, title: `Household ${i}`, text, url: null }),
  ),
];
const cutsOf = async (pages: readonly FixedDocument[]) => (await fixedKnowledge(pages)).index;

describe("a base's own cuts", () => {
  test("a base that speaks of everyday things asks more of a question than one that does not", async () => {
    const narrow = await calibrate(await cutsOf(documents));
    const broad = await calibrate(await cutsOf(cookery));
    expect(broad.smart).toBeGreaterThan(narrow.smart);
    expect(broad.addressed).toBeGreaterThanOrEqual(narrow.addressed);
  });

  test("an empty base keeps the usual ones", async () => {
    expect(await calibrate(await buildIndex([]))).toEqual(UNCALIBRATED);
  });

  test("the thread is let go between the questions, and what the pause throws is thrown", async () => {
    const index = await cutsOf(documents);
    let pauses = 0;
    await calibrate(index, async () => {
      pauses++;
    });
    expect(pauses).toBeGreaterThan(4);
    await expect(calibrate(index, () => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
  });
});

describe("answerable", () => {
  test("what the base holds is above both cuts, what it does not is below the lower one", async () => {
    const { retrieve } = await fixedKnowledge(documents);
    expect(retrieve("how do I export my notes as Markdown?", 3).answerable).toBeGreaterThan(ANSWERABLE_MIN);
    expect(retrieve("how long must I boil an egg?", 3).answerable).toBeLessThan(ADDRESSED_ANSWERABLE_MIN);
    expect(retrieve("who won the match last night", 3).answerable).toBeLessThan(ADDRESSED_ANSWERABLE_MIN);
  });

  test("a question without a word of what it is about is about nothing here, in any language", async () => {
    const works = documents.map((page) => ({
      ...page,
      text: `${page.text} It works. It does not work with an error.`,
    }));
    const { retrieve } = await fixedKnowledge(works);
    for (const question of [
      "it doesn't work",
      "still not working, error again",
      "çalışmıyor",
      "geht nicht mehr",
      "it broke!!",
    ])
      expect([question, retrieve(question, 3).answerable]).toEqual([question, 0]);
    expect(retrieve("sync doesn't work", 3).answerable).toBeGreaterThan(0);
  });

  test("unless a page has just that for its title", async () => {
    const { retrieve } = await fixedKnowledge([
      ...documents,
      { id: "e", title: "Errors", text: "Error 5 means no network.", url: null },
    ]);
    expect(retrieve("errors", 3).answerable).toBeGreaterThan(0);
  });
});
