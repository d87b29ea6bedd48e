import { describe, expect, test } from "bun:test";
import { createAgents } from "../../src/agents.ts";
import { AppError } from "../../src/errors.ts";
import type { RoleId, UserId } from "../../src/ids.ts";
import { createScripted } from "../../src/llm/scripted.ts";
import { createMemory } from "../../src/memory.ts";
import { createPipeline } from "../../src/pipeline.ts";
import type { Feature } from "../../src/plans/plans.ts";
import {
  APPLICATION,
  BOT,
  CHANNEL,
  GUILD,
  guildPayload,
  MEMBER,
  mention,
  message,
  messagePayload,
} from "../support/build.ts";
import { settled, silentLogger } from "../support/doubles.ts";
import { openHouse } from "../support/house.ts";

const GRACE = { id: "700000000000000001" as UserId, name: "Grace" };
const JOE = { id: "700000000000000002" as UserId, name: "Joe" };
const TEAM = "600000000000000001" as RoleId;
const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };

async function open(features?: readonly Feature[]) {
  const house = await openHouse({ ...(features && { features }), llm: createScripted(ANSWER, ANSWER, ANSWER) });
  const { people } = house.store.rows.get(GUILD)?.settings ?? {};
  if (people === undefined) throw new Error("no settings");
  const configure = (change: Partial<typeof people>) =>
    house.store.configure(GUILD, { people: { ...people, ...change } });
  configure({ teamRoles: [TEAM] });
  await house.bus.publish({ type: "guild-changed", guild: GUILD });
  await settled();
  const memory = createMemory(house.hot, silentLogger);
  const agents = createAgents({ ...house.services, memory });
  const talk = () => [...house.store.talks.values()][0] ?? Promise.reject(new Error("nobody talks"));
  return { ...house, agents, memory, configure, talk: async () => await talk() };
}

const fromTeam = (fields: object) =>
  message({
    author: { id: GRACE.id, username: "grace", global_name: "Grace" },
    member: { roles: [TEAM], nick: null, joined_at: "2024-01-01T00:00:00.000Z" },
    ...fields,
  });

describe("an agent", () => {
  test("speaks through the bot, with a name where the admin wishes it, and the bot remembers", async () => {
    const { handle, agents, talk, discord, memory, configure } = await open();
    await handle(mention("How do I pair a sensor?"));
    const { row } = await talk();
    const said = { text: "Which hub is it?", file: null, form: "f1" };
    expect(await agents.say(GUILD, row.id, GRACE, said)).toMatchObject({ said: true });
    expect(await agents.say(GUILD, row.id, GRACE, said)).toMatchObject({ said: true });
    expect(discord.sent).toHaveLength(2);
    expect(discord.sent[1]?.message.content).toBe("**Grace:** Which hub is it?");
    expect((await talk()).turns.at(-1)).toMatchObject({ role: "agent", text: "Which hub is it?" });
    expect(await memory.history(GUILD, CHANNEL, MEMBER)).toContainEqual({
      ...{ role: "bot", author: "Grace", text: "Which hub is it?" },
    });
    configure({ showName: false });
    await agents.say(GUILD, row.id, GRACE, { ...said, form: "f2" });
    expect(discord.sent[2]?.message.content).toBe("Which hub is it?");
  });

  test("is heard in parts of at most 2,000 characters, edits and deletes", async () => {
    const { handle, agents, talk, discord } = await open();
    await handle(mention("How do I pair a sensor?"));
    const { row } = await talk();
    await agents.say(GUILD, row.id, GRACE, { text: "word ".repeat(700), file: null, form: "f1" });
    expect(discord.sent.length).toBe(3);
    expect(discord.sent.every(({ message: one }) => one.content.length <= 2_000)).toBe(true);
    // The name stands in front in Discord; the transcript has it beside the text, and in no box that edits it.
    expect(discord.sent[1]?.message.content).toStartWith("**Grace:** word");
    expect((await talk()).turns.find(({ role }) => role === "agent")?.text).toStartWith("word");
    const last = discord.sent[2];
    if (last === undefined) throw new Error("nothing was sent");
    expect(await agents.reword(GUILD, row.id, last.id, "better")).toMatchObject({ said: true });
    expect(last.message.content).toContain("better");
    await agents.reword(GUILD, row.id, last.id, null);
    expect(last.deleted).toBe(true);
    const bots = discord.sent[0]?.id ?? last.id;
    expect(await agents.reword(GUILD, row.id, bots, "x")).toEqual({ said: false, why: "not-found" });
  });

  test("is told who holds it, asks for it, and gets it when it is given back", async () => {
    const { handle, agents, talk } = await open();
    await handle(mention("How do I pair a sensor?"));
    const { row } = await talk();
    expect(await agents.claim(GUILD, row.id, GRACE, "page")).toMatchObject({ taken: true });
    expect(await agents.claim(GUILD, row.id, JOE, "page")).toMatchObject({ taken: false, agent: GRACE.id });
    await agents.want(GUILD, row.id, JOE);
    expect((await talk()).row.wantedBy).toBe("Joe");
    expect(await agents.release(GUILD, row.id, JOE)).toBe(false);
    expect(await agents.release(GUILD, row.id, GRACE)).toBe(true);
    expect(await agents.claim(GUILD, row.id, JOE, "page")).toMatchObject({ taken: true });
  });

  test("an answer that was on the wire is deleted when it lands, and that is said", async () => {
    const { agents, talk, discord, store, clock, handle } = await open();
    await handle(mention("How do I pair a sensor?"));
    const { row } = await talk();
    const key = "reply:500000000000000001:1:0";
    await store.outbox.begin(GUILD, key, row.id);
    const claimed = agents.claim(GUILD, row.id, GRACE, "page");
    await settled();
    const late = await discord.messages.send(CHANNEL, { content: "late" }, "n");
    await store.outbox.finish(GUILD, key, { message: late });
    await clock.advance(200);
    expect(await claimed).toMatchObject({ taken: true, withdrawn: 1, left: 0 });
    expect(discord.sent.find(({ id }) => id === late)?.deleted).toBe(true);
    expect((await store.desk.notes(GUILD, row.id)).map(({ kind }) => kind)).toEqual(["claimed", "withdrawn"]);
  });

  test("what is marked and never lands holds a takeover up until its deadline, and is not sent afterwards", async () => {
    const { agents, talk, store, clock, handle } = await open();
    await handle(mention("How do I pair a sensor?"));
    const { row } = await talk();
    await store.outbox.begin(GUILD, "reply:500000000000000001:1:0", row.id);
    let done = false;
    const claimed = agents.claim(GUILD, row.id, GRACE, "page").then((result) => {
      done = true;
      return result;
    });
    await clock.advance(14_000);
    expect(done).toBe(false);
    await clock.advance(2_000);
    expect(await claimed).toMatchObject({ taken: true, withdrawn: 0, left: 0 });
    expect(await store.outbox.begin(GUILD, "reply:500000000000000001:1:0", row.id)).toMatchObject({ state: "closed" });
  });
});

