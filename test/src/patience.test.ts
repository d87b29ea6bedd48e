import { expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { createScripted } from "../../src/llm/scripted.ts";
import { createPatience } from "../../src/patience.ts";
import { mention } from "../support/build.ts";
import { createClock, settled, silentLogger } from "../support/doubles.ts";
import { openHouse } from "../support/house.ts";

const ANSWER = { answer: "Hold the hub's button for 3 seconds [1].", used: [1], known: true, wantsHuman: false };

test("while the store is away a message waits, and is answered once when it is back", async () => {
  const { handle, store, clock, discord } = await openHouse({ llm: createScripted(ANSWER) });
  const { open } = store.conversations;
  store.conversations.open = () => Promise.reject(new AppError("unavailable", "away"));
  let over = false;
  const done = Promise.resolve(handle(mention("How do I pair a sensor?"))).then((result) => {
    over = true;
    return result;
  });
  await clock.advance(60_000);
  expect([over, discord.sent.length]).toEqual([false, 0]);
  store.conversations.open = open;
  await clock.advance(4_000);
  expect(await done).toMatchObject({ kind: "answered" });
  expect(discord.sent).toHaveLength(1);
});

test("a store that goes away between answer and record does not make a second answer, nor lose the row", async () => {
  const { handle, store, clock, discord } = await openHouse({ llm: createScripted(ANSWER) });
  const { record } = store.conversations;
  store.conversations.record = () => Promise.reject(new AppError("timeout", "away"));
  const done = handle(mention("How do I pair a sensor?"));
  await settled();
  expect(discord.sent).toHaveLength(1);
  store.conversations.record = record;
  await clock.advance(1_000);
  expect(await done).toMatchObject({ kind: "answered" });
  expect(discord.sent).toHaveLength(1);
  expect(store.exchanges).toHaveLength(1);
});

test("what is not the store's absence is not waited for", async () => {
  const { handle, store } = await openHouse({ llm: createScripted(ANSWER) });
  store.conversations.open = () => Promise.reject(new AppError("invalid", "a bug of ours"));
  expect(await handle(mention("How do I pair a sensor?"))).toMatchObject({ kind: "failed", reason: "invalid" });
});

test("a server whose members all wait does not take the room of one with a few: 16 of each wait beyond the 2,000", async () => {
  const clock = createClock();
  const patienceWith = createPatience(clock, silentLogger);
  let away = true;
  const ask = (whose: string) =>
    patienceWith(whose).run(async () => {
      if (away) throw new AppError("unavailable", "away");
      return whose;
    });
  const loud = Promise.allSettled(Array.from({ length: 2_050 }, () => ask("loud")));
  const quiet = Promise.allSettled(Array.from({ length: 20 }, () => ask("quiet")));
  await settled();
  away = false;
  await clock.advance(250);
  const kept = async (all: typeof loud) => (await all).filter(({ status }) => status === "fulfilled").length;
  expect([await kept(loud), await kept(quiet)]).toEqual([2_000, 16]);
  // Whoever waited is counted no more.
  away = true;
  const after = Promise.allSettled(Array.from({ length: 2_000 }, () => ask("loud")));
  await settled();
  away = false;
  await clock.advance(250);
  expect(await kept(after)).toBe(2_000);
});
