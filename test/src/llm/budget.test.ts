/** The model's limits, shared by processes: what is first, who waits, what is given back. */
import { describe, expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import { createMemoryHot } from "../../../src/hot/memory.ts";
import type { GuildId } from "../../../src/ids.ts";
import { type BudgetCall, createBudget, levelsLeft } from "../../../src/llm/budget.ts";
import { createPools } from "../../../src/pools.ts";
import { createClock, silentLogger } from "../../support/doubles.ts";

const A = "100000000000000001" as GuildId;
const B = "100000000000000002" as GuildId;

function headers(limit: number, left: number): Headers {
  return new Headers({
    "x-ratelimit-limit-tokens": String(limit),
    "x-ratelimit-remaining-tokens": String(left),
    "x-ratelimit-limit-requests": "500000",
    "x-ratelimit-remaining-requests": "499999",
  });
}

function call(fields: Partial<BudgetCall> = {}): BudgetCall {
  return { task: "answer", tokens: 1_000, guild: A, waitMsMax: 60_000, ...fields };
}

async function opened(limit: number, left: number) {
  const clock = createClock();
  const hot = createPools(clock);
  const make = () => createBudget({ model: "m", hot, own: createPools(clock), clock, logger: silentLogger });
  const [one, other] = [make(), make()];
  const first = call();
  await one.pass(first);
  await one.settle(first, headers(limit, left), 1_000);
  const order: string[] = [];
  const ask = (budget: typeof one, name: string, fields: Partial<BudgetCall> = {}) =>
    budget.pass(call(fields)).then(
      () => order.push(name),
      (error: unknown) => order.push(`${name}: ${error instanceof AppError ? error.kind : error}`),
    );
  return { clock, hot, one, other, order, ask };
}

describe("the model's budget", () => {
  test("two processes together draw what one limit gives, and no more", async () => {
    const { one, other, ask, order, clock } = await opened(60_000, 10_000);
    for (let i = 0; i < 15; i++) void ask(i % 2 ? one : other, String(i), { waitMsMax: 1_000 });
    await clock.advance(0);
    expect(order.filter((name) => !name.includes(":")).length).toBe(8);
    await clock.advance(2_000);
    expect(order.filter((name) => name.includes("rate-limited")).length).toBeGreaterThan(0);
  });

  test("answers go before moderation, and the guild that took least lately before a hog", async () => {
    const { one, ask, order, clock } = await opened(60_000, 0);
    for (let i = 0; i < 3; i++) void ask(one, `hog${i}`);
    void ask(one, "moderation", { task: "moderate", guild: B });
    void ask(one, "quiet", { guild: B });
    await clock.advance(60_000);
    expect(order).toEqual(["quiet", "hog0", "hog1", "hog2", "moderation"]);
  });

  test("who would wait past its deadline is refused at once, without a call", async () => {
    const { one, ask, order, clock } = await opened(60_000, 0);
    void ask(one, "late", { tokens: 30_000, waitMsMax: 5_000 });
    await clock.advance(0);
    expect(order).toEqual(["late: rate-limited"]);
  });

  test("what a call did not take comes back", async () => {
    const { one, ask, order, clock } = await opened(60_000, 10_000);
    const large = call({ tokens: 8_000 });
    await one.pass(large);
    await one.settle(large, headers(60_000, 9_500), 500);
    void ask(one, "next", { tokens: 8_000, waitMsMax: 100 });
    await clock.advance(0);
    expect(order).toEqual(["next"]);
  });

  test("while hot state is away the process draws from its own, and a pause is kept there", async () => {
    const clock = createClock();
    const away = async () => {
      throw new AppError("unavailable", "Redis is away");
    };
    const hot = { draw: away, fill: away };
    const budget = createBudget({ model: "m", hot, own: createPools(clock), clock, logger: silentLogger });
    await budget.pass(call());
    await budget.settle(call(), headers(60_000, 30_000), 1_000);
    await budget.pause(10_000);
    await expect(budget.pass(call({ waitMsMax: 5_000 }))).rejects.toMatchObject({ kind: "rate-limited" });
  });

  test("what is left is told, filled up to the moment, and nothing of a model that nobody asked", async () => {
    const clock = createClock();
    const hot = createMemoryHot({ clock });
    const budget = createBudget({ model: "m", hot, own: createPools(clock), clock, logger: silentLogger });
    const first = call();
    await budget.pass(first);
    await budget.settle(first, headers(60_000, 30_000), 1_000);
    await clock.advance(10_000);
    const left = await levelsLeft(hot, ["m", "m", "another"], clock.now());
    expect(left.filter(({ of }) => of === "tokens")).toEqual([
      { model: "m", of: "tokens", limit: 60_000, left: 40_000 },
    ]);
    expect(left.map(({ of }) => of).sort()).toEqual(["requests", "tokens"]);
  });

  test("of one guild only so many wait", async () => {
    const { one } = await opened(60_000, 0);
    for (let i = 0; i < 256; i++) one.pass(call()).catch(() => undefined);
    expect(() => one.pass(call())).toThrow("too many");
  });
});
