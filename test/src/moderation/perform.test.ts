/** Acts on Discord, where many wait for each other. */
import { expect, test } from "bun:test";
import type { Discord } from "../../../src/discord.ts";
import { AppError } from "../../../src/errors.ts";
import { hotKey } from "../../../src/hot.ts";
import type { MessageId, UserId } from "../../../src/ids.ts";
import type { Logger } from "../../../src/logger.ts";
import { createPerform } from "../../../src/moderation/perform.ts";
import type { CaseRow } from "../../../src/store/ports/moderation.ts";
import { APPLICATION, CHANNEL, GUILD, MEMBER } from "../../support/build.ts";
import { createClock, createHotDouble, settled, silentLogger } from "../../support/doubles.ts";

const BY = { language: "en", warnSeconds: 0 } as const;

function deletion(n: number): CaseRow {
  return {
    ...{ id: `c${n}`, guild: GUILD, number: n, key: `${n}`, channel: CHANNEL, channelName: "help" },
    ...{ message: `${n}` as MessageId, author: MEMBER, authorName: "Ada", atMs: 0, evidence: "", context: [] },
    ...{ redacted: false, rule: null, plan: { acts: ["delete"], held: [] }, action: "delete", state: "planned" },
    ...{ problem: null, note: null, undoneBy: null, wrong: false, updatedAtMs: 0 },
    verdict: {
      ...{ source: "certain", signals: [], category: "spam", severity: "medium", confidence: 1 },
      ...{ reason: "", model: null, costUsd: 0 },
    },
  } as CaseRow;
}

function open() {
  const clock = createClock();
  const requests: { readonly ids: readonly string[]; readonly end: (error?: Error) => void }[] = [];
  const discord = {
    application: APPLICATION,
    messages: {
      remove: (_channel: string, ids: readonly string[]) =>
        new Promise<void>((resolve, reject) => {
          requests.push({ ids, end: (error) => (error === undefined ? resolve() : reject(error)) });
        }),
    },
  } as unknown as Discord;
  const perform = createPerform({
    outbox: { plan: async () => true },
    logger: silentLogger,
    clock,
    hot: createHotDouble(),
    waitMsMax: Number.POSITIVE_INFINITY,
  });
  return { clock, requests, remove: (n: number) => perform.run(discord, deletion(n), "delete", BY) };
}

test("deletions in one channel are one request at a time: what comes meanwhile gathers into full ones", async () => {
  const { clock, requests, remove } = open();
  const first = remove(0);
  await clock.advance(150);
  expect(requests.map(({ ids }) => ids)).toEqual([["0"]]);
  const more: Promise<unknown>[] = [];
  for (let n = 1; n <= 250; n++) {
    more.push(remove(n));
    if (n % 50 === 0) await clock.advance(400);
  }
  expect(requests).toHaveLength(1);
  for (let at = 0; at < 4; at++) {
    requests[at]?.end();
    await settled();
    await clock.advance(150);
  }
  expect(await first).toEqual({ act: "delete", ok: true });
  expect(requests.map(({ ids }) => ids.length)).toEqual([1, 100, 100, 50]);
  expect(await Promise.all(more)).toHaveLength(250);
});

test("a request that deletes and fails holds up none behind it", async () => {
  const { clock, requests, remove } = open();
  const first = remove(0);
  await clock.advance(150);
  const second = remove(1);
  requests[0]?.end(new AppError("unavailable", "away"));
  await settled();
  await clock.advance(150);
  requests[1]?.end();
  expect(await first).toEqual({ act: "delete", ok: false, why: "unavailable", unknown: true });
  expect(await second).toEqual({ act: "delete", ok: true });
});

function sanctions(answer: (user: string) => Promise<void>) {
  const clock = createClock();
  const tried: string[] = [];
  const discord = {
    application: APPLICATION,
    members: {
      timeOut: async (_guild: string, user: string) => {
        tried.push(user);
        await answer(user);
      },
    },
  } as unknown as Discord;
  const perform = createPerform({
    outbox: { plan: async () => true },
    logger: silentLogger,
    clock,
    hot: createHotDouble(),
    waitMsMax: Number.POSITIVE_INFINITY,
  });
  const timeOut = (n: number, stillDue: () => Promise<string | null> = async () => null, asksFirst = false) =>
    perform.run(discord, { ...deletion(n), author: `u${n}` as UserId }, "timeout", { ...BY, stillDue, asksFirst });
  return { clock, tried, timeOut };
}

test("time-outs that Discord does not take yet wait in their order, however long it takes", async () => {
  let free = 2;
  const { clock, tried, timeOut } = sanctions(async () => {
    if (free-- <= 0) throw new AppError("rate-limited", "wait", { retryAfterMs: 9_000 });
  });
  const all = [1, 2, 3, 4].map((n) => timeOut(n));
  await clock.advance(60_000);
  // The third alone asks again; those behind it wait for it.
  expect(tried.slice(0, 3)).toEqual(["u1", "u2", "u3"]);
  expect(tried.slice(3).every((user) => user === "u3")).toBe(true);
  expect(tried.length).toBeLessThan(12);
  free = 2;
  await clock.advance(20_000);
  expect(tried.slice(-2)).toEqual(["u3", "u4"]);
  expect(await Promise.all(all)).toEqual(Array(4).fill({ act: "timeout", ok: true }));
});

