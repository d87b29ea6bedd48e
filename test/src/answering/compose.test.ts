/** What is said in the end: a checked answer, a courtesy, or one line on why there is none. */
import { describe, expect, test } from "bun:test";
import { TRUST_MIN } from "../../../src/answering/answer.ts";
import { compose } from "../../../src/answering/compose.ts";
import { ESCALATION_MS } from "../../../src/answering/escalation.ts";
import type { Inquiry, Lookup } from "../../../src/answering/look.ts";
import { AppError } from "../../../src/errors.ts";
import { botLines } from "../../../src/i18n.ts";
import { createScripted, type ScriptStep } from "../../../src/llm/scripted.ts";
import type { Exchanged } from "../../../src/llm.ts";
import { createLogger } from "../../../src/logger.ts";
import { FEATURES, type Feature } from "../../../src/plans/plans.ts";
import { createSpending } from "../../../src/record.ts";
import { defaultSettings, type GuildSettings } from "../../../src/settings/form.ts";
import { GUILD, passage } from "../../support/build.ts";
import { createClock } from "../../support/doubles.ts";

const QUESTION = "How do I pair a sensor?";
const PAIRING = passage("Hold the hub's button for 3 seconds.", {
  id: "p1",
  title: "Pair",
  url: "https://docs.example/p",
});
const FOUND: Lookup = {
  ...{ asks: "knowledge", question: QUESTION, history: null, judgement: null, trustMin: TRUST_MIN },
  retrieval: { passages: [{ passage: PAIRING, score: 1 }], answerable: 0.9 },
};
const KNOWN = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };
const UNKNOWN = { ...KNOWN, known: false };
const TALK: readonly Exchanged[] = [{ role: "member", author: "Ada", text: "Hello" }];
const WINDOW: readonly Exchanged[] = [{ role: "member", author: "Bo", text: "Me too" }];
const NOTHING_SPENT = { model: null, tokensIn: 0, tokensOut: 0, costUsd: 0 };

const words = botLines("en");

type Setting = {
  readonly found?: Partial<Lookup>;
  /** Left out: there is no model. */
  readonly model?: readonly ScriptStep[];
  readonly quote?: ScriptStep;
  readonly escalatedMsAgo?: number;
  readonly settings?: Partial<GuildSettings>;
  readonly features?: readonly Feature[];
  readonly empty?: boolean;
  readonly leftMs?: number;
};

function open(setting: Setting = {}) {
  const clock = createClock();
  const lines: Record<string, unknown>[] = [];
  const reads = { history: 0, channel: 0 };
  const llm = setting.model === undefined ? null : createScripted(...setting.model);
  const extractive = createScripted(setting.quote ?? { ...KNOWN, trust: 1 });
  const spending = createSpending();
  const asked: Inquiry = {
    ...{ guild: GUILD, text: "as it was typed", unasked: false, botName: "Gatehouse" },
    ...{
      deadlineAtMs: clock.now() + (setting.leftMs ?? 12_000),
      settings: { ...defaultSettings, ...setting.settings },
    },
    async history() {
      reads.history++;
      return TALK;
    },
    async channel() {
      reads.channel++;
      return WINDOW;
    },
  };
  const sources = {
    ...{ llm, extractive, clock, plans: { features: async () => new Set(setting.features ?? FEATURES) } },
    logger: createLogger({ level: "debug", format: "json", write: (line) => lines.push(JSON.parse(line)) }),
    knowledge: {
      retrieve: () => Promise.reject(new Error("it was looked up before")),
      empty: async () => setting.empty ?? false,
    },
  };
  const escalatedAtMs = setting.escalatedMsAgo === undefined ? null : clock.now() - setting.escalatedMsAgo;
  const voice = { language: "en", words };
  const run = () => compose({ ...FOUND, ...setting.found }, voice, asked, escalatedAtMs, sources, spending);
  return { run, lines, reads, llm, extractive, spending };
}

