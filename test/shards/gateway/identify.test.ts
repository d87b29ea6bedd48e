import { describe, expect, test } from "bun:test";
import { createIdentifyThrottler, IdentifyRefused } from "../../../shards/gateway/identify.ts";
import { AppError } from "../../../src/errors.ts";
import type { ApplicationId } from "../../../src/ids.ts";
import type { Logger } from "../../../src/logger.ts";
import { memoryShards } from "../../support/shards-store.ts";
import { simulatedClock } from "../../support/simulated-clock.ts";

const APPLICATION = "1" as ApplicationId;

function setup(limit: { concurrency?: number; remaining?: number; resetAfterMs?: number; total?: number } = {}) {
  const clock = simulatedClock(1);
  const store = memoryShards(clock);
  const information = {
    url: "wss://a.test",
    shards: 1,
    limit: { total: 1_000, remaining: 1_000, resetAfterMs: 0, concurrency: 1, ...limit },
  };
  let spent = 0;
  let asked = 0;
  const warned: (readonly [about: object, event: string])[] = [];
  const logger = { warn: (about: object, event: string) => void warned.push([about, event]) } as unknown as Logger;
  const create = () =>
    createIdentifyThrottler({
      clock,
      logger,
      information: async () => {
        asked += 1;
        return information;
      },
      spent: () => {
        spent += 1;
      },
      count: (shard, sinceMs, max) => store.countIdentify(APPLICATION, shard, sinceMs, max),
      takeTurn: (key, paceMs) => store.takeIdentifyTurn(APPLICATION, key, paceMs),
    });
  const throttler = create();
  const granted: { readonly shard: number; readonly atMs: number }[] = [];
  const refused: IdentifyRefused[] = [];
  function ask(shard: number, signal = new AbortController().signal, from = throttler): void {
    from.waitForIdentify(shard, signal).then(
      () => granted.push({ shard, atMs: clock.elapsedMs() }),
      (error) => {
        if (error instanceof IdentifyRefused) refused.push(error);
      },
    );
  }
  return { clock, store, information, create, ask, granted, refused, spent: () => spent, asked: () => asked, warned };
}

