import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createPrefilterMemory, lookAt, triageOf } from "../../src/prefilter.ts";
import { packForest, unpackForest } from "../../src/smart/trees.ts";
import { consider, createSmartContext, forgetChannel, type SmartLine } from "../../src/smart.ts";
import { message } from "../support/build.ts";

const START = Date.parse("2026-01-01T12:00:00Z");

/** "name: text" at its minute; lines of one channel. */
function talk(...lines: readonly (readonly [minute: number, author: string, text: string])[]): SmartLine[] {
  return lines.map(([minute, author, text]) => ({
    channel: "help",
    author,
    name: author,
    atMs: START + minute * 60_000,
    text,
    machine: false,
    to: null,
  }));
}

function judged(lines: readonly SmartLine[]) {
  const context = createSmartContext({ whole: true });
  return lines.map((line) => consider(line, context));
}

const SMALL = talk(
  [0, "ada", "morning all"],
  [1, "bob", "hey ada"],
  [2, "ada", "nice weather today, went for a run"],
  [3, "bob", "haha same"],
);

describe("smart mode", () => {
  test("considers a newcomer's question and keeps out of small talk", () => {
    const all = judged([
      ...SMALL,
      ...talk([9, "newcomer", "Hi, how do I reset my hub? It says error 12 and does not start"]),
    ]);
    expect(all.slice(0, 4).every(({ decision }) => decision === "silent")).toBe(true);
    expect(all.at(-1)).toMatchObject({ decision: "consider", reason: "request" });
  });

  test.each([
    "ada: how do I reset my hub?",
    "@ada how do I reset my hub?",
    "Ada, do you know how to reset the hub?",
    "ada what does error 12 mean",
  ])("never butts in where somebody is spoken to: %s", (text) => {
    expect(judged([...SMALL, ...talk([5, "carol", text])]).at(-1)).toMatchObject({
      decision: "silent",
      reason: "addressed-to-another",
    });
  });

  test.each([
    ["Kevin, how do you reset the hub?", "addressed-to-another"],
    ["Ayşe: bunu nasıl sıfırlıyorsun?", "addressed-to-another"],
    ["Frage: wie setze ich den Hub zurück?", "request"],
    ["soru: hub'ı nasıl sıfırlarım?", "request"],
    ["Python: how do I read a file line by line?", "request"],
    ["Sorry, how do I reset the hub?", "request"],
  ])("knows a name that never spoke here from a word that opens a line: %s", (text, reason) => {
    expect(judged(talk([5, "carol", text])).at(-1)?.reason).toBe(reason as "request");
  });

  test("where people address each other by a colon, one more such word is one more name", () => {
    const ways = talk(
      [0, "ada", "morning"],
      [1, "bob", "ada: hi there"],
      [2, "ada", "bob: all fine?"],
      [3, "carol", "zxcv: how do I reset the hub?"],
    );
    expect(judged(ways).at(-1)?.reason).toBe("addressed-to-another");
  });

  test("knows from the platform whom a message replies to", () => {
    const [question] = talk([5, "carol", "how do I reset my hub?"]);
    if (question === undefined) throw new Error("no line");
    expect(judged([...SMALL, { ...question, to: { author: "ada" } }]).at(-1)?.reason).toBe("addressed-to-another");
    expect(judged([...SMALL, { ...question, to: "bot" }]).at(-1)?.decision).toBe("must");
    expect(judged([...SMALL, { ...question, machine: true }]).at(-1)?.reason).toBe("machine");
  });

  test("thinks less of a helper's question in the middle of an exchange than of a newcomer's", () => {
    const exchange = talk(
      [0, "carol", "my hub does not start, it shows error 12, how do I fix that?"],
      [1, "ada", "carol: did you change the battery?"],
      [2, "carol", "ada: yes, yesterday"],
      [3, "ada", "and the light, which colour is it?"],
    );
    const inside = judged(exchange).at(-1)?.score ?? 1;
    const fresh = judged([...SMALL, ...talk([9, "newcomer", "and the light, which colour is it?"])]).at(-1)?.score ?? 0;
    expect(inside).toBeLessThan(fresh);
    expect(inside).toBeLessThan(0.5);
  });

  test("looks at earlier lines only: what is said later changes nothing", () => {
    const lines = [...SMALL, ...talk([5, "carol", "how do I reset my hub?"], [6, "ada", "carol: press the button"])];
    expect(judged(lines).slice(0, 5)).toEqual(judged(lines.slice(0, 5)));
  });

  test("channels know nothing of each other, and a forgotten one starts anew", () => {
    const context = createSmartContext();
    const [line] = talk([0, "carol", "how do I reset my hub?"]);
    if (line === undefined) throw new Error("no line");
    for (const said of SMALL) consider(said, context);
    const elsewhere = consider({ ...line, channel: "other" }, context);
    expect(elsewhere).toEqual(consider(line, createSmartContext()));
    forgetChannel(context, "help");
    expect(context.channels.has("help")).toBe(false);
  });

  test("its memory is bounded in channels, speakers and lines", () => {
    const context = createSmartContext();
    for (const line of talk([0, "user", "hi"])) consider(line, context);
    const first = context.channels.get("help");
    for (let i = 0; i < 3_000; i++) {
      const [line] = talk([i, `user${i}`, "how do I reset my hub?"]);
      if (line === undefined) continue;
      consider(line, context);
      consider({ ...line, channel: `c${i}` }, context);
    }
    expect(context.channels.size).toBeLessThanOrEqual(2_000);
    // It spoke all the while, so others gave way.
    expect(context.channels.get("help")).toBe(first);
    const busiest = createSmartContext();
    for (const line of talk(...Array.from({ length: 3_000 }, (_, i) => [i, `user${i}`, "hi"] as const)))
      consider(line, busiest);
    const channel = busiest.channels.get("help");
    expect(channel?.talk.speakers.size).toBeLessThanOrEqual(512);
    expect(channel?.talk.lines.speaker.length).toBeLessThanOrEqual(64);
  });

  test("of a channel where everybody asks, it holds back some and not all", () => {
    const lines = talk(
      ...Array.from({ length: 400 }, (_, i) => [i * 7, `user${i}`, `hi, how do I fix error ${i} on my hub?`] as const),
    );
    const considered = judged(lines).filter(({ decision }) => decision === "consider").length;
    expect(considered).toBeGreaterThan(40);
    expect(considered).toBeLessThan(360);
  });
});

