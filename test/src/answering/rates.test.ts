import { expect, test } from "bun:test";
import { createRates } from "../../../src/answering/rates.ts";
import type { GuildId, UserId } from "../../../src/ids.ts";
import { createClock } from "../../support/doubles.ts";

const [GUILD, OTHER] = ["1" as GuildId, "2" as GuildId];
const [ADA, EVE] = ["10" as UserId, "11" as UserId];

test("a person has so many a minute, which come back evenly, and another has its own", async () => {
  const clock = createClock();
  const rates = createRates(clock, { personMinute: 2, guildMinute: 100 });
  const take = () => rates.take(GUILD, EVE);
  expect([take(), take(), take(), rates.take(GUILD, ADA)]).toEqual([null, null, "member-busy", null]);
  await clock.advance(30_000);
  expect([take(), take()]).toEqual([null, "member-busy"]);
});

test("a guild has so many a minute, whoever asks, and another has its own", () => {
  const rates = createRates(createClock(), { personMinute: 10, guildMinute: 3 });
  const takes = [ADA, EVE, ADA, EVE].map((person) => rates.take(GUILD, person));
  expect([...takes, rates.take(OTHER, EVE)]).toEqual([null, null, null, "server-busy", null]);
});

test("a refusal is said once a minute: to each person of their own, in a guild of the guild's", async () => {
  const clock = createClock();
  const rates = createRates(clock);
  const say = (person: UserId) => rates.firstToSay(GUILD, person, "member-busy");
  expect([say(EVE), say(EVE), say(ADA)]).toEqual([true, false, true]);
  expect(rates.firstToSay(GUILD, EVE, "server-busy")).toBe(true);
  expect(rates.firstToSay(GUILD, ADA, "server-busy")).toBe(false);
  await clock.advance(60_000);
  expect(say(EVE)).toBe(true);
});
