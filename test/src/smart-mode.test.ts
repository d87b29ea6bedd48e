import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { en } from "../../src/i18n/en.ts";
import type { UserId } from "../../src/ids.ts";
import { createScripted } from "../../src/llm/scripted.ts";
import type { Llm } from "../../src/llm.ts";
import type { Message } from "../../src/message.ts";
import type { GuildSettings } from "../../src/settings/form.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, message, snowflake } from "../support/build.ts";
import { settled } from "../support/doubles.ts";
import { openHouse } from "../support/house.ts";

const YES = { help: true, reason: "a question the passages answer" };
const NO = { help: false, reason: "small talk" };
const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };
const STAFF_ROLE = "400000000000000001";
const QUESTION = "How do I pair a sensor with the hub button?";

async function open(llm: Llm | null, settings: Partial<GuildSettings> = {}) {
  const house = await openHouse({ llm, settings: { mode: "all", ...settings } });
  const staff = { id: STAFF_ROLE, name: "Staff", position: 9, permissions: String(1 << 13) };
  await house.pipeline.observe(APPLICATION, "GUILD_ROLE_CREATE", { guild_id: GUILD, role: staff });
  const say = (content: string, fields: object = {}) => message({ content, ...fields });
  /** Handles, and lets the debounce pass. */
  const hear = async (heard: Message) => {
    const done = house.handle(heard);
    await house.clock.advance(1_500);
    return await done;
  };
  return { ...house, say, hear };
}

const STAFF = { author: { id: "300000000000000005", username: "sam" }, member: { roles: [STAFF_ROLE] } };

