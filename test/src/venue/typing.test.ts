import { expect, test } from "bun:test";
import { createRecording } from "../../../src/discord/recording.ts";
import { AppError } from "../../../src/errors.ts";
import { keepTyping } from "../../../src/venue/typing.ts";
import { APPLICATION, BOT, CHANNEL } from "../../support/build.ts";
import { createClock, silentLogger } from "../../support/doubles.ts";

function open() {
  const clock = createClock();
  const startedAtMs = clock.now();
  const discord = createRecording(APPLICATION, BOT, clock);
  const shownAtMs: number[] = [];
  let refused = false;
  Object.assign(discord.messages, {
    async typing() {
      shownAtMs.push(clock.now() - startedAtMs);
      if (refused) throw new AppError("forbidden", "may not");
    },
  });
  const refuse = () => {
    refused = true;
  };
  return { clock, shownAtMs, refuse, services: { clock, discord, logger: silentLogger } };
}

test("typing is shown at once and again every 8 s, four times at most", async () => {
  const { clock, shownAtMs, services } = open();
  keepTyping(CHANNEL, services);
  await clock.advance(120_000);
  expect(shownAtMs).toEqual([0, 8_000, 16_000, 24_000]);
});

test("typing ends when it is told to", async () => {
  const { clock, shownAtMs, services } = open();
  const end = keepTyping(CHANNEL, services);
  await clock.advance(8_000);
  end();
  await clock.advance(60_000);
  expect(shownAtMs).toEqual([0, 8_000]);
});

test("typing that Discord refuses is not asked for again", async () => {
  const { clock, shownAtMs, services, refuse } = open();
  keepTyping(CHANNEL, services);
  refuse();
  await clock.advance(60_000);
  expect(shownAtMs).toEqual([0, 8_000]);
});
