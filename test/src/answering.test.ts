/** A model is asked once, whatever fails after it, and what it cost is on record. */
import { describe, expect, test } from "bun:test";
import { createAsk } from "../../src/ask.ts";
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import type { Knowledge } from "../../src/knowledge.ts";
import { createScripted } from "../../src/llm/scripted.ts";
import type { Admission, Wish } from "../../src/plans/quota.ts";
import { APPLICATION, CHANNEL, GUILD, MEMBER, mention, passage, snowflake } from "../support/build.ts";
import { createKnowledgeDouble } from "../support/doubles.ts";
import { openHouse } from "../support/house.ts";

const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };
const REWRITE = { question: "How do I pair a sensor on Windows?" };

async function openFailing() {
  const llm = createScripted(ANSWER, REWRITE);
  const held = createKnowledgeDouble({ guild: GUILD, passages: [passage("Hold the hub's button for 3 seconds.")] });
  let away = false;
  let tries = 0;
  const knowledge: Knowledge = {
    ...held,
    async retrieve(guild, question, limit) {
      if (away) tries++;
      if (away) throw new AppError("unavailable", "the database is away");
      return await held.retrieve(guild, question, limit);
    },
  };
  const house = await openHouse({ llm, knowledge });
  await house.handle(mention("How do I pair a sensor with the hub button?"));
  away = true;
  const rewrites = () => llm.asked.filter(({ task }) => task === "rewrite").length;
  return { ...house, llm, rewrites, tries: () => tries };
}

describe("where the store is away for a follow-up", () => {
  test("only the read is repeated: the rewrite is paid for once, and on record when the answer fails", async () => {
    const { handle, clock, rewrites, tries, store } = await openFailing();
    const settled = handle(mention("and on Windows?"));
    await clock.advance(11 * 60_000);
    const outcome = await settled;
    expect(tries()).toBeGreaterThan(10);
    expect(rewrites()).toBe(1);
    expect(outcome).toMatchObject({ kind: "failed", reason: "unavailable", model: "scripted" });
    expect(outcome.tokensIn).toBeGreaterThan(0);
    const { outcome: kept, usage } = store.exchanges.at(-1) ?? {};
    expect(kept).toEqual(outcome);
    expect(usage).toMatchObject({ kind: "answer", count: 0, tokensIn: outcome.tokensIn });
  });

  test("a command pays once as well", async () => {
    const { services, clock, rewrites, store } = await openFailing();
    const ask = createAsk(services);
    const options = [{ name: "question", value: "and on Windows?", type: 3 }];
    const data = {
      ...{ id: snowflake(), application_id: APPLICATION, token: "token", type: 2, guild_id: GUILD },
      ...{ channel_id: CHANNEL, member: { user: { id: MEMBER, username: "ada" }, roles: [] } },
      data: { type: 1, name: "ask", options },
    };
    const asked = await ask.handle({ application: APPLICATION, data, receivedAtMs: clock.now() });
    const done = asked?.work?.();
    await clock.advance(20_000);
    expect(await done).toMatchObject({ kind: "failed", reason: "unavailable", model: "scripted" });
    expect(rewrites()).toBe(1);
    expect(store.exchanges.at(-1)?.usage?.tokensIn).toBeGreaterThan(0);
  });
});

/** A quota with so many messages left, that remembers what it was asked. */
function countedQuota(left: number) {
  const said = new Set<string>();
  const open = new Map<string, Wish>();
  return {
    open,
    async admit(_: GuildId, wish: Wish): Promise<Admission> {
      if (open.size >= left) {
        const say = !said.has(wish.channel ?? "");
        said.add(wish.channel ?? "");
        return { admitted: false, reason: "quota", say };
      }
      open.set(wish.request, wish);
      return { admitted: true, account: "default" };
    },
    async release(_: GuildId, wish: Wish) {
      open.delete(wish.request);
    },
  };
}

describe("an account's quota", () => {
  test("used up, answers stop with one notice a channel, and no model is asked", async () => {
    const llm = createScripted(ANSWER);
    const { handle, discord, store } = await openHouse({ llm, quota: countedQuota(1) });
    expect(await handle(mention("How do I pair a sensor with the hub button?"))).toMatchObject({ kind: "answered" });
    for (let i = 0; i < 3; i++) {
      const refused = await handle(mention("And how long is the pairing window open?"));
      expect(refused).toMatchObject({ kind: "refused", reason: "quota" });
    }
    expect(discord.sent).toHaveLength(2);
    expect(discord.sent[1]?.message.content).toContain("used up");
    expect(llm.asked).toHaveLength(1);
    expect(store.exchanges.filter(({ usage }) => (usage?.count ?? 0) > 0)).toHaveLength(1);
  });

  test("is reserved once for a rewrite and an answer together, under the name that records it", async () => {
    const quota = countedQuota(9);
    const { handle, store } = await openHouse({ llm: createScripted(ANSWER, REWRITE, ANSWER), quota });
    await handle(mention("How do I pair a sensor with the hub button?"));
    await handle(mention("and on Windows?"));
    expect([...quota.open.keys()]).toEqual(store.exchanges.map(({ trigger }) => trigger));
  });

  test("gets back what was not answered after all", async () => {
    const quota = countedQuota(9);
    const knowledge: Knowledge = {
      ...createKnowledgeDouble(),
      retrieve: async () => {
        throw new AppError("invalid", "the index is broken");
      },
    };
    const { handle } = await openHouse({ knowledge, quota });
    expect(await handle(mention("How do I pair a sensor?"))).toMatchObject({ kind: "failed" });
    expect(quota.open.size).toBe(0);
  });
});

test("12 s after a question the model is not waited for any more, also where it waited for its turn; a turn gets 4 s at least", async () => {
  const never = () => new Promise<never>(() => {});
  const { handle, clock, hot } = await openHouse({ llm: createScripted(never, never, never) });
  // Each is understood by itself: without a memory of the ones before no model is asked to make it whole.
  Object.assign(hot, { list: async () => [] });
  const asked = ["How do I pair a sensor?", "How long is the pairing window open?", "When are refunds paid?"];
  const all = asked.map((text) => handle(mention(text)));
  await clock.advance(60_000);
  const outcomes = await Promise.all(all);
  expect(outcomes.map(({ model }) => model)).toEqual(Array(3).fill("extractive"));
  // The first is given up after its model's own 8 s; of 12 s, and of the third one's 4, the last 1.5 s are kept for the send.
  expect(outcomes.map(({ ms }) => ms)).toEqual([8_000, 10_500, 13_000]);
});
