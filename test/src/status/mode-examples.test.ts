/** What a mode would do with lines that were said: judged as the pipeline does, of channels that everybody sees. */
import { expect, test } from "bun:test";
import { systemClock } from "../../../src/clock.ts";
import { createRecording } from "../../../src/discord/recording.ts";
import { modeExamples } from "../../../src/status/mode-examples.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, mention, message } from "../../support/build.ts";

const CLOSED = "200000000000000002";
/** Without its last digit. */
const OTHER = "20000000000000001";

/** `before` stand above #help in the server. */
function discordWith(permissions: bigint, before: readonly string[] = []) {
  const recording = createRecording(APPLICATION, BOT, systemClock);
  const everyone = { id: GUILD, name: "@everyone", position: 0, permissions };
  const channel = { type: 0, parentId: null, ownerId: null };
  const hidden = [{ id: GUILD, kind: "role", allow: 0n, deny: 1_024n }];
  const directory = {
    ...recording.directory,
    guild: async () => ({ id: GUILD, name: "Lumen", ownerId: null, roles: [everyone] }) as never,
    channels: async () =>
      [
        { ...channel, id: CLOSED, name: "mods", overwrites: hidden },
        ...before.map((name, n) => ({ ...channel, id: `${OTHER}${n}`, name, overwrites: [] })),
        { ...channel, id: CHANNEL, name: "help", overwrites: [] },
      ] as never,
  };
  return { ...recording, directory };
}

test("a question is looked up where every message is read, and passed over where the bot is only mentioned", async () => {
  const discord = discordWith(1_024n);
  discord.heard(message({ content: "How do I pair the sensor with my hub?" }));
  const { question, mention: mentioned } = await modeExamples(discord, GUILD);
  expect([question?.channel, mentioned]).toEqual(["help", null]);
  expect(question?.fate).toEqual({
    mention: { speak: "silent", reason: "not-mentioned" },
    all: { speak: "consider", reason: "smart" },
    ask: { speak: "silent", reason: "mode-ask" },
    off: { speak: "silent", reason: "mode-off" },
  });
});

test("a line that mentions the bot is answered; bots, and what moderation would look at, are no examples", async () => {
  const discord = discordWith(1_024n);
  discord.heard(mention("how do I pair a sensor?"));
  discord.heard(message({ content: "I am a machine that talks", author: { id: "7", username: "robo", bot: true } }));
  discord.heard(message({ content: "FREE NITRO for everyone!! claim at https://discorcl-gift.example/nitro" }));
  const found = await modeExamples(discord, GUILD);
  expect(found.mention?.fate.mention).toEqual({ speak: "must", reason: "mentioned" });
  expect([found.question, found.talk]).toEqual([null, null]);
});

test("what not everybody in the server sees is not read", async () => {
  const discord = discordWith(1_024n);
  discord.heard(message({ channel_id: CLOSED, content: "How do we ban the spammer?" }));
  expect(await modeExamples(discord, GUILD)).toEqual({ mention: null, question: null, talk: null });
  const nobody = discordWith(0n);
  nobody.heard(message({ content: "How do I pair the sensor with my hub?" }));
  expect(await modeExamples(nobody, GUILD)).toEqual({ mention: null, question: null, talk: null });
});

test("members are looked for where they ask, however far down that stands, and not among announcements", async () => {
  const discord = discordWith(1_024n, ["announcements", "rules", "lounge", "market", "show-and-tell", "art"]);
  discord.heard(message({ content: "How do I pair the sensor with my hub?" }));
  discord.heard(message({ channel_id: `${OTHER}0`, content: "We are moving the relay next Tuesday evening." }));
  discord.heard(message({ channel_id: `${OTHER}2`, content: "good morning everybody, nice weather today" }));
  const { question, talk } = await modeExamples(discord, GUILD);
  expect([question?.channel, talk?.channel]).toEqual(["help", "lounge"]);
});