describe("a team member who answers in Discord", () => {
  test("takes over by a reply to the member, and the bot is silent", async () => {
    const { handle, talk, discord, store } = await open();
    const asked = mention("How do I pair a sensor?");
    await handle(asked);
    const reply = fromTeam({
      content: "Update the firmware first",
      message_reference: { message_id: asked.id, channel_id: CHANNEL },
      referenced_message: messagePayload({ id: asked.id, author: { id: MEMBER, username: "ada" } }),
    });
    expect(await handle(reply)).toMatchObject({ kind: "silent", reason: "staff-answered" });
    await settled();
    const { row, turns } = await talk();
    expect(row.takeover).toMatchObject({ by: "agent", agent: GRACE.id });
    expect(turns.at(-1)).toMatchObject({ role: "agent", author: "Grace", text: "Update the firmware first" });
    expect(await handle(mention("And then?"))).toMatchObject({ kind: "left-to-agent" });
    expect(await handle(message({ content: "just a line" }))).toMatchObject({ kind: "left-to-agent" });
    expect((await talk()).turns.at(-1)).toMatchObject({ role: "member", text: "just a line" });
    expect(discord.sent).toHaveLength(1);
    expect((await store.desk.notes(GUILD, row.id))[0]).toMatchObject({ kind: "claimed", text: "answer" });
  });

  test("takes over by a reply to what the member said beside the question", async () => {
    const { handle, talk } = await open();
    await handle(mention("How do I pair a sensor?"));
    const aside = messagePayload({ content: "it blinks", author: { id: MEMBER, username: "ada" } });
    const reply = fromTeam({
      content: "Update the firmware first",
      message_reference: { message_id: aside.id, channel_id: CHANNEL },
      referenced_message: aside,
    });
    expect(await handle(reply)).toMatchObject({ kind: "silent", reason: "staff-answered" });
    expect((await talk()).row.takeover).toMatchObject({ by: "agent", agent: GRACE.id });
  });

  test("who asks the bot about the member's question takes nothing over", async () => {
    const { handle, talk } = await open();
    const asked = mention("How do I pair a sensor?");
    await handle(asked);
    const reply = fromTeam({
      content: `<@${BOT.userId}> How do I pair a sensor with the hub button?`,
      mentions: [{ id: BOT.userId, username: BOT.name }],
      message_reference: { message_id: asked.id, channel_id: CHANNEL },
      referenced_message: messagePayload({ id: asked.id, author: { id: MEMBER, username: "ada" } }),
    });
    expect(await handle(reply)).toMatchObject({ kind: "answered", reason: "mentioned" });
    expect((await talk()).row.takeover.by).toBe("bot");
  });

  test("takes over by a line within two minutes after the bot, and not by a later one", async () => {
    const { handle, talk, clock } = await open();
    await handle(mention("How do I pair a sensor?"));
    await clock.advance(120_001);
    const later = new Date(clock.now()).toISOString();
    expect(await handle(fromTeam({ content: "lunch?", timestamp: later }))).toMatchObject({ reason: "not-mentioned" });
    await handle(mention("How do I pair a sensor?"));
    const soon = new Date(clock.now() + 120_000).toISOString();
    expect(await handle(fromTeam({ content: "use the app", timestamp: soon }))).toMatchObject({
      reason: "staff-answered",
    });
    expect((await talk()).row.takeover).toMatchObject({ by: "agent" });
  });

  test("a worker that starts while an agent holds knows of it before anybody addresses the bot", async () => {
    const { handle, talk, agents, services, clock } = await open();
    await handle(mention("How do I pair a sensor?"));
    const { row } = await talk();
    await agents.claim(GUILD, row.id, GRACE, "page");
    const fresh = createPipeline(services, { self: () => BOT });
    await fresh.observe(APPLICATION, "GUILD_CREATE", guildPayload({ id: GUILD }));
    fresh.interest(APPLICATION, GUILD).active(CHANNEL);
    await settled();
    expect(fresh.interest(APPLICATION, GUILD).active(CHANNEL)).toBe(true);
    const line = message({ content: "it still blinks" });
    const result = await fresh.handle({ application: APPLICATION, message: line, receivedAtMs: clock.now() });
    expect(result).toMatchObject({ kind: "left-to-agent" });
  });

  test("edits and deletions in Discord are followed in the transcript while an agent holds, not what the bot posted", async () => {
    const { handle, talk, agents, services } = await open();
    await handle(mention("How do I pair a sensor?"));
    const { row, turns } = await talk();
    const bots = turns.find((turn) => turn.role === "bot");
    await agents.claim(GUILD, row.id, GRACE, "page");
    const pipeline = createPipeline(services, { self: () => BOT });
    await pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload({ id: GUILD }));
    pipeline.interest(APPLICATION, GUILD).active(CHANNEL);
    await settled();
    const own = turns.find((turn) => turn.role === "member");
    const update = (id: string, author: string, content: string) =>
      pipeline.observe(APPLICATION, "MESSAGE_UPDATE", {
        ...{ id, guild_id: GUILD, channel_id: CHANNEL, content, author: { id: author } },
        edited_timestamp: new Date().toISOString(),
      });
    await update(own?.message ?? "", MEMBER, "How do I pair two sensors?");
    await update(bots?.message ?? "", BOT.userId, "something else");
    expect((await talk()).turns.map(({ text }) => text)).toEqual(["How do I pair two sensors?", bots?.text ?? ""]);
    const gone = { id: own?.message, guild_id: GUILD, channel_id: CHANNEL };
    await pipeline.observe(APPLICATION, "MESSAGE_DELETE", gone);
    expect((await talk()).turns[0]?.deletedAtMs).toBeGreaterThan(0);
  });

  test("takes nothing over where the plan has no takeover", async () => {
    const { handle, talk } = await open(["discord", "live"]);
    const asked = mention("How do I pair a sensor?");
    await handle(asked);
    const reply = fromTeam({
      content: "Update the firmware first",
      message_reference: { message_id: asked.id, channel_id: CHANNEL },
      referenced_message: messagePayload({ id: asked.id, author: { id: MEMBER, username: "ada" } }),
    });
    expect(await handle(reply)).toMatchObject({ kind: "silent" });
    expect((await talk()).row.takeover.by).toBe("bot");
  });

  test("who has none of the roles that the admin named takes nothing over", async () => {
    const { handle, talk } = await open();
    await handle(mention("How do I pair a sensor?"));
    const other = message({ author: { id: JOE.id, username: "joe" }, content: "use the app" });
    expect(await handle(other)).toMatchObject({ reason: "not-mentioned" });
    expect((await talk()).row.takeover.by).toBe("bot");
  });
});

test("an agent's message that Discord refuses is told to the agent", async () => {
  const { handle, agents, talk, discord } = await open();
  await handle(mention("How do I pair a sensor?"));
  const { row } = await talk();
  discord.failNext(new AppError("forbidden", "Missing Permissions"));
  const said = { text: "hello", file: null, form: "f1" };
  expect(await agents.say(GUILD, row.id, GRACE, said)).toEqual({ said: false, why: "forbidden" });
  expect(await agents.say(GUILD, row.id, GRACE, said)).toMatchObject({ said: true });
});
