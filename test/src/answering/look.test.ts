/** What is looked up for a question, what it costs, and whether it helps to speak where nobody asked. */
import { describe, expect, test } from "bun:test";
import { TRUST_MIN, TRUST_UNASKED_MIN } from "../../../src/answering/answer.ts";
import { historyOf, type Inquiry, look, voiceFor } from "../../../src/answering/look.ts";
import { AppError } from "../../../src/errors.ts";
import { botLines } from "../../../src/i18n.ts";
import { ANSWERABLE_MIN, type Retrieval } from "../../../src/knowledge.ts";
import { createScripted, type ScriptStep } from "../../../src/llm/scripted.ts";
import type { Exchanged, Limits, Llm } from "../../../src/llm.ts";
import { createLogger } from "../../../src/logger.ts";
import { createSpending } from "../../../src/record.ts";
import { defaultSettings, type GuildSettings } from "../../../src/settings/form.ts";
import { GUILD, passage } from "../../support/build.ts";
import { createClock } from "../../support/doubles.ts";

const QUESTION = "How do I pair a sensor with the hub button?";
/** Short: what it is about stands in the talk before it. */
const FOLLOW_UP = "and on Windows?";
const TALK: readonly Exchanged[] = [
  { role: "member", author: "Ada", text: QUESTION },
  { role: "bot", author: "Gatehouse", text: "Hold the hub's button for 3 seconds." },
];
const PASSAGES = [passage("Hold the hub's button for 3 seconds."), passage("The hub has one button.")];
const FOUND: Retrieval = {
  passages: PASSAGES.map((held) => ({ passage: held, score: 1 })),
  answerable: ANSWERABLE_MIN,
};
const QUOTED = { answer: "> Hold it. [1]", used: [1], known: true, wantsHuman: false };

type Setting = {
  readonly text?: string;
  readonly unasked?: boolean;
  readonly history?: readonly Exchanged[];
  readonly channel?: readonly Exchanged[];
  readonly locale?: string | null;
  readonly settings?: Partial<GuildSettings>;
  /** Left out: there is no model. */
  readonly model?: readonly ScriptStep[];
  readonly extractive?: readonly ScriptStep[];
  readonly found?: Retrieval;
  readonly leftMs?: number;
};

/** An inquiry, everything that answers it, and what was asked of whom. */
function open(setting: Setting = {}) {
  const { text = QUESTION, unasked = false, leftMs = 12_000, found = FOUND } = setting;
  const clock = createClock();
  const reads = { history: 0, channel: 0 };
  const retrieved: unknown[][] = [];
  const lines: Record<string, unknown>[] = [];
  const llm = setting.model === undefined ? null : limited(createScripted(...setting.model));
  const extractive = limited(createScripted(...(setting.extractive ?? [QUOTED])));
  const spending = createSpending();
  const asked: Inquiry = {
    ...{ guild: GUILD, text, unasked, botName: "Gatehouse", deadlineAtMs: clock.now() + leftMs },
    settings: { ...defaultSettings, ...setting.settings },
    ...(setting.locale === undefined ? {} : { locale: setting.locale }),
    async history() {
      reads.history++;
      return setting.history ?? [];
    },
    async channel() {
      reads.channel++;
      return setting.channel ?? [];
    },
  };
  const sources = {
    ...{ llm, extractive, clock, plans: { features: async () => new Set<never>() } },
    logger: createLogger({ level: "debug", format: "json", write: (line) => lines.push(JSON.parse(line)) }),
    knowledge: {
      async retrieve(...wanted: unknown[]) {
        retrieved.push(wanted);
        return found;
      },
      empty: async () => false,
    },
  };
  const run = () => look(asked, sources, spending);
  return { asked, run, reads, retrieved, lines, llm, extractive, spending, deadlineAtMs: asked.deadlineAtMs };
}

/** Remembers the limits of each call. */
function limited(llm: ReturnType<typeof createScripted>) {
  const limits: Limits[] = [];
  const complete: Llm["complete"] = async (task, given) => {
    limits.push(given);
    return await llm.complete(task, given);
  };
  return { ...llm, limits, complete };
}