describe("the pace", () => {
  test("is one in five seconds for each key, first come first served", async () => {
    const { clock, ask, granted } = setup({ concurrency: 2 });
    for (const shard of [0, 1, 2, 3, 4, 5]) ask(shard);
    await clock.advance(60_000);
    for (const key of [0, 1]) {
      const times = granted.filter(({ shard }) => shard % 2 === key);
      expect(times.map(({ shard }) => shard)).toEqual([key, key + 2, key + 4]);
      for (let i = 1; i < times.length; i++) {
        expect((times[i]?.atMs ?? 0) - (times[i - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(5_000);
      }
    }
  });

  test("a shard that gives up waiting lets the next one through and costs nothing", async () => {
    const { clock, ask, granted, spent, asked } = setup();
    const gone = new AbortController();
    ask(0);
    ask(1, gone.signal);
    ask(2);
    await clock.advance(100);
    gone.abort();
    await clock.advance(6_000);
    expect(granted.map(({ shard }) => shard)).toEqual([0, 2]);
    expect(spent()).toBe(2);
    // Each asked when it came, and the two that went out looked once more at what is left of the day.
    expect(asked()).toBe(5);
  });

  test("a shard that gives up while what is left of the day is asked for is not counted", async () => {
    const { clock, store, information, ask, create, granted } = setup();
    const counted: number[] = [];
    const counting = store.countIdentify.bind(store);
    store.countIdentify = (application, shard, ...window) => {
      counted.push(shard);
      return counting(application, shard, ...window);
    };
    const gone = new AbortController();
    // The budget is looked at in turn: given up just then.
    const { limit } = information;
    let looks = 0;
    Object.defineProperty(information, "limit", {
      get() {
        if (++looks === 2) gone.abort();
        return limit;
      },
    });
    ask(0, gone.signal, create());
    await clock.advance(10_000);
    expect([counted, granted]).toEqual([[], []]);
  });
});

describe("the pace of several processes", () => {
  test("is one in five seconds for each key, whoever asks", async () => {
    const { clock, create, ask, granted } = setup({ concurrency: 2 });
    const processes = [create(), create(), create()];
    for (let shard = 0; shard < 12; shard++) ask(shard, undefined, processes[shard % 3]);
    await clock.advance(60_000);
    expect(granted).toHaveLength(12);
    for (const key of [0, 1]) {
      const times = granted.filter(({ shard }) => shard % 2 === key).map(({ atMs }) => atMs);
      for (let i = 1; i < times.length; i++) {
        expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(5_000);
      }
    }
  });

  test("a store so slow that the turn is over before we know of it costs the turn, not the distance", async () => {
    const { clock, store, create, ask, granted } = setup();
    const counting = store.countIdentify.bind(store);
    let slow = true;
    store.countIdentify = async (...args) => {
      if (slow) await clock.sleep(1_500);
      slow = false;
      return await counting(...args);
    };
    ask(0, undefined, create());
    ask(1, undefined, create());
    await clock.advance(30_000);
    expect(granted).toHaveLength(2);
    const [first, second] = granted;
    expect(Math.abs((second?.atMs ?? 0) - (first?.atMs ?? 0))).toBeGreaterThanOrEqual(5_000);
  });

  test.each([
    ["a quarter of a second late it is used", 250, 250],
    ["later than that it is not, and the next one is taken", 251, 5_500],
  ])("a turn that the store was slow to give: %s", async (_, lateMs, grantedAtMs) => {
    const { clock, store, ask, granted } = setup();
    const taking = store.takeIdentifyTurn.bind(store);
    let late = true;
    store.takeIdentifyTurn = async (...args) => {
      const turn = await taking(...args);
      if (late) await clock.sleep(lateMs);
      late = false;
      return turn;
    };
    ask(0);
    await clock.advance(30_000);
    expect(granted).toEqual([{ shard: 0, atMs: grantedAtMs }]);
  });

  test("a store that is slow at every turn costs one turn, and the next is as long as it is slow", async () => {
    const { clock, store, ask, granted } = setup();
    const taking = store.takeIdentifyTurn.bind(store);
    const asked: number[] = [];
    store.takeIdentifyTurn = async (application, key, paceMs) => {
      asked.push(paceMs);
      const turn = await taking(application, key, paceMs);
      await clock.sleep(1_000);
      return turn;
    };
    ask(0);
    await clock.advance(60_000);
    // The turn at 0 was known a second later; the one at 5.5 s may be two seconds late, and is one.
    expect(granted).toEqual([{ shard: 0, atMs: 6_500 }]);
    expect(asked).toEqual([5_500, 7_250]);
  });

  test("a store that is slower than any turn lasts holds a shard up for four of them, and not for good", async () => {
    const { clock, store, ask, granted } = setup();
    const taking = store.takeIdentifyTurn.bind(store);
    store.takeIdentifyTurn = async (...args) => {
      const turn = await taking(...args);
      await clock.sleep(4_500);
      return turn;
    };
    ask(0);
    await clock.advance(120_000);
    expect(granted).toHaveLength(1);
    expect(granted[0]?.atMs).toBeLessThan(60_000);
  });

  test.each([1, 2, 3])("processes that are late by up to a second keep their distance (%i)", async (seed) => {
    const { clock, store, create, ask, granted } = setup();
    const taking = store.takeIdentifyTurn.bind(store);
    let n = seed;
    store.takeIdentifyTurn = async (...args) => {
      await clock.sleep((n++ * 677) % 400);
      const turn = await taking(...args);
      await clock.sleep((n++ * 389) % 600);
      return turn;
    };
    const processes = [create(), create(), create()];
    for (let shard = 0; shard < 12; shard++) ask(shard, undefined, processes[shard % 3]);
    await clock.advance(240_000);
    const times = granted.map(({ atMs }) => atMs);
    expect(times).toHaveLength(12);
    for (const [i, atMs] of times.slice(1).entries()) expect(atMs - (times[i] ?? 0)).toBeGreaterThanOrEqual(5_250);
  });

  test("a store that fails once is asked again, and its pace is kept", async () => {
    const { clock, store, create, ask, granted } = setup();
    const taking = store.takeIdentifyTurn.bind(store);
    const failed = new Set<number>();
    store.takeIdentifyTurn = async (application, key, paceMs) => {
      if (failed.size < 3) {
        failed.add(failed.size);
        throw new AppError("unavailable", "the test's store was slow");
      }
      return await taking(application, key, paceMs);
    };
    for (let process = 0; process < 4; process++) ask(process, undefined, create());
    for (let step = 0; step < 600; step++) await clock.advance(100);
    const times = granted.map(({ atMs }) => atMs);
    expect(times).toHaveLength(4);
    for (const [i, atMs] of times.slice(1).entries()) expect(atMs - (times[i] ?? 0)).toBeGreaterThanOrEqual(5_250);
  });

  test("a shard that gives up while it waits for its turn sends nothing, and neither does one that gives up in the store", async () => {
    const { clock, store, create, ask, granted, spent } = setup();
    await store.takeIdentifyTurn(APPLICATION, 0, 5_500);
    const waiting = new AbortController();
    ask(0, waiting.signal, create());
    await clock.advance(1_000);
    waiting.abort();
    const taking = store.takeIdentifyTurn.bind(store);
    store.takeIdentifyTurn = async (...args) => {
      await clock.sleep(500);
      return await taking(...args);
    };
    const inStore = new AbortController();
    ask(1, inStore.signal, create());
    await clock.advance(100);
    inStore.abort();
    await clock.advance(60_000);
    expect([granted, spent()]).toEqual([[], 0]);
  });

  test("while the store is away each keeps its own pace, and not all come at once", async () => {
    const { clock, store, create, ask, granted, warned } = setup();
    store.down = true;
    for (let process = 0; process < 4; process++) {
      const own = create();
      ask(process, undefined, own);
      ask(process + 4, undefined, own);
    }
    await clock.advance(120_000);
    expect(granted).toHaveLength(8);
    for (let process = 0; process < 4; process++) {
      const [first, second] = granted.filter(({ shard }) => shard % 4 === process);
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(5_000);
    }
    expect(new Set(granted.map(({ atMs }) => atMs)).size).toBeGreaterThan(4);
    const away = expect.objectContaining({ kind: "unavailable" });
    expect(warned).toContainEqual([{ key: 0, error: away }, "identify-turn-unknown"]);
    expect(warned).toContainEqual([{ shard: 0, key: 0 }, "identify-without-turn"]);
    expect(warned).toContainEqual([{ shard: 3, error: away }, "identify-uncounted"]);
  });
});

describe("the breaker", () => {
  test("lets five through in ten minutes, then says when the next may come", async () => {
    const { clock, ask, granted, refused } = setup();
    for (let i = 0; i < 6; i++) {
      ask(0);
      await clock.advance(30_000);
    }
    expect(granted).toHaveLength(5);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({
      name: "IdentifyRefused",
      message: "5 session starts in 10 minutes: something keeps ending this shard's sessions",
      // Ten and a half minutes after the first.
      retryAtMs: clock.now() - 180_000 + 660_000,
    });
    const waitMs = (refused[0]?.retryAtMs ?? 0) - clock.now();
    await clock.advance(waitMs - 1);
    ask(0);
    await clock.advance(0);
    expect(refused).toHaveLength(2);
    await clock.advance(2);
    ask(0);
    await clock.advance(30_000);
    expect(granted).toHaveLength(6);
  });

  test("counts from when an IDENTIFY goes out, however long it waited for its turn, also over restarts", async () => {
    for (const restarts of [false, true]) {
      const { clock, create, ask, granted } = setup();
      const process = create();
      for (let i = 0; i < 60; i++) {
        // Four other processes take their turns first.
        for (const other of [1, 2, 3, 4]) ask(100 * i + other, undefined, create());
        ask(0, undefined, restarts ? create() : process);
        await clock.advance(restarts ? 133_000 : 27_000);
      }
      const times = granted.filter(({ shard }) => shard === 0).map(({ atMs }) => atMs);
      expect(times.length).toBeGreaterThan(9);
      times.slice(5).forEach((atMs, i) => {
        expect(atMs - (times[i] ?? 0)).toBeGreaterThanOrEqual(600_000);
      });
    }
  });

  test("counts over restarts: a crash loop is stopped too", async () => {
    const { clock, create, ask, granted, refused } = setup();
    for (let restart = 0; restart < 8; restart++) {
      ask(0, undefined, create());
      await clock.advance(20_000);
    }
    expect([granted.length, refused.length]).toEqual([5, 3]);
  });

  test("refuses what it knows of itself without a question to Discord or the store", async () => {
    const { clock, store, ask, refused, asked } = setup();
    for (let i = 0; i < 5; i++) {
      ask(0);
      await clock.advance(30_000);
    }
    const before = asked();
    store.countIdentify = () => Promise.reject(new Error("asked"));
    ask(0);
    await clock.advance(0);
    expect([refused.length, asked() - before]).toEqual([1, 0]);
  });

  test("says when the next may come where other processes were counted: once the oldest is over, however often it is asked", async () => {
    const { clock, store, create, ask, granted, refused } = setup();
    for (let i = 0; i < 5; i++) {
      await store.countIdentify(APPLICATION, 0, 0, 5);
      await clock.advance(60_000);
    }
    const freeAtMs = clock.now() + 660_000 - 5 * 60_000;
    // A process that is started again and again, by a person or by what watches over it.
    for (; clock.now() < freeAtMs; await clock.advance(20_000)) ask(0, undefined, create());
    expect(granted).toEqual([]);
    expect(new Set(refused.map(({ retryAtMs, waitsFor }) => `${waitsFor} ${retryAtMs}`))).toEqual(
      new Set([`breaker ${freeAtMs}`]),
    );
    await clock.advance(1);
    ask(0, undefined, create());
    await clock.advance(10_000);
    expect(granted).toHaveLength(1);
  });

  test("is not fooled by a count from the future", async () => {
    const { clock, store, ask, refused } = setup();
    store.countIdentify = async () => clock.now() + 86_400_000;
    ask(0);
    await clock.advance(0);
    expect((refused[0]?.retryAtMs ?? 0) - clock.now()).toBe(660_000);
  });

  test("counts each shard for itself", async () => {
    const { clock, ask, granted } = setup({ concurrency: 16 });
    for (let shard = 0; shard < 16; shard++) ask(shard);
    await clock.advance(1_000);
    expect(granted).toHaveLength(16);
  });

  test("holds by this process's own count while the store is away", async () => {
    const { clock, store, ask, granted, refused } = setup();
    store.down = true;
    for (let i = 0; i < 7; i++) {
      ask(0);
      await clock.advance(30_000);
    }
    expect([granted.length, refused.length]).toEqual([5, 2]);
    await clock.advance((refused[0]?.retryAtMs ?? 0) - clock.now() - 1);
    ask(0);
    await clock.advance(0);
    expect(refused).toHaveLength(3);
    await clock.advance(1);
    ask(0);
    await clock.advance(30_000);
    expect(granted).toHaveLength(6);
  });
});

describe("the budget", () => {
  test("below a fifth of the day's starts nothing goes out, and the ledger is not charged", async () => {
    const { clock, information, ask, granted, refused, spent } = setup({ remaining: 199, resetAfterMs: 60_000 });
    ask(0);
    await clock.advance(1_000);
    expect([granted.length, refused.length, spent()]).toEqual([0, 1, 0]);
    expect((refused[0]?.retryAtMs ?? 0) - clock.now()).toBe(59_000);
    expect(refused[0]?.message).toBe("only 199 of 1000 session starts are left: sessions are resumed, none is started");
    information.limit.remaining = 200;
    ask(0);
    await clock.advance(1_000);
    expect(granted).toHaveLength(1);
  });

  test.each([
    ["at the earliest in 5 s", 10, 5_000],
    ["when Discord says", 60_000, 60_000],
    ["in 10 minutes at the latest", 86_400_000, 600_000],
  ])("says when to ask again: %s", async (_, resetAfterMs, waitMs) => {
    const { clock, ask, refused } = setup({ remaining: 0, resetAfterMs });
    ask(0);
    await clock.advance(0);
    expect((refused[0]?.retryAtMs ?? 0) - clock.now()).toBe(waitMs);
  });

  test("nothing goes out where Discord gives no starts at all", async () => {
    const { clock, ask, granted, refused } = setup({ total: 0, remaining: 0 });
    ask(0);
    await clock.advance(1_000);
    expect([granted.length, refused.length]).toEqual([0, 1]);
  });
});