describe("smart mode speaks", () => {
  test("where the passages hold the answer and the model says that it helps", async () => {
    const { hear, say, discord } = await open(createScripted(YES, ANSWER));
    expect(await hear(say(QUESTION))).toMatchObject({ kind: "answered", reason: "smart" });
    expect(discord.sent[0]?.message.content).toContain("3 seconds");
  });

  test("without a model, above retrieval's threshold", async () => {
    const { hear, say } = await open(null);
    expect(await hear(say(QUESTION))).toMatchObject({ kind: "answered", model: "extractive" });
  });

  test("also while the model is down, by the score alone", async () => {
    const away = new AppError("unavailable", "down");
    const { hear, say } = await open(createScripted(away, away));
    expect(await hear(say(QUESTION))).toMatchObject({ kind: "answered", model: "extractive" });
  });

  test("once for several quick messages, which it reads together", async () => {
    const llm = createScripted(YES, ANSWER);
    const { handle, say, clock, discord } = await open(llm);
    const outcomes = [
      say("I have a question about my sensor"),
      say("How do I pair"),
      say("a sensor with the hub button?"),
    ].map(handle);
    await clock.advance(1_500);
    expect((await Promise.all(outcomes)).map((o) => o.kind)).toEqual(["merged", "merged", "answered"]);
    expect(discord.sent).toHaveLength(1);
    expect(llm.asked[0]).toMatchObject({
      task: "judge",
      text: "I have a question about my sensor\nHow do I pair\na sensor with the hub button?",
    });
  });

  test("without what was deleted before it had read it", async () => {
    const llm = createScripted(YES, ANSWER);
    const { handle, say, clock, pipeline } = await open(llm);
    const [secret, question] = [say("my password for it is Wombat12"), say(QUESTION)];
    const outcomes = [secret, question].map(handle);
    await pipeline.observe(APPLICATION, "MESSAGE_DELETE", { id: secret.id, channel_id: CHANNEL, guild_id: GUILD });
    await clock.advance(1_500);
    expect((await Promise.all(outcomes)).map((o) => o.kind)).toEqual(["merged", "answered"]);
    expect(llm.asked[0]).toMatchObject({ task: "judge", text: QUESTION });
  });

  test("with what the same member said shortly before where the question points back to it, and not otherwise", async () => {
    const llm = createScripted(ANSWER, ANSWER);
    const { hear, handle, say } = await open(llm);
    const ask = (content: string, fields: object = {}) =>
      handle(say(`<@${BOT.userId}> ${content}`, { mentions: [{ id: BOT.userId }], ...fields }));
    expect(await hear(say("thanks everybody"))).toMatchObject({ reason: "small-talk" });
    expect(await hear(say("my hub is red"))).toMatchObject({ reason: "small-talk" });
    await ask("How do I fix it?");
    const eve = { author: { id: "300000000000000008", username: "eve" } };
    expect(await hear(say("what a lovely evening", eve))).toMatchObject({ reason: "small-talk" });
    await ask(QUESTION, eve);
    expect(llm.asked).toMatchObject([{ question: "my hub is red\nHow do I fix it?" }, { question: QUESTION }]);
  });

  test("in kind to a row of emoji, whatever its author said before", async () => {
    const { hear, handle, say, discord } = await open(null);
    expect(await hear(say("my sensor and the hub button are so far apart lol"))).toMatchObject({ kind: "silent" });
    expect(await handle(say(`<@${BOT.userId}> 🐦🐦🐦`, { mentions: [{ id: BOT.userId }] }))).toMatchObject({
      kind: "answered",
    });
    expect(discord.sent.map((sent) => sent.message.content)).toEqual([en.bot.askSomething]);
  });

  test("with what was said up to a minute before, and no longer ago", async () => {
    for (const [agoMs, question] of [
      [60_000, "my hub is red\nHow do I fix it?"],
      [60_001, "How do I fix it?"],
    ] as const) {
      const llm = createScripted(ANSWER);
      const { hear, handle, say } = await open(llm);
      const at = (ms: number) => ({ timestamp: new Date(Date.UTC(2026, 0, 1, 12) + ms).toISOString() });
      expect(await hear(say("my hub is red", at(0)))).toMatchObject({ reason: "small-talk" });
      await handle(say(`<@${BOT.userId}> How do I fix it?`, { mentions: [{ id: BOT.userId }], ...at(agoMs) }));
      expect(llm.asked).toMatchObject([{ question }]);
    }
  });

  test("with what was said before once, and with the last three lines of it", async () => {
    const llm = createScripted(ANSWER, { question: "How do I fix it again?" }, ANSWER);
    const { hear, handle, say } = await open(llm);
    for (const line of ["my hub is old", "my hub is red", "my hub is loud", "my hub is warm"])
      expect(await hear(say(line))).toMatchObject({ reason: "small-talk" });
    const ask = () => handle(say(`<@${BOT.userId}> How do I fix it?`, { mentions: [{ id: BOT.userId }] }));
    await ask();
    await ask();
    const whole = "my hub is red\nmy hub is loud\nmy hub is warm\nHow do I fix it?";
    expect(llm.asked[0]).toMatchObject({ task: "answer", question: whole });
    expect(llm.asked.slice(1)).toMatchObject([
      { task: "rewrite", question: "How do I fix it?" },
      { task: "answer", question: "How do I fix it again?" },
    ]);
  });

  test("to whoever it just answered, without a mention, for some minutes", async () => {
    const llm = createScripted(ANSWER, { question: "How do I pair a sensor with the hub on Windows?" }, YES, ANSWER);
    const { hear, handle, say, clock } = await open(llm);
    await handle(say(`<@${BOT.userId}> ${QUESTION}`, { mentions: [{ id: BOT.userId }] }));
    expect(await hear(say("ok, thanks!"))).toMatchObject({ reason: "small-talk" });
    expect(await hear(say("and on Windows?"))).toMatchObject({ kind: "answered", reason: "smart" });
    expect(llm.asked.map(({ task }) => task)).toEqual(["answer", "rewrite", "judge", "answer"]);
    const other = { author: { id: "300000000000000008", username: "eve" } };
    expect(await hear(say("and on Windows?", other))).toMatchObject({ kind: "silent" });
    await clock.advance(6 * 60_000);
    expect(await hear(say("hmm hmm okay then"))).toMatchObject({ reason: "small-talk" });
  });

  test("with whoever it just answered, also where they ask nothing, for five minutes; not where it was silent", async () => {
    const { hear, handle, say, clock } = await open(createScripted(NO, ANSWER, { question: QUESTION }, NO));
    const aside = "my hub is red";
    expect(await hear(say(QUESTION))).toMatchObject({ reason: "model-declined" });
    expect(await hear(say(aside))).toMatchObject({ reason: "small-talk" });
    await handle(say(`<@${BOT.userId}> ${QUESTION}`, { mentions: [{ id: BOT.userId }] }));
    expect(await hear(say(aside))).toMatchObject({ reason: "model-declined" });
    await clock.advance(5 * 60_000);
    expect(await hear(say(aside))).toMatchObject({ reason: "small-talk" });
  });

  test("to whoever wishes for a person, and quotes nothing", async () => {
    const llm = createScripted();
    const { handle, say, discord } = await open(llm);
    expect(await handle(say("I want to talk to a real human please"))).toMatchObject({
      kind: "escalated",
      reason: "wants-human",
    });
    expect(discord.sent.map(({ message: { content } }) => content)).toEqual([
      "I've marked this conversation for the team: they can see that you would like to talk to a person.",
    ]);
    expect(llm.asked).toHaveLength(0);
  });

  test("1.5 s after the last message, and 6 s after the first at the latest", async () => {
    const { handle, say, clock, discord } = await open(createScripted(YES, ANSWER, YES, ANSWER));
    const all = [handle(say(QUESTION))];
    for (let i = 0; i < 5; i++) {
      await clock.advance(1_000);
      expect(discord.sent).toHaveLength(0);
      all.push(handle(say("and one more thing about that")));
    }
    await clock.advance(1_000);
    expect(discord.sent).toHaveLength(1);
    const outcomes = await Promise.all(all);
    expect(outcomes.slice(0, -1).every(({ kind }) => kind === "merged")).toBe(true);
    expect(outcomes.at(-1)).toMatchObject({ kind: "answered", ms: 1_000 });
  });

  test("at once to a mention, and takes along what was just said", async () => {
    const llm = createScripted(ANSWER);
    const { handle, say } = await open(llm);
    const first = handle(say("I want to pair a sensor"));
    await settled();
    const mentioned = say(`<@${BOT.userId}> how?`, { mentions: [{ id: BOT.userId }] });
    expect(await handle(mentioned)).toMatchObject({ kind: "answered", reason: "mentioned" });
    expect(await first).toMatchObject({ kind: "merged" });
    expect(llm.asked[0]).toMatchObject({ question: "I want to pair a sensor\nhow?" });
  });
});

