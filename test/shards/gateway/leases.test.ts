import { describe, expect, test } from "bun:test";
import { createLeases, LEASE_MS, type Leases } from "../../../shards/gateway/leases.ts";
import type { ApplicationId } from "../../../src/ids.ts";
import { createLogger } from "../../../src/logger.ts";
import { memoryShards } from "../../support/shards-store.ts";
import { type SimulatedClock, simulatedClock } from "../../support/simulated-clock.ts";

const APPLICATION = "1" as ApplicationId;
const logger = createLogger({ level: "silent", format: "json" });

function setup(shards: number) {
  const clock = simulatedClock(1);
  const store = memoryShards(clock);
  const log: string[] = [];
  const process = (holder: string, shardsMax = shards, isDead: (holder: string) => boolean = () => false): Leases =>
    createLeases({
      application: APPLICATION,
      shards,
      shardsMax,
      holder,
      store,
      clock,
      logger,
      isDead,
      taken: (row) => log.push(`${holder} takes ${row.shard}`),
      lost: (shard) => log.push(`${holder} loses ${shard}`),
      handOver: async (shard) => {
        log.push(`${holder} hands over ${shard}`);
        return true;
      },
    });
  return { clock, store, log, process };
}

/** A second at a time, each with enough turns for a round of many shards to come to its end. */
async function pass(clock: SimulatedClock, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await clock.advance(1_000);
    for (let turn = 0; turn < 400; turn++) await Promise.resolve();
  }
}

