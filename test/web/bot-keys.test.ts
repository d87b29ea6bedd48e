import { expect, test } from "bun:test";
import { loadConfig } from "../../src/config.ts";
import { AppError } from "../../src/errors.ts";
import { createBotKeys } from "../../web/bot-keys.ts";
import { createBusDouble, createClock, silentLogger } from "../support/doubles.ts";

const CUSTOM = { application: "500000000000000077", publicKey: "ab".repeat(32), name: "Own", shared: false };

test("a custom bot's key is kept while the database is away, beside the shared bot's of the environment", async () => {
  const clock = createClock();
  const config = loadConfig({
    ...{ LOG_LEVEL: "silent", DISCORD_APPLICATION_ID: "500000000000000001", DISCORD_PUBLIC_KEY: "cd".repeat(32) },
  });
  let away = false;
  const list = async () => {
    if (away) throw new AppError("unavailable", "away");
    return [CUSTOM];
  };
  const keys = createBotKeys({
    ...{ config, clock, bus: createBusDouble(), logger: silentLogger },
    store: { bots: { list } } as never,
  });
  expect((await keys.find(CUSTOM.application))?.publicKey).toBe(CUSTOM.publicKey);
  away = true;
  await clock.advance(60_000);
  expect((await keys.find(CUSTOM.application))?.publicKey).toBe(CUSTOM.publicKey);
  expect((await keys.find(undefined))?.shared).toBe(true);
});