describe("smart mode is silent, and asks no model,", () => {
  test.each([
    ["to small talk", "thanks!", {}, "small-talk"],
    ["to a message that mentions somebody", `<@3> ${QUESTION}`, { mentions: [{ id: "3" }] }, "addressed-to-another"],
    [
      "to a reply to somebody",
      QUESTION,
      { type: 19, message_reference: { message_id: "9" }, referenced_message: { author: { id: "3" } } },
      "addressed-to-another",
    ],
    ["to what calls everybody", `@everyone ${QUESTION}`, { mention_everyone: true }, "addressed-to-another"],
    ["where the knowledge base holds nothing of it", "How do I bake sourdough bread?", {}, "nothing-relevant"],
    ["to an empty message", "", {}, "empty"],
  ])("%s", async (_, content, fields, reason) => {
    const llm = createScripted(YES, ANSWER);
    const { hear, say, discord } = await open(llm);
    expect(await hear(say(content, fields))).toMatchObject({ kind: "silent", reason });
    expect(llm.asked).toHaveLength(0);
    expect(discord.acts).toHaveLength(0);
  });

  test("in a thread that is marked solved", async () => {
    const { hear, say, pipeline } = await open(createScripted(YES, ANSWER));
    const thread = snowflake();
    const marked = {
      id: thread,
      guild_id: GUILD,
      type: 11,
      parent_id: CHANNEL,
      owner_id: "3",
      name: "[Solved] pairing",
    };
    await pipeline.observe(APPLICATION, "THREAD_CREATE", marked);
    expect(await hear(say(QUESTION, { channel_id: thread }))).toMatchObject({ reason: "thread-solved" });
    await pipeline.observe(APPLICATION, "THREAD_UPDATE", { ...marked, name: "pairing" });
    expect(await hear(say(QUESTION, { channel_id: thread }))).toMatchObject({ kind: "answered" });
  });

  test("where staff is already talking with this member", async () => {
    const { hear, handle, say } = await open(createScripted(YES, ANSWER));
    const asked = say("can somebody help with pairing");
    await handle(
      say("sure, which sensor?", {
        ...STAFF,
        type: 19,
        message_reference: { message_id: asked.id },
        referenced_message: { author: { id: asked.author.id } },
      }),
    );
    expect(await hear(say(QUESTION))).toMatchObject({ reason: "staff-answered" });
  });

  test("where staff speaks while it waits, to nobody by name", async () => {
    const { handle, say, clock } = await open(createScripted(YES, ANSWER));
    const done = handle(say(QUESTION));
    void handle(say("hold the hub's button for a moment", STAFF));
    await clock.advance(1_500);
    expect(await done).toMatchObject({ kind: "silent", reason: "staff-answered" });
    const other = handle(say(QUESTION, { author: { id: "300000000000000008", username: "eve" } }));
    void handle(say("hold the button", { author: { id: "3", username: "bo" } }));
    await clock.advance(1_500);
    expect(await other).toMatchObject({ kind: "answered" });
  });

  test("where staff that opted out speaks while it waits: that they spoke is no word of theirs", async () => {
    const { handle, say, clock, services } = await open(createScripted(YES, ANSWER));
    await services.optOuts.set(APPLICATION, STAFF.author.id as UserId, true);
    const done = handle(say(QUESTION));
    expect(await handle(say("hold the hub's button for a moment", STAFF))).toMatchObject({ reason: "opted-out" });
    await clock.advance(1_500);
    expect(await done).toMatchObject({ kind: "silent", reason: "staff-answered" });
  });

  test("where somebody answers while it waits", async () => {
    const { handle, say, clock } = await open(createScripted(YES, ANSWER));
    const asked = say(QUESTION);
    const done = handle(asked);
    void handle(
      say("hold the button", {
        author: { id: "3", username: "bo" },
        type: 19,
        message_reference: { message_id: asked.id },
        referenced_message: { author: { id: asked.author.id } },
      }),
    );
    await clock.advance(1_500);
    expect(await done).toMatchObject({ kind: "silent", reason: "answered-meanwhile" });
  });
});

