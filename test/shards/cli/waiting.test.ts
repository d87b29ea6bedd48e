import { expect, test } from "bun:test";
import { waiting } from "../../../shards/cli/waiting.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

/** What is said while work takes so long. */
async function saidIn(ms: number): Promise<string> {
  const clock = simulatedClock(1);
  let said = "";
  const work = waiting("Starting the database", clock.sleep(ms), clock, (text) => {
    said += text;
  });
  await clock.advance(ms);
  await work;
  await clock.advance(10_000);
  return said;
}

test("a command that waits for a second says once what it waits for", async () => {
  expect(await saidIn(5_000)).toBe("Starting the database …\n");
});

test("one that is done sooner says nothing, later neither", async () => {
  expect(await saidIn(900)).toBe("");
});

test("what is waited for gives its value or its error", async () => {
  expect(await waiting("A value", Promise.resolve(7))).toBe(7);
  const away = new Error("away");
  expect(waiting("An error", Promise.reject(away))).rejects.toBe(away);
});
