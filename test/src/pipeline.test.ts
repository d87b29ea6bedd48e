import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { words } from "../../src/i18n.ts";
import type { ChannelId, GuildId, MessageId, UserId } from "../../src/ids.ts";
import { createScripted } from "../../src/llm/scripted.ts";
import { createPipeline } from "../../src/pipeline.ts";
import {
  APPLICATION,
  BOT,
  CHANNEL,
  directMessage,
  guildPayload,
  MEMBER,
  mention,
  message,
  snowflake,
} from "../support/build.ts";
import { settled } from "../support/doubles.ts";
import { freshProcess, openHouse, PAIRING } from "../support/house.ts";

const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };

describe("in mention mode", () => {
  test("a mention is answered as a reply, with its source and without pinging anybody else", async () => {
    const { handle, discord } = await openHouse({ llm: createScripted(ANSWER) });
    const asked = mention("How do I pair a sensor with the hub button?");

    const result = await handle(asked);

    expect(result).toMatchObject({ kind: "answered", reason: "mentioned", model: "scripted", tokensIn: 100 });
    expect(discord.sent).toHaveLength(1);
    expect(discord.sent[0]?.message.replyTo).toBe(asked.id);
    expect(discord.sent[0]?.message.content).toBe(
      `Hold the hub's button for 3 seconds [1].\n\n-# Sources\n-# [1] [Pair sensors](<${PAIRING.url}>)`,
    );
  });

  test("typing is shown before the answer and no more once it is sent", async () => {
    const thinking = Promise.withResolvers<typeof ANSWER>();
    const { handle, discord, clock } = await openHouse({ llm: createScripted(() => thinking.promise) });
    const done = handle(mention("How do I pair a sensor?"));
    await settled();
    expect(discord.acts.map(({ act }) => act)).toEqual(["typing"]);
    thinking.resolve(ANSWER);
    await done;
    await clock.advance(60_000);
    expect(discord.acts.filter(({ act }) => act === "typing")).toHaveLength(1);
    expect(discord.sent).toHaveLength(1);
  });

  test("a member's flood is turned away, and told so once", async () => {
    const thinking = Promise.withResolvers<typeof ANSWER>();
    const llm = createScripted(...Array.from({ length: 40 }, () => () => thinking.promise));
    const { handle, discord } = await openHouse({ llm });
    const all = Array.from({ length: 26 }, () => handle(mention("How do I pair a sensor with the hub button?")));
    await settled();
    expect(discord.sent.map(({ message: { content } }) => content)).toEqual([words("en").bot.refused["member-busy"]]);
    thinking.resolve(ANSWER);
    const ends = (await Promise.all(all)).map(({ kind, reason }) => `${kind} ${reason}`);
    expect(ends).toEqual([...Array(21).fill("answered mentioned"), ...Array(5).fill("refused member-busy")]);
  });

  test("a member reaches the model so often a minute, and no oftener, whatever the server's own limits say", async () => {
    const llm = createScripted(...Array.from({ length: 100 }, () => ANSWER));
    const { handle, clock } = await openHouse({ llm });
    const ask = () => handle(mention("How do I pair a sensor with the hub button?"));
    for (let n = 0; n < 30; n++) expect((await ask()).kind).toBe("answered");
    const asked = llm.asked.length;
    expect(await ask()).toMatchObject({ kind: "refused", reason: "member-busy" });
    expect(llm.asked).toHaveLength(asked);
    await clock.advance(2_000);
    expect((await ask()).kind).toBe("answered");
  });

  test("without a mention it is silent and costs nothing", async () => {
    const llm = createScripted(ANSWER);
    const { pipeline, clock, discord } = await openHouse({ llm });
    const result = pipeline.handle({
      application: APPLICATION,
      message: message({ content: "How do I pair a sensor?" }),
      receivedAtMs: clock.now(),
    });
    expect(result).toMatchObject({ kind: "silent", reason: "not-mentioned" });
    expect(llm.asked).toHaveLength(0);
    expect(discord.acts).toHaveLength(0);
  });

  test("who opted out is not answered, also where they mention it", async () => {
    const { handle, discord, optOuts } = await openHouse({ llm: createScripted(ANSWER) });
    await optOuts.set(APPLICATION, MEMBER, true);
    expect(await handle(mention("How do I pair a sensor?"))).toMatchObject({ kind: "silent", reason: "opted-out" });
    expect(discord.acts).toHaveLength(0);
  });

  test("a reply to the bot is answered, also where Discord leaves its author out", async () => {
    const { handle, discord } = await openHouse({ llm: createScripted(ANSWER, ANSWER, ANSWER) });
    await handle(mention("How do I pair a sensor?"));
    const answer = discord.sent[0]?.id;
    const reply = { message_reference: { message_id: answer, channel_id: CHANNEL } };
    expect(
      await handle(message({ content: "Which button of the hub do I hold for a sensor?", type: 19, ...reply })),
    ).toMatchObject({ reason: "replied-to-bot" });
    const resolved = { ...reply, referenced_message: { id: answer, author: { id: BOT.userId } } };
    expect(
      await handle(message({ content: "How long must I hold the hub button for a sensor?", type: 19, ...resolved })),
    ).toMatchObject({ reason: "replied-to-bot" });
  });

  test("in a thread that the bot opened no mention is needed, in another's it is", async () => {
    const { handle, pipeline } = await openHouse({ llm: createScripted(ANSWER) });
    const own = snowflake();
    const other = snowflake();
    const thread = { guild_id: guildPayload().id, type: 11, parent_id: CHANNEL, name: "t" };
    await pipeline.observe(APPLICATION, "THREAD_CREATE", { ...thread, id: own, owner_id: BOT.userId });
    await pipeline.observe(APPLICATION, "THREAD_CREATE", { ...thread, id: other, owner_id: MEMBER });
    expect(await handle(message({ content: "How do I pair a sensor?", channel_id: own }))).toMatchObject({
      kind: "answered",
      reason: "own-thread",
    });
    expect(await handle(message({ content: "How do I pair a sensor?", channel_id: other }))).toMatchObject({
      reason: "not-mentioned",
    });
  });

  test.each([
    ["its own message", { author: { id: BOT.userId, username: "Gatehouse" } }, "own-message"],
    ["another bot", { author: { id: "3", username: "bot", bot: true } }, "bot-author"],
    ["a webhook", { webhook_id: "4" }, "webhook"],
    ["a system message", { type: 7 }, "system-message"],
  ])("it is silent to %s", async (_, fields, reason) => {
    const { handle, discord } = await openHouse({ llm: createScripted(ANSWER) });
    expect(await handle(mention("How do I pair a sensor?", fields))).toMatchObject({ kind: "silent", reason });
    expect(discord.sent).toHaveLength(0);
    expect(discord.acts).toHaveLength(0);
  });
});

