/** When the thread hurries for a server's breach. */
import { expect, test } from "bun:test";
import type { GuildId } from "../../../src/ids.ts";
import { createHurry } from "../../../src/moderation/hurry.ts";
import { GUILD } from "../../support/build.ts";
import { createClock } from "../../support/doubles.ts";

test("a server's first breach is hurried for a second; those that follow within a minute are not, another server's is", async () => {
  const clock = createClock();
  const hurry = createHurry(clock);
  expect(hurry.now()).toBe(false);
  hurry.breach(GUILD);
  expect(hurry.now()).toBe(true);
  await clock.advance(500);
  hurry.breach(GUILD);
  await clock.advance(500);
  expect(hurry.now()).toBe(false);
  hurry.breach(GUILD);
  expect(hurry.now()).toBe(false);
  hurry.breach("7" as GuildId);
  expect(hurry.now()).toBe(true);
  await clock.advance(60_000);
  expect(hurry.now()).toBe(false);
  hurry.breach(GUILD);
  expect(hurry.now()).toBe(true);
});
