import { describe, expect, test } from "bun:test";
import { createSessions } from "../../../shards/gateway/sessions.ts";
import type { ApplicationId } from "../../../src/ids.ts";
import { createLogger } from "../../../src/logger.ts";
import { memoryShards } from "../../support/shards-store.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const APPLICATION = "1" as ApplicationId;
const RECORD = { id: "abc", resumeUrl: "wss://resume.test/", seq: 1 };

async function setup() {
  const clock = simulatedClock(1);
  const store = memoryShards(clock);
  const fenced: number[] = [];
  const logger = createLogger({ level: "silent", format: "json" });
  const sessions = createSessions({
    application: APPLICATION,
    intents: 7,
    store,
    clock,
    logger,
    fenced: (shard) => fenced.push(shard),
  });
  const row = await store.lease(APPLICATION, 0, 1, "me", 60_000);
  sessions.adopt(0, row?.fence ?? 0, null);
  return { clock, store, sessions, fenced, kept: () => store.rows.get("1/0")?.session ?? null };
}

describe("what outlives the process", () => {
  test("a new session is saved at once", async () => {
    const { clock, sessions, kept } = await setup();
    sessions.remember(0, RECORD);
    await clock.advance(1);
    expect(kept()).toEqual({ id: "abc", resumeUrl: "wss://resume.test/", settled: 1, intents: 7 });
  });

  test("a session that follows another is saved at once too, and is not called saved before", async () => {
    const { clock, sessions, kept } = await setup();
    expect(sessions.isSaved(0)).toBe(false);
    sessions.remember(0, RECORD);
    expect(sessions.isSaved(0)).toBe(false);
    await clock.advance(1);
    sessions.settle(0, 2);
    expect(sessions.isSaved(0)).toBe(true);
    sessions.remember(0, { ...RECORD, id: "def" });
    expect(sessions.isSaved(0)).toBe(false);
    await clock.advance(1);
    expect(kept()?.id).toBe("def");
    expect(sessions.isSaved(0)).toBe(true);
  });

  test("settled is saved at most once a second, and its newest value always", async () => {
    const { clock, store, sessions, kept } = await setup();
    const savedAtMs: number[] = [];
    const { saveSession } = store;
    store.saveSession = (...args) => {
      savedAtMs.push(clock.now());
      return saveSession(...args);
    };
    sessions.remember(0, RECORD);
    await clock.advance(1_000);
    for (let seq = 2; seq <= 1_000; seq++) {
      sessions.settle(0, seq);
      await clock.advance(10);
    }
    await clock.advance(2_000);
    expect(savedAtMs.length).toBeGreaterThan(9);
    const pausesMs = savedAtMs.slice(1).map((atMs, n) => atMs - (savedAtMs[n] ?? 0));
    expect(pausesMs.filter((ms) => ms < 1_000)).toEqual([]);
    expect(kept()?.settled).toBe(1_000);
  });

  test("settled never goes back within a session, but a new session counts anew", async () => {
    const { clock, sessions, kept } = await setup();
    sessions.remember(0, { ...RECORD, seq: 50 });
    sessions.settle(0, 40);
    expect(sessions.settled(0)).toBe(50);
    sessions.remember(0, { ...RECORD, id: "next", seq: 1 });
    sessions.settle(0, 2);
    await clock.advance(3_000);
    expect(kept()).toMatchObject({ id: "next", settled: 2 });
  });

  test("a store that was away gets the newest state when it is back", async () => {
    const { clock, store, sessions, kept } = await setup();
    sessions.remember(0, RECORD);
    await clock.advance(10);
    store.down = true;
    for (let seq = 2; seq < 60; seq++) {
      sessions.settle(0, seq);
      await clock.advance(1_000);
    }
    expect(kept()?.settled).toBe(1);
    store.down = false;
    await clock.advance(11_000);
    expect(kept()?.settled).toBe(59);
  });

  test("what is saved under an older fence is refused, told, and never tried again", async () => {
    const { clock, store, sessions, fenced } = await setup();
    sessions.remember(0, RECORD);
    await clock.advance(10);
    const row = store.rows.get("1/0");
    if (row === undefined) throw new Error("no row");
    store.rows.set("1/0", { ...row, holder: "another", fence: row.fence + 1 });
    sessions.settle(0, 9);
    await clock.advance(5_000);
    sessions.settle(0, 10);
    await clock.advance(5_000);
    expect(fenced).toEqual([0]);
    expect(store.rows.get("1/0")?.session?.settled).toBe(1);
  });

  test("what settles after the end is saved by nobody: the store may be closed by then", async () => {
    const { clock, store, sessions } = await setup();
    sessions.remember(0, RECORD);
    await sessions.flush(1_000);
    const before = store.saves;
    sessions.close();
    sessions.settle(0, 500);
    await clock.advance(5_000);
    expect(store.saves).toBe(before);
  });

  test("flush saves what is due now, and gives up at its deadline", async () => {
    const { clock, store, sessions, kept } = await setup();
    sessions.remember(0, RECORD);
    await clock.advance(10);
    sessions.settle(0, 7);
    const flushed = sessions.flush(5_000);
    await clock.advance(1);
    expect(await flushed).toBe(true);
    expect(kept()?.settled).toBe(7);

    store.down = true;
    sessions.settle(0, 8);
    const late = sessions.flush(3_000);
    await clock.advance(3_100);
    expect(await late).toBe(false);
  });
});