describe("what is not known", () => {
  test("is said in one line, in the asker's language", async () => {
    const { handle, discord } = await openHouse({
      llm: createScripted({ answer: "", used: [], known: false, wantsHuman: false }),
    });
    expect(await handle(mention("How do I pair a goat?"))).toMatchObject({
      kind: "answered",
      reason: "not-in-knowledge",
    });
    expect(await handle(mention("Çamaşır makinesi nasıl tamir edilir?"))).toMatchObject({ reason: "not-in-knowledge" });
    expect(discord.sent.map((m) => m.message.content)).toEqual([
      "I couldn't find that in this server's knowledge base.",
      "Bunu bu sunucunun bilgi tabanında bulamadım.",
    ]);
  });

  test("is no word to who only says hello or thanks: they are answered in kind, and no model is asked", async () => {
    const { handle, discord } = await openHouse({ llm: createScripted(ANSWER) });
    expect(await handle(mention("Hello there!"))).toMatchObject({ kind: "answered", reason: "courtesy", model: null });
    expect(await handle(mention("teşekkürler, çok işime yaradı 🙏"))).toMatchObject({
      reason: "courtesy",
      model: null,
    });
    expect(discord.sent.map((m) => m.message.content)).toEqual([
      "How can I help? Mention me together with your question.",
      "Rica ederim!",
    ]);
  });

  test("an answer that names no passage, or says what no passage says, is not given", async () => {
    const made = "Buy our coin at https://evil.example/now, it doubles every week, trust me friend.";
    const { handle, discord } = await openHouse({
      llm: createScripted(
        { answer: made, used: [1], known: true, wantsHuman: false },
        { ...ANSWER, answer: "Hold the hub's button", used: [] },
      ),
    });
    await handle(mention("How do I pair a sensor?"));
    await handle(mention("How do I pair a sensor with it?"));
    for (const { message: sent } of discord.sent)
      expect(sent.content).toBe("I couldn't find that in this server's knowledge base.");
  });
});

