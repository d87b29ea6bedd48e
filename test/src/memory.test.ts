import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { ChannelId, GuildId, MessageId, UserId } from "../../src/ids.ts";
import type { Logger } from "../../src/logger.ts";
import { createMemory, leansOnHistory, type Memory } from "../../src/memory.ts";
import type { Message } from "../../src/message.ts";
import { message } from "../support/build.ts";
import { createHotDouble, silentLogger } from "../support/doubles.ts";

const GUILDS = ["1", "2"] as GuildId[];
const CHANNELS = ["11", "12", "1"] as ChannelId[];
const MEMBERS = ["21", "22", "1"] as UserId[];

test("one member's words never reach another's, another channel's or another guild's memory", async () => {
  const memory = createMemory(createHotDouble(), silentLogger);
  const all = GUILDS.flatMap((g) => CHANNELS.flatMap((c) => MEMBERS.map((m) => [g, c, m] as const)));
  for (const [guild, channel, member] of all) {
    await memory.remember(
      guild,
      channel,
      member,
      [{ role: "member", author: "a", text: `canary ${guild}/${channel}/${member}` }],
      1,
    );
  }
  for (const [guild, channel, member] of all) {
    const texts = (await memory.history(guild, channel, member)).map((turn) => turn.text);
    expect(texts).toEqual([`canary ${guild}/${channel}/${member}`]);
  }
});

test("forgetting takes one member's talk in one guild, in all its channels, and their words in its windows", async () => {
  const memory = createMemory(createHotDouble(), silentLogger);
  const [guild, other] = GUILDS as [GuildId, GuildId];
  const [a, b] = CHANNELS as [ChannelId, ChannelId];
  const [ada, eve] = MEMBERS as [UserId, UserId];
  const turn = [{ role: "member", author: "a", text: "x" }] as const;
  for (const [g, c, m] of [
    [guild, a, ada],
    [guild, b, ada],
    [guild, a, eve],
    [other, a, ada],
  ] as const)
    await memory.remember(g, c, m, turn, 1);
  const now = Date.UTC(2026, 0, 1, 12);
  for (const id of [ada, eve])
    await memory.noteMessage(guild, message({ channel_id: a, author: { id, username: id }, content: "hi" }), "member");
  await memory.forget(guild, ada, now);
  expect(await memory.history(guild, a, ada)).toEqual([]);
  expect(await memory.history(guild, b, ada)).toEqual([]);
  expect(await memory.history(guild, a, eve)).toHaveLength(1);
  expect(await memory.history(other, a, ada)).toHaveLength(1);
  expect((await memory.window(guild, a, now)).map((m) => m.authorId)).toEqual([eve]);
});

test("nobody asks who wished to be forgotten for a member without a talk", async () => {
  const hot = createHotDouble();
  const asked: string[] = [];
  const list: typeof hot.list = (key) => {
    asked.push(key);
    return hot.list(key);
  };
  const memory = createMemory({ ...hot, list }, silentLogger);
  const [guild, channel, member] = [GUILDS[0], CHANNELS[0], MEMBERS[0]] as [GuildId, ChannelId, UserId];
  expect(await memory.history(guild, channel, member)).toEqual([]);
  expect(asked).toHaveLength(1);
  await memory.remember(guild, channel, member, [{ role: "member", author: "a", text: "x" }], 1);
  expect(await memory.history(guild, channel, member)).toHaveLength(1);
  expect(asked).toHaveLength(3);
});