test("where the model declines it stays silent, without typing, and that is on record", async () => {
  const { hear, say, discord, store } = await open(createScripted(NO));
  expect(await hear(say(QUESTION))).toMatchObject({ kind: "silent", reason: "model-declined", model: "scripted" });
  expect(discord.acts).toHaveLength(0);
  await settled();
  expect(store.exchanges.at(-1)).toMatchObject({
    conversation: null,
    outcome: { reason: "model-declined" },
    why: NO.reason,
    // It is no message of the quota, but what it cost is kept.
    usage: { count: 0, tokensIn: 100 },
  });
});

test("where more is under way than can be done, what nobody asked for ends with its verdict, and a mention is answered", async () => {
  const { pipeline, say, discord } = await open(createScripted(ANSWER));
  const pressed = (content: string, fields: object = {}) =>
    pipeline.handle({ application: APPLICATION, message: say(content, fields), receivedAtMs: 0, pressed: true });
  expect(await pressed(QUESTION)).toMatchObject({ kind: "dropped", reason: "pressure" });
  expect(await pressed(`<@${BOT.userId}> ${QUESTION}`, { mentions: [{ id: BOT.userId }] })).toMatchObject({
    kind: "answered",
  });
  expect(discord.sent).toHaveLength(1);
});

test("an answer that turns out not to be known is not given", async () => {
  const { hear, say, discord } = await open(
    createScripted(YES, { answer: "", used: [], known: false, wantsHuman: false }),
  );
  expect(await hear(say(QUESTION))).toMatchObject({ kind: "silent", reason: "nothing-relevant" });
  expect(discord.sent).toHaveLength(0);
});

test("a question that is deleted meanwhile is not answered", async () => {
  const { handle, say, clock, pipeline, discord } = await open(createScripted(YES, ANSWER));
  const asked = say(QUESTION);
  const done = handle(asked);
  await pipeline.observe(APPLICATION, "MESSAGE_DELETE", { id: asked.id, channel_id: CHANNEL, guild_id: GUILD });
  await clock.advance(1_500);
  expect(await done).toMatchObject({ kind: "dropped", reason: "message-deleted" });
  expect(discord.sent).toHaveLength(0);
});

test("with smart mode off every message is answered, at once", async () => {
  const { handle, say } = await open(createScripted(ANSWER), { smart: false });
  expect(await handle(say(QUESTION))).toMatchObject({ kind: "answered", reason: "every-message" });
});