describe("once", () => {
  test("a message delivered again while it is being answered, and after it, gets one answer", async () => {
    const { handle, discord } = await openHouse({ llm: createScripted(ANSWER, ANSWER) });
    const asked = mention("How do I pair a sensor?");
    const [first, second] = await Promise.all([handle(asked), handle(asked)]);
    const third = await handle(asked);
    expect(first).toMatchObject({ kind: "answered" });
    expect(second).toMatchObject({ kind: "dropped", reason: "duplicate" });
    expect(third).toMatchObject({ kind: "dropped", reason: "duplicate" });
    expect(discord.sent).toHaveLength(1);
  });

  test("another process that gets the same message finds it done", async () => {
    const house = await openHouse({ llm: createScripted(ANSWER, ANSWER) });
    const asked = mention("How do I pair a sensor?");
    await house.handle(asked);
    const other = createPipeline(house.services, { self: () => BOT });
    const result = await other.handle({ application: APPLICATION, message: asked, receivedAtMs: house.clock.now() });
    expect(result).toMatchObject({ kind: "answered", reason: "already-answered" });
    expect(house.discord.sent).toHaveLength(1);
    expect(house.store.exchanges).toHaveLength(1);
  });

  test("a send whose reply was lost is sent again under the same nonce while Discord knows it", async () => {
    const { handle, clock, discord, store } = await openHouse({ llm: createScripted(ANSWER) });
    discord.failNext(new AppError("unknown-outcome", "the reply was lost"), true);
    const done = handle(mention("How do I pair a sensor?"));
    await settled();
    expect([...store.outbox.tasks.values()][0]?.state).toBe("sent");
    await clock.advance(2_000);
    expect(await done).toMatchObject({ kind: "answered", reason: "mentioned" });
    expect(discord.sent).toHaveLength(1);
  });

  test("a send that Discord asks to wait with is sent when it says, however long the answers before took", async () => {
    const { handle, clock, discord } = await openHouse({ llm: createScripted(ANSWER) });
    discord.failNext(new AppError("rate-limited", "wait", { retryAfterMs: 20_000 }));
    const done = handle(mention("How do I pair a sensor?"));
    await clock.advance(19_000);
    expect(discord.sent).toHaveLength(0);
    await clock.advance(2_000);
    expect(await done).toMatchObject({ kind: "answered" });
    expect(discord.sent).toHaveLength(1);
  });

  test("a send that stays impossible ends, and an agent who takes over meanwhile ends it too", async () => {
    const { handle, clock, discord, store } = await openHouse({ llm: createScripted(ANSWER, ANSWER) });
    for (let i = 0; i < 100; i++) discord.failNext(new AppError("unavailable", "Discord is away"));
    const first = handle(mention("How do I pair a sensor?"));
    await clock.advance(4 * 60_000);
    expect(await first).toMatchObject({ kind: "failed", reason: "unavailable" });
    const second = handle(mention("How do I pair a sensor?", { channel_id: snowflake() }));
    await settled();
    const id = [...store.talks.keys()].at(-1) ?? "";
    await store.conversations.takeover(guildPayload().id as GuildId, id, { type: "claim", agent: "9" as UserId });
    await clock.advance(20_000);
    expect(await second).toMatchObject({ kind: "left-to-agent" });
    expect(discord.sent).toHaveLength(0);
  });

  test("an old send of unknown outcome is looked for in the channel and not repeated", async () => {
    const { services, clock, discord, store } = await openHouse({ llm: createScripted(ANSWER) });
    const asked = mention("How do I pair a sensor?");
    await discord.messages.send(CHANNEL, { content: "worded otherwise", replyTo: asked.id }, "lost");
    await store.outbox.begin(asked.guildId, `reply:${APPLICATION}:${asked.id}:0`, null);
    await clock.advance(130_000);
    (discord.sent[0] as { id: MessageId }).id = snowflake() as MessageId;
    const pipeline = createPipeline(services, { self: () => BOT });
    const result = await pipeline.handle({ application: APPLICATION, message: asked, receivedAtMs: clock.now() });
    expect(result).toMatchObject({ kind: "answered", reason: "already-answered" });
    expect(discord.sent).toHaveLength(1);
  });
});