describe("an answer", () => {
  test("is said with its sources, and paid for", async () => {
    const { run, spending, lines } = open({ model: [KNOWN] });
    expect(await run()).toMatchObject({
      ...{ kind: "known", text: "Hold the hub's button for 3 seconds [1].", escalation: null },
      sources: [{ n: 1, title: "Pair", url: "https://docs.example/p", passage: "p1" }],
      answer: { kind: "known", model: "scripted" },
    });
    expect(spending.total()).toEqual({ model: "scripted", tokensIn: 100, tokensOut: 20, costUsd: 0 });
    expect(lines).toEqual([]);
  });

  test("is asked for with the whole question, the passages, both talks and the admin's instructions", async () => {
    const { run, llm } = open({ model: [KNOWN], settings: { instructions: "Be brief." } });
    await run();
    expect(llm?.asked).toEqual([
      {
        ...{ task: "answer", question: QUESTION, passages: [PAIRING], history: TALK, channel: WINDOW, language: "en" },
        ...{ botName: "Gatehouse", instructions: "Be brief.", found: FOUND.retrieval },
      },
    ]);
  });

  test("takes the talk that the look has read, and reads it where it has not", async () => {
    const read = open({ model: [KNOWN], found: { history: [] } });
    await read.run();
    expect(read.llm?.asked).toMatchObject([{ history: [] }]);
    expect(read.reads).toEqual({ history: 0, channel: 1 });
    const unread = open({ model: [KNOWN] });
    await unread.run();
    expect(unread.reads).toEqual({ history: 1, channel: 1 });
  });

  test("is made harmless: it pings nobody", async () => {
    const answer = "@everyone Hold the hub's button for 3 seconds [1].";
    const { text } = await open({ model: [{ ...KNOWN, answer }] }).run();
    expect(text).not.toContain("@everyone");
    expect(text).toEndWith("Hold the hub's button for 3 seconds [1].");
  });

  test("must be in by the deadline: a quote takes its place, and the log says why", async () => {
    const { run, lines, spending } = open({ model: [KNOWN], leftMs: 1_000 });
    expect(await run()).toMatchObject({ kind: "known", answer: { fellBack: "timeout" } });
    expect(lines).toMatchObject([{ level: 40, msg: "model-bypassed", guild: GUILD, reason: "timeout" }]);
    expect(spending.total().model).toBe("scripted");
    const failing = open({ model: [new AppError("overloaded", "later")] });
    expect(await failing.run()).toMatchObject({ answer: { fellBack: "overloaded" } });
    expect(failing.lines).toMatchObject([{ reason: "overloaded" }]);
  });

  test("without a model is a quote, which is nothing to warn of", async () => {
    const { run, lines } = open();
    expect(await run()).toMatchObject({ kind: "known", answer: { fellBack: "no-model" } });
    expect(lines).toEqual([]);
  });
});

describe("where there is no answer", () => {
  test("it is said that the knowledge base does not hold it, and what was tried is on record", async () => {
    const { run, spending } = open({ model: [UNKNOWN] });
    expect(await run()).toMatchObject({
      ...{ kind: "not-in-knowledge", text: words.notInKnowledge, sources: [], escalation: null },
      answer: { kind: "unknown", model: "scripted" },
    });
    expect(spending.total().tokensIn).toBe(100);
  });

  test("the page that comes nearest is named with its address, where it can be named", async () => {
    const nearest = async (fields: Parameters<typeof passage>[1]) => {
      const retrieval = { passages: [{ passage: { ...PAIRING, ...fields }, score: 1 }], answerable: 0.9 };
      return (await open({ quote: { ...KNOWN, trust: 0.5 }, found: { retrieval } }).run()).text;
    };
    const line = `${words.notInKnowledge} ${words.nearestPage}`;
    expect(await nearest({})).toBe(`${line} [Pair](<https://docs.example/p>)`);
    expect(await nearest({ url: null })).toBe(`${line} Pair`);
    expect(await nearest({ url: null, title: " " })).toBe(words.notInKnowledge);
  });

  test("nothing was spent where nobody was asked", async () => {
    const { run, spending } = open({ found: { retrieval: { passages: [], answerable: 0 } } });
    expect(await run()).toMatchObject({ kind: "not-in-knowledge", answer: { model: "none" } });
    expect(spending.total()).toEqual(NOTHING_SPENT);
  });

  test("because the guild has no knowledge base, that is said", async () => {
    const nothing = { retrieval: { passages: [], answerable: 0 } } as const;
    const { run, llm } = open({ found: nothing, empty: true, model: [KNOWN] });
    expect(await run()).toEqual({
      ...{ kind: "no-knowledge", text: words.emptyKnowledge, answer: null, escalation: null, sources: [] },
    });
    expect(llm?.asked).toEqual([]);
    // Emptied since: what was found before that still answers.
    expect(await open({ empty: true }).run()).toMatchObject({ kind: "known" });
  });

  test("because the knowledge base is still being read, that is said, and nobody is asked", async () => {
    const { run, llm, reads } = open({
      found: { retrieval: { ...FOUND.retrieval, passages: [], answerable: 0, loading: true } },
      ...{ empty: true, model: [KNOWN] },
    });
    expect(await run()).toEqual({
      ...{ kind: "knowledge-loading", text: words.knowledgeLoading, answer: null, escalation: null, sources: [] },
    });
    expect(llm?.asked).toEqual([]);
    expect(reads).toEqual({ history: 0, channel: 0 });
  });
});