describe("channel awareness", () => {
  test("shows the model what everybody said lately, edits and deletions followed", async () => {
    const llm = createScripted(NO, YES, ANSWER);
    const { hear, handle, say, pipeline, clock } = await open(llm, { awareness: true });
    const other = { author: { id: "3", username: "bo" } };
    const kept = say("my hub blinks blue", { ...other, timestamp: new Date(clock.now()).toISOString() });
    const edited = say("the hub is an RS-1", { ...other, timestamp: new Date(clock.now()).toISOString() });
    const deleted = say("my password is 1234", { ...other, timestamp: new Date(clock.now()).toISOString() });
    for (const heard of [kept, edited, deleted]) void handle(heard);
    await clock.advance(2_000);
    await pipeline.observe(APPLICATION, "MESSAGE_UPDATE", {
      id: edited.id,
      channel_id: CHANNEL,
      guild_id: GUILD,
      content: "the hub is an RS-2",
    });
    await pipeline.observe(APPLICATION, "MESSAGE_DELETE", { id: deleted.id, channel_id: CHANNEL, guild_id: GUILD });
    await hear(say(QUESTION, { timestamp: new Date(clock.now()).toISOString() }));
    const asked = llm.asked.findLast((task) => task.task === "judge");
    expect(asked?.channel.map((turn) => turn.text)).toEqual(["my hub blinks blue", "the hub is an RS-2"]);
  });

  test("shows the bot's own answers as its own, and no other bot's or webhook's line", async () => {
    const llm = createScripted(YES, ANSWER);
    const { hear, handle, say, clock } = await open(llm, { awareness: true });
    const now = () => ({ timestamp: new Date(clock.now()).toISOString() });
    await handle(
      say("Hubs blink blue while they update.", { author: { id: BOT.userId, username: "Gatehouse" }, ...now() }),
    );
    await handle(say("Play the next song.", { author: { id: "4", username: "music", bot: true }, ...now() }));
    await handle(say("Build 7 failed.", { webhook_id: "5", ...now() }));
    await hear(say(QUESTION, now()));
    const asked = llm.asked.find((task) => task.task === "judge");
    expect(asked?.channel.map(({ role, text }) => [role, text])).toEqual([
      ["bot", "Hubs blink blue while they update."],
    ]);
  });

  test("holds nothing of what somebody says who opted out, not even for a moment", async () => {
    const llm = createScripted(YES, ANSWER);
    const { hear, handle, say, clock, services } = await open(llm, { awareness: true });
    const eve = "300000000000000008" as UserId;
    await services.optOuts.set(APPLICATION, eve, true);
    const now = () => ({ timestamp: new Date(clock.now()).toISOString() });
    const said = handle(say("my password is 1234", { author: { id: eve, username: "eve" }, ...now() }));
    expect(await said).toMatchObject({ kind: "silent", reason: "opted-out" });
    await hear(say(QUESTION, now()));
    expect(llm.asked.find((task) => task.task === "judge")?.channel).toEqual([]);
  });

  test("is off by default: the model sees nobody else's words", async () => {
    const llm = createScripted(YES, ANSWER);
    const { hear, handle, say, clock } = await open(llm);
    void handle(say("my password is 1234", { author: { id: "3", username: "bo" } }));
    await clock.advance(2_000);
    await hear(say(QUESTION));
    expect(JSON.stringify(llm.asked)).not.toContain("1234");
  });
});

test("what comes to nothing opens no conversation and asks no memory; what is answered does both", async () => {
  const { hear, say, store, hot } = await open(createScripted(NO, YES, ANSWER));
  const asked: string[] = [];
  const { list } = hot;
  Object.assign(hot, { list: (key: string) => asked.push(key) && list(key) });
  await hear(say(QUESTION));
  expect([store.talks.size, asked.length]).toEqual([0, 0]);
  await hear(say(QUESTION, { author: { id: "300000000000000007", username: "eve" } }));
  expect(store.talks.size).toBe(1);
  expect(asked.length).toBeGreaterThan(0);
});

test("a talk that an agent holds is left to them, answered or not, and nobody sees the bot type", async () => {
  const { hear, handle, say, store, discord } = await open(createScripted(ANSWER, YES, ANSWER));
  await handle(say(`<@${BOT.userId}> ${QUESTION}`, { mentions: [{ id: BOT.userId }] }));
  const [id] = [...store.talks.keys()];
  await store.conversations.takeover(GUILD, id ?? "", { type: "claim", agent: "9" as UserId });
  const before = discord.acts.length;
  expect(await hear(say(QUESTION))).toMatchObject({ kind: "left-to-agent" });
  expect(await hear(say("How do I feed the goats of this farm in winter?"))).toMatchObject({ kind: "left-to-agent" });
  expect(discord.acts.length).toBe(before);
  expect(store.exchanges.at(-1)?.turns[0]?.text).toContain("goats");
});

test("an agent who took over a talk that this process does not know of is found before a word is said", async () => {
  const { hear, say, store, discord, clock } = await open(createScripted(YES, ANSWER));
  const asked = say(QUESTION);
  const who = { channel: CHANNEL, channelName: "help", member: asked.author.id, memberName: "Ada" };
  const { id } = await store.conversations.open(GUILD, who, 60_000);
  await store.conversations.takeover(GUILD, id, { type: "claim", agent: "9" as UserId });
  expect(await hear(asked)).toMatchObject({ kind: "left-to-agent" });
  await clock.advance(20_000);
  expect(discord.acts).toEqual([]);
});
