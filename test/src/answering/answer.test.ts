import { describe, expect, test } from "bun:test";
import { type Answer, type AnswerInput, answer } from "../../../src/answering/answer.ts";
import { AppError } from "../../../src/errors.ts";
import { NEAREST_ANSWERABLE_MIN, type PassageRow } from "../../../src/knowledge.ts";
import { createScripted, type ScriptStep } from "../../../src/llm/scripted.ts";
import type { AnswerResult, AnswerTask, Completion, Limits, Llm, ResultOf, Task } from "../../../src/llm.ts";
import { GUILD } from "../../support/build.ts";
import { createClock } from "../../support/doubles.ts";

const CODE = "```sh\ncd ./gizmo\ndocker build .\ncp settings.json ..\necho $argv[0] $argv[3]\n  .then(done) ;\n```";

const passages = [
  "Copy the .env file to ./config.",
  "The gizmo folder holds it.",
  `Run this in the gizmo folder:\n\n${CODE}`,
  "An odd page about $argv[3].",
].map((text, position) => page(`Page ${position + 1}`, text, { document: `d${position}` }));

const question = "How do I set up the gizmo?";

/** What the model says, what the quoting one says (`quote`), and how they were asked. */
function ask(
  model: ScriptStep<AnswerTask> | null,
  asked: Partial<AnswerInput> & { readonly quote?: Partial<AnswerResult>; readonly leftMs?: number } = {},
) {
  const { quote, leftMs = 12_000, ...input } = asked;
  const clock = createClock();
  const llm = model === null ? null : metered(createScripted(model as ScriptStep));
  const extractive = createScripted({ ...QUOTE, ...quote });
  const whole: AnswerInput = {
    ...{ guild: GUILD, question, passages, history: [], channel: [], language: "en", instructions: "" },
    ...{ botName: "Gatehouse", trustMin: 0.6, told: 8, ...input },
  };
  const said = answer(whole, { llm, extractive, clock }, clock.now() + leftMs);
  return { said, clock, llm, extractive, limits: () => llm?.limits };
}

/** With a bill, and the limits of its last call. */
function metered(llm: ReturnType<typeof createScripted>) {
  let last: Limits | null = null;
  return {
    ...llm,
    get limits() {
      return last;
    },
    async complete<T extends Task>(task: T, limits: Limits): Promise<Completion<ResultOf<T>>> {
      last = limits;
      return { ...(await llm.complete(task, limits)), model: "large", costUsd: 0.002 };
    },
  } satisfies Llm;
}

const QUOTE: AnswerResult = {
  ...{ answer: "> The gizmo folder holds it. [2]", used: [2], known: true, wantsHuman: false, trust: 0.9 },
};
const SPENT = { model: "large", tokensIn: 100, tokensOut: 20, costUsd: 0.002 };

const knows = (text: string, used: readonly number[] = []): AnswerResult => ({
  ...{ answer: text, used, known: true, wantsHuman: false },
});
const titles = ({ sources }: Answer) => sources.map(({ n, title }) => `${n} ${title}`);