test.each([
  ["greeting", words.askSomething],
  ["thanks", words.welcome],
  ["how-are-you", words.doingWell],
  ["insult", words.insulted],
] as const)("a courtesy (%s) is answered in kind, by the bot's own line", async (asks, text) => {
  const { run, llm, extractive, reads } = open({ found: { asks }, model: [] });
  expect(await run()).toEqual({ kind: "courtesy", text, answer: null, escalation: null, sources: [] });
  expect([llm?.asked, extractive.asked]).toEqual([[], []]);
  expect(reads).toEqual({ history: 0, channel: 0 });
});

describe("whoever wants a person", () => {
  const person = { asks: "person" } as const;

  test("is told that the team can see it, and no model is asked", async () => {
    const { run, llm, spending } = open({ found: person, model: [KNOWN] });
    const said = await run();
    expect(said).toMatchObject({ kind: "wants-human", escalation: "marked", answer: null, sources: [] });
    expect(said.text).toStartWith(words.marked);
    expect(llm?.asked).toEqual([]);
    expect(spending.total()).toEqual(NOTHING_SPENT);
  });

  test("is told so once an hour; in between, that it was marked before", async () => {
    const marked = async (escalatedMsAgo: number) => await open({ found: person, escalatedMsAgo }).run();
    const before = await marked(ESCALATION_MS - 1);
    expect(before).toMatchObject({ kind: "wants-human", escalation: "marked-before" });
    expect(before.text).toStartWith(words.markedBefore);
    expect(await marked(ESCALATION_MS)).toMatchObject({ escalation: "marked" });
  });

  test("is told until when the team is there", async () => {
    const { week: _, ...people } = defaultSettings.people;
    const week = Array.from({ length: 7 }, () => ({ from: "00:00", to: "24:00" }));
    const { text } = await open({ found: person, settings: { people: { ...people, week } } }).run();
    const midnight = Date.UTC(2026, 0, 2) / 1_000;
    expect(text).toBe(`${words.marked} ${words.teamUntil(`<t:${midnight}:t>`)}`);
  });

  test("is told where the plan tells no team", async () => {
    expect(await open({ found: person, features: [] }).run()).toMatchObject({ text: words.notTold });
  });

  test("as only the model noticed, is told just that: nothing is quoted beside it, and the model is paid for", async () => {
    for (const result of [KNOWN, UNKNOWN]) {
      const { run, spending } = open({ model: [{ ...result, wantsHuman: true }] });
      const said = await run();
      expect(said).toMatchObject({ kind: "wants-human", escalation: "marked", sources: [] });
      expect(said.answer?.wantsHuman).toBe(true);
      expect(said.text).toStartWith(words.marked);
      expect(spending.total().tokensIn).toBe(100);
    }
  });
});
