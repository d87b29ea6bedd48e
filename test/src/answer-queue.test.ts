import { expect, test } from "bun:test";
import { createTurnstile } from "../../src/answer-queue.ts";
import { AppError } from "../../src/errors.ts";
import { settled } from "../support/doubles.ts";

/** Work that goes on until the test ends it, in the order in which it began. */
function openWork() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () => {
    begun.push(name);
    const end = Promise.withResolvers<string>();
    ends.push(() => end.resolve(name));
    return end.promise;
  };
  return { begun, work, endNext: () => ends.shift()?.() };
}

test("no more than its number is inside at once, and who waits gets in as others leave", async () => {
  const turnstile = createTurnstile(2);
  const { begun, work, endNext } = openWork();
  const all = ["a", "b", "c", "d"].map((name) => turnstile.pass("guild", work(name)));
  await settled();
  expect([begun, turnstile.waiting()]).toEqual([["a", "b"], 2]);
  for (let n = 0; n < 4; n++) {
    endNext();
    await settled();
  }
  expect([begun, turnstile.waiting()]).toEqual([["a", "b", "c", "d"], 0]);
  expect(await Promise.all(all)).toEqual(["a", "b", "c", "d"]);
});

test("guilds take turns, however many questions one of them has", async () => {
  const turnstile = createTurnstile(1);
  const { begun, work, endNext } = openWork();
  for (const name of ["busy 1", "busy 2", "busy 3", "busy 4"]) void turnstile.pass("busy", work(name));
  for (const name of ["calm 1", "calm 2"]) void turnstile.pass("calm", work(name));
  void turnstile.pass("late", work("late 1"));
  for (let n = 0; n < 7; n++) {
    endNext();
    await settled();
  }
  expect(begun).toEqual(["busy 1", "busy 2", "calm 1", "late 1", "busy 3", "calm 2", "busy 4"]);
});

test("work that fails gives its place back", async () => {
  const turnstile = createTurnstile(1);
  const failing = turnstile.pass("guild", () => Promise.reject(new Error("no")));
  const next = turnstile.pass("guild", async () => "next");
  expect(failing).rejects.toThrow("no");
  expect(await next).toBe("next");
  expect(await turnstile.pass("guild", async () => "again")).toBe("again");
});

test("more than may wait are refused at once", async () => {
  const turnstile = createTurnstile(1, 1);
  const { work, endNext } = openWork();
  void turnstile.pass("a", work("inside"));
  const waits = turnstile.pass("a", work("waits"));
  const refused = await turnstile.pass("b", work("refused")).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AppError);
  expect(refused).toMatchObject({ kind: "overloaded" });
  endNext();
  await settled();
  endNext();
  expect(await waits).toBe("waits");
});

test("one member's answers in one channel come one after the other, also after one that failed", async () => {
  const turnstile = createTurnstile(8);
  const { begun, work, endNext } = openWork();
  const failing = turnstile.pass("guild", () => Promise.reject(new Error("no")), "ada");
  failing.catch(() => undefined);
  const all = [
    turnstile.pass("guild", work("ada 1"), "ada"),
    turnstile.pass("guild", work("ada 2"), "ada"),
    turnstile.pass("guild", work("eve 1"), "eve"),
  ];
  await settled();
  expect(begun.toSorted()).toEqual(["ada 1", "eve 1"]);
  for (let n = 0; n < 3; n++) {
    endNext();
    await settled();
  }
  expect((await Promise.all(all)).toSorted()).toEqual(["ada 1", "ada 2", "eve 1"]);
});