/** What people say to each other. */
const word = fc.constantFrom(
  "ada:",
  "how",
  "do",
  "I",
  "reset",
  "it?",
  "https://example.com/a",
  "thanks",
  "İade",
  "@bob",
  "free nitro",
  "!help",
);
const text = fc.oneof(
  fc.array(word, { maxLength: 12 }).map((some) => some.join(" ")),
  fc.string({ maxLength: 60 }),
);
const exchange = fc.array(fc.record({ author: fc.constantFrom("ada", "bob", "Çağla"), text }), { maxLength: 25 });
test("a line that goes on with the prefilter's look is judged as one that is read anew", () => {
  fc.assert(
    fc.property(exchange, (all) => {
      const memory = createPrefilterMemory();
      const [alone, beside] = [createSmartContext(), createSmartContext()];
      for (const [i, line] of talk(...all.map((one, at) => [at, one.author, one.text] as const)).entries()) {
        const expected = consider(line, alone);
        const look = lookAt(message({ content: line.text, id: String(1_400_000_000_000_000_000n + BigInt(i)) }));
        triageOf(look, memory);
        expect(consider(line, beside, look)).toEqual(expected);
      }
    }),
  );
});

test("a line that its own words keep silent is judged without its talk as with it, and scored no lower", () => {
  fc.assert(
    fc.property(exchange, (all) => {
      const [quick, whole] = [createSmartContext(), createSmartContext({ whole: true })];
      for (const line of talk(...all.map((one, at) => [at, one.author, one.text] as const))) {
        const { score, ...decided } = consider(line, quick);
        const { score: least, ...expected } = consider(line, whole);
        expect(decided).toEqual(expected);
        expect(score).toBeGreaterThanOrEqual(least);
        if (decided.decision === "consider") expect(score).toBe(least);
      }
    }),
  );
});

test("a forest survives packing", () => {
  const forest = {
    depth: 1,
    bias: -1,
    features: Uint8Array.of(3),
    thresholds: Float32Array.of(0.5),
    leaves: Float32Array.of(-2, 2),
  };
  expect(unpackForest(packForest(forest))).toEqual(forest);
  expect(() => unpackForest({ ...packForest(forest), leaves: "" })).toThrow(/fit/);
});
