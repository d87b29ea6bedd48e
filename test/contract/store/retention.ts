/** What is kept for how long, and what goes before its time. */
import { describe, expect, test } from "bun:test";
import { createRetentionJob } from "../../../src/jobs/retention.ts";
import { quiet } from "../../support/postgres.ts";
import { HOUR_MS, type House, newApplication, newExchange, newGuild, newWho } from "./house.ts";

const DAY_MS = 24 * HOUR_MS;

export function retentionSuite(house: () => House): void {
  /** A guild with one exchange at today's time, and one silence. */
  async function talkedIn(guild = newGuild()) {
    const { store, time } = house();
    const { settings } = await store.guilds.join(guild, newApplication(), "Lumen", null);
    const who = newWho();
    const { id } = await store.conversations.open(guild, who, HOUR_MS);
    const exchange = newExchange(id);
    await store.conversations.record(guild, exchange);
    const silence = newExchange(null, { turns: [], usage: null });
    await store.conversations.record(guild, { ...silence, outcome: { ...silence.outcome, kind: "silent" } });
    const run = () => createRetentionJob({ store, clock: time, logger: quiet }).run(new AbortController().signal);
    const left = async () => ({
      turns: (await store.conversations.get(guild, id))?.turns.length ?? 0,
      decisions: (await store.decisions.list(guild, {}, 10)).items.length,
    });
    return { guild, id, who, exchange, settings, run, left };
  }

  describe("retention", () => {
    test("silences go after their days, conversations after theirs, what is used of the plan stays", async () => {
      const { store, time } = house();
      const { guild, run, left } = await talkedIn();
      await run();
      expect(await left()).toEqual({ turns: 2, decisions: 2 });
      time.pass(31 * DAY_MS);
      await run();
      expect(await left()).toEqual({ turns: 2, decisions: 1 });
      time.pass(150 * DAY_MS);
      await run();
      expect(await left()).toEqual({ turns: 0, decisions: 0 });
      expect(await store.usage.days(guild, 0)).toHaveLength(1);
    });

    test("what the outbox sent goes with the conversations' days; what is open yet stays, however old", async () => {
      const { store, time } = house();
      const { guild, run } = await talkedIn();
      const [sent, open] = [`sent-${guild}`, `open-${guild}`];
      for (const key of [sent, open]) {
        await store.outbox.plan(guild, { key, kind: "retention-test", payload: { text: "what was said" } });
      }
      await store.outbox.begin(guild, sent, null);
      await store.outbox.finish(guild, sent, { message: null });
      time.pass(179 * DAY_MS);
      await run();
      expect(await store.outbox.get(guild, sent)).not.toBeNull();
      time.pass(2 * DAY_MS);
      await run();
      expect([await store.outbox.get(guild, sent), (await store.outbox.get(guild, open)) === null]).toEqual([
        null,
        false,
      ]);
    });

    test("a guild's own periods hold for it alone", async () => {
      const { store, time } = house();
      const [short, usual] = [await talkedIn(), await talkedIn()];
      const retention = { turnsDays: 2, silencesDays: 1, leftDays: 30 };
      await store.guilds.change(short.guild, { ...short.settings, retention }, "Ada", "retention");
      time.pass(3 * DAY_MS);
      await short.run();
      expect([await short.left(), await usual.left()]).toEqual([
        { turns: 0, decisions: 0 },
        { turns: 2, decisions: 2 },
      ]);
    });

    test("a guild that was left is gone after its days, but for its settings; one that came back is not", async () => {
      const { store, time } = house();
      const [gone, back] = [await talkedIn(), await talkedIn()];
      const { guild } = gone;
      const source = await store.knowledge.saveSource(guild, { kind: "text", name: "Notes", config: {} });
      await store.guilds.change(guild, { ...gone.settings, mode: "all" }, "Ada", "mode");
      for (const one of [gone, back]) await store.guilds.leave(one.guild);
      await gone.run();
      expect(await gone.left()).toEqual({ turns: 2, decisions: 2 });
      time.pass(29 * DAY_MS);
      await store.guilds.join(back.guild, newApplication(), "Lumen", null);
      time.pass(2 * DAY_MS);
      await gone.run();
      expect(await gone.left()).toEqual({ turns: 0, decisions: 0 });
      expect((await back.left()).turns).toBe(2);
      expect((await store.knowledge.sources(guild)).map(({ id }) => id)).not.toContain(source.id);
      expect(await store.guilds.audit(guild, 10)).toEqual([]);
      expect((await store.guilds.get(guild))?.settings.mode).toBe("all");
      expect(await store.retention.eraseLeft(back.guild, 100)).toBe(0);
    });

    test("a member who is forgotten leaves counts and no words, and nobody else's words go", async () => {
      const { store } = house();
      const [mine, other] = [await talkedIn(), await talkedIn()];
      expect(await store.retention.forgetMember(mine.guild, other.who.member)).toBe(0);
      expect(await store.retention.forgetMember(mine.guild, mine.who.member)).toBe(2);
      const found = await store.conversations.get(mine.guild, mine.id);
      expect(found?.turns.map(({ text, sources }) => [text, sources])).toEqual([
        ["", []],
        ["", []],
      ]);
      expect(found?.conversation).toMatchObject({ turns: 2, lastText: "" });
      expect((await store.conversations.get(other.guild, other.id))?.turns[0]?.text).not.toBe("");
      expect((await store.decisions.list(mine.guild, {}, 10)).items).toHaveLength(2);
    });

    test("a message that was deleted is emptied, in its own guild only", async () => {
      const { store } = house();
      const { guild, id, exchange } = await talkedIn();
      const message = exchange.turns[0]?.message;
      if (message === null || message === undefined) throw new Error("the question has a message");
      expect(await store.retention.emptyMessages(newGuild(), [message])).toBe(0);
      expect(await store.retention.emptyMessages(guild, [message])).toBe(1);
      expect(await store.retention.emptyMessages(guild, [message])).toBe(0);
      const turns = (await store.conversations.get(guild, id))?.turns;
      expect(turns?.map(({ text }) => text === "")).toEqual([true, false]);
      expect(turns?.[0]?.deletedAtMs).toBeNumber();
    });
  });
}
