/** What every store must hold of moderation's cases, alerts and reports. */
import { describe, expect, test } from "bun:test";
import type { ChannelId, GuildId } from "../../../src/ids.ts";
import type { CaseInput } from "../../../src/store/ports/moderation.ts";
import { HOUR_MS, type House, newGuild, newMember, newMessage } from "./house.ts";

export function newCase(fields: Partial<CaseInput> = {}): CaseInput {
  const message = newMessage();
  return {
    key: message,
    channel: "200000000000000001" as ChannelId,
    channelName: "general",
    message,
    author: newMember(),
    authorName: "Mallory",
    atMs: 1_767_268_800_000,
    evidence: "free nitro at https://dlscord.example/gift\u0000 \ud800",
    context: [{ author: "Ada", text: "hello" }],
    rule: { n: 2, text: "No scams." },
    verdict: {
      source: "model",
      signals: [{ name: "look-alike-domain", saw: "dlscord.example" }],
      category: "scam",
      severity: "high",
      confidence: 0.93,
      reason: "a fake gift",
      model: "openai/gpt-oss-20b",
      costUsd: 0.0000001,
    },
    action: "timeout",
    plan: { acts: ["delete", "timeout"], timeoutUntilMs: 1_767_269_400_000, held: [] },
    state: "planned",
    problem: null,
    strike: { weight: 1, expiresAtMs: null },
    ...fields,
  };
}

