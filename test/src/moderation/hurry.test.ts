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

test("many servers' breaches hurry the thread for six seconds of a minute, and no longer", async () => {
  const clock = createClock();
  const hurry = createHurry(clock);
  const seconds = async () => {
    let hurried = 0;
    for (let second = 0; second < 60; second++) {
      hurry.breach(`${second}` as GuildId);
      if (hurry.now()) hurried++;
      await clock.advance(1_000);
    }
    return hurried;
  };
  expect([await seconds(), await seconds()]).toEqual([6, 6]);
});