describe("when an agent holds", () => {
  test("the conversation is left to them, and the member's words are in the transcript", async () => {
    const { handle, store, discord } = await openHouse({ llm: createScripted(ANSWER, ANSWER) });
    await handle(mention("How do I pair a sensor?"));
    const id = [...store.talks.keys()][0] ?? "";
    await store.conversations.takeover(guildPayload().id as GuildId, id, { type: "claim", agent: "9" as UserId });
    expect(await handle(mention("And what then?"))).toMatchObject({ kind: "left-to-agent" });
    expect(discord.sent).toHaveLength(1);
    expect(store.talks.get(id)?.turns.at(-1)).toMatchObject({
      role: "member",
      text: expect.stringContaining("what then"),
    });
  });

  test("an answer that was being written when they took over is not sent", async () => {
    const thinking = Promise.withResolvers<typeof ANSWER>();
    const { handle, store, discord } = await openHouse({ llm: createScripted(() => thinking.promise) });
    const done = handle(mention("How do I pair a sensor?"));
    await settled();
    const id = [...store.talks.keys()][0] ?? "";
    await store.conversations.takeover(guildPayload().id as GuildId, id, { type: "claim", agent: "9" as UserId });
    thinking.resolve(ANSWER);
    expect(await done).toMatchObject({ kind: "left-to-agent" });
    expect(discord.sent).toHaveLength(0);
  });
});

describe("when the model fails", () => {
  test("it answers extractively, in sentences with a source", async () => {
    const { handle, discord } = await openHouse({ llm: createScripted(new AppError("unavailable", "down")) });
    expect(await handle(mention("How long is the pairing window open?"))).toMatchObject({
      kind: "answered",
      model: "extractive",
    });
    expect(discord.sent[0]?.message.content).toContain("the pairing window is open for 120 seconds. [1]");
    expect(discord.sent[0]?.message.content).toContain("[Pair sensors](<https://docs.example/pair>)");
  });

  test("a model that never answers is not waited for beyond 8 s", async () => {
    const { handle, clock, discord } = await openHouse({ llm: createScripted(() => new Promise(() => {})) });
    const done = handle(mention("How long is the pairing window open?"));
    await clock.advance(8_000);
    expect(await done).toMatchObject({ kind: "answered", model: "extractive", ms: 8_000 });
    expect(discord.sent).toHaveLength(1);
  });
});

describe("a direct message", () => {
  test("is answered from the guild where its author last spoke with the bot", async () => {
    const { handle, store, discord } = await openHouse({
      llm: createScripted(ANSWER, ANSWER),
      joined: [guildPayload().id as GuildId, "77" as GuildId],
    });
    await handle(mention("How do I pair a sensor?"));
    expect(await handle(directMessage("How do I pair a sensor with the button?"))).toMatchObject({
      reason: "direct-message",
    });
    expect(store.exchanges.at(-1)).toMatchObject({ guild: guildPayload().id });
    expect(discord.sent.at(-1)?.channel).toBe("200000000000000777" as ChannelId);
  });

  test("of somebody who left that guild is not answered from it", async () => {
    const { handle, discord } = await openHouse({
      llm: createScripted(ANSWER, ANSWER),
      joined: [guildPayload().id as GuildId, "77" as GuildId],
    });
    const eve = { author: { id: "300000000000000002", username: "eve" } };
    await handle(mention("How do I pair a sensor?", eve));
    expect(await handle(directMessage("How do I pair a sensor?", eve))).toMatchObject({ reason: "ask-in-server" });
    expect(discord.sent.at(-1)?.message.content).toContain("ask me there");
  });

  test.each(["off", "ask"] as const)("is not answered where its guild's mode is %s", async (mode) => {
    const { handle, discord } = await openHouse({ llm: createScripted(ANSWER), settings: { mode } });
    const result = await handle(directMessage("How do I pair a sensor?"));
    expect(result).toMatchObject({ kind: "silent", reason: `mode-${mode}` });
    expect(discord.sent).toHaveLength(0);
    expect(discord.acts).toHaveLength(0);
  });

  test("of a stranger to several guilds gets one line that says where to ask", async () => {
    const { handle, discord } = await openHouse({ joined: [guildPayload().id as GuildId, "77" as GuildId] });
    expect(await handle(directMessage("How do I pair a sensor?"))).toMatchObject({ reason: "ask-in-server" });
    expect(discord.sent[0]?.message.content).toContain("ask me there");
  });

  test("of a stranger who floods gets that line where there is room, and beyond it nothing", async () => {
    const { handle, discord } = await openHouse({ joined: [guildPayload().id as GuildId, "77" as GuildId] });
    const all = await Promise.all(Array.from({ length: 26 }, () => handle(directMessage("How do I pair a sensor?"))));
    const ends = all.map(({ kind, reason }) => `${kind} ${reason}`);
    expect(ends.filter((end) => end === "refused member-busy")).toHaveLength(5);
    expect(discord.sent).toHaveLength(21);
  });
});