export function moderationSuite(house: () => House): void {
  describe("moderation", () => {
    const planned = async (guild: GuildId, fields: Partial<CaseInput> = {}) => {
      const [one] = await house().store.cases.plan(guild, [newCase(fields)]);
      if (one === undefined) throw new Error("no case came back");
      return one.case;
    };

    test("a case is written once per key, whoever plans it at the same time", async () => {
      const guild = newGuild();
      const input = newCase();
      const both = await Promise.all(
        [house().store, house().other, house().store].map((store) => store.cases.plan(guild, [input, input])),
      );
      const all = both.flat();
      expect(all.filter(({ fresh }) => fresh)).toHaveLength(1);
      expect(new Set(all.map((one) => one.case.id)).size).toBe(1);
      expect((await house().store.cases.verify(guild)).problem).toBeNull();
    });

    test("a case goes from planned to applied to undone, and nowhere else", async () => {
      const guild = newGuild();
      const { cases } = house().store;
      const { id, author } = await planned(guild);
      expect(await cases.strikes(guild, [author])).toEqual([1]);
      const change = async (kind: "applied" | "failed" | "undone" | "wrong") =>
        (await cases.append(guild, [{ case: id, event: { kind, by: "300000000000000001" } }]))[0];
      expect(await change("undone")).toBe("not-now");
      expect(await change("applied")).toBe("changed");
      expect(await change("applied")).toBe("already");
      expect(await change("failed")).toBe("not-now");
      expect(await change("undone")).toBe("changed");
      expect(await cases.strikes(guild, [author])).toEqual([0]);
      expect(await change("wrong")).toBe("changed");
      expect(await change("wrong")).toBe("already");
      const found = await cases.get(guild, id);
      expect(found?.events.map(({ kind }) => kind)).toEqual(["planned", "applied", "undone", "wrong"]);
      expect(found?.case).toMatchObject({ state: "undone", wrong: true, undoneBy: "300000000000000001", number: 1 });
      expect(await cases.examples(guild, 10)).toEqual([expect.objectContaining({ case: id, rule: "No scams." })]);
      expect(await cases.get(newGuild(), id)).toBeNull();
    });

    test("there is one appeal a case", async () => {
      const guild = newGuild();
      const { id } = await planned(guild);
      const appeal = { case: id, event: { kind: "appeal", by: "1", text: "It was a joke." } } as const;
      const answers = await Promise.all([
        house().store.cases.append(guild, [appeal]),
        house().other.cases.append(guild, [appeal]),
      ]);
      expect(answers.flat().sort()).toEqual(["already", "changed"]);
    });

    test("the chain holds after everything that a case can meet, texts emptied included", async () => {
      const guild = newGuild();
      const { cases } = house().store;
      const { id } = await planned(guild);
      await planned(guild, { state: "dry-run" });
      await cases.append(guild, [
        {
          case: id,
          event: { kind: "failed", by: "bot", problem: "Discord was away", detail: { z: 1, a: { y: 0.1, b: null } } },
        },
        { case: id, event: { kind: "note", by: "1", text: "talked to them\u0000" } },
      ]);
      expect(await cases.verify(guild)).toEqual({ cases: 2, events: 4, problem: null });
      expect(await cases.redact(guild, 1_767_268_800_001, 1)).toBe(1);
      expect(await cases.redact(guild, 1_767_268_800_001, 10)).toBe(1);
      expect(await cases.redact(guild, 1_767_268_800_001, 10)).toBe(0);
      expect(await cases.verify(guild)).toEqual({ cases: 2, events: 6, problem: null });
      expect((await cases.get(guild, id))?.case).toMatchObject({ evidence: "", redacted: true });
    });

    const TAMPERED: Readonly<Record<string, string>> = {
      "a case's text": "update moderation_cases set evidence = 'harmless' where guild_id = $1 and number = 1",
      "a case's text taken out":
        "update moderation_cases set evidence = '', context = '[]', evidence_salt = null where guild_id = $1 and number = 1",
      "a case's state": "update moderation_cases set state = 'undone' where guild_id = $1 and number = 1",
      "a case's rule": "update moderation_cases set rule = 'No fun.' where guild_id = $1 and number = 1",
      "a case's verdict": `update moderation_cases set verdict = jsonb_set(verdict, '{confidence}', '1') where guild_id = $1 and number = 1`,
      "a case's author": "update moderation_cases set author_id = '1' where guild_id = $1 and number = 2",
      "a case gone": "delete from moderation_cases where guild_id = $1 and number = 2",
      "an event's person": "update moderation_events set by = 'somebody' where guild_id = $1 and seq = 3",
      "an event's text": "update moderation_events set text = 'nothing' where guild_id = $1 and seq = 4",
      "an event gone": "delete from moderation_events where guild_id = $1 and seq = 2",
      "the last event gone": "delete from moderation_events where guild_id = $1 and seq = 4",
    };
    for (const [what, statement] of Object.entries(TAMPERED)) {
      test(`verify finds ${what}`, async () => {
        const guild = newGuild();
        const { cases } = house().store;
        const { id } = await planned(guild);
        await planned(guild);
        await cases.append(guild, [
          { case: id, event: { kind: "applied", by: "bot" } },
          { case: id, event: { kind: "note", by: "1", text: "a note" } },
        ]);
        expect((await cases.verify(guild)).problem).toBeNull();
        const sql = new Bun.SQL(house().database.url, { max: 1 });
        await sql.unsafe(statement, [guild]);
        await sql.close();
        expect((await cases.verify(guild)).problem).toEqual(expect.any(String));
      });
    }

    test("cases are listed by what they are, newest first, page by page, and never another guild's", async () => {
      const guild = newGuild();
      const other = newGuild();
      const { cases } = house().store;
      const member = newMember();
      await cases.plan(guild, [
        newCase({ evidence: "buy cheap nitro" }),
        newCase({ evidence: "Nitro is cheap today", author: member }),
        newCase({
          evidence: "hello",
          author: member,
          action: "ban",
          rule: null,
          state: "held",
          atMs: 1_767_268_900_000,
        }),
      ]);
      await cases.plan(other, [newCase({ evidence: "cheap nitro elsewhere" })]);
      const numbers = async (filter: Parameters<typeof cases.list>[1]) =>
        (await cases.list(guild, filter, 10)).items.map(({ number }) => number);
      expect(await numbers({})).toEqual([3, 2, 1]);
      expect(await numbers({ text: "cheap NITRO" })).toEqual([2, 1]);
      expect(await numbers({ text: other })).toEqual([]);
      expect(await numbers({ member })).toEqual([3, 2]);
      expect(await numbers({ action: "ban" })).toEqual([3]);
      expect(await numbers({ rule: 2 })).toEqual([2, 1]);
      expect(await numbers({ state: "held" })).toEqual([3]);
      expect(await numbers({ fromMs: 1_767_268_850_000 })).toEqual([3]);
      const first = await cases.list(guild, {}, 2);
      const second = await cases.list(guild, {}, 2, first.cursor ?? "");
      expect([...first.items, ...second.items].map(({ number }) => number)).toEqual([3, 2, 1]);
      expect(second.cursor).toBeNull();
    });

    test("within days cases go by their messages' time, page by page, also where several share an instant", async () => {
      const guild = newGuild();
      const { cases } = house().store;
      const at = 1_767_268_800_000;
      const times = [at + 5_000, at, at + 9_000, at, at, at - 60_000];
      await cases.plan(
        guild,
        times.map((atMs) => newCase({ atMs })),
      );
      const seen: number[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < 4 && cursor !== null; page++) {
        const found = await cases.list(guild, { fromMs: at, toMs: at + 8_000 }, 2, cursor);
        seen.push(...found.items.map(({ number }) => number));
        if (found.cursor === null) break;
        cursor = found.cursor;
      }
      expect(seen).toEqual([1, 5, 4, 2]);
      // A cursor of another order, or none at all, begins anew.
      for (const strange of ["3", "x", "0", "5.x"])
        expect((await cases.list(guild, { fromMs: at }, 1, strange)).items[0]?.number).toBe(3);
    });

    test("strikes count until they expire", async () => {
      const guild = newGuild();
      const { cases } = house().store;
      const author = newMember();
      const now = house().time.now();
      await planned(guild, { author, strike: { weight: 2, expiresAtMs: now + HOUR_MS } });
      await planned(guild, { author });
      const other = newMember();
      expect(await cases.strikes(guild, [other, author])).toEqual([0, 3]);
      house().time.pass(HOUR_MS + 1);
      expect(await cases.strikes(guild, [author])).toEqual([1]);
      expect(await cases.strikes(newGuild(), [author])).toEqual([0]);
    });

    test("what was planned and never settled is taken by one process at a time", async () => {
      const guild = newGuild();
      const { id } = await planned(guild);
      const take = async () =>
        (await Promise.all([house().store, house().other].map((store) => store.unsettled.take(20_000, 1_000))))
          .flat()
          .filter((one) => one.id === id).length;
      expect(await take()).toBe(0);
      house().time.pass(20_001);
      expect(await take()).toBe(1);
      expect(await take()).toBe(0);
    });

    test("what somebody is still at is taken by nobody, as long as they say so in its own guild", async () => {
      const guild = newGuild();
      const { cases, unsettled } = house().store;
      const [held, other] = [await planned(guild), await planned(guild)];
      const taken = async () => (await house().other.unsettled.take(20_000, 1_000)).map(({ id }) => id);
      house().time.pass(15_000);
      await unsettled.hold(guild, [held.id]);
      await unsettled.hold(newGuild(), [other.id]);
      await unsettled.hold(guild, []);
      house().time.pass(15_000);
      const some = await taken();
      expect(some.includes(other.id)).toBe(true);
      expect(some.includes(held.id)).toBe(false);
      house().time.pass(5_001);
      expect((await taken()).includes(held.id)).toBe(true);
      expect((await cases.verify(guild)).problem).toBe(null);
    });

    test("an alert is raised by one, and again only after it was resolved or has ended", async () => {
      const guild = newGuild();
      const { alerts } = house().store;
      const cap = { kind: "cap", detail: { action: "ban" }, untilMs: null } as const;
      const raised = await Promise.all([alerts.raise(guild, cap), house().other.alerts.raise(guild, cap)]);
      expect(raised.sort()).toEqual([false, true]);
      expect(await alerts.open(guild)).toEqual([expect.objectContaining(cap)]);
      expect(await alerts.revise(guild, "cap", { action: "kick" })).toBe(true);
      expect(await house().other.alerts.open(guild)).toEqual([
        expect.objectContaining({ ...cap, detail: { action: "kick" } }),
      ]);
      expect(await alerts.revise(guild, "raid", {})).toBe(false);
      expect(await alerts.resolve(guild, "cap")).toBe(true);
      expect(await alerts.resolve(guild, "cap")).toBe(false);
      const raid = { kind: "raid", detail: {}, untilMs: house().time.now() + 1_000 } as const;
      expect(await alerts.raise(guild, raid)).toBe(true);
      const raids = (await house().other.alerts.ofKind("raid")).filter((one) => one.guild === guild);
      expect(raids).toEqual([expect.objectContaining({ ...raid, guild })]);
      expect((await alerts.ofKind("cap")).filter((one) => one.guild === guild)).toEqual([]);
      expect(await alerts.raise(guild, raid)).toBe(false);
      house().time.pass(1_001);
      expect(await alerts.open(guild)).toEqual([]);
      expect(await alerts.raise(guild, { ...raid, untilMs: house().time.now() + 1_000 })).toBe(true);
    });

    test("a member's report of a message counts once, and what became of it is remembered", async () => {
      const guild = newGuild();
      const { reports } = house().store;
      const [message, member] = [newMessage(), newMember()];
      expect(await reports.add(guild, message, member)).toEqual({
        fresh: true,
        today: 1,
        upheld: 0,
        dismissed: 0,
        onMessage: 1,
      });
      expect(await reports.add(guild, message, member)).toMatchObject({ fresh: false, today: 1 });
      await reports.settle(guild, message, "dismissed");
      expect(await reports.add(guild, newMessage(), member)).toMatchObject({
        fresh: true,
        today: 2,
        upheld: 0,
        dismissed: 1,
      });
    });
  });
}
