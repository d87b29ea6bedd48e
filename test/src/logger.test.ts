import { expect, test } from "bun:test";
import { createLogger } from "../../src/logger.ts";
import { createClock } from "../support/doubles.ts";

function watched() {
  const lines: { readonly level: number; readonly msg: string; readonly lines?: number; readonly event?: string }[] =
    [];
  const clock = createClock();
  const logger = createLogger({ level: "info", format: "json", clock, write: (line) => lines.push(JSON.parse(line)) });
  return { logger, clock, lines };
}

test("a warning that repeats is written a few times, then counted and told in one line", async () => {
  const { logger, clock, lines } = watched();
  for (let i = 0; i < 60_000; i++) logger.warn({ error: new Error("away") }, "store-call-failed");
  expect(lines.length).toBe(10);
  await clock.advance(10_000);
  expect(lines.length).toBe(11);
  expect(lines[10]).toMatchObject({ msg: "lines-held-back", event: "store-call-failed", lines: 59_990 });
  await clock.advance(60_000);
  logger.warn({}, "store-call-failed");
  expect(lines.length).toBe(12);
});

test("one event does not silence another, and what is not a warning is never held back", () => {
  const { logger, lines } = watched();
  for (let i = 0; i < 100; i++) {
    logger.warn({}, "a-failed");
    logger.error({}, "b-failed");
    logger.info({}, "message-settled");
    logger.fatal({}, "shard-stopped");
  }
  const count = (msg: string) => lines.filter((line) => line.msg === msg).length;
  expect([count("a-failed"), count("b-failed"), count("message-settled"), count("shard-stopped")]).toEqual([
    10, 10, 100, 100,
  ]);
});

test("secrets are not written", () => {
  const { logger, lines } = watched();
  logger.warn({ token: "hush-hush", bot: { token: "hush-hush" } }, "token-shown");
  expect(JSON.stringify(lines)).not.toContain("hush-hush");
});