describe("one member's talk", () => {
  const [guild] = GUILDS as [GuildId];
  const [channel, elsewhere] = CHANNELS as [ChannelId, ChannelId];
  const [ada] = MEMBERS as [UserId];
  const said = (text: string) => [{ role: "member", author: "Ada", text }] as const;
  const texts = async (memory: Memory, where = channel) =>
    (await memory.history(guild, where, ada)).map(({ text }) => text);

  test("is its last twelve turns, oldest first, with who said them and nothing else", async () => {
    const memory = createMemory(createHotDouble(), silentLogger);
    for (let n = 1; n <= 7; n++) {
      const turns = [...said(`asked ${n}`), { role: "bot", author: "Gatehouse", text: `told ${n}` }] as const;
      await memory.remember(guild, channel, ada, turns, n);
    }
    const kept = await memory.history(guild, channel, ada);
    expect(kept).toHaveLength(12);
    expect(kept[0]).toEqual({ role: "member", author: "Ada", text: "asked 2" });
    expect(kept.at(-1)).toEqual({ role: "bot", author: "Gatehouse", text: "told 7" });
  });

  test("holds at most 1,200 characters of each turn, and never half of one", async () => {
    const memory = createMemory(createHotDouble(), silentLogger);
    const whole = "x".repeat(1_200);
    for (const text of [whole, `${whole}y`, `${"x".repeat(1_198)}🧵🧵`])
      await memory.remember(guild, channel, ada, said(text), 1);
    expect(await texts(memory)).toEqual([whole, `${"x".repeat(1_199)}…`, `${"x".repeat(1_198)}…`]);
  });

  test("is kept for half an hour from its last turn", async () => {
    const hot = createHotDouble();
    const kept: (readonly [string, number])[] = [];
    const { push } = hot;
    Object.assign(hot, {
      push: (key: string, item: string, itemsMax: number, ttlMs: number) => {
        kept.push([key, ttlMs]);
        return push(key, item, itemsMax, ttlMs);
      },
    });
    const memory = createMemory(hot, silentLogger);
    await memory.remember(guild, channel, ada, said("x"), 1);
    await memory.noteMessage(guild, message({ channel_id: channel }), "member");
    await memory.forget(guild, ada, 2);
    expect(kept.length).toBeGreaterThanOrEqual(4);
    expect(kept.filter(([, ttlMs]) => ttlMs !== 30 * 60_000)).toEqual([]);
  });

  test("is over where it is said to be, and goes on elsewhere", async () => {
    const memory = createMemory(createHotDouble(), silentLogger);
    for (const where of [channel, elsewhere]) await memory.remember(guild, where, ada, said("x"), 1);
    await memory.forgetTalk(guild, channel, ada);
    expect([await texts(memory), await texts(memory, elsewhere)]).toEqual([[], ["x"]]);
  });
});

test("a guild that leaves takes its memory along, and no other's", async () => {
  const memory = createMemory(createHotDouble(), silentLogger);
  const [channel] = CHANNELS as [ChannelId];
  const [ada] = MEMBERS as [UserId];
  const now = Date.UTC(2026, 0, 1, 12);
  for (const guild of GUILDS) {
    await memory.remember(guild, channel, ada, [{ role: "member", author: "a", text: "x" }], 1);
    await memory.noteMessage(guild, message({ channel_id: channel }), "member");
  }
  const [left, stays] = GUILDS as [GuildId, GuildId];
  await memory.forgetGuild(left);
  const counts = async (guild: GuildId) =>
    [await memory.history(guild, channel, ada), await memory.window(guild, channel, now)].map(({ length }) => length);
  expect([await counts(left), await counts(stays)]).toEqual([
    [0, 0],
    [1, 1],
  ]);
});

test("while hot state is away reads are empty and notes are lost, both logged; only forgetting throws, and so does a bug", async () => {
  const hot = createHotDouble();
  const logged: unknown[] = [];
  const logger = { ...silentLogger, warn: (...said: unknown[]) => void logged.push(said) } as unknown as Logger;
  const memory = createMemory(hot, logger);
  const [[guild], [channel], [ada]] = [GUILDS, CHANNELS, MEMBERS] as [[GuildId], [ChannelId], [UserId]];
  const fail = (error: Error) => {
    const away = () => Promise.reject(error);
    Object.assign(hot, { list: away, push: away, remove: away, drop: away });
  };
  fail(new AppError("unavailable", "redis is away"));
  expect(await memory.history(guild, channel, ada)).toEqual([]);
  expect(await memory.window(guild, channel, 0)).toEqual([]);
  await memory.remember(guild, channel, ada, [{ role: "member", author: "a", text: "x" }], 1);
  await memory.noteDeletion(guild, channel, ["1" as MessageId]);
  await memory.forgetTalk(guild, channel, ada);
  expect(logged).toEqual(Array(5).fill([{ reason: "unavailable" }, "memory-away"]));
  await expect(memory.forget(guild, ada, 1)).rejects.toThrow("redis is away");
  await expect(memory.forgetGuild(guild)).rejects.toThrow("redis is away");
  fail(new Error("a bug"));
  await expect(memory.history(guild, channel, ada)).rejects.toThrow("a bug");
});

test("what was asked before the wish to be forgotten stays forgotten, however late its answer comes", async () => {
  const memory = createMemory(createHotDouble(), silentLogger);
  const [[guild], [channel], [ada]] = [GUILDS, CHANNELS, MEMBERS] as [[GuildId], [ChannelId], [UserId]];
  const turn = (text: string) => [{ role: "bot", author: "Gatehouse", text }] as const;
  await memory.forget(guild, ada, 1_000);
  await memory.remember(guild, channel, ada, turn("late"), 999);
  await memory.remember(guild, channel, ada, turn("new"), 1_001);
  expect((await memory.history(guild, channel, ada)).map(({ text }) => text)).toEqual(["new"]);
});

