/** A person is exported, forgotten, and not to be found afterwards; nobody else's words go. */
import { describe, expect, test } from "bun:test";
import { createMemoryHot } from "../../../src/hot/memory.ts";
import { type HotEntry, hotKey } from "../../../src/hot.ts";
import { createKeptAnswers } from "../../../src/memory.ts";
import { exportPerson, forgetPerson, searchPerson } from "../../../src/privacy.ts";
import { quiet } from "../../support/postgres.ts";
import { HOUR_MS, type House, newApplication, newExchange, newGuild, newMember, newWho } from "./house.ts";
import { newCase } from "./moderation.ts";

export function privacySuite(house: () => House): void {
  const wordsOf = (user: string) => `my secret orchid ${user.slice(-6)} burned down yesterday`;

  function parts(entries: readonly HotEntry[] = []) {
    const { store, time } = house();
    const hot = createMemoryHot({ clock: time });
    const hotEntries = async function* () {
      yield* entries;
    };
    return { store, hot, hotEntries, clock: time, logger: quiet };
  }

  /** A member who talked, was judged, appealed, reported somebody, moderated another's case and signed in. */
  async function lived() {
    const { store } = house();
    const guild = newGuild();
    const [user, other] = [newMember(), newMember()];
    const words = wordsOf(user);
    const name = `Orla ${user.slice(-6)}`;
    await store.guilds.join(guild, newApplication(), "Lumen", null);
    const { id } = await store.conversations.open(guild, newWho({ member: user, memberName: name }), HOUR_MS);
    const exchange = newExchange(id);
    const turns = exchange.turns.map((turn) =>
      turn.role === "member" ? { ...turn, author: name, text: words } : turn,
    );
    await store.conversations.record(guild, { ...exchange, turns });
    const strike = { weight: 1, expiresAtMs: null };
    const [own, theirs] = await store.cases.plan(guild, [
      newCase({ author: user, authorName: name, evidence: words, strike }),
      newCase({ author: other, evidence: "somebody else said these five words" }),
      newCase({ author: user, authorName: name, evidence: words, strike }),
      newCase({ author: other, context: [{ author: name, text: words }] }),
    ]);
    if (own === undefined || theirs === undefined) throw new Error("no case came back");
    await store.cases.append(guild, [
      { case: own.case.id, event: { kind: "applied", by: "bot", detail: {} } },
      { case: own.case.id, event: { kind: "appeal", by: user, text: words, detail: {} } },
      { case: own.case.id, event: { kind: "wrong", by: other, detail: {} } },
      { case: theirs.case.id, event: { kind: "applied", by: "bot", detail: {} } },
      { case: theirs.case.id, event: { kind: "undone", by: user, detail: { by: user } } },
    ]);
    await store.reports.add(guild, newExchange(null).turns[0]?.message ?? ("1" as never), user);
    await store.outbox.plan(guild, { key: `mail:${user}`, kind: "mail", payload: { to: `<@${user}>`, text: "hello" } });
    const escalation = await store.escalations.open(guild, id, { trigger: `of ${user}`, reason: "asked" });
    if (escalation === null) throw new Error("not escalated");
    await store.escalations.summarise(guild, escalation, words);
    const note = { kind: "note", by: { id: other, name: "Team" }, text: `They say: ${words}` };
    await store.desk.note(guild, id, note);
    return { guild, user, other, conversation: id, theirs: theirs.case.id };
  }

  describe("privacy", () => {
    test("an export holds what a person left, of the guild that was asked for", async () => {
      const { guild, user, theirs } = await lived();
      const { tables } = await exportPerson(parts(), user, guild);
      for (const table of ["conversations", "turns", "moderation_cases", "moderation_events", "moderation_reports"])
        expect(Object.keys(tables)).toContain(table);
      expect(JSON.stringify(tables.turns)).toContain(wordsOf(user));
      expect(tables.moderation_cases?.map(({ id }) => id)).not.toContain(theirs);
      expect((await exportPerson(parts(), user, newGuild())).tables).toEqual({});
    });

    test("who is forgotten is found nowhere, by id or by words; counts stay and the chain verifies", async () => {
      const { store, database } = house();
      const { guild, user, other, conversation, theirs } = await lived();
      const exported = await exportPerson(parts(), user, null);
      const before = await searchPerson(parts(), user, exported);
      const places = before.hits.map(({ place, saw }) => `${place} ${saw}`);
      for (const place of [
        "conversations.member_id id",
        "turns.text words",
        "moderation_cases.evidence words",
        "moderation_events.by id",
        "strikes.member_id id",
        "escalations.summary words",
        "conversation_notes.text words",
        "moderation_examples.text words",
        "outbox.payload id",
      ])
        expect(places).toContain(place);

      await forgetPerson(parts(), user);
      const after = await searchPerson(parts(), user, exported);
      expect(after.grams).toBe(3);
      expect(after.hits).toEqual([]);
      expect(await store.cases.verify(guild)).toMatchObject({ cases: 4, problem: null });
      expect((await store.cases.get(guild, theirs))?.case).toMatchObject({
        author: other,
        evidence: "somebody else said these five words",
      });
      expect((await store.conversations.get(guild, conversation))?.turns).toHaveLength(2);
      expect((await exportPerson(parts(), user, null)).tables).toEqual({});

      // Whatever is changed by hand afterwards is found as before.
      await database.admin`update moderation_events set by = 'x' where guild_id = ${guild} and kind = 'appeal'`;
      expect((await store.cases.verify(guild)).problem).toMatch(/was changed/);
    });

    test("what is left in a table or in Redis is told; the wish to be forgotten is explained", async () => {
      const { database } = house();
      const { user } = await lived();
      await forgetPerson(parts(), user);
      const table = `left_${user}`;
      await database.admin.unsafe(`create table ${table} (note jsonb)`);
      await database.admin.unsafe(`insert into ${table} values ('{"a": ["seen <@${user}>"]}')`);
      const hot = [
        { key: `gh1:{1}:talk:${user}:2`, text: "" },
        { key: "gh1:{1}:forgotten", text: `{"member":"${user}"}` },
      ];
      const { hits } = await searchPerson(parts(hot), user, null);
      await database.admin.unsafe(`drop table ${table}`);
      expect(hits.map(({ reason }) => reason === null)).toEqual([true, true, false]);
    });

    test("of a channel's window an export holds only the person's own lines, and only texts are searched for", async () => {
      const user = newMember();
      const said = (authorId: string, text: string) =>
        JSON.stringify({ said: { authorId, author: "Ada", role: "user", text } });
      const lines = [said(user, "the brass lantern hums at night"), said("1", "somebody else has five words here")];
      const hot = [{ key: "gh1:{1}:window:2", text: lines.join("\n") }];
      const exported = await exportPerson(parts(hot), user, null);
      expect(exported.hot).toEqual([{ key: "gh1:{1}:window:2", text: lines[0] ?? "" }]);
      expect((await searchPerson(parts(), user, exported)).grams).toBe(2);
    });

    test("a kept answer names its asker, so a search finds it; forgotten, it is gone with and without a walk through all keys", async () => {
      for (const walks of [true, false]) {
        const { guild, user } = await lived();
        const { hot, ...others } = parts();
        const kept = createKeptAnswers(hot, quiet);
        const likeness = "0a".repeat(32);
        const answer = { id: "1", asker: user, knowledge: 1, text: "Hold the button.", sources: [] };
        await kept.keep(guild, likeness, answer, others.clock.now());
        const hotEntries = async function* () {
          for (let place = 0; place < 128; place++) {
            const key = hotKey(guild, "kept-answer", String(place));
            const text = await hot.get(key);
            if (text !== null) yield { key, text };
          }
          const key = hotKey(guild, "kept-for", user);
          const places = await hot.list(key);
          if (places.length > 0) yield { key, text: places.join("\n") };
        };
        const walked = { ...others, hot, hotEntries };
        const before = await searchPerson(walked, user, null);
        expect(
          before.hits.filter(({ place }) => place.includes("kept-")).map(({ saw, count }) => [saw, count]),
        ).toEqual([
          ["id", 1],
          ["id", 1],
        ]);
        await forgetPerson(walks ? walked : { ...walked, hotEntries: null }, user);
        expect((await searchPerson(walked, user, null)).hits).toEqual([]);
        expect(await kept.find(guild, likeness)).toBeNull();
      }
    });

    test("a wish not to be read is kept per bot, outlives being forgotten, and goes when it is taken back", async () => {
      const { store } = house();
      const { user, guild } = await lived();
      const application = (await store.guilds.get(guild))?.application;
      if (application === undefined) throw new Error("no guild");
      const wished = async () => (await store.privacy.optOuts()).filter((one) => one.user === user);
      await store.privacy.setOptOut(application, user, true);
      await store.privacy.setOptOut(application, user, true);
      expect(await wished()).toEqual([{ application, user }]);
      await forgetPerson(parts(), user);
      expect(await wished()).toEqual([{ application, user }]);
      const { hits } = await searchPerson(parts(), user, null);
      expect(hits.map(({ place, reason }) => [place, reason !== null])).toEqual([["opt_outs.user_id", true]]);
      await store.privacy.setOptOut(application, user, false);
      expect(await wished()).toEqual([]);
    });

    test("a person's servers are told for one bot at a time", async () => {
      const { store } = house();
      const { user, guild } = await lived();
      const application = (await store.guilds.get(guild))?.application;
      if (application === undefined) throw new Error("no guild");
      expect(await store.privacy.guilds(application, user)).toEqual([guild]);
      expect(await store.privacy.guilds(newApplication(), user)).toEqual([]);
    });

    test("a bot is no person", async () => {
      const { store } = house();
      const application = newApplication();
      const shared = {
        guild: null,
        publicKey: "k",
        tokenSealed: null,
        name: "Gatehouse",
        commandsHash: null,
        commandsRefused: null,
      };
      await store.bots.save({ application, shared: true, ...shared });
      await expect(store.privacy.forget(application as never)).rejects.toMatchObject({ kind: "invalid" });
    });
  });
}
