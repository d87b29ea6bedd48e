/** Sums over days: by the zone's days, of one guild alone. */
import { describe, expect, test } from "bun:test";
import { ANSWERED, type House, newApplication, newExchange, newGuild, newMessage, newWho } from "./house.ts";

const DAY_MS = 86_400_000;

export function figuresSuite(house: () => House): void {
  describe("figures", () => {
    test("outcomes are summed by day, kind and reason, and another guild's are not among them", async () => {
      const { store, time } = house();
      const [guild, other] = [newGuild(), newGuild()];
      const silent = { ...ANSWERED, kind: "silent", reason: "small-talk" } as const;
      const since = time.now() - 1_000;
      for (const outcome of [ANSWERED, ANSWERED, silent]) {
        await store.conversations.record(guild, newExchange(null, { turns: [], outcome }));
      }
      await store.conversations.record(other, newExchange(null, { turns: [] }));
      time.pass(DAY_MS);
      await store.conversations.record(guild, newExchange(null, { turns: [], outcome: silent }));
      const found = await store.figures.outcomes(guild, since, "UTC");
      expect(found.map(({ kind, reason, count }) => [kind, reason, count])).toEqual([
        ["answered", "known", 2],
        ["silent", "small-talk", 1],
        ["silent", "small-talk", 1],
      ]);
      expect(new Set(found.map(({ day }) => day)).size).toBe(2);
      expect(await store.figures.outcomes(guild, time.now() + DAY_MS, "UTC")).toEqual([]);
    });

    test("a day is the zone's day", async () => {
      const { store, time } = house();
      const guild = newGuild();
      await store.conversations.record(guild, newExchange(null, { turns: [] }));
      const at = time.now();
      for (const zone of ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
        const [row] = await store.figures.outcomes(guild, at - 60_000, zone);
        const day = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(at);
        expect([zone, row?.day]).toEqual([zone, day]);
      }
    });

    test("thumbs are counted by day, each way", async () => {
      const { store, time } = house();
      const guild = newGuild();
      const since = time.now() - 1_000;
      for (const value of ["up", "up", "down"] as const) {
        const conversation = await store.conversations.open(guild, newWho(), 600_000);
        const message = newMessage();
        const turn = { role: "bot", author: "Gatehouse", text: "x", atMs: time.now(), message, sources: [] } as const;
        const exchange = newExchange(conversation.id, { turns: [{ ...turn, outcome: ANSWERED }] });
        await store.conversations.record(guild, exchange);
        await store.conversations.feedback(guild, message, value);
      }
      const [row, ...rest] = await store.figures.feedback(guild, since, "UTC");
      expect([row?.up, row?.down, rest.length]).toEqual([2, 1, 0]);
    });

    test("an operator sees every guild's questions, most first, silences not among them", async () => {
      const { store, time } = house();
      time.pass(DAY_MS);
      const since = time.now() - 1;
      const [busy, calm] = [newGuild(), newGuild()];
      for (const guild of [busy, calm]) await store.guilds.join(guild, newApplication(), `Guild ${guild}`, null);
      const unknown = { ...ANSWERED, reason: "not-in-knowledge" };
      const silent = { ...ANSWERED, kind: "silent", reason: "small-talk" } as const;
      for (const outcome of [ANSWERED, unknown, silent]) {
        await store.conversations.record(busy, newExchange(null, { turns: [], outcome }));
      }
      await store.conversations.record(calm, newExchange(null, { turns: [] }));
      const found = await store.figures.deployment(since, 10);
      expect(found.map(({ guild, questions, answered }) => [guild, questions, answered])).toEqual([
        [busy, 2, 1],
        [calm, 1, 1],
      ]);
      expect(found[0]?.costUsd).toBeCloseTo(2 * ANSWERED.costUsd, 9);
    });
  });
}
