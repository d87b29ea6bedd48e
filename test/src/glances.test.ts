import { expect, test } from "bun:test";
import { createRecording } from "../../src/discord/recording.ts";
import type { Discord } from "../../src/discord.ts";
import { AppError } from "../../src/errors.ts";
import { createGlances } from "../../src/glances.ts";
import type { ChannelId, GuildId, MessageId } from "../../src/ids.ts";
import { APPLICATION, BOT, CHANNEL, GUILD } from "../support/build.ts";
import { simulatedClock } from "../support/simulated-clock.ts";

function scene() {
  const clock = simulatedClock(1);
  const asked: string[] = [];
  let away = false;
  const recording = createRecording(APPLICATION, BOT, clock);
  const counted = <T>(what: string, found: T) => {
    asked.push(what);
    return away ? Promise.reject(new AppError("unavailable", "away")) : Promise.resolve(found);
  };
  const discord: Discord = {
    ...recording,
    directory: {
      ...recording.directory,
      guild: (guild) => counted(`guild ${guild}`, null),
      channels: (guild) => counted(`channels ${guild}`, []),
    },
    messages: { ...recording.messages, get: (_, id) => counted(`message ${id}`, null) },
  };
  const glances = createGlances(() => discord, clock);
  const goAway = () => {
    away = true;
  };
  return { clock, asked, glances, goAway, pages: glances.discord(APPLICATION) };
}

test("what many pages look at within a minute is asked once, also while it is being asked", async () => {
  const { clock, asked, pages, glances } = scene();
  await Promise.all(Array.from({ length: 50 }, () => pages.directory.guild(GUILD)));
  await clock.advance(59_000);
  await glances.discord(APPLICATION).directory.guild(GUILD);
  expect(asked).toEqual([`guild ${GUILD}`]);
  await clock.advance(1_000);
  await pages.directory.guild(GUILD);
  expect(asked).toHaveLength(2);
});

test("looking again asks anew, of this guild only, and not twice in a moment", async () => {
  const { clock, asked, pages, glances } = scene();
  const other = "100000000000000009" as GuildId;
  await Promise.all([pages.directory.guild(GUILD), pages.directory.guild(other)]);
  glances.again(APPLICATION, GUILD);
  await pages.directory.guild(GUILD);
  expect(asked).toHaveLength(2);
  await clock.advance(2_000);
  for (let i = 0; i < 3; i++) {
    glances.again(APPLICATION, GUILD);
    await Promise.all([pages.directory.guild(GUILD), pages.directory.guild(other)]);
  }
  expect(asked).toEqual([`guild ${GUILD}`, `guild ${other}`, `guild ${GUILD}`]);
});

test("while Discord is away it is asked every ten seconds at most, and each page is told", async () => {
  const { clock, asked, pages, goAway } = scene();
  goAway();
  for (let i = 0; i < 20; i++) {
    await expect(pages.directory.channels(GUILD)).rejects.toMatchObject({ kind: "unavailable" });
    await clock.advance(1_000);
  }
  expect(asked).toHaveLength(2);
});

test("of one channel the newest messages are kept, and whoever reads a thousand puts no other's away", async () => {
  const { clock, asked, pages } = scene();
  const other = "300000000000000099" as ChannelId;
  await pages.messages.get(other, "1" as MessageId);
  for (let i = 2; i < 1_000; i++) await pages.messages.get(CHANNEL, String(i) as MessageId);
  await pages.messages.get(other, "1" as MessageId);
  await pages.messages.get(CHANNEL, "999" as MessageId);
  expect(asked).toHaveLength(999);
  await pages.messages.get(CHANNEL, "2" as MessageId);
  expect(asked).toHaveLength(1_000);
  await clock.advance(15_000);
  await pages.messages.get(CHANNEL, "999" as MessageId);
  expect(asked).toHaveLength(1_001);
});