test("what had to wait is done only if it is still due, by what is so then; what is done at once is not asked about", async () => {
  const gate = Promise.withResolvers<void>();
  const { clock, tried, timeOut } = sanctions((user) => (user === "u1" ? gate.promise : Promise.resolve()));
  const asked: number[] = [];
  const due = (n: number, why: string | null) => async () => {
    asked.push(n);
    return why;
  };
  const all = [timeOut(1, due(1, "exempt")), timeOut(2, due(2, "exempt")), timeOut(3, due(3, null))];
  await clock.advance(5_000);
  gate.resolve();
  await settled();
  expect(await Promise.all(all)).toEqual([
    { act: "timeout", ok: true },
    { act: "timeout", ok: false, why: "exempt", unknown: false },
    { act: "timeout", ok: true },
  ]);
  expect(asked).toEqual([2, 3]);
  expect(tried).toEqual(["u1", "u3"]);
});

test("what was ruled by what is old already is asked about before it is done, also where its turn comes at once", async () => {
  const { tried, timeOut } = sanctions(async () => undefined);
  const exempt = async () => "exempt";
  expect(await timeOut(1, exempt, true)).toEqual({ act: "timeout", ok: false, why: "exempt", unknown: false });
  expect(await timeOut(2, async () => null, true)).toEqual({ act: "timeout", ok: true });
  expect(tried).toEqual(["u2"]);
});

test("one that fails holds up none behind it, and its outcome is its own", async () => {
  const { timeOut, tried } = sanctions(async (user) => {
    if (user === "u1") throw new AppError("forbidden", "no");
  });
  expect(await Promise.all([timeOut(1), timeOut(2)])).toEqual([
    { act: "timeout", ok: false, why: "forbidden", unknown: false },
    { act: "timeout", ok: true },
  ]);
  expect(tried).toEqual(["u1", "u2"]);
});

test("a warning whose end the store did not take stands, and the log says that it will stay", async () => {
  const logged: string[] = [];
  const warn = (_: unknown, event: string) => void logged.push(event);
  const plan = async () => {
    throw new AppError("unavailable", "the store is away");
  };
  const discord = { application: APPLICATION, messages: { send: async () => "w1" } } as unknown as Discord;
  const perform = createPerform({
    outbox: { plan },
    logger: { ...silentLogger, warn } as Logger,
    clock: createClock(),
    hot: createHotDouble(),
    waitMsMax: 5_000,
  });
  const done = await perform.run(discord, deletion(1), "warn", { ...BY, warnSeconds: 60 });
  expect([done.ok, logged]).toEqual([true, ["warning-end-not-planned"]]);
});

test("whoever may not wait so long is told that Discord has not taken it", async () => {
  const clock = createClock();
  const busy = async () => {
    throw new AppError("rate-limited", "wait", { retryAfterMs: 4_000 });
  };
  const discord = { application: APPLICATION, members: { timeOut: busy } } as unknown as Discord;
  const perform = createPerform({
    outbox: { plan: async () => true },
    logger: silentLogger,
    clock,
    hot: createHotDouble(),
    waitMsMax: 5_000,
  });
  const done = perform.run(discord, deletion(1), "timeout", BY);
  await clock.advance(5_000);
  expect(await done).toEqual({ act: "timeout", ok: false, why: "rate-limited", unknown: true });
});

test("whether other processes met a refusal is asked once for all of two seconds; one's own is known at once", async () => {
  const clock = createClock();
  const hot = createHotDouble();
  let asked = 0;
  const get = (key: string) => {
    asked++;
    return hot.get(key);
  };
  const perform = createPerform({
    outbox: { plan: async () => true },
    logger: silentLogger,
    clock,
    hot: { ...hot, get },
    waitMsMax: Number.POSITIVE_INFINITY,
  });
  const look = () => Promise.all([1, 2, 3].map(() => perform.isRefused(GUILD, "timeout")));
  expect(await look()).toEqual([false, false, false]);
  expect(asked).toBe(1);
  hot.values.set(hotKey(GUILD, "moderation", "refused", "timeout"), "no");
  expect(await look()).toEqual([false, false, false]);
  await clock.advance(2_000);
  expect(await look()).toEqual([true, true, true]);
  expect(asked).toBe(2);

  const refusing = async () => {
    throw new AppError("forbidden", "no");
  };
  const discord = { application: APPLICATION, messages: { remove: refusing } } as unknown as Discord;
  expect(await perform.isRefused(GUILD, "delete")).toBe(false);
  await perform.run(discord, deletion(1), "delete", BY);
  expect(await perform.isRefused(GUILD, "delete")).toBe(true);
});
