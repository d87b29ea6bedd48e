import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { PASSAGES_MAX, worthTelling } from "../../../src/answering/worth-telling.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import type { AnswerTask } from "../../../src/llm.ts";
import { GUILD, mention, passage } from "../../support/build.ts";
import { openHouse } from "../../support/house.ts";

const scored = (...scores: number[]) => scores.map((score) => ({ passage: passage("Yes."), score }));

describe("of the passages that were found a model is told", () => {
  test.each([
    [[10, 9, 8, 7], 4],
    [[10, 9, 8, 3.9, 3.8], 3],
    [[10, 1, 1, 1], 3],
    [[10, 9, 8, 4, 3.9], 4],
    [[10], 1],
    [[], 0],
  ])("%p: the first %p", (scores, told) => expect(worthTelling(scored(...scores))).toBe(told));

  test("never fewer than three of those there are, nor more, and never a poorer one before a better", () => {
    const score = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(score, { maxLength: PASSAGES_MAX }), (scores) => {
        const ranked = scored(...scores.toSorted((a, b) => b - a));
        const told = worthTelling(ranked);
        expect(told).toBeGreaterThanOrEqual(Math.min(3, ranked.length));
        expect(told).toBeLessThanOrEqual(ranked.length);
        for (const { score } of ranked.slice(told)) expect(score).toBeLessThan((ranked[0]?.score ?? 0) * 0.4);
      }),
    );
  });

  test("no more than these, and a number beyond them is no source", async () => {
    const passages = [
      passage("The hub button resets the hub after ten seconds.", { title: "Reset the hub" }),
      ...["One", "Two", "Three", "Four"].map((title) => passage("The hub is white.", { title, document: title })),
    ];
    const llm = createScripted({ answer: "The hub is white [5].", used: [5], known: true, wantsHuman: false });
    const retrieve = async () => ({
      passages: passages.map((one, place) => ({ passage: one, score: place === 0 ? 10 : 1 })),
      answerable: 1,
    });
    const stats = () => ({ bytes: 0, guilds: 1, hits: 0, misses: 0 });
    const house = await openHouse({ llm, knowledge: { retrieve, stats, empty: async () => false, versionComes() {} } });
    const outcome = await house.handle(mention("How do I reset the hub with its button?"));
    const task = llm.asked.find((one): one is AnswerTask => one.task === "answer");
    expect(task?.passages.map(({ title }) => title)).toEqual(["Reset the hub", "One", "Two"]);
    expect(outcome).toMatchObject({ kind: "answered", reason: "not-in-knowledge" });
    expect(house.store.exchanges.at(-1)?.guild).toBe(GUILD);
  });
});