describe("leases", () => {
  test("one process takes every shard, once, and keeps them", async () => {
    const { clock, log, process } = setup(3);
    const a = process("a");
    await a.start();
    await clock.advance(LEASE_MS * 20);
    expect(log).toEqual(["a takes 0", "a takes 1", "a takes 2"]);
  });

  test("a second one takes over what the first gives back, within a round", async () => {
    const { clock, log, process } = setup(1);
    const [a, b] = [process("a"), process("b")];
    await a.start();
    await b.start();
    await a.stop();
    await clock.advance(LEASE_MS / 2);
    expect(log).toEqual(["a takes 0", "b takes 0"]);
    expect(b.held().get(0)).toBe(2);
  });

  test("what a process that vanished held is taken when it runs out, and not before", async () => {
    const { clock, store, log, process } = setup(1);
    await store.lease(APPLICATION, 0, 1, "gone", LEASE_MS);
    await process("b").start();
    await clock.advance(LEASE_MS - 500);
    expect(log).toEqual([]);
    await clock.advance(LEASE_MS / 2);
    expect(log).toEqual(["b takes 0"]);
  });

  test("what a process that is known to be dead held is taken at once", async () => {
    const { store, log, process } = setup(1);
    await store.lease(APPLICATION, 0, 1, "dead", 86_400_000);
    await process("b", 1, (holder) => holder === "dead").start();
    expect(log).toEqual(["b takes 0"]);
  });

  test("who cannot renew keeps the shard, until another fence is read", async () => {
    const { clock, store, log, process } = setup(1);
    const a = process("a");
    await a.start();
    store.down = true;
    await clock.advance(LEASE_MS * 10);
    expect([...a.held().keys()]).toEqual([0]);
    store.down = false;
    await store.lease(APPLICATION, 0, 1, "b", LEASE_MS);
    await clock.advance(LEASE_MS / 2);
    expect(log).toEqual(["a takes 0", "a loses 0"]);
  });

  test("who looks learns within a second that a shard is another's, and looks once however often it is asked", async () => {
    const { clock, store, log, process } = setup(1);
    const a = process("a");
    await a.start();
    const present = store.present.bind(store);
    let rounds = 0;
    store.present = (...args) => {
      rounds += 1;
      return present(...args);
    };
    await store.release(APPLICATION, 0, "a", 1);
    await store.lease(APPLICATION, 0, 1, "b", LEASE_MS);
    for (let n = 0; n < 10; n++) a.look();
    await clock.advance(999);
    expect([log, rounds]).toEqual([["a takes 0", "a loses 0"], 1]);
  });

  test("who looks during a round looks again after it", async () => {
    const { clock, store, log, process } = setup(1);
    const a = process("a");
    await a.start();
    await clock.advance(10);
    const list = store.list.bind(store);
    store.list = async (...args) => {
      a.look();
      store.list = list;
      return await list(...args);
    };
    a.look();
    await clock.advance(700);
    await store.release(APPLICATION, 0, "a", 1);
    await store.lease(APPLICATION, 0, 1, "b", LEASE_MS);
    await clock.advance(600);
    expect(log).toEqual(["a takes 0", "a loses 0"]);
  });

  test("a shard that was somebody else's in between starts anew under its new fence", async () => {
    const { clock, store, log, process } = setup(1);
    const a = process("a");
    await a.start();
    store.down = true;
    await clock.advance(LEASE_MS * 2);
    store.down = false;
    const row = await store.lease(APPLICATION, 0, 1, "b", LEASE_MS);
    await store.release(APPLICATION, 0, "b", row?.fence ?? 0);
    await clock.advance(LEASE_MS / 2);
    expect(log).toEqual(["a takes 0", "a loses 0", "a takes 0"]);
    expect(a.held().get(0)).toBe(3);
  });

  test("after an outage that outlasts the leases each gateway keeps its own shards", async () => {
    const { clock, store, log, process } = setup(12);
    const gateways = [process("a"), process("b"), process("c")];
    for (const gateway of gateways) await gateway.start();
    await pass(clock, 60);
    const moves = log.length;
    const held = gateways.map((gateway) => [...gateway.held()]);
    store.down = true;
    await pass(clock, (5 * LEASE_MS) / 1_000);
    store.down = false;
    await pass(clock, 60);
    expect(log.length).toBe(moves);
    expect(gateways.map((gateway) => [...gateway.held()])).toEqual(held);
  });

  test("a gateway that dies in an outage of the store is missed a lease after it", async () => {
    const { clock, store, process } = setup(2);
    const a = process("a");
    await a.start();
    await store.release(APPLICATION, 1, "a", 1);
    await store.lease(APPLICATION, 1, 2, "gone", LEASE_MS);
    store.down = true;
    await pass(clock, 60);
    store.down = false;
    await pass(clock, 2 * (LEASE_MS / 1_000));
    expect([...a.held().keys()].sort()).toEqual([0, 1]);
  });

  test("nobody takes more than its share", async () => {
    const { clock, process } = setup(10);
    const a = process("a", 4);
    const b = process("b", 100);
    await Promise.all([a.start(), b.start()]);
    await pass(clock, 60);
    expect(a.held().size + b.held().size).toBe(10);
    expect(a.held().size).toBeLessThanOrEqual(4);
  });

  test("a shard that was given up is not taken again", async () => {
    const { clock, store, log, process } = setup(1);
    const a = process("a");
    await a.start();
    await a.giveUp(0);
    await clock.advance(LEASE_MS * 4);
    expect(log).toEqual(["a takes 0"]);
    expect(store.rows.get("1/0")?.holder).toBeNull();
  });

  test("shards spread over the gateways that are there, within a minute of each that joins or leaves", async () => {
    const { clock, log, process } = setup(16);
    const gateways = [process("a"), process("b"), process("c")];
    const [a, b, c] = gateways as [Leases, Leases, Leases];
    const sizes = () => gateways.map((gateway) => gateway.held().size);
    await a.start();
    expect(sizes()).toEqual([16, 0, 0]);
    await b.start();
    await pass(clock, 60);
    expect(sizes()).toEqual([8, 8, 0]);
    await c.start();
    await pass(clock, 60);
    expect(Math.max(...sizes())).toBeLessThanOrEqual(Math.ceil(16 / 3) + 1);
    expect(Math.min(...sizes())).toBeGreaterThan(0);
    expect(sizes().reduce((sum, size) => sum + size)).toBe(16);
    await b.stop();
    await pass(clock, 60);
    expect(sizes()).toEqual([8, 0, 8]);
    const moves = log.length;
    await pass(clock, 600);
    expect(log.length).toBe(moves);
  });

  test("a gateway that freezes costs its own share, and gets a share again when it comes back", async () => {
    const { clock, store, process } = setup(8);
    const a = process("a");
    await a.start();
    // It said that it was there, took a shard and froze.
    await store.present(APPLICATION, "frozen", LEASE_MS);
    await clock.advance(LEASE_MS - 1_000);
    expect(a.held().size).toBeLessThanOrEqual(5);
    await pass(clock, 60);
    expect(a.held().size).toBe(8);
  });

  test("two hundred shards move in a minute too", async () => {
    const { clock, process } = setup(200);
    const [a, b] = [process("a"), process("b")];
    await a.start();
    await b.start();
    await pass(clock, 60);
    expect([a.held().size, b.held().size]).toEqual([100, 100]);
  });
});