test("a drain ends at its deadline, whatever hangs", async () => {
  const { handle, pipeline, clock } = await openHouse({ llm: createScripted(() => new Promise(() => undefined)) });
  void handle(mention("How do I pair a sensor with the hub button?"));
  await settled();
  let drained = false;
  const draining = pipeline.drain(2_000).then(() => {
    drained = true;
  });
  await clock.advance(1_999);
  expect(drained).toBe(false);
  await clock.advance(1);
  await draining;
  expect(drained).toBe(true);
});

test("what was said, done and spent is on record", async () => {
  const { handle, store, bus } = await openHouse({ llm: createScripted(ANSWER) });
  const asked = mention("How do I pair a sensor?");
  await handle(asked);
  expect(store.exchanges[0]).toMatchObject({
    trigger: `${APPLICATION}:${asked.id}`,
    outcome: { kind: "answered", reason: "mentioned", model: "scripted", tokensIn: 100, tokensOut: 20 },
    usage: { kind: "answer", count: 1, tokensIn: 100, tokensOut: 20 },
    turns: [
      { role: "member", message: asked.id },
      { role: "bot", sources: [{ n: 1, title: "Pair sensors", url: PAIRING.url }] },
    ],
  });
  expect(bus.published.some((news) => news.type === "conversation-changed")).toBe(true);
});

test("a follow-up is made whole before retrieval, from this member's own talk only", async () => {
  const llm = createScripted(ANSWER, { question: "How do I pair a sensor again?" }, ANSWER, ANSWER);
  const { handle } = await openHouse({ llm });
  await handle(mention("How do I pair a sensor?"));
  await handle(mention("and again?"));
  expect(llm.asked.map((task) => task.task)).toEqual(["answer", "rewrite", "answer"]);
  await handle(mention("and sensor?", { author: { id: "300000000000000002", username: "eve" } }));
  expect(llm.asked.map((task) => task.task)).toEqual(["answer", "rewrite", "answer", "answer"]);
});

test("who wants a person is told that the conversation is marked, and within the hour that it is already", async () => {
  const unknown = { answer: "", used: [], known: false, wantsHuman: true };
  const { handle, discord, store } = await openHouse({ llm: createScripted(unknown, unknown) });
  expect(await handle(mention("Bir yetkiliyle görüşmek istiyorum"))).toMatchObject({
    kind: "escalated",
    reason: "wants-human",
  });
  expect(store.exchanges[0]).toMatchObject({ outcome: { kind: "escalated" }, usage: null });
  // In whatever words: the model hears it.
  expect(await handle(mention("Somebody of the team should look at my broken sensor themselves"))).toMatchObject({
    kind: "answered",
  });
  expect(discord.sent.map(({ message: { content } }) => content)).toEqual([
    "Bu konuşmayı ekip için işaretledim: bir kişiyle görüşmek istediğini görebilirler.",
    "This conversation is marked for the team already. They can see that you would like to talk to a person.",
  ]);
});

test("without hot state it answers all the same", async () => {
  const { handle, hot } = await openHouse({ llm: createScripted(ANSWER) });
  const away = () => Promise.reject(new AppError("unavailable", "redis is away"));
  Object.assign(hot, { list: away, push: away, get: away });
  expect(await handle(mention("How do I pair a sensor?"))).toMatchObject({ kind: "answered" });
});

test("whatever throws ends as a failed outcome and the message may come again", async () => {
  const { handle, store, discord } = await openHouse({ llm: createScripted(ANSWER) });
  const open = store.conversations.open;
  store.conversations.open = () => Promise.reject(new Error("a bug"));
  const asked = mention("How do I pair a sensor?");
  expect(await handle(asked)).toMatchObject({ kind: "failed", reason: "bug" });
  store.conversations.open = open;
  expect(await handle(asked)).toMatchObject({ kind: "answered" });
  expect(discord.sent).toHaveLength(1);
});

