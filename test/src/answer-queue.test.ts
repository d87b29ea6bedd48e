import { expect, test } from "bun:test";
import { createTurnstile, type Turn, type TurnstileShares } from "../../src/answer-queue.ts";
import { AppError } from "../../src/errors.ts";
import { settled } from "../support/doubles.ts";

const MANY: TurnstileShares = {
  ...{ atOnce: 100, guildAtOnce: 100, personAtOnce: 100 },
  ...{ waiting: 100, guildWaiting: 100, personWaiting: 100 },
};
let talks = 0;

/** A person's question in a channel of its own, unless the talk is given. */
function turn(guild: string, person = `somebody-${talks}`, talk = `talk-${talks}`): Turn {
  talks++;
  return { guild, person, talk };
}

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
  const endNext = async () => {
    ends.shift()?.();
    await settled();
  };
  return { begun, work, endNext };
}

test("no more than its number is inside at once, and who waits gets in as others leave", async () => {
  const turnstile = createTurnstile({ ...MANY, atOnce: 2 });
  const { begun, work, endNext } = openWork();
  const all = ["a", "b", "c", "d"].map((name) => turnstile.pass(turn("guild"), work(name)));
  await settled();
  expect([begun, turnstile.waiting()]).toEqual([["a", "b"], 2]);
  for (let n = 0; n < 4; n++) await endNext();
  expect([begun, turnstile.waiting()]).toEqual([["a", "b", "c", "d"], 0]);
  expect(await Promise.all(all)).toEqual(["a", "b", "c", "d"]);
});

test("guilds take turns, however many questions one of them has", async () => {
  const turnstile = createTurnstile({ ...MANY, atOnce: 1 });
  const { begun, work, endNext } = openWork();
  for (const name of ["busy 1", "busy 2", "busy 3", "busy 4"]) void turnstile.pass(turn("busy"), work(name));
  for (const name of ["calm 1", "calm 2"]) void turnstile.pass(turn("calm"), work(name));
  void turnstile.pass(turn("late"), work("late 1"));
  await settled();
  for (let n = 0; n < 7; n++) await endNext();
  expect(begun).toEqual(["busy 1", "busy 2", "calm 1", "late 1", "busy 3", "calm 2", "busy 4"]);
});

test("a guild whose answers never end leaves places free for the others", async () => {
  const turnstile = createTurnstile({ ...MANY, atOnce: 3, guildAtOnce: 2 });
  const { begun, work } = openWork();
  for (const name of ["busy 1", "busy 2", "busy 3"]) void turnstile.pass(turn("busy"), work(name));
  void turnstile.pass(turn("calm"), work("calm 1"));
  await settled();
  expect(begun).toEqual(["busy 1", "busy 2", "calm 1"]);
});

test("a person whose answers never end leaves places free for the others of the guild, in whatever channels they ask", async () => {
  const turnstile = createTurnstile({ ...MANY, personAtOnce: 2 });
  const { begun, work, endNext } = openWork();
  for (const name of ["eve 1", "eve 2", "eve 3"]) void turnstile.pass(turn("guild", "eve"), work(name));
  void turnstile.pass(turn("guild", "ada"), work("ada 1"));
  await settled();
  expect(begun).toEqual(["eve 1", "eve 2", "ada 1"]);
  await endNext();
  expect(begun).toEqual(["eve 1", "eve 2", "ada 1", "eve 3"]);
});

test("work that fails gives its place back", async () => {
  const turnstile = createTurnstile({ ...MANY, atOnce: 1 });
  const failing = turnstile.pass(turn("guild"), () => Promise.reject(new Error("no")));
  const next = turnstile.pass(turn("guild"), async () => "next");
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("next");
  expect(await turnstile.pass(turn("guild"), async () => "again")).toBe("again");
});

test("a person who has as many waiting as one may have is turned away at once, and others are not", async () => {
  const turnstile = createTurnstile({ ...MANY, atOnce: 1, personWaiting: 2 });
  const { begun, work, endNext } = openWork();
  for (const name of ["eve 1", "eve 2", "eve 3"]) void turnstile.pass(turn("guild", "eve", "eve's"), work(name));
  const eve = turn("guild", "eve");
  expect(turnstile.full(eve)).toBe("member-busy");
  expect(turnstile.full(turn("guild", "ada"))).toBeNull();
  const refused = await turnstile.pass(eve, work("eve 4")).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AppError);
  expect(refused).toMatchObject({ kind: "overloaded" });
  for (let n = 0; n < 4; n++) await endNext();
  expect([begun, turnstile.full(eve)]).toEqual([["eve 1", "eve 2", "eve 3"], null]);
});

test("a guild that has as many waiting as one may have is turned away at once, and others are not", async () => {
  const turnstile = createTurnstile({ ...MANY, atOnce: 1, guildWaiting: 2 });
  const { work, endNext } = openWork();
  for (const name of ["1", "2", "3"]) void turnstile.pass(turn("busy"), work(name));
  expect(turnstile.full(turn("busy"))).toBe("server-busy");
  expect(turnstile.full(turn("calm"))).toBeNull();
  await settled();
  await endNext();
  expect(turnstile.full(turn("busy"))).toBeNull();
});

test("more than may wait of all guilds together are turned away", () => {
  const turnstile = createTurnstile({ ...MANY, atOnce: 1, waiting: 2 });
  const { work } = openWork();
  for (const guild of ["a", "b", "c"]) void turnstile.pass(turn(guild), work(guild));
  expect(turnstile.full(turn("d"))).toBe("server-busy");
});

test("one member's answers in one channel come one after the other, also after one that failed", async () => {
  const turnstile = createTurnstile(MANY);
  const { begun, work, endNext } = openWork();
  const failing = turnstile.pass(turn("guild", "ada", "ada's"), () => Promise.reject(new Error("no")));
  failing.catch(() => undefined);
  const all = [
    turnstile.pass(turn("guild", "ada", "ada's"), work("ada 1")),
    turnstile.pass(turn("guild", "ada", "ada's"), work("ada 2")),
    turnstile.pass(turn("guild", "eve", "eve's"), work("eve 1")),
  ];
  await settled();
  expect(begun.toSorted()).toEqual(["ada 1", "eve 1"]);
  for (let n = 0; n < 3; n++) await endNext();
  expect((await Promise.all(all)).toSorted()).toEqual(["ada 1", "ada 2", "eve 1"]);
});
