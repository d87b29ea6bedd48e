/** Conversations, what triggers led to, usage: once each, and never another guild's. */
import { describe, expect, test } from "bun:test";
import type { MessageId, UserId } from "../../../src/ids.ts";
import { IDLE_MS_MAX } from "../../../src/takeover.ts";
import { ANSWERED, HOUR_MS, type House, newApplication, newExchange, newGuild, newMember, newWho } from "./house.ts";

export function conversationsSuite(house: () => House): void {
  describe("conversations", () => {
    test("reasons are counted, the commonest first, by kind and channel", async () => {
      const { conversations, decisions } = house().store;
      const guild = newGuild();
      const decide = (kind: "silent" | "answered", reason: string, fields = {}) =>
        conversations.record(
          guild,
          newExchange(null, { turns: [], usage: null, outcome: { ...ANSWERED, kind, reason }, ...fields }),
        );
      await decide("silent", "small-talk");
      await decide("silent", "nothing-relevant", { channel: "77" });
      await decide("silent", "small-talk");
      await decide("answered", "known");
      expect(await decisions.reasons(guild, { kind: "silent" })).toEqual([
        { reason: "small-talk", count: 2 },
        { reason: "nothing-relevant", count: 1 },
      ]);
      expect(await decisions.reasons(guild, { channel: "77" as never })).toEqual([
        { reason: "nothing-relevant", count: 1 },
      ]);
      expect(await decisions.reasons(newGuild(), {})).toEqual([]);
    });

    test("a glimpse shows the last question, its reply, what went wrong, and the turn that holds a text", async () => {
      const { conversations } = house().store;
      const guild = newGuild();
      const talk = async (question: string, reply: string, reason = "known") => {
        const { id } = await conversations.open(guild, newWho(), HOUR_MS);
        const outcome = { ...ANSWERED, reason };
        const exchange = newExchange(id, { outcome });
        const turns = exchange.turns.map((turn) =>
          turn.role === "member" ? { ...turn, text: question } : { ...turn, text: reply, outcome },
        );
        await conversations.record(guild, { ...exchange, turns });
        return { id, answer: turns[1]?.message };
      };
      const known = await talk("Is 100% cotton fine?", "Yes, wash it cold.");
      const missed = await talk("Who painted it?", "I couldn't find that.", "not-in-knowledge");
      const disliked = await talk("How warm?", "40 degrees.");
      await conversations.feedback(guild, disliked.answer as never, "down");
      const ids = [known.id, missed.id, disliked.id];
      const seen = await conversations.glimpses(guild, ids, "100%");
      expect(seen.get(known.id)).toMatchObject({
        ...{ question: "Is 100% cotton fine?", reply: "Yes, wash it cold.", notFound: false, disliked: false },
        hit: { text: "Is 100% cotton fine?" },
      });
      expect(seen.get(missed.id)).toMatchObject({ notFound: true, disliked: false, hit: null });
      expect(seen.get(disliked.id)).toMatchObject({ notFound: false, disliked: true, hit: null });
      expect((await conversations.glimpses(newGuild(), [known.id])).get(known.id)).toMatchObject({
        question: "",
        reply: "",
      });
      const listed = async (state: "not-found" | "disliked" | "resolved" | "open") =>
        (await conversations.list(guild, { state }, 9)).items.map(({ id }) => id);
      expect([await listed("not-found"), await listed("disliked")]).toEqual([[missed.id], [disliked.id]]);
      await house().store.desk.change(guild, missed.id, { state: "resolved" });
      expect([await listed("resolved"), (await listed("open")).includes(missed.id)]).toEqual([[missed.id], false]);
    });

    test("a member's conversation in a channel goes on until it has been idle", async () => {
      const { store, time } = house();
      const [guild, who] = [newGuild(), newWho()];
      const first = await store.conversations.open(guild, who, HOUR_MS);
      expect(await store.conversations.open(guild, who, HOUR_MS)).toEqual(first);
      expect((await store.conversations.open(guild, { ...who, channel: newWho().channel }, HOUR_MS)).id).not.toBe(
        first.id,
      );
      expect((await store.conversations.open(guild, { ...who, member: newMember() }, HOUR_MS)).id).not.toBe(first.id);
      expect((await store.conversations.open(newGuild(), who, HOUR_MS)).id).not.toBe(first.id);
      time.pass(2 * HOUR_MS);
      expect((await store.conversations.open(guild, who, HOUR_MS)).id).not.toBe(first.id);
    });

    test("a conversation that goes on takes the names that its member and its channel have now", async () => {
      const { store } = house();
      const [guild, who] = [newGuild(), newWho()];
      const first = await store.conversations.open(guild, who, HOUR_MS);
      const renamed = { ...who, memberName: "Grace", channelName: "questions" };
      const second = await store.conversations.open(guild, renamed, HOUR_MS);
      expect(second).toEqual({ ...first, memberName: "Grace", channelName: "questions" });
      expect((await store.conversations.get(guild, first.id))?.conversation).toEqual(second);
    });

    test("two processes that open the same conversation at once open one", async () => {
      const { store, other } = house();
      const [guild, who] = [newGuild(), newWho()];
      const opened = await Promise.all(
        [store, other, store, other].map((s) => s.conversations.open(guild, who, HOUR_MS)),
      );
      expect(new Set(opened.map((c) => c.id)).size).toBe(1);
    });

    test("an exchange is recorded once a trigger, with its turns, its decision and its usage", async () => {
      const { store, other } = house();
      const guild = newGuild();
      const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
      const exchange = newExchange(id);
      const recorded = await Promise.all([store, other, store].map((s) => s.conversations.record(guild, exchange)));
      expect(recorded.filter(Boolean)).toHaveLength(1);

      const found = await store.conversations.get(guild, id);
      expect(found?.turns.map(({ id: _, feedback, ...turn }) => turn)).toEqual([...exchange.turns]);
      expect(found?.conversation).toMatchObject({ turns: 2, lastText: "Open Settings, then Account [1]." });
      expect(await store.usage.days(guild, 0)).toEqual([
        { day: new Date(house().time.now()).toISOString().slice(0, 10), contact: "discord", ...exchange.usage },
      ] as never);
      const decisions = await store.decisions.list(guild, {}, 10);
      expect(decisions.items).toHaveLength(1);
      expect(decisions.items[0]).toMatchObject({ trigger: exchange.trigger, conversation: id, outcome: ANSWERED });
      expect(ANSWERED.prompts).toBeGreaterThan(0);
    });

    test("what every unit of usage adds up to is never lost between processes", async () => {
      const { store, other } = house();
      const guild = newGuild();
      await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 ? store : other).conversations.record(guild, newExchange(null))),
      );
      const [day] = await store.usage.days(guild, 0);
      expect(day).toMatchObject({ kind: "answer", count: 40, tokensIn: 36_000, tokensOut: 4_800 });
      expect(day?.costUsd).toBeCloseTo(40 * 0.000217, 9);
    });

    test("a silence is a decision without a conversation", async () => {
      const { store } = house();
      const guild = newGuild();
      const silence = { ...ANSWERED, kind: "silent", reason: "not-mentioned", model: null } as const;
      const why = "Thanks somebody, asks nothing.";
      await store.conversations.record(guild, newExchange(null, { turns: [], usage: null, outcome: silence, why }));
      await store.conversations.record(guild, newExchange(null));
      const found = await store.decisions.list(guild, { kind: "silent" }, 10);
      expect(found.items.map((decision) => [decision.outcome, decision.why])).toEqual([[silence, why]]);
      expect((await store.decisions.list(guild, { reason: "known" }, 10)).items).toHaveLength(1);
      expect((await store.conversations.list(guild, {}, 10)).items).toEqual([]);
    });

    test("pages are newest first and hold every row once", async () => {
      const { store, time } = house();
      const guild = newGuild();
      const opened: string[] = [];
      for (let i = 0; i < 7; i++) {
        opened.unshift((await store.conversations.open(guild, newWho(), HOUR_MS)).id);
        await store.conversations.record(guild, newExchange(opened[0] ?? null));
        // Two of them in the same millisecond, as far as a clock can tell.
        if (i !== 3) time.pass(1);
      }
      const read: string[] = [];
      const decided: string[] = [];
      for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
        const page = await store.conversations.list(guild, {}, 3, cursor ?? undefined);
        read.push(...page.items.map((c) => c.id));
        cursor = page.cursor;
      }
      for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
        const page = await store.decisions.list(guild, {}, 3, cursor ?? undefined);
        decided.push(...page.items.map((d) => d.conversation ?? ""));
        cursor = page.cursor;
      }
      expect([...read].sort()).toEqual([...opened].sort());
      expect([...decided].sort()).toEqual([...opened].sort());
      expect(read[0]).toBe(opened[0] ?? "");
      expect((await store.conversations.list(guild, {}, 3, "no cursor")).items[0]?.id).toBe(opened[0] ?? "");
    });

    test("a search finds words in any turn, literally, and names", async () => {
      const { store } = house();
      const guild = newGuild();
      const a = await store.conversations.open(guild, newWho({ memberName: "Zeynep" }), HOUR_MS);
      const b = await store.conversations.open(guild, newWho(), HOUR_MS);
      const [question, answer] = newExchange(null).turns;
      if (question === undefined || answer === undefined) throw new Error("an exchange has two turns");
      await store.conversations.record(guild, newExchange(a.id, { turns: [{ ...question, text: "is it 100% off?" }] }));
      await store.conversations.record(guild, newExchange(b.id));
      const find = async (text: string) => (await store.conversations.list(guild, { text }, 10)).items.map((c) => c.id);
      expect(await find("100% OFF")).toEqual([a.id]);
      expect(await find("%")).toEqual([a.id]);
      expect(await find("_")).toEqual([]);
      expect(await find("zeynep")).toEqual([a.id]);
      expect(await find("settings")).toEqual([b.id]);
      expect((await store.conversations.list(newGuild(), { text: "settings" }, 10)).items).toEqual([]);
    });

    test("words are found by their beginning, in any order, with or without accents, and in scripts without spaces", async () => {
      const { store } = house();
      const guild = newGuild();
      const [question] = newExchange(null).turns;
      if (question === undefined) throw new Error("an exchange has turns");
      const say = async (text: string, memberName = "Ada") => {
        const { id } = await store.conversations.open(guild, newWho({ memberName }), HOUR_MS);
        await store.conversations.record(guild, newExchange(id, { turns: [{ ...question, text }] }));
        return id;
      };
      const turkish = await say("İstanbul'da ŞİFREMİ unuttum, IŞIK da yanmıyor");
      const chinese = await say("请问电池怎么换？");
      const apart = await say("电话没水池子");
      const link = await say("see https://docs.example.com/battery-life?x=v1.2.3", "çağla_öz");
      const other = await store.conversations.open(newGuild(), newWho(), HOUR_MS);
      await store.conversations.record(other.guild, newExchange(other.id, { turns: [{ ...question, text: guild }] }));
      const find = async (text: string) =>
        (await store.conversations.list(guild, { text }, 10)).items.map(({ id }) => id).sort();
      for (const text of ["istanbul", "ıstan", "sifre", "ŞİFRE", "unuttum şif", "isik", "IŞIK", "'"])
        expect([text, await find(text)]).toEqual([text, [turkish]]);
      expect(await find("电池")).toEqual([chinese]);
      expect(await find("池")).toEqual([chinese, apart].sort());
      for (const text of ["life batt", "v1.2.3", "docs.example.com/battery", "Cagla", "ÖZ", "cagla_oz"])
        expect([text, await find(text)]).toEqual([text, [link]]);
      for (const text of ["attery", "ba", "batt nothing", "tanbul", "\u201c", "''", "&", "!a", "a:*"])
        expect([text, await find(text)]).toEqual([text, []]);
      expect(await find(guild)).toEqual([]);
      const seen = await store.conversations.glimpses(guild, [turkish, link], "sifre");
      expect([seen.get(turkish)?.hit?.text.includes("ŞİFREMİ"), seen.get(link)?.hit]).toEqual([true, null]);
      const long = await say(`${"other 1884 things ".repeat(20)}then the kettle broke`, "Long");
      const cut = (await store.conversations.glimpses(guild, [long], "the")).get(long)?.hit?.text ?? "";
      expect(cut).toMatch(/^… (?:other|1884|things) .*then the kettle broke$/);
      const whole = (await store.conversations.glimpses(guild, [link], "battery")).get(link)?.hit?.text;
      expect(whole).toBe("see https://docs.example.com/battery-life?x=v1.2.3");
    });

    test("a word that is everywhere is found a stretch of the past at a time, and nothing is left out or shown twice", async () => {
      const { store, database } = house();
      const guild = newGuild();
      const { admin } = database;
      await admin`
        insert into conversations (id, guild_id, channel_id, channel_name, member_id, member_name, started_at, last_at, turns)
        select md5(${guild} || i), ${guild}, '1', 'help', i::text, 'Ada', now(), now() - i * interval '1 minute', 10 from generate_series(1, 2500) i`;
      await admin`
        insert into turns (guild_id, conversation_id, role, author, text, at, sources, outcome)
        select ${guild}, md5(${guild} || i), 'member', 'Ada', case when i > 2400 then 'old common 100%' else 'common' end, now(), '[]',
          case when i > 2400 and n = 1 then '{"reason": "no-knowledge"}'::jsonb end
        from generate_series(1, 2500) i, generate_series(1, 10) n`;
      const read = async (filter: Parameters<typeof store.conversations.list>[1]) => {
        const ids: string[] = [];
        let pages = 0;
        let cursor: string | null = null;
        do {
          const page = await store.conversations.list(guild, filter, 50, cursor ?? undefined);
          ids.push(...page.items.map(({ id }) => id));
          cursor = page.cursor;
          pages++;
        } while (cursor !== null);
        return { found: ids.length, apart: new Set(ids).size, pages };
      };
      expect(await read({ text: "comm" })).toMatchObject({ found: 2_500, apart: 2_500 });
      // Few enough for the index: no empty stretch comes before them.
      expect(await read({ text: "old" })).toEqual({ found: 100, apart: 100, pages: 2 });
      for (const filter of [{ text: "%" }, { state: "not-found" }, { text: "old common", state: "not-found" }] as const)
        expect(await read(filter)).toMatchObject({ found: 100, apart: 100 });
      // Tests that search every table for a person would read them all, again and again.
      await admin`delete from turns where guild_id = ${guild}`;
      await admin`delete from conversations where guild_id = ${guild}`;
      await admin.unsafe("vacuum turns");
    });

    test("filters: who, where, since, held by an agent, escalated", async () => {
      const { store, time } = house();
      const guild = newGuild();
      const calm = await store.conversations.open(guild, newWho(), HOUR_MS);
      const held = await store.conversations.open(guild, newWho(), HOUR_MS);
      const escalated = await store.conversations.open(guild, newWho(), HOUR_MS);
      for (const { id } of [calm, held]) await store.conversations.record(guild, newExchange(id));
      await store.conversations.takeover(guild, held.id, { type: "claim", agent: newMember() });
      const beforeMs = time.now();
      time.pass(10);
      await store.conversations.record(
        guild,
        newExchange(escalated.id, { outcome: { ...ANSWERED, kind: "escalated" } }),
      );
      const find = async (filter: Parameters<typeof store.conversations.list>[1]) =>
        (await store.conversations.list(guild, filter, 10)).items.map((c) => c.id).sort();
      expect(await find({ member: calm.member })).toEqual([calm.id]);
      expect(await find({ channel: held.channel })).toEqual([held.id]);
      expect(await find({ state: "agent" })).toEqual([held.id]);
      expect(await find({ state: "escalated" })).toEqual([escalated.id]);
      expect(await find({ state: "open" })).toEqual([calm.id, escalated.id].sort());
      expect(await find({ sinceMs: beforeMs + 5 })).toEqual([escalated.id]);
      time.pass(IDLE_MS_MAX);
      expect(await find({ state: "agent" })).toEqual([]);
    });

    test("an escalation counts from the last time that it was asked for", async () => {
      const { store, time } = house();
      const guild = newGuild();
      const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
      const escalate = async () => {
        await store.conversations.record(guild, newExchange(id, { outcome: { ...ANSWERED, kind: "escalated" } }));
        return (await store.conversations.get(guild, id))?.conversation.escalatedAtMs ?? 0;
      };
      const first = await escalate();
      time.pass(HOUR_MS);
      await store.conversations.record(guild, newExchange(id));
      expect(await escalate()).toBeGreaterThanOrEqual(first + HOUR_MS);
    });

    test("one in which nothing was said is not on the list, nor is its channel", async () => {
      const { store } = house();
      const guild = newGuild();
      const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
      expect((await store.conversations.list(guild, {}, 10)).items).toEqual([]);
      expect(await store.conversations.channels(guild, 10)).toEqual([]);
      await store.conversations.record(guild, newExchange(id));
      expect((await store.conversations.list(guild, {}, 10)).items).toHaveLength(1);
      expect(await store.conversations.channels(guild, 10)).toHaveLength(1);
    });

    test("channels are named by their newest conversation", async () => {
      const { store, time } = house();
      const guild = newGuild();
      const talk = async (who: ReturnType<typeof newWho>) => {
        const { id } = await store.conversations.open(guild, who, HOUR_MS);
        await store.conversations.record(guild, newExchange(id));
        time.pass(1);
      };
      const who = newWho({ channelName: "old-name" });
      await talk(who);
      await talk({ ...newWho(), channelName: "second" });
      await talk({ ...who, member: newMember(), channelName: "new-name" });
      expect((await store.conversations.channels(guild, 10)).map((c) => c.name)).toEqual(["new-name", "second"]);
    });

    test("feedback is on the bot's message, and only within the guild", async () => {
      const { store } = house();
      const guild = newGuild();
      const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
      const exchange = newExchange(id);
      await store.conversations.record(guild, exchange);
      const [question, answer] = exchange.turns.map((turn) => turn.message);
      if (!question || !answer) throw new Error("both turns are messages");
      expect(await store.conversations.feedback(guild, question, "up")).toBe(false);
      expect(await store.conversations.feedback(newGuild(), answer, "up")).toBe(false);
      expect(await store.conversations.feedback(guild, answer, "down")).toBe(true);
      expect((await store.conversations.get(guild, id))?.turns.map((turn) => turn.feedback)).toEqual([null, "down"]);
    });

    test("a kept answer stands until one of its turns is disliked or its conversation goes to the team", async () => {
      const { store, time } = house();
      const guild = newGuild();
      const said = async (kept: string) => {
        const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
        const outcome = { ...ANSWERED, kept };
        const exchange = newExchange(id);
        const turns = exchange.turns.map((turn) => {
          return { ...turn, atMs: time.now(), outcome: turn.role === "bot" ? outcome : null };
        });
        await store.conversations.record(guild, { ...exchange, turns, outcome });
        return { id, message: exchange.turns[1]?.message as MessageId };
      };
      const since = time.now() - HOUR_MS;
      const stands = (kept: string, where = guild, version = 0) =>
        store.conversations.stands(where, kept, version, since);

      await said("liked");
      const again = await said("liked");
      await store.conversations.feedback(guild, again.message, "up");
      expect(await stands("liked")).toBe(true);
      await store.conversations.feedback(guild, again.message, "down");
      expect(await stands("liked")).toBe(false);
      expect(await stands("liked", newGuild())).toBe(true);
      expect(await stands("another")).toBe(true);

      const held = await said("held");
      const agent = newMember();
      await store.conversations.takeover(guild, held.id, { type: "claim", agent });
      expect(await stands("held")).toBe(false);
      await store.conversations.takeover(guild, held.id, { type: "release", agent });
      expect(await stands("held")).toBe(false);

      const wished = await said("wished");
      time.pass(1);
      const outcome = { ...ANSWERED, kind: "escalated", reason: "wants-human" } as const;
      await store.conversations.record(guild, newExchange(wished.id, { outcome }));
      expect(await stands("wished")).toBe(false);
    });

    test("a kept answer stands until what is known changes", async () => {
      const { store, time } = house();
      const guild = newGuild();
      const since = time.now() - HOUR_MS;
      expect(await store.conversations.stands(guild, "kept", 0, since)).toBe(true);
      expect(await store.conversations.stands(guild, "kept", 1, since)).toBe(false);
      const source = await store.knowledge.saveSource(guild, { kind: "files", name: "Handbook", config: {} });
      const passage = {
        title: "Kettles",
        headings: [],
        url: null,
        language: "en",
        text: "Hold the button.",
        position: 0,
      };
      await store.knowledge.putDocument(guild, source.id, {
        ...{ key: "kettles", title: "Kettles", url: null, language: "en", hash: "1", passages: [passage] },
      });
      const version = await store.knowledge.version(guild);
      expect(version).toBeGreaterThan(0);
      expect(await store.conversations.stands(guild, "kept", 0, since)).toBe(false);
      expect(await store.conversations.stands(guild, "kept", version, since)).toBe(true);
    });

    test("no guild reads, writes or takes over another's conversation", async () => {
      const { store } = house();
      const [guild, stranger] = [newGuild(), newGuild()];
      const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
      expect(await store.conversations.get(stranger, id)).toBeNull();
      expect(await store.conversations.takeover(stranger, id, { type: "claim", agent: newMember() })).toBeNull();
      await store.conversations.record(stranger, newExchange(id));
      expect((await store.conversations.get(guild, id))?.turns).toEqual([]);
      await expect(store.outbox.begin(stranger, `${id}:send`, id)).rejects.toThrow("another guild");
    });

    test("a direct message finds the guild where the member spoke last, with this bot", async () => {
      const { store, time } = house();
      const [application, member] = [newApplication(), newMember()];
      const [older, newer, elsewhere] = [newGuild(), newGuild(), newGuild()];
      await store.guilds.join(older, application, "Older", null);
      await store.guilds.join(newer, application, "Newer", null);
      await store.guilds.join(elsewhere, newApplication(), "Elsewhere", null);
      expect(await store.conversations.homeOf(application, member)).toBeNull();
      for (const guild of [older, newer, elsewhere]) {
        await store.conversations.open(guild, newWho({ member }), HOUR_MS);
        time.pass(5);
      }
      expect(await store.conversations.homeOf(application, member)).toBe(newer);
    });

    test("NUL and lone surrogates are cleaned, everything else comes back as it was", async () => {
      const { store } = house();
      const guild = newGuild();
      const text = "Merhaba\0 dünya \ud83d\ude80 \ud83d! \\u0000 'quoted' \"json\" {a,b}\n\t%_";
      const clean = "Merhaba dünya \ud83d\ude80 \ufffd! \\u0000 'quoted' \"json\" {a,b}\n\t%_";
      const { id } = await store.conversations.open(guild, newWho({ memberName: text }), HOUR_MS);
      const [question] = newExchange(null).turns;
      if (question === undefined) throw new Error("an exchange has turns");
      const sources = [{ n: 1, title: text, url: null, passage: text }];
      await store.conversations.record(guild, newExchange(id, { turns: [{ ...question, text, sources }] }));
      const found = await store.conversations.get(guild, id);
      expect(found?.conversation.memberName).toBe(clean);
      expect(found?.turns[0]?.text).toBe(clean);
      expect(found?.turns[0]?.sources).toEqual([{ n: 1, title: clean, url: null, passage: clean }]);
    });
  });

  describe("takeovers and effects", () => {
    const agent = "700000000000000001" as UserId;
    const colleague = "700000000000000002" as UserId;

    test("an agent takes, keeps and gives back; a colleague is told who holds", async () => {
      const { store, other } = house();
      const guild = newGuild();
      const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
      const taken = await store.conversations.takeover(guild, id, { type: "claim", agent });
      expect(taken).toMatchObject({ by: "agent", agent, fence: 1 });
      expect(await other.conversations.takeover(guild, id, { type: "claim", agent: colleague })).toMatchObject({
        refused: "held-by-another",
        agent,
      });
      expect(await store.conversations.takeover(guild, id, { type: "release", agent })).toEqual({
        by: "bot",
        fence: 2,
      });
      expect(await store.conversations.takeover(guild, id, { type: "release", agent })).toEqual({
        refused: "not-holding",
      });
      expect(await store.conversations.takeover(guild, "0".repeat(32), { type: "claim", agent })).toBeNull();
    });

    test("of two agents who claim at once one holds", async () => {
      const { store, other } = house();
      const guild = newGuild();
      const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
      const claims = await Promise.all([
        store.conversations.takeover(guild, id, { type: "claim", agent }),
        other.conversations.takeover(guild, id, { type: "claim", agent: colleague }),
      ]);
      expect(claims.filter((claim) => claim !== null && "refused" in claim)).toHaveLength(1);
    });

    test("a conversation that an agent holds does not end by silence", async () => {
      const { store, time } = house();
      const [guild, who] = [newGuild(), newWho()];
      const { id } = await store.conversations.open(guild, who, HOUR_MS);
      time.pass(HOUR_MS);
      await store.conversations.takeover(guild, id, { type: "claim", agent });
      time.pass(IDLE_MS_MAX - 1_000);
      expect((await store.conversations.open(guild, who, HOUR_MS)).id).toBe(id);
    });

    test("a member whose conversation an agent took over is answered there, not in the newer one", async () => {
      const { store, time } = house();
      const [guild, who] = [newGuild(), newWho()];
      const { id } = await store.conversations.open(guild, who, HOUR_MS);
      time.pass(2 * HOUR_MS);
      const newer = await store.conversations.open(guild, who, HOUR_MS);
      expect(newer.id).not.toBe(id);
      await store.conversations.takeover(guild, id, { type: "claim", agent });
      expect((await store.conversations.open(guild, who, HOUR_MS)).id).toBe(id);
    });

    test("an effect is begun once, and afterwards known as what it made", async () => {
      const { store, other } = house();
      const guild = newGuild();
      const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
      const key = `answer:${id}`;
      const begun = await Promise.all([store, other, store, other].map((s) => s.outbox.begin(guild, key, id)));
      expect(begun.filter((b) => b.state === "begun")).toHaveLength(1);
      expect(begun.filter((b) => b.state === "in-flight")).toHaveLength(3);
      expect(await store.outbox.inFlight(guild, id)).toHaveLength(1);
      const message = "800000000000000001" as never;
      await store.outbox.finish(guild, key, { message });
      expect(await other.outbox.begin(guild, key, id)).toEqual({ state: "done", message });
      expect(await store.outbox.inFlight(guild, id)).toEqual([]);
      await store.outbox.finish(guild, key, { failed: "a late report" });
      expect(await other.outbox.begin(guild, key, id)).toEqual({ state: "done", message });
    });

    test("what failed may be begun again", async () => {
      const { store } = house();
      const key = `effect:${newMember()}`;
      expect(await store.outbox.begin(null, key, null)).toEqual({ state: "begun" });
      await store.outbox.finish(null, key, { failed: "missing permission" });
      expect(await store.outbox.begin(null, key, null)).toEqual({ state: "begun" });
    });

    test("nothing is begun while an agent holds, and again once the agent is idle", async () => {
      const { store, time } = house();
      const guild = newGuild();
      const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
      await store.conversations.takeover(guild, id, { type: "claim", agent });
      expect(await store.outbox.begin(guild, `held:${id}`, id)).toEqual({ state: "held", agent });
      expect(await store.outbox.inFlight(guild, id)).toEqual([]);
      time.pass(IDLE_MS_MAX);
      expect(await store.outbox.begin(guild, `held:${id}`, id)).toEqual({ state: "begun" });
    });

    test("a takeover and a send at once: either the send is refused or the takeover sees it in flight", async () => {
      const { store, other } = house();
      const guild = newGuild();
      for (let round = 0; round < 20; round++) {
        const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
        const [begun, seen] = await Promise.all([
          store.outbox.begin(guild, `race:${id}`, id),
          other.conversations
            .takeover(guild, id, { type: "claim", agent })
            .then(() => other.outbox.inFlight(guild, id))
            .then((sends) => sends.length),
        ]);
        expect([begun.state, seen]).toEqual(begun.state === "held" ? ["held", 0] : ["begun", 1]);
      }
    });
  });
}
