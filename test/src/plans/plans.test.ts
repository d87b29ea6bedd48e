import { expect, test } from "bun:test";
import type { GuildId } from "../../../src/ids.ts";
import { createPlans, type Plan, type Subscription } from "../../../src/plans/plans.ts";
import { GUILD } from "../../support/build.ts";
import { createBusDouble, createClock, settled } from "../../support/doubles.ts";

const account = { id: "a", name: "A", plan: "p", timeZone: "UTC", owner: null, mail: null };
const plan: Plan = { id: "p", name: "P", priceUsd: 0, messages: 5, features: ["live"], position: 0 };

function open() {
  const clock = createClock();
  const bus = createBusDouble();
  const asked: string[] = [];
  const accounts = {
    async of(guild: string): Promise<Subscription> {
      asked.push(guild);
      return { account, plan };
    },
  };
  return { clock, bus, asked, plans: createPlans({ store: { accounts }, bus, clock }) };
}

test("a guild's plan is read once in 30 s", async () => {
  const { plans, asked, clock } = open();
  expect([...(await plans.features(GUILD))]).toEqual(["live"]);
  await clock.advance(29_999);
  expect(await plans.of(GUILD)).toEqual({ account, plan });
  expect(asked).toHaveLength(1);
  await clock.advance(1);
  await plans.of(GUILD);
  expect(asked).toHaveLength(2);
});

const large = { account, plan: { ...plan, messages: 50 } };

test("who finds none that is fresh waits for one that is read with something else, which is held as long as any", async () => {
  const { plans, asked, clock } = open();
  const coming = Promise.withResolvers<Subscription>();
  plans.come(GUILD, coming.promise);
  const first = plans.of(GUILD);
  coming.resolve(large);
  expect(await first).toEqual(large);
  await clock.advance(29_999);
  expect(await plans.of(GUILD)).toEqual(large);
  expect(asked).toEqual([]);
  await clock.advance(1);
  expect(await plans.of(GUILD)).toEqual({ account, plan });
});

test("one that is fresh serves until the next has come", async () => {
  const { plans, asked } = open();
  await plans.of(GUILD);
  const coming = Promise.withResolvers<Subscription>();
  plans.come(GUILD, coming.promise);
  expect((await plans.of(GUILD)).plan.messages).toBe(5);
  coming.resolve(large);
  await settled();
  expect((await plans.of(GUILD)).plan.messages).toBe(50);
  expect(asked).toHaveLength(1);
});

test("one that does not come is asked for", async () => {
  const { plans, asked } = open();
  plans.come(GUILD, Promise.resolve(null));
  expect(await plans.of(GUILD)).toEqual({ account, plan });
  plans.come(GUILD, Promise.reject(new Error("away")));
  await settled();
  expect(await plans.of(GUILD)).toEqual({ account, plan });
  expect(asked).toHaveLength(1);
  const other = "7" as GuildId;
  plans.come(other, Promise.reject(new Error("away")));
  await expect(plans.of(other)).rejects.toThrow("away");
  expect(await plans.of(other)).toEqual({ account, plan });
});

test.each([
  ["an account", { type: "account-changed", account: "a" }],
  ["the guild", { type: "guild-changed", guild: GUILD }],
] as const)("news of %s end at once what is held, and what is on its way", async (_, news) => {
  for (const isFresh of [false, true]) {
    const { plans, bus } = open();
    if (isFresh) await plans.of(GUILD);
    const coming = Promise.withResolvers<Subscription>();
    plans.come(GUILD, coming.promise);
    await bus.publish(news);
    coming.resolve(large);
    await settled();
    expect((await plans.of(GUILD)).plan.messages).toBe(5);
  }
});