describe("a channel's window", () => {
  const [guild] = GUILDS as [GuildId];
  const [channel] = CHANNELS as [ChannelId];
  const at = (ms: number) => ({ channel_id: channel, timestamp: new Date(ms).toISOString() });

  test("holds at most 50 messages, 30 minutes and 2,000 tokens, the newest", async () => {
    const memory = createMemory(createHotDouble(), silentLogger);
    const now = Date.UTC(2026, 0, 1, 12);
    await memory.noteMessage(guild, message({ ...at(now - 31 * 60_000), content: "old" }), "member");
    for (let n = 0; n < 60; n++) await memory.noteMessage(guild, message({ ...at(now), content: `m${n}` }), "member");
    const texts = (await memory.window(guild, channel, now)).map((m) => m.text);
    expect(texts).toHaveLength(50);
    expect([texts[0], texts.at(-1)]).toEqual(["m10", "m59"]);
    for (let n = 0; n < 20; n++)
      await memory.noteMessage(guild, message({ ...at(now), content: "long ".repeat(200) }), "member");
    // 1,000 characters, the author's name and 8 more a message: seven are 7,077.
    expect(await memory.window(guild, channel, now)).toHaveLength(7);
    expect(await memory.window(guild, channel, now + 30 * 60_000)).toHaveLength(7);
    expect(await memory.window(guild, channel, now + 30 * 60_000 + 1)).toEqual([]);
  });

  test("tells each message as it reads now, without those that are deleted or empty", async () => {
    const memory = createMemory(createHotDouble(), silentLogger);
    const now = Date.UTC(2026, 0, 1, 12);
    const [kept, edited, deleted, gone, emptied] = ["kept", "edited", "deleted", "gone", "emptied"].map((content) =>
      message({ ...at(now), content }),
    ) as [Message, Message, Message, Message, Message];
    for (const said of [kept, edited, deleted, gone, emptied]) await memory.noteMessage(guild, said, "member");
    await memory.noteEdit(guild, channel, edited.id, `${"e".repeat(1_200)}!`);
    await memory.noteEdit(guild, channel, "404" as MessageId, "of a message that nobody heard");
    await memory.noteEdit(guild, channel, emptied.id, "");
    await memory.noteDeletion(guild, channel, [deleted.id, gone.id]);
    const own = message({ ...at(now), content: "told", author: { id: "9", username: "Gatehouse" } });
    await memory.noteMessage(guild, own, "bot");
    const told = await memory.window(guild, channel, now);
    expect(told[0]).toEqual({
      ...{ id: kept.id, authorId: kept.author.id, author: "Ada", role: "member", text: "kept", atMs: now },
    });
    expect(told.slice(1)).toMatchObject([
      { id: edited.id, text: `${"e".repeat(1_199)}…` },
      { id: own.id, role: "bot", text: "told" },
    ]);
    expect(told).toHaveLength(3);
  });

  test("has room for 40 edits and deletions beside its messages", async () => {
    const memory = createMemory(createHotDouble(), silentLogger);
    const now = Date.UTC(2026, 0, 1, 12);
    const all = Array.from({ length: 51 }, (_, n) => message({ ...at(now), content: `m${n}` }));
    for (const said of all) await memory.noteMessage(guild, said, "member");
    for (const said of all.slice(0, 40)) await memory.noteEdit(guild, channel, said.id, "edited");
    const told = await memory.window(guild, channel, now);
    // 91 entries are one too many: the oldest message's is gone.
    expect([told.length, told[0]?.id]).toEqual([50, all[1]?.id as MessageId]);
  });
});

describe("a follow-up", () => {
  test.each([
    "and on Windows?",
    "what about the other one?",
    "why?",
    "peki ya Mac'te?",
    "how do I undo that",
    "bunu nasıl silerim",
    "how on Windows?",
    "how much?",
    "why not?",
    "is it free?",
    "Windows'ta nasıl?",
    "ne kadar?",
    "how long does it last when it is cold",
    "does the other one work outside in the rain",
  ])("%s leans on the talk", (question) => expect(leansOnHistory(question)).toBe(true));
  test.each([
    "What is the Dipper?",
    "Dipper nedir?",
    "where is billing?",
    "fatura nerede?",
    "How do I connect the Roost hub to my office network?",
    "is there a discount for students?",
    "which plan lets me have more than one hub?",
    "which sensors are waterproof and what do they cost?",
    "Yıllık planın ücreti ne kadar ve nasıl ödenir acaba",
  ])("%s stands alone", (question) => expect(leansOnHistory(question)).toBe(false));
});