describe("what asks for no knowledge", () => {
  const nothing = { retrieval: { passages: [], answerable: 0 }, history: null, trustMin: TRUST_MIN } as const;

  test.each([
    ["the wish for a person", "I want to talk to a human", "person"],
    ["a courtesy", "thanks!", "thanks"],
    ["a greeting", "hi", "greeting"],
  ] as const)("%s is known without a search, a model or a memory", async (_, text, asks) => {
    const { run, reads, retrieved, llm } = open({ text, model: [] });
    expect(await run()).toEqual({ ...nothing, asks, question: text, judgement: null });
    expect({ reads, retrieved, asked: llm?.asked }).toEqual({
      ...{ reads: { history: 0, channel: 0 }, retrieved: [], asked: [] },
    });
  });

  test("a courtesy that nobody offered the bot is left alone; a wish for a person is heard", async () => {
    const silent = { speak: false, reason: "nothing-relevant", why: null } as const;
    expect(await open({ text: "thanks!", unasked: true }).run()).toEqual({
      ...{ ...nothing, asks: "thanks", question: "thanks!", judgement: silent },
    });
    const wish = "I want to talk to a human";
    expect((await open({ text: wish, unasked: true }).run()).judgement).toBeNull();
  });
});

describe("what the bot was asked", () => {
  test("is looked up as it stands: eight passages, by the deadline, and no model is asked for it", async () => {
    const { run, retrieved, llm, deadlineAtMs, reads } = open({ history: TALK, model: [] });
    expect(await run()).toEqual({
      ...{ asks: "knowledge", history: TALK, question: QUESTION, retrieval: FOUND, judgement: null },
      trustMin: TRUST_MIN,
    });
    expect(retrieved).toEqual([[GUILD, QUESTION, 8, deadlineAtMs, 0]]);
    expect(llm?.asked).toEqual([]);
    expect(reads).toEqual({ history: 1, channel: 0 });
  });

  test("is understood by the last eight turns of the talk", async () => {
    const turns = Array.from({ length: 11 }, (_, n) => ({ role: "member", author: "Ada", text: `${n}` }) as const);
    const { run, asked } = open({ history: turns });
    expect((await run()).history?.map(({ text }) => text)).toEqual(["3", "4", "5", "6", "7", "8", "9", "10"]);
    expect(await historyOf(asked)).toHaveLength(8);
  });
});

describe("a follow-up", () => {
  const whole = "How do I pair a sensor on Windows?";

  test("is made whole by the model, in the guild's turn, and that is what is looked up", async () => {
    const { run, retrieved, llm, spending } = open({
      ...{ text: FOLLOW_UP, history: TALK, model: [{ question: ` ${whole}\n` }] },
    });
    expect(await run()).toMatchObject({ question: whole, history: TALK });
    expect(retrieved.map(([, question]) => question)).toEqual([whole]);
    expect(llm?.asked).toEqual([{ task: "rewrite", question: FOLLOW_UP, history: TALK, language: "en" }]);
    expect(llm?.limits).toEqual([{ deadlineMs: 2_500, guild: GUILD }]);
    expect(spending.total()).toEqual({ model: "scripted", tokensIn: 100, tokensOut: 20, costUsd: 0 });
  });

  test("takes a third of the time that is left, where that is less than 2.5 s", async () => {
    const rewrite = async (leftMs: number) => {
      const { run, llm } = open({ text: FOLLOW_UP, history: TALK, model: [{ question: whole }], leftMs });
      await run();
      return llm?.limits[0]?.deadlineMs;
    };
    expect(await rewrite(7_500)).toBe(2_500);
    expect(await rewrite(6_000)).toBe(2_000);
    expect(await rewrite(903)).toBe(301);
  });

  test("is made whole without the model where 300 ms or less would be left for it", async () => {
    const { run, llm, extractive } = open({
      ...{ text: FOLLOW_UP, history: TALK, model: [{ question: whole }], leftMs: 900 },
      extractive: [{ question: "sensor Windows" }],
    });
    expect((await run()).question).toBe("sensor Windows");
    expect(llm?.asked).toEqual([]);
    expect(extractive.limits).toEqual([{ deadlineMs: 300 }]);
  });

  test("is made whole by both questions' words where there is no model, and where it says nothing", async () => {
    for (const model of [undefined, [{ question: "  " }]]) {
      const { run, extractive } = open({
        ...{ text: FOLLOW_UP, history: TALK, ...(model === undefined ? {} : { model }) },
        extractive: [{ question: "sensor Windows" }],
      });
      expect((await run()).question).toBe("sensor Windows");
      expect(extractive.asked).toEqual([{ task: "rewrite", question: FOLLOW_UP, history: TALK, language: "en" }]);
    }
  });

  test("is made whole without the model where that fails, with its reason in the log", async () => {
    const { run, lines, spending } = open({
      ...{ text: FOLLOW_UP, history: TALK, model: [new AppError("rate-limited", "later")] },
      extractive: [{ question: "sensor Windows" }],
    });
    expect((await run()).question).toBe("sensor Windows");
    expect(lines).toMatchObject([{ msg: "rewrite-failed", reason: "rate-limited" }]);
    expect(spending.total().model).toBeNull();
  });

  test("does not hide a fault in the code", async () => {
    const { run } = open({ text: FOLLOW_UP, history: TALK, model: [new TypeError("undefined is not a function")] });
    await expect(run()).rejects.toThrow("undefined is not a function");
  });

  test("is taken as it stands where nothing was said before", async () => {
    const { run, llm, extractive } = open({ text: FOLLOW_UP, model: [] });
    expect(await run()).toMatchObject({ question: FOLLOW_UP, history: [] });
    expect([llm?.asked, extractive.asked]).toEqual([[], []]);
  });

  test("is rewritten in its own language, else in that of the talk, of Discord, of the guild", async () => {
    const language = async (text: string, setting: Setting) => {
      const { run, llm } = open({ history: TALK, model: [{ question: whole }], text, ...setting });
      await run();
      const [task] = llm?.asked ?? [];
      return task?.task === "rewrite" ? task.language : null;
    };
    const unclear = [{ role: "member", author: "Ada", text: "ML-301" }] as const;
    expect(await language("peki ya Windows'ta nasıl?", {})).toBe("tr");
    expect(await language("ML-207?", { settings: { language: "tr" } })).toBe("en");
    expect(await language("ML-207?", { history: unclear, locale: "de-DE" })).toBe("de");
    expect(await language("ML-207?", { history: unclear, settings: { language: "tr" } })).toBe("tr");
  });
});

