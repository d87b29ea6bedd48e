import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { type Bound, bounds, createPolicy } from "../../src/policy.ts";
import { until } from "../support/until.ts";

const bound: Bound = { deadlineMs: 60, retriesMax: 2, waitMs: 1, waitMsMax: 2, breaker: null };

describe("a policy", () => {
  test("gives what the work gives", async () => {
    expect(await createPolicy("it", bound).run(async () => 7)).toBe(7);
  });

  test("settles at the deadline though the work never does, and tells the work", async () => {
    let told = false;
    const run = createPolicy("it", bound).run(({ signal }) => {
      signal.addEventListener("abort", () => {
        told = true;
      });
      return new Promise(() => {});
    });
    await expect(run).rejects.toMatchObject({ kind: "timeout", message: "it did not answer within 60 ms" });
    expect(told).toBe(true);
  });

  test("tries again only what says that it can help, and only so often", async () => {
    const tries = async (error: Error) => {
      let attempts = 0;
      const run = createPolicy("it", bound).run(async ({ attempt }) => {
        expect(attempt).toBe(attempts++);
        throw error;
      });
      expect(await run.catch((caught: unknown) => caught)).toBe(error);
      return attempts;
    };
    expect(await tries(new AppError("unavailable", "away"))).toBe(3);
    expect(await tries(new AppError("invalid", "wrong"))).toBe(1);
    expect(await tries(new TypeError("a bug"))).toBe(1);
  });

  test("the deadline covers all attempts together", async () => {
    const policy = createPolicy("it", { ...bound, retriesMax: 1_000, waitMs: 10, waitMsMax: 10 });
    // Alone, a thousand waits of 10 ms would end as what the attempts said.
    const run = policy.run(async () => {
      throw new AppError("unavailable", "away");
    });
    await expect(run).rejects.toMatchObject({ kind: "timeout" });
  });

  test("the breaker refuses at once while the other side is away, and lets in again what finds it back", async () => {
    const policy = createPolicy("it", { ...bound, retriesMax: 0, breaker: { failures: 3, openMs: 20 } });
    let away = true;
    let asked = 0;
    const ask = () =>
      policy.run(async () => {
        asked++;
        if (away) throw new AppError("unavailable", "away");
        return "here";
      });
    for (let i = 0; i < 10; i++) await expect(ask()).rejects.toMatchObject({ kind: "unavailable" });
    expect(asked).toBe(3);
    away = false;
    await until(() => ask().then(Boolean, () => false));
    expect(await ask()).toBe("here");
  });

  test("the breaker minds only who is away, not who says no", async () => {
    const policy = createPolicy("it", { ...bound, breaker: { failures: 2, openMs: 60_000 } });
    for (let i = 0; i < 5; i++) {
      const run = policy.run(async () => {
        throw new AppError("invalid", "wrong");
      });
      await expect(run).rejects.toMatchObject({ kind: "invalid" });
    }
  });
});

test("the deadlines are those that the house promises", () => {
  expect(bounds.postgres.deadlineMs).toBe(2_000);
  expect(bounds.redis.deadlineMs).toBe(250);
  expect(bounds.discord.deadlineMs).toBe(10_000);
  expect(bounds.model.deadlineMs).toBe(8_000);
  expect(bounds.verdict.deadlineMs).toBe(5_000);
  expect(bounds.answer.deadlineMs).toBe(12_000);
});
