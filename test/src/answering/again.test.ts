/** The same question within the hour gets the same answer, for nothing; whatever could make it another answer asks the model. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { sameWords } from "../../../src/answering/again.ts";
import { AppError } from "../../../src/errors.ts";
import { createMemoryHot } from "../../../src/hot/memory.ts";
import type { Hot } from "../../../src/hot.ts";
import type { GuildId, UserId } from "../../../src/ids.ts";
import type { Knowledge } from "../../../src/knowledge.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import type { AnswerResult, Llm } from "../../../src/llm.ts";
import { createMemory } from "../../../src/memory.ts";
import type { Wish } from "../../../src/plans/quota.ts";
import { GUILD, MEMBER, mention } from "../../support/build.ts";
import { createKnowledgeDouble, silentLogger } from "../../support/doubles.ts";
import { openHouse, PAIRING } from "../../support/house.ts";

const ANSWER: AnswerResult = {
  answer: "Hold the hub's button for 3 seconds [1].",
  used: [1],
  known: true,
  wantsHuman: false,
};
const QUESTION = "How do I pair a sensor with the hub button?";
const OTHER_GUILD = "100000000000000002" as GuildId;

const by = (id: string, channel?: string) => ({
  author: { id, username: `m${id}`, global_name: null, discriminator: "0", avatar: null },
  ...(channel === undefined ? {} : { channel_id: channel }),
});
const EVE = by("300000000000000002");
const BOB = by("300000000000000003");

async function openAsked(options: Parameters<typeof openHouse>[0] = {}) {
  const llm = createScripted(...Array.from({ length: 9 }, () => ANSWER));
  const held = createKnowledgeDouble(
    { guild: GUILD, passages: [PAIRING] },
    { guild: OTHER_GUILD, passages: [PAIRING] },
  );
  const wishes: Wish[] = [];
  let house: Awaited<ReturnType<typeof openHouse>> | null = null;
  const knowledge: Knowledge = {
    ...held,
    async retrieve(guild, ...asked) {
      return { ...(await held.retrieve(guild, ...asked)), version: house?.store.versions.get(guild) ?? 1 };
    },
  };
  house = await openHouse({
    ...{ llm, knowledge, joined: [GUILD, OTHER_GUILD] },
    quota: {
      async admit(_, wish) {
        wishes.push(wish);
        return { admitted: true, account: "default" };
      },
    },
    ...options,
  });
  const answers = () => llm.asked.filter(({ task }) => task === "answer").length;
  return { ...house, llm, answers, wishes };
}

describe("the same question within the hour", () => {
  test("is answered again without a model, a message of the quota or a token, and the record says so", async () => {
    const { handle, answers, wishes, store, discord } = await openAsked();
    const first = await handle(mention(QUESTION));
    const again = await handle(mention("  how do I pair a sensor  with the hub button ", EVE));
    expect([first.reason, again.reason]).toEqual(["mentioned", "reused"]);
    expect(again).toMatchObject({ kind: "answered", model: null, tokensIn: 0, tokensOut: 0, costUsd: 0 });
    expect([answers(), wishes.length]).toEqual([1, 1]);
    const [one, two] = store.exchanges;
    expect(one?.usage).toMatchObject({ kind: "answer", count: 1 });
    expect(two?.usage).toEqual({ kind: "reused", count: 1, tokensIn: 0, tokensOut: 0, costUsd: 0 });
    expect(two?.turns[1]?.text).toBe(one?.turns[1]?.text ?? "");
    expect(two?.turns[1]?.sources).toEqual(one?.turns[1]?.sources ?? []);
    expect(two?.turns[1]?.outcome?.kept).toBe(one?.turns[1]?.outcome?.kept ?? "");
    const [a, b] = discord.sent;
    expect(b?.message.content).toBe(a?.message.content ?? "");
  });

  test("by the member who asked it goes to the model: the talk before is another", async () => {
    const { handle, answers } = await openAsked();
    await handle(mention(QUESTION));
    expect((await handle(mention(QUESTION))).reason).toBe("mentioned");
    expect(answers()).toBe(2);
  });

  test("after the hour it goes to the model", async () => {
    const { handle, answers, clock } = await openAsked({ hot: (clock) => createMemoryHot({ clock }) });
    await handle(mention(QUESTION));
    await clock.advance(59 * 60_000);
    expect((await handle(mention(QUESTION, EVE))).reason).toBe("reused");
    await clock.advance(60_001);
    expect((await handle(mention(QUESTION, BOB))).reason).toBe("mentioned");
    expect(answers()).toBe(2);
  });

  test("where the knowledge, the instructions, the language of its lines or the server are others, a model is asked", async () => {
    const changes = [
      ({ store }: Awaited<ReturnType<typeof openAsked>>) => void store.versions.set(GUILD, 2),
      ({ store, bus }: Awaited<ReturnType<typeof openAsked>>) => {
        store.configure(GUILD, { instructions: "Be brief." });
        return bus.publish({ type: "guild-changed", guild: GUILD });
      },
      ({ store, bus }: Awaited<ReturnType<typeof openAsked>>) => {
        store.configure(GUILD, { language: "tr" });
        return bus.publish({ type: "guild-changed", guild: GUILD });
      },
    ];
    for (const change of changes) {
      const house = await openAsked();
      await house.handle(mention(QUESTION));
      await change(house);
      await house.clock.advance(0);
      expect((await house.handle(mention(QUESTION, EVE))).reason).toBe("mentioned");
      expect(house.answers()).toBe(2);
    }
    const { handle, answers } = await openAsked();
    await handle(mention(QUESTION));
    expect((await handle(mention(QUESTION, { ...EVE, guild_id: OTHER_GUILD }))).reason).toBe("mentioned");
    expect(answers()).toBe(2);
  });

  test("another model, or other prompts, answer anew", async () => {
    const house = await openAsked();
    await house.handle(mention(QUESTION));
    (house.llm as { answers?: Llm["answers"] }).answers = { model: "another", prompts: 2 };
    expect((await house.handle(mention(QUESTION, EVE))).reason).toBe("mentioned");
  });

  test("where the channel's talk is read, only the same talk gets the same answer", async () => {
    const { handle, answers } = await openAsked({ settings: { awareness: true, mode: "all", smart: false } });
    await handle(mention(QUESTION, { channel_id: "41" }));
    await handle(mention("we are the secret team of the orchid", { ...by("7", "42") }));
    expect((await handle(mention(QUESTION, by("300000000000000002", "42")))).reason).not.toBe("reused");
    expect(answers()).toBeGreaterThanOrEqual(2);
  });
});

describe("an answer is never said again", () => {
  test("that was disliked, by the first asker or by one who was given it again", async () => {
    for (const disliker of [0, 1]) {
      const { handle, store, answers } = await openAsked();
      await handle(mention(QUESTION));
      await handle(mention(QUESTION, EVE));
      const message = store.exchanges[disliker]?.turns[1]?.message;
      await store.conversations.feedback(GUILD, message as never, "down");
      expect((await handle(mention(QUESTION, BOB))).reason).toBe("mentioned");
      expect(answers()).toBe(2);
    }
  });

  test("whose conversation was taken over", async () => {
    const { handle, store, answers } = await openAsked();
    await handle(mention(QUESTION));
    const [talk] = store.talks.keys();
    await store.conversations.takeover(GUILD, talk ?? "", { type: "claim", agent: "9" as UserId });
    expect((await handle(mention(QUESTION, EVE))).reason).toBe("mentioned");
    expect(answers()).toBe(2);
  });

  test("that was not known, that a quote stood in for, or that only its asker sees", async () => {
    for (const step of [
      { ...ANSWER, known: false, answer: "", used: [] },
      new AppError("unavailable", "the model is down"),
    ]) {
      const { handle, llm } = await openAsked({ llm: createScripted(step, ANSWER) });
      await handle(mention(QUESTION));
      expect((await handle(mention(QUESTION, EVE))).reason).toBe("mentioned");
      expect(llm.asked).toHaveLength(0);
    }
  });

  test("whose send was stopped by an agent", async () => {
    const { handle, store, answers, llm } = await openAsked({
      llm: createScripted(async () => {
        const [talk] = store.talks.keys();
        await store.conversations.takeover(GUILD, talk ?? "", { type: "claim", agent: "9" as UserId });
        return ANSWER;
      }, ANSWER),
    });
    expect((await handle(mention(QUESTION))).kind).toBe("left-to-agent");
    expect((await handle(mention(QUESTION, EVE))).reason).toBe("mentioned");
    expect([answers(), llm.asked.length]).toEqual([0, 0]);
  });
});

describe("a forgotten asker's answer is gone", () => {
  test("from hot state, also where somebody else was given it or it is kept while they are forgotten", async () => {
    for (const forgotten of [MEMBER, EVE.author.id as UserId]) {
      const { handle, hot, clock, answers } = await openAsked();
      await handle(mention(QUESTION));
      await handle(mention(QUESTION, EVE));
      await createMemory(hot, silentLogger).forget(GUILD, forgotten, clock.now());
      const left = [...hot.values.keys()];
      expect(left.filter((key) => key.includes("kept-answer"))).toEqual([]);
      expect((await handle(mention(QUESTION, BOB))).reason).toBe("mentioned");
      expect(answers()).toBe(2);
    }
    const house = await openAsked({
      llm: createScripted(async () => {
        await createMemory(house.hot, silentLogger).forget(GUILD, MEMBER, house.clock.now() + 1);
        return ANSWER;
      }),
    });
    await house.handle(mention(QUESTION));
    const left = [...house.hot.values.keys()];
    expect(left.filter((key) => key.includes("kept-answer"))).toEqual([]);
  });
});

describe("where hot state fails", () => {
  test("it is away: a model is asked, and nothing fails", async () => {
    const away = async (): Promise<never> => Promise.reject(new AppError("unavailable", "redis is away"));
    const hot = new Proxy({} as Hot, { get: () => away });
    const { handle, answers } = await openAsked({ hot: () => hot });
    for (const who of [{}, EVE])
      expect(await handle(mention(QUESTION, who))).toMatchObject({ kind: "answered", reason: "mentioned" });
    expect(answers()).toBe(2);
  });

  test("what is kept is cut off, of another form, or of another question: a model is asked", async () => {
    for (const spoil of [
      (text: string) => text.slice(0, -9),
      () => "[]",
      (text: string) => text.replace(/"sources":\[.*?\]/, '"sources":7'),
      (text: string) => text.replace(/"likeness":"./, '"likeness":"x'),
    ]) {
      const { handle, hot, answers } = await openAsked();
      await handle(mention(QUESTION));
      const { values } = hot;
      const key = [...values.keys()].find((name) => name.includes("kept-answer")) ?? "";
      values.set(key, spoil(String(values.get(key))));
      expect(await handle(mention(QUESTION, EVE))).toMatchObject({ kind: "answered", reason: "mentioned" });
      expect(answers()).toBe(2);
    }
  });

  test("the store cannot say whether it still stands: a model is asked", async () => {
    const { handle, store, answers } = await openAsked();
    await handle(mention(QUESTION));
    store.conversations.stands = () => Promise.reject(new AppError("unavailable", "the database is away"));
    expect((await handle(mention(QUESTION, EVE))).reason).toBe("mentioned");
    expect(answers()).toBe(2);
  });
});

test("a server keeps at most 128 answers, whatever is asked", async () => {
  const house = await openAsked();
  const { createKeptAnswers } = await import("../../../src/memory.ts");
  const kept = createKeptAnswers(house.hot, silentLogger);
  const { values } = house.hot;
  for (let i = 0; i < 1_000; i++) {
    const likeness = new Bun.CryptoHasher("sha256").update(String(i)).digest("hex");
    const answer = { id: String(i), asker: MEMBER, knowledge: 1, text: "Yes.", sources: [] };
    await kept.keep(GUILD, likeness, answer, 0);
    expect(await kept.find(GUILD, likeness)).toEqual(answer);
    expect(await kept.find(OTHER_GUILD, likeness)).toBeNull();
  }
  expect([...values.keys()].filter((key) => key.includes("kept-answer")).length).toBeLessThanOrEqual(128);
});

describe("one writing for a question", () => {
  test.each([
    ["How do I pair it?", "how do i  pair it"],
    ["Where's the hub ?!", "where's the hub"],
    ["Nasıl eşlerim?", "nasıl eşlerim"],
  ])("%s", (one, two) => expect(sameWords(one)).toBe(sameWords(two)));

  test.each([
    ["what does -F do", "what does -f do"],
    ["is US shipping free", "is us shipping free"],
    ["how do I use C", "how do I use c"],
    ["how do I use C++", "how do I use C"],
    ["ML-503", "ML503"],
  ])("%s is not %s", (one, two) => expect(sameWords(one)).not.toBe(sameWords(two)));

  test("is the writing of itself, whatever was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(sameWords(sameWords(text))).toBe(sameWords(text));
      }),
    );
  });
});
