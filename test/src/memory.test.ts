import { describe, expect, test } from "bun:test";
import type { ChannelId, GuildId, UserId } from "../../src/ids.ts";
import { createMemory, leansOnHistory } from "../../src/memory.ts";
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
    const chars = (await memory.window(guild, channel, now)).reduce((sum, m) => sum + m.text.length, 0);
    expect(chars).toBeLessThanOrEqual(8_000);
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
  ])("%s leans on the talk", (question) => expect(leansOnHistory(question)).toBe(true));
  test.each([
    "What is the Dipper?",
    "Dipper nedir?",
    "where is billing?",
    "fatura nerede?",
    "How do I connect the Roost hub to my office network?",
    "Yıllık planın ücreti ne kadar ve nasıl ödenir acaba",
  ])("%s stands alone", (question) => expect(leansOnHistory(question)).toBe(false));
});
