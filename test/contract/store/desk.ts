/** What the team does with conversations: holds, states, notes, saved replies, escalations that are told once. */
import { describe, expect, test } from "bun:test";
import type { ApplicationId, UserId } from "../../../src/ids.ts";
import { defaultSettings } from "../../../src/settings/form.ts";
import { ANSWERED, HOUR_MS, type House, newExchange, newGuild, newMember, newMessage, newWho } from "./house.ts";

const agent = "700000000000000001" as UserId;
const ESCALATED = { ...ANSWERED, kind: "escalated", reason: "wants-human" } as const;

export function deskSuite(house: () => House): void {
  const talk = async () => {
    const { store } = house();
    const [guild, who] = [newGuild(), newWho()];
    const { id } = await store.conversations.open(guild, who, HOUR_MS);
    return { store, guild, who, id };
  };

  describe("the team's desk", () => {
    test("a resolved conversation is over: its member begins another, and an agent who takes it opens it again", async () => {
      const { store, guild, who, id } = await talk();
      expect(await store.desk.change(guild, id, { state: "resolved" })).toBe(true);
      expect(await store.desk.change(newGuild(), id, { state: "open" })).toBe(false);
      expect((await store.conversations.open(guild, who, HOUR_MS)).id).not.toBe(id);
      await store.conversations.takeover(guild, id, { type: "claim", agent }, { name: "Grace" });
      expect((await store.conversations.get(guild, id))?.conversation).toMatchObject({
        state: "open",
        agentName: "Grace",
      });
    });

    test("how long a hold lasts is the caller's to say, and typing renews it without beginning one", async () => {
      const { store, guild, id } = await talk();
      expect(await store.conversations.takeover(guild, id, { type: "activity", agent })).toEqual({
        refused: "not-holding",
      });
      await store.conversations.takeover(guild, id, { type: "claim", agent }, { idleMs: 60_000 });
      house().time.pass(59_000);
      await store.conversations.takeover(guild, id, { type: "activity", agent }, { idleMs: 60_000 });
      house().time.pass(59_000);
      expect(await store.desk.held(guild)).toMatchObject([{ conversation: id, agent }]);
      house().time.pass(1_001);
      expect(await store.desk.held(guild)).toEqual([]);
    });

    test("a conversation is found by a message, by its member, and by where the bot spoke last", async () => {
      const { store, guild, who, id } = await talk();
      const exchange = newExchange(id);
      await store.conversations.record(guild, exchange);
      const message = exchange.turns[1]?.message ?? newMessage();
      const sinceMs = house().time.now() - HOUR_MS;
      const { channel, member } = who;
      expect((await store.desk.find(guild, { message }))?.id).toBe(id);
      expect((await store.desk.find(guild, { channel, member, sinceMs }))?.id).toBe(id);
      expect((await store.desk.find(guild, { channel, botSpokeSinceMs: sinceMs }))?.id).toBe(id);
      expect(await store.desk.find(newGuild(), { message })).toBeNull();
      await store.desk.say(guild, id, {
        ...{ role: "agent", author: "Grace", text: "Let me look", atMs: house().time.now(), message: newMessage() },
        ...{ sources: [], outcome: null },
      });
      expect(await store.desk.find(guild, { channel, botSpokeSinceMs: sinceMs })).toBeNull();
    });

    test("what an agent says is kept once a message, follows edits and deletion", async () => {
      const { store, guild, id } = await talk();
      const message = newMessage();
      const turn = { role: "agent", author: "Grace", text: "Try 2.4 GHz", atMs: 1, message } as const;
      const said = { ...turn, sources: [], outcome: null, files: ["log.txt"] };
      expect(await store.desk.say(guild, id, said)).toBe(true);
      expect(await store.desk.say(guild, id, said)).toBe(false);
      expect(await store.desk.reword(guild, message, "Try 5 GHz")).toBe(true);
      expect((await store.conversations.get(guild, id))?.turns).toMatchObject([
        { role: "agent", text: "Try 5 GHz", files: ["log.txt"] },
      ]);
      await store.desk.reword(guild, message, null);
      expect((await store.conversations.get(guild, id))?.turns[0]?.deletedAtMs).toBeGreaterThan(0);
    });

    test("notes and saved replies stay in their guild", async () => {
      const { store, guild, id } = await talk();
      await store.desk.note(guild, id, { kind: "note", by: { id: agent, name: "Grace" }, text: "called them" });
      expect(await store.desk.notes(guild, id)).toMatchObject([{ kind: "note", text: "called them" }]);
      expect(await store.desk.notes(newGuild(), id)).toEqual([]);
      const key = newMember();
      expect(await store.desk.saveReply(guild, key, { title: "Hello", text: "Hi!" })).toBe(true);
      await store.desk.saveReply(newGuild(), key, { title: "Stolen", text: "x" });
      expect(await store.desk.replies(guild)).toEqual([{ id: key, title: "Hello", text: "Hi!" }]);
      expect(await store.desk.saveReply(guild, key, null)).toBe(true);
      expect(await store.desk.replies(guild)).toEqual([]);
    });

    test("the live list has those who wait, however long ago, until somebody takes or resolves them", async () => {
      const { store, guild, id } = await talk();
      await store.conversations.record(guild, newExchange(id, { outcome: ESCALATED }));
      house().time.pass(3 * HOUR_MS);
      const live = () => store.desk.live([guild], house().time.now() - HOUR_MS, 50);
      expect(await live()).toMatchObject([{ conversation: { id }, waitingSinceMs: expect.any(Number) }]);
      await store.escalations.take(guild, id, "Grace");
      expect(await live()).toEqual([]);
      expect(await store.desk.live([], 0, 50)).toEqual([]);
    });

    test("who waits is never pushed off the live list by newer talk, and stands above it, longest first", async () => {
      const { store, guild } = await talk();
      const begin = async (outcome: typeof ESCALATED | typeof ANSWERED) => {
        const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
        await store.conversations.record(guild, newExchange(id, { outcome }));
        house().time.pass(60_000);
        return id;
      };
      const [first, second] = [await begin(ESCALATED), await begin(ESCALATED)];
      house().time.pass(HOUR_MS);
      for (let n = 0; n < 5; n++) await begin(ANSWERED);
      const live = await store.desk.live([guild], house().time.now() - HOUR_MS, 4);
      expect(live.map(({ conversation }) => conversation.id).slice(0, 2)).toEqual([first, second]);
      expect(live.map(({ waitingSinceMs }) => waitingSinceMs !== null)).toEqual([true, true, false, false]);
    });

    test("the list of every guild names each, and leaves out those that the bot has left", async () => {
      const { store, guild, id } = await talk();
      await store.guilds.join(guild, "200000000000000001" as ApplicationId, "Lumen", null);
      await store.conversations.record(guild, newExchange(id));
      const live = async () =>
        (await store.desk.live(null, house().time.now() - HOUR_MS, 1_000)).filter((row) => row.conversation.id === id);
      expect(await live()).toMatchObject([{ guildName: "Lumen", waitingSinceMs: null }]);
      await store.guilds.leave(guild);
      expect(await live()).toEqual([]);
    });
  });

  describe("escalations", () => {
    test("one is planned with its three tasks, in the transaction of its exchange, once", async () => {
      const { store, guild, id } = await talk();
      const exchange = newExchange(id, { outcome: ESCALATED });
      expect(await store.conversations.record(guild, exchange)).toBe(true);
      expect(await store.conversations.record(guild, exchange)).toBe(false);
      const [one, ...others] = await store.escalations.of(guild, id);
      expect(others).toEqual([]);
      expect(one).toMatchObject({ conversation: id, reason: "asked", mail: "planned" });
      for (const kind of ["escalation-mail", "escalation-post", "escalation-webhook"]) {
        expect(await store.outbox.get(guild, `${kind}:${one?.id}`)).toMatchObject({ kind, state: "planned" });
      }
    });

    test("asked again within the hour the team is not told again, also in a new conversation; after it was resolved it is", async () => {
      const { store, guild, who, id } = await talk();
      const open = (conversation: string) =>
        store.escalations.open(guild, conversation, { trigger: newMessage(), reason: "button" });
      expect(await open(id)).toBeString();
      expect(await open(id)).toBeNull();
      await store.desk.change(guild, id, { state: "resolved" });
      const next = await store.conversations.open(guild, who, HOUR_MS);
      expect(await open(next.id)).toBeNull();
      await store.escalations.close(guild, id);
      expect(await open(next.id)).toBeString();
      house().time.pass(HOUR_MS + 1);
      expect(await open(next.id)).toBeString();
    });

    test("a member who asks again after somebody took it waits again, and nobody is told again within the hour", async () => {
      const { store, guild, who, id } = await talk();
      const record = (conversation: string) =>
        store.conversations.record(guild, newExchange(conversation, { outcome: ESCALATED }));
      const marked = async (conversation: string) =>
        (await store.conversations.get(guild, conversation))?.conversation.escalatedAtMs !== null;
      const waiting = async () =>
        (await store.desk.live([guild], 0, 50)).filter((row) => row.waitingSinceMs !== null).length;
      await record(id);
      expect([await marked(id), await waiting()]).toEqual([true, 1]);
      await store.escalations.take(guild, id, "Grace");
      expect([await marked(id), await waiting()]).toEqual([false, 0]);
      house().time.pass(60_000);
      await record(id);
      await record(id);
      expect([await marked(id), await waiting()]).toEqual([true, 1]);
      const [again, first, ...none] = await store.escalations.of(guild, id);
      expect([again?.mail, first?.mail, none]).toEqual(["earlier", "planned", []]);
      expect(await store.outbox.get(guild, `escalation-mail:${again?.id}`)).toBeNull();
      // In another conversation of theirs here, too; whoever takes one of them has the member.
      house().time.pass(HOUR_MS / 2);
      const next = await store.conversations.open(guild, who, 1);
      await record(next.id);
      expect(await waiting()).toBe(2);
      await store.escalations.take(guild, next.id, "Grace");
      expect([await waiting(), await marked(id)]).toEqual([0, false]);
    });

    test("a member who is held is spoken to there, also where they began another conversation meanwhile", async () => {
      const { store, guild, who, id } = await talk();
      await store.conversations.record(guild, newExchange(id));
      house().time.pass(HOUR_MS);
      const later = await store.conversations.open(guild, who, 1);
      await store.conversations.record(guild, newExchange(later.id));
      expect((await store.conversations.open(guild, who, HOUR_MS)).id).toBe(later.id);
      await store.conversations.takeover(guild, id, { type: "claim", agent });
      expect((await store.conversations.open(guild, who, HOUR_MS)).id).toBe(id);
    });

    test("each guild's own time is up for its own: a long one of others is in nobody's way", async () => {
      const { store } = house();
      const begin = async (remindMinutes: number) => {
        const guild = newGuild();
        await store.guilds.join(guild, "200000000000000001" as ApplicationId, "Lumen", null);
        const people = { ...defaultSettings.people, remindMinutes };
        await store.guilds.change(guild, { ...defaultSettings, people }, "test", "people");
        const { id } = await store.conversations.open(guild, newWho(), HOUR_MS);
        return (await store.escalations.open(guild, id, { trigger: newMessage(), reason: "asked" })) ?? "";
      };
      const slow = [await begin(1_440), await begin(1_440)];
      const quick = await begin(5);
      house().time.pass(6 * 60_000);
      const due = (await store.escalations.waiting(house().time.now(), 1_000)).map(({ id }) => id);
      expect([due.includes(quick), slow.some((id) => due.includes(id))]).toEqual([true, false]);
    });

    test("two processes that escalate at once tell the team once", async () => {
      const { store, guild, id } = await talk();
      const opened = await Promise.all(
        [store, house().other, store, house().other].map((one) =>
          one.escalations.open(guild, id, { trigger: newMessage(), reason: "asked" }),
        ),
      );
      expect(opened.filter((one) => one !== null)).toHaveLength(1);
    });

    test("who waits too long is reminded of once", async () => {
      const { store, guild, id } = await talk();
      const one = (await store.escalations.open(guild, id, { trigger: newMessage(), reason: "asked" })) ?? "";
      house().time.pass(HOUR_MS);
      const waiting = (await store.escalations.waiting(house().time.now(), 1_000)).map((row) => row.id);
      expect(waiting).toContain(one);
      const reminded = await Promise.all([store, house().other].map((s) => s.escalations.remind(guild, one)));
      expect(reminded.toSorted()).toEqual([false, true]);
      expect((await store.escalations.waiting(house().time.now(), 1_000)).map((row) => row.id)).not.toContain(one);
      await store.escalations.mailed(guild, one, "unknown", "the answer was lost");
      expect(await store.escalations.get(guild, one)).toMatchObject({ mail: "unknown" });
    });
  });

  describe("a send that is made again", () => {
    test("takes the fence as it is now: an agent who came meanwhile stops it", async () => {
      const { store, guild, id } = await talk();
      const key = `again:${id}`;
      expect(await store.outbox.begin(guild, key, id)).toEqual({ state: "begun" });
      expect(await store.outbox.again(guild, key, id)).toEqual({ state: "begun" });
      await store.conversations.takeover(guild, id, { type: "claim", agent });
      expect(await store.outbox.again(guild, key, id)).toEqual({ state: "held", agent });
      await store.outbox.finish(guild, key, { message: newMessage() });
      expect(await store.outbox.again(guild, key, id)).toMatchObject({ state: "done" });
    });
  });
}
