import { describe, expect, test } from "bun:test";
import { decideLine, type LineFacts, linesOfQuestion } from "../../../src/pipeline/decide-line.ts";
import { defaultSettings } from "../../../src/settings/form.ts";
import type { Considered } from "../../../src/smart.ts";
import { BOT, message } from "../../support/build.ts";

const MINUTE_MS = 60_000;
const talk: Considered = { decision: "silent", reason: "talk", score: 0.1 };
const request: Considered = { decision: "consider", reason: "request", score: 0.8 };
const quiet = { answering: "silent" } as NonNullable<LineFacts["triage"]>;

function decided(content: string, facts: Partial<LineFacts> = {}) {
  return decideLine({
    ...{ message: message({ content }), self: BOT.userId, address: null, staffAnswered: () => false },
    ...{ threadSolved: false, triage: null, smart: talk, pending: false, answeredAgoMs: null },
    settings: { ...defaultSettings, mode: "all", smart: true },
    ...facts,
  });
}

describe("a line that nobody addressed to the bot", () => {
  test("comes to what smart mode makes of it", () => {
    expect(decided("I like it here")).toMatchObject({ speak: "silent", reason: "small-talk" });
    expect(decided("how do I pair it?", { smart: request })).toMatchObject({ speak: "consider" });
  });

  test("is answered where smart mode is off, whatever it says", () => {
    const off = { smart: null, settings: { ...defaultSettings, mode: "all", smart: false } } as const;
    expect(decided("how do I pair it?", off)).toMatchObject({ speak: "must", reason: "every-message" });
    expect(decided("ok", { ...off, triage: quiet })).toMatchObject({ speak: "must", reason: "every-message" });
  });

  test("that asks nothing is silence, however it looks in its talk", () => {
    expect(decided("ok", { smart: request, triage: quiet })).toMatchObject({ speak: "silent", reason: "small-talk" });
  });

  test("to somebody by name is that person's", () => {
    const named: Considered = { decision: "silent", reason: "addressed-to-another", score: 0.4 };
    expect(decided("Kevin, how do I pair it?", { smart: named })).toMatchObject({ reason: "addressed-to-another" });
  });

  test("in the middle of a thought goes on with it", () => {
    expect(decided("with the hub", { pending: true })).toMatchObject({ speak: "consider" });
    expect(decided("with the hub", { pending: true, triage: quiet })).toMatchObject({ speak: "consider" });
  });

  test("goes on for less than five minutes after the bot answered its author, unless it asks nothing", () => {
    const answered = (answeredAgoMs: number | null, content = "and on Windows?") => decided(content, { answeredAgoMs });
    expect(answered(0)).toMatchObject({ speak: "consider" });
    expect(answered(5 * MINUTE_MS - 1)).toMatchObject({ speak: "consider" });
    expect(answered(5 * MINUTE_MS)).toMatchObject({ speak: "silent" });
    expect(answered(null)).toMatchObject({ speak: "silent" });
    expect(answered(0, "ok thanks")).toMatchObject({ speak: "silent" });
    // Nobody looked what the line is like: there is nothing to go on with.
    expect(decided("and on Windows?", { smart: null, triage: quiet, answeredAgoMs: 0 })).toMatchObject({
      speak: "silent",
    });
  });

  test("that wishes for a person is answered whatever smart mode makes of it", () => {
    expect(decided("I want to talk to a real human please")).toMatchObject({ speak: "must", reason: "wants-human" });
  });
});

describe("of what somebody said shortly before", () => {
  const earlier = [{ content: "my hub is blinking red" }, { content: "lol" }];

  test("that says something belongs to a question that points back, or says nothing by itself", () => {
    for (const question of ["why is it doing that?", "", "  \n"])
      expect(linesOfQuestion(earlier, question)).toEqual([{ content: "my hub is blinking red" }]);
  });

  test("nothing belongs to a question that is whole, to thanks, emoji or the wish for a person", () => {
    for (const question of [
      "How do I pair a sensor with the hub button?",
      "thanks!",
      "🎉🎉",
      "I want to talk to a real human please",
    ])
      expect(linesOfQuestion(earlier, question)).toEqual([]);
  });

  test("it belongs to a call that says nothing of what is the matter", () => {
    for (const question of ["any idea?", "why?", "?", "can anyone help?", "can anybody help me with this?"])
      expect(linesOfQuestion(earlier, question)).toHaveLength(1);
  });
});