describe("where nobody asked the bot", () => {
  test("the talk before is read only for what leans on it", async () => {
    const alone = open({ unasked: true, history: TALK });
    expect(await alone.run()).toMatchObject({ history: null, question: QUESTION });
    expect(alone.reads.history).toBe(0);
    // Passages are read only where it may speak.
    expect(alone.retrieved.map(([, , , , answerableMin]) => answerableMin)).toEqual([ANSWERABLE_MIN]);
    const leaning = open({ unasked: true, text: FOLLOW_UP, history: TALK, extractive: [{ question: "it" }, QUOTED] });
    expect((await leaning.run()).history).toEqual(TALK);
  });

  test("a quote needs more trust, except of whoever goes on from what the bot said", async () => {
    const trustMin = async (setting: Setting) =>
      (await open({ unasked: true, extractive: [{ question: "it" }, QUOTED], ...setting }).run()).trustMin;
    expect(await trustMin({ history: TALK })).toBe(TRUST_UNASKED_MIN);
    expect(await trustMin({ text: FOLLOW_UP, history: TALK })).toBe(TRUST_MIN);
    expect(await trustMin({ text: FOLLOW_UP, history: [], extractive: [QUOTED] })).toBe(TRUST_UNASKED_MIN);
  });

  test("the model judges whether it helps, by the whole question, the channel and the best passages", async () => {
    const { run, llm, reads } = open({
      ...{ unasked: true, text: FOLLOW_UP, history: TALK, channel: TALK, leftMs: 12_000 },
      model: [{ question: "How do I pair on Windows?" }, { help: true, reason: "asks how to pair" }],
    });
    expect((await run()).judgement).toEqual({ speak: true, why: "asks how to pair" });
    expect(llm?.asked[1]).toEqual({
      ...{ task: "judge", text: "How do I pair on Windows?", channel: TALK, passages: PASSAGES },
    });
    expect(llm?.limits[1]).toEqual({ deadlineMs: 3_000, guild: GUILD });
    expect(reads.channel).toBe(1);
  });

  test("the judgement takes no longer than what is left, and is paid for", async () => {
    const { run, llm, spending } = open({
      unasked: true,
      model: [{ help: false, reason: "small talk" }],
      leftMs: 2_000,
    });
    expect((await run()).judgement).toEqual({ speak: false, reason: "model-declined", why: "small talk" });
    expect(llm?.limits).toEqual([{ deadlineMs: 2_000, guild: GUILD }]);
    expect(spending.total().tokensIn).toBe(100);
  });

  test("nothing is judged where search found nothing that may answer", async () => {
    const silent = { speak: false, reason: "nothing-relevant", why: null } as const;
    for (const found of [
      { ...FOUND, answerable: ANSWERABLE_MIN - 0.01 },
      { passages: [], answerable: 1 },
    ]) {
      const { run, llm, extractive } = open({ unasked: true, model: [{ help: true, reason: "" }], found });
      expect((await run()).judgement).toEqual(silent);
      expect([llm?.asked, extractive.asked]).toEqual([[], []]);
    }
  });

  test("without a model the trust in a quote decides, and one that nobody rated is trusted", async () => {
    const speaks = async (quote: object, setting: Setting = {}) => {
      const { run } = open({ unasked: true, extractive: [{ ...QUOTED, ...quote }], ...setting });
      return (await run()).judgement?.speak;
    };
    expect(await speaks({})).toBe(true);
    expect(await speaks({ trust: TRUST_UNASKED_MIN })).toBe(true);
    expect(await speaks({ trust: TRUST_UNASKED_MIN - 0.01 })).toBe(false);
    expect(await speaks({ known: false })).toBe(false);
  });

  test("whoever goes on from what the bot said gets the quote that an asker would get", async () => {
    const speaks = async (trust: number) => {
      const extractive = [{ question: "How do I pair on Windows?" }, { ...QUOTED, trust }];
      const { run } = open({ unasked: true, text: FOLLOW_UP, history: TALK, extractive });
      return (await run()).judgement?.speak;
    };
    expect(await speaks(TRUST_MIN)).toBe(true);
    expect(await speaks(TRUST_MIN - 0.01)).toBe(false);
  });

  test("the quote is looked for in what was found, in the question's language, else the guild's", async () => {
    const task = async (text: string) => {
      const { run, extractive } = open({ unasked: true, text, settings: { language: "tr" }, leftMs: 9_000 });
      await run();
      expect(extractive.limits).toEqual([{ deadlineMs: 9_000 }]);
      return extractive.asked[0];
    };
    expect(await task(QUESTION)).toEqual({
      ...{ task: "answer", question: QUESTION, passages: PASSAGES, found: FOUND, botName: "Gatehouse", language: "en" },
      ...{ history: [], channel: [], instructions: "" },
    });
    expect(await task("ML-207 ML-301 ML-404 ML-505 1234?")).toMatchObject({ language: "tr" });
  });
});