describe("a model's answer", () => {
  test("comes with its sources, and with what it cost", async () => {
    const { said } = ask(knows(" The gizmo folder holds it [2].\n", [2]));
    expect(await said).toEqual({
      ...{
        kind: "known",
        text: "The gizmo folder holds it [1].",
        wantsHuman: false,
        fellBack: null,
        nearest: null,
        dropped: 0,
      },
      sources: [{ n: 1, title: "Page 2", url: "https://docs.example/Page 2", passage: "Page 2" }],
      ...SPENT,
    });
  });

  test("is asked for with all that is known, in the guild's turn, and not for what a quote must be trusted", async () => {
    const talk = [{ role: "member", author: "Ada", text: "Hello" }] as const;
    const { said, llm, limits, extractive } = ask(knows("The gizmo folder holds it [2]."), {
      ...{ history: talk, channel: talk, instructions: "Be brief.", language: "tr", found: { answerable: 0.7 } },
    });
    await said;
    expect(llm?.asked).toEqual([
      {
        ...{ task: "answer", question, passages, history: talk, channel: talk, language: "tr", botName: "Gatehouse" },
        ...{ instructions: "Be brief.", found: { answerable: 0.7 } },
      },
    ]);
    expect(limits()?.guild).toBe(GUILD);
    expect(extractive.asked).toEqual([]);
  });

  test("what stands in code is not touched: no index in brackets is taken for a source, no space before a dot is lost", async () => {
    const text = `Copy the .env file to ./config [1]. Then run, with \`$argv[3]\`:\n\n${CODE}\n[3]`;
    const said = await ask(knows(text)).said;
    expect(said.text).toBe(`Copy the .env file to ./config [1]. Then run, with \`$argv[3]\`:\n\n${CODE}\n[2]`);
    expect(titles(said)).toEqual(["1 Page 1", "2 Page 3"]);
  });

  test("marks are numbered in the order of their sources, and one that names no passage goes with its space", async () => {
    const said = await ask(knows("The gizmo folder holds the .env file [3, 2] [9]. Copy it [2] [2] .", [3])).said;
    expect(said.text).toBe("The gizmo folder holds the .env file [1][2]. Copy it [2] .");
    expect(titles(said)).toEqual(["1 Page 3", "2 Page 2"]);
  });

  test("two passages of a page are one source, the first of them", async () => {
    const [first, second, third] = [
      page("Gizmos", "The gizmo folder holds the settings.", { id: "top", document: "gizmos" }),
      page("Other", "The lamp is red."),
      page("Gizmos", "Gizmos charge overnight.", { id: "below", document: "gizmos" }),
    ];
    const text = "The gizmo folder holds the settings [1]. The lamp is red [2]. Gizmos charge overnight [3].";
    const said = await ask(knows(text), { passages: [first, second, third] as PassageRow[] }).said;
    expect(said.text).toBe(text.replace("[3]", "[1]"));
    expect(said.sources.map(({ passage }) => passage)).toEqual(["top", "Other"]);
  });

  test("a source that is not there counts for nothing, and the others for what they say", async () => {
    const said = await ask(knows("The gizmo folder holds it.", [0, 5, 1.5, -1, 2])).said;
    expect(titles(said)).toEqual(["1 Page 2"]);
  });

  test.each([
    ["says that it does not know", { ...knows("The gizmo folder holds it [2]."), known: false }],
    ["names no source", knows("The gizmo folder holds it.")],
    ["names sources that do not exist", knows("The gizmo folder holds it [7].", [0, 5])],
    ["is empty", knows("  ", [2])],
    ["is a mark and nothing else", knows("[2]", [2])],
  ])("is none where it %s; what it cost is on record", async (_, result) => {
    const said = await ask(result).said;
    expect(said).toEqual({
      ...{ kind: "unknown", text: "", sources: [], wantsHuman: false, fellBack: null, nearest: null, dropped: 0 },
      ...SPENT,
    });
  });

  test("tells that the member wants a person, known or not, and without any passage", async () => {
    const wants = { ...knows("The gizmo folder holds it [2]."), wantsHuman: true };
    expect(await ask(wants).said).toMatchObject({ kind: "known", wantsHuman: true });
    expect(await ask({ ...wants, known: false }).said).toMatchObject({ kind: "unknown", wantsHuman: true });
    expect(await ask(wants, { passages: [] }).said).toMatchObject({ kind: "unknown", wantsHuman: true });
  });
});