test("what waits for its thought to end is answered when the worker drains, and not lost", async () => {
  const llm = createScripted({ help: true, reason: "a question the passages answer" }, ANSWER);
  const { handle, pipeline, discord } = await openHouse({ llm, settings: { mode: "all" } });
  const done = handle(message({ content: "How do I pair a sensor with the hub button?" }));
  await settled();
  // The clock stands still: without the flush this would wait for its 1.5 s.
  await pipeline.drain(10_000);
  expect(await done).toMatchObject({ kind: "answered", reason: "smart" });
  expect(discord.sent).toHaveLength(1);
});

describe("where all messages are read", () => {
  const OWNER = { author: { id: "300000000000000999", username: "owner" } };
  const toMember = (content: string, fields: object) =>
    message({ content: `<@${MEMBER}> ${content}`, mentions: [{ id: MEMBER, username: "ada" }], ...fields });

  test("a member whom staff helps already is left to them at once", async () => {
    const { handle, pipeline, clock } = await openHouse({ settings: { mode: "all" } });
    await handle(toMember("which hub is it?", OWNER));
    const question = message({ content: "How do I pair a sensor with the hub button?" });
    const result = pipeline.handle({ application: APPLICATION, message: question, receivedAtMs: clock.now() });
    expect(result).toMatchObject({ kind: "silent", reason: "staff-answered" });
  });

  test("a thought that somebody answers before it ends is left to them", async () => {
    const { handle, clock } = await openHouse({ settings: { mode: "all" } });
    const eve = { author: { id: "300000000000000008", username: "eve" } };
    const said = [
      message({ content: "How do I pair" }),
      toMember("hold the button", eve),
      message({ content: "a sensor with the hub button?" }),
    ].map(handle);
    await clock.advance(1_500);
    expect((await Promise.all(said)).map(({ reason }) => reason)).toEqual([
      "into-later",
      "addressed-to-another",
      "answered-meanwhile",
    ]);
  });
});

test("a line that was not for the bot is no part of the question that follows it", async () => {
  const llm = createScripted(ANSWER);
  const { handle } = await openHouse({ llm });
  expect(await handle(message({ content: "my hub is red" }))).toMatchObject({ reason: "not-mentioned" });
  await handle(mention("How do I fix it?"));
  expect(llm.asked).toMatchObject([{ question: "How do I fix it?" }]);
});

test("a forum post that mentions the bot asks its title too", async () => {
  const llm = createScripted(ANSWER);
  const { handle, pipeline } = await openHouse({ llm });
  const id = snowflake();
  const post = {
    id,
    guild_id: guildPayload().id,
    type: 11,
    parent_id: CHANNEL,
    name: "Pair a sensor",
    owner_id: MEMBER,
  };
  await pipeline.observe(APPLICATION, "THREAD_CREATE", post);
  await handle(mention("Which button do I hold?", { id, channel_id: id }));
  expect(llm.asked).toMatchObject([{ question: expect.stringMatching(/^Pair a sensor\n/) }]);
});

test("two members are answered at the same time, one member's questions in a channel one after the other", async () => {
  const thinking = Promise.withResolvers<typeof ANSWER>();
  const llm = createScripted(...Array.from({ length: 3 }, () => () => thinking.promise));
  const { handle } = await openHouse({ llm });
  const eve = { author: { id: "300000000000000002", username: "eve" } };
  const all = [
    handle(mention("How do I pair a sensor?")),
    handle(mention("How do I pair a hub button?")),
    handle(mention("How do I pair a sensor?", eve)),
  ];
  await settled();
  expect(llm.asked).toHaveLength(2);
  thinking.resolve(ANSWER);
  expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(["answered", "answered", "answered"]);
});

test("a drain waits for a guild that is being recorded", async () => {
  const { pipeline, store } = await openHouse();
  const recording = Promise.withResolvers<void>();
  const { join } = store.guilds;
  store.guilds.join = (...of) => recording.promise.then(() => join(...of));
  void pipeline.observe(APPLICATION, "GUILD_CREATE", guildPayload({ id: snowflake() }));
  let drained = false;
  const draining = pipeline.drain(2_000).then(() => {
    drained = true;
  });
  await settled();
  expect(drained).toBe(false);
  recording.resolve();
  await draining;
  expect(drained).toBe(true);
});

test("a pipeline that was drained listens to no news", async () => {
  const house = await openHouse();
  const listeners = new Set<object>();
  const bus = {
    ...house.bus,
    subscribe(listener: object) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const { pipeline } = freshProcess(house, { self: () => BOT }, { bus });
  expect(listeners.size).toBeGreaterThan(0);
  await pipeline.drain(1_000);
  expect(listeners.size).toBe(0);
});