describe("the answer's language", () => {
  const voice = async (text: string, setting: Setting = {}) => {
    const { asked, run, reads } = open({ text, ...setting });
    const found = await run();
    const before = reads.history;
    return { ...(await voiceFor(asked, found)), read: reads.history - before };
  };
  const UNCLEAR = "ML-207 ML-301 ML-404 ML-505 1234?";

  test("is the question's own, and the bot's own lines are in it", async () => {
    const { language, words, read } = await voice("Sensörü hub ile nasıl eşleştiririm?", { locale: "de" });
    expect({ language, read }).toEqual({ language: "tr", read: 0 });
    expect(words).toBe(botLines("tr"));
  });

  test("is that of what the member said last where the question has none, not of what the bot said", async () => {
    const history: readonly Exchanged[] = [
      { role: "member", author: "Ada", text: "How do I pair the sensor with it?" },
      { role: "member", author: "Ada", text: "Sensörü hub ile nasıl eşleştiririm?" },
      { role: "member", author: "Ada", text: "ML-301" },
      { role: "bot", author: "Gatehouse", text: "Halten Sie den Knopf drei Sekunden lang gedrückt." },
    ];
    expect(await voice(UNCLEAR, { history, locale: "de" })).toMatchObject({ language: "tr", read: 0 });
    // Where nobody asked the bot, the talk was not read before.
    expect(await voice(UNCLEAR, { history, unasked: true })).toMatchObject({ language: "tr", read: 1 });
  });

  test("is Discord's where nobody said anything, without its country, and else the guild's", async () => {
    const settings = { language: "tr" } as const;
    const language = async (locale?: string | null) =>
      (await voice(UNCLEAR, { settings, ...(locale === undefined ? {} : { locale }) })).language;
    expect(await language("de-DE")).toBe("de");
    expect(await language("PT_br")).toBe("pt");
    expect(await language("")).toBe("tr");
    expect(await language(null)).toBe("tr");
    expect(await language()).toBe("tr");
  });

  test("that the bot has no lines in takes the guild's lines", async () => {
    const { language, words } = await voice(UNCLEAR, { locale: "tlh", settings: { language: "tr" } });
    expect({ language, words }).toEqual({ language: "tlh", words: botLines("tr") });
  });
});
