import { describe, expect, test } from "bun:test";
import { createInformation, isRefusedToken, readInformation } from "../../../shards/gateway/information.ts";
import { AppError } from "../../../src/errors.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const ANSWER = {
  url: "wss://gateway.test",
  shards: 3,
  session_start_limit: { total: 1_000, remaining: 900, reset_after: 5_000, max_concurrency: 2 },
};

describe("the answer of /gateway/bot", () => {
  test("is read as Discord documents it", () => {
    expect(readInformation(ANSWER, null)).toEqual({
      url: "wss://gateway.test",
      shards: 3,
      limit: { total: 1_000, remaining: 900, resetAfterMs: 5_000, concurrency: 2 },
    });
  });

  test("may leave out everything but the address, and the address too when it is configured", () => {
    expect(readInformation({ url: "ws://a.test" }, null)).toMatchObject({ shards: 1, limit: { concurrency: 1 } });
    expect(readInformation({}, "ws://b.test").url).toBe("ws://b.test");
    expect(() => readInformation({ url: "https://no.socket" }, null)).toThrow("DISCORD_API_BASE");
    expect(() => readInformation("<html>", null)).toThrow("DISCORD_API_BASE");
  });

  test("is kept for a minute, and what was started meanwhile is taken off", async () => {
    const clock = simulatedClock(1);
    let calls = 0;
    const source = createInformation(async () => ++calls && ANSWER, null, clock);
    await Promise.all([source.get(), source.get(), source.get()]);
    source.spent();
    expect((await source.get()).limit.remaining).toBe(899);
    expect(calls).toBe(1);
    await clock.advance(60_000);
    expect((await source.get()).limit.remaining).toBe(900);
    expect(calls).toBe(2);
  });

  test("stays in force when it cannot be had anew, but a refused token is a refused token", async () => {
    const clock = simulatedClock(1);
    let failure: Error | null = null;
    const source = createInformation(
      async () => {
        if (failure !== null) throw failure;
        return ANSWER;
      },
      null,
      clock,
    );
    await source.get();
    failure = new AppError("unavailable", "down");
    await clock.advance(61_000);
    expect((await source.get()).shards).toBe(3);
    failure = new AppError("unauthorized", "401");
    await clock.advance(61_000);
    await expect(source.get()).rejects.toThrow("401");
  });

  test("a 401 is known by any client's error", () => {
    expect(isRefusedToken({ status: 401 })).toBe(true);
    expect(isRefusedToken(new AppError("unauthorized", ""))).toBe(true);
    expect(isRefusedToken({ status: 503 })).toBe(false);
  });
});