describe("a model's answer must say what its sources say", () => {
  test("three words in ten are the sources' or the question's: less is made up", async () => {
    const sources = [page("Hubs", "Orange hubs blink twice")];
    const made = (words: string) => ask(knows(`${words} [1]`), { passages: sources, question: "Tomatoes?" }).said;
    const six = "wooden chairs squeak underneath heavy kitchens";
    expect(await made(`orange hubs blink ${six} loudly`)).toMatchObject({ kind: "known" });
    expect(await made(`orange hubs wooden ${six}`)).toMatchObject({ kind: "unknown" });
    expect(await made(`orange tomatoes blink ${six} loudly`)).toMatchObject({ kind: "known" });
  });

  test("a page's title and its headings are what it says too", async () => {
    const sources = [page("Warranty", "Two years.", { headings: ["Broken lamps"] })];
    expect(await ask(knows("Warranty [1]."), { passages: sources }).said).toMatchObject({ kind: "known" });
    expect(await ask(knows("Broken lamps [1]."), { passages: sources }).said).toMatchObject({ kind: "known" });
    expect(await ask(knows("Garden chairs [1]."), { passages: sources }).said).toMatchObject({ kind: "unknown" });
  });

  test("only the pages that it cites count, not whatever else was found", async () => {
    const sources = [page("Hubs", "Orange hubs blink twice."), page("Chairs", "Wooden chairs squeak.")];
    const cited = (n: number) => ask(knows(`Wooden chairs squeak [${n}].`), { passages: sources }).said;
    expect(await cited(2)).toMatchObject({ kind: "known" });
    expect(await cited(1)).toMatchObject({ kind: "unknown" });
  });

  test("words are compared by the stems of the sources' language, or of the asker's where that is not known", async () => {
    const asked = async (language: string) => {
      const sources = [page("Fahrräder", "Fahrräder kosten nichts", { language })];
      return (await ask(knows("Fahrrads [1]"), { passages: sources, language: "de", question: "Und?" }).said).kind;
    };
    expect(await asked("de")).toBe("known");
    expect(await asked("und")).toBe("known");
  });

  test("a translation shares a word with its source at least", async () => {
    const sources = [page("Hub-Lampen", "Die Lampe am Hub blinkt orange und blau.", { language: "de" })];
    const translated = (text: string) => ask(knows(`${text} [1].`), { passages: sources, question: "Ne oldu?" }).said;
    expect(await translated("Cihazın üzerindeki ışık yanıp sönüyor, hub")).toMatchObject({ kind: "known" });
    expect(await translated("Cihazın üzerindeki ışık yanıp sönüyor")).toMatchObject({ kind: "unknown" });
  });

  test("where most of three numbers or more are made up, nothing of it is trusted; else only their sentence goes", async () => {
    const none = "The gizmo folder holds whatever the workshop of the old museum has put there over the years";
    const two = none.replace("there", "on shelves 11 and 12");
    const made = async (right: string, wrong: string) => {
      const text = `${right} [1]. ${wrong} [1].`;
      return (await ask(knows(text), { passages: [page("Gizmos", `${right}.`)] }).said).text;
    };
    expect(await made(none, "Codes: 98 kg, 99 kg")).toBe(`${none} [1].`);
    expect(await made(none, "Codes: 97 kg, 98 kg, 99 kg")).toBe("");
    expect(await made(two, "Codes: 98 kg, 99 kg")).toBe(`${two} [1].`);
    expect(await made(two, "Codes: 97 kg, 98 kg, 99 kg")).toBe("");
  });

  test("a sentence with a wrong number goes; an answer that loses more than half of itself is none", async () => {
    const sources = [page("Bikes", "A bike costs 8 euros a day. A helmet costs 2 euros a day.")];
    const right = "A bike costs 8 euros a day [1].";
    const wrong = "A helmet costs 9 euros a day [1].";
    const one = await ask(knows(`${right} ${right} ${wrong}`), { passages: sources }).said;
    expect(one).toMatchObject({ kind: "known", text: `${right} ${right}`, dropped: 1 });
    expect(await ask(knows(`${right} ${wrong} ${wrong}`), { passages: sources }).said).toEqual({
      ...{ kind: "unknown", text: "", sources: [], wantsHuman: false, fellBack: null, nearest: null, dropped: 2 },
      ...SPENT,
    });
  });
});

describe("the time that a model has", () => {
  test("is what is left until the deadline less 1.5 s for the send, and never more than 8 s", async () => {
    for (const [leftMs, deadlineMs] of [
      [60_000, 8_000],
      [9_500, 8_000],
      [9_499, 7_999],
      [2_200, 700],
    ] as const) {
      const { said, limits } = ask(knows("The gizmo folder holds it [2]."), { leftMs });
      expect(await said).toMatchObject({ fellBack: null });
      expect(limits()?.deadlineMs).toBe(deadlineMs);
    }
  });

  test("is not worth asking for below 700 ms: the quote is given at once", async () => {
    const { said, llm } = ask(knows("The gizmo folder holds it [2]."), { leftMs: 2_199 });
    expect(await said).toMatchObject({ kind: "known", model: "scripted", fellBack: "timeout" });
    expect(llm?.asked).toEqual([]);
  });

  test("ends whether the model keeps its promise or not: it is told to stop, and a quote is given", async () => {
    const { said, clock, limits } = ask(() => new Promise<never>(() => {}), { leftMs: 5_000 });
    await clock.advance(3_499);
    expect(limits()?.signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(limits()?.signal?.aborted).toBe(true);
    expect(await said).toMatchObject({ kind: "known", fellBack: "timeout" });
  });

  test("is not counted on once it has answered", async () => {
    const { said, clock, limits } = ask(knows("The gizmo folder holds it [2]."));
    await said;
    await clock.advance(60_000);
    expect(limits()?.signal?.aborted).toBe(false);
  });
});

describe("where no model answers", () => {
  test("a quote from the same passages does, and it is on record why", async () => {
    const quoted = {
      ...{ kind: "known", text: "> The gizmo folder holds it. [1]", wantsHuman: false, nearest: null, dropped: 0 },
      sources: [{ n: 1, title: "Page 2", url: "https://docs.example/Page 2", passage: "Page 2" }],
      ...{ model: "scripted", tokensIn: 100, tokensOut: 20, costUsd: 0 },
    };
    const alone = ask(null);
    expect(await alone.said).toEqual({ ...quoted, fellBack: "no-model" } as Answer);
    expect(alone.extractive.asked).toMatchObject([{ task: "answer", question, passages }]);
    for (const kind of ["rate-limited", "overloaded", "invalid", "unavailable"] as const) {
      expect(await ask(new AppError(kind, "not now")).said).toEqual({ ...quoted, fellBack: kind } as Answer);
    }
  });

  test("because of a fault in the code, the fault is not hidden", async () => {
    const { said } = ask(new TypeError("undefined is not a function"));
    await expect(said).rejects.toThrow("undefined is not a function");
  });

  test("a quote is as its page has it: its numbers are not held against the page once more", async () => {
    const sources = [page("Bikes", "A bike costs 8 euros a day.")];
    const quote = { answer: "A bike costs 9 euros a day [1].", used: [1] };
    expect(await ask(null, { passages: sources, quote }).said).toMatchObject({ kind: "known" });
    expect(await ask(knows(quote.answer), { passages: sources }).said).toMatchObject({ kind: "unknown" });
  });

  test.each([
    ["without a passage", { passages: [] }],
    ["where search saw nothing that answers", { found: { answerable: 0 } }],
  ])("nothing is quoted %s", async (_, asked) => {
    const { said, extractive } = ask(null, asked);
    expect(await said).toEqual({
      ...{ kind: "unknown", text: "", sources: [], wantsHuman: false, model: "none", tokensIn: 0, tokensOut: 0 },
      ...{ costUsd: 0, fellBack: "no-model", nearest: null, dropped: 0 },
    });
    expect(extractive.asked).toEqual([]);
  });

  test("a quote is given from the trust on that is asked for; one that nobody rated is trusted", async () => {
    const { trust: _, ...unrated } = QUOTE;
    const quoted = async (trust: number) => (await ask(null, { trustMin: 0.6, quote: { trust } }).said).kind;
    expect(await quoted(0.6)).toBe("known");
    expect(await quoted(0.59)).toBe("unknown");
    const clock = createClock();
    const input = { guild: GUILD, question, passages, history: [], channel: [], language: "en", instructions: "" };
    const models = { llm: null, extractive: createScripted(unrated), clock };
    const said = await answer({ ...input, botName: "Gatehouse", trustMin: 1, told: 8 }, models, clock.now() + 5_000);
    expect(said.kind).toBe("known");
  });
});

describe("a quote that is not trusted enough is not given: the page that it stands on is named instead", () => {
  const nearest = async (quote: Partial<AnswerResult>, answerable?: number) => {
    const found = answerable === undefined ? {} : { found: { answerable } };
    const said = await ask(null, { quote: { trust: 0.5, ...quote }, ...found }).said;
    expect(said).toMatchObject({ kind: "unknown", text: "", sources: [], model: "scripted", tokensIn: 100 });
    expect(said.fellBack).toBe("no-model");
    return said.nearest?.title ?? null;
  };

  test("the first of those that it used", async () => {
    expect(await nearest({ used: [3, 2] })).toBe("Page 3");
  });

  test("where the quote is about the matter: with a trust of 0.35 at least", async () => {
    expect(await nearest({ trust: 0.35 })).toBe("Page 2");
    expect(await nearest({ trust: 0.34 })).toBeNull();
  });

  test("where search thinks that it may answer, or was not asked", async () => {
    expect(await nearest({}, NEAREST_ANSWERABLE_MIN)).toBe("Page 2");
    expect(await nearest({}, NEAREST_ANSWERABLE_MIN - 0.01)).toBeNull();
    expect(await nearest({})).toBe("Page 2");
  });

  test("not where nothing was found to quote", async () => {
    expect(await nearest({ known: false })).toBeNull();
    expect(await nearest({ used: [] })).toBeNull();
  });
});

function page(title: string, text: string, fields: Partial<PassageRow> = {}): PassageRow {
  return {
    ...{ id: title, document: title, source: "s", kind: "text", title, headings: [], language: "en", position: 0 },
    ...{ url: `https://docs.example/${title}`, text, ...fields },
  };
}
