import { expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { HttpRefusal } from "../../web/refusal.ts";
import { createSearches } from "../../web/searches.ts";
import { simulatedClock } from "../support/simulated-clock.ts";

/** Work that ends when told to. */
function pending() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    begun.push(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.set(name, resolve);
    return promise;
  };
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}

/** What can go on has gone on. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Somebody of a server of their own, unless told otherwise. */
const by = (person: string, guild = `${person}'s`) => ({ person, guild });

test("a person's searches run one after another, others' beside them, two at a time", async () => {
  const { begun, work, end } = pending();
  const searches = createSearches(systemClock);
  const all = ["ada 1", "ada 2", "bob 1", "eve 1"].map((name) => searches.run(by(name.slice(0, 3)), work(name)));
  await settled();
  expect(begun).toEqual(["ada 1", "bob 1"]);
  end("bob 1");
  await all[2];
  await settled();
  expect(begun).toEqual(["ada 1", "bob 1", "eve 1"]);
  end("ada 1");
  await all[0];
  await settled();
  expect(begun.at(-1)).toBe("ada 2");
  for (const name of ["ada 2", "eve 1"]) end(name);
  await Promise.all(all);
});

test("more than a few of one person are refused, and one that fails gives its place back", async () => {
  const { work, end } = pending();
  const searches = createSearches(systemClock);
  const first = searches.run(by("ada"), work("0"));
  const waiting = Array.from({ length: 4 }, () => searches.run(by("ada"), () => Promise.reject(new Error("no"))));
  await expect(searches.run(by("ada"), work("6"))).rejects.toBeInstanceOf(HttpRefusal);
  await settled();
  end("0");
  await first;
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
  await searches.run(by("ada"), async () => undefined);
});

test("a server's team leaves room for others: one runs at a time, twenty wait, and one more is refused", async () => {
  const { begun, work, end } = pending();
  const searches = createSearches(systemClock);
  const team = Array.from({ length: 21 }, (_, n) => searches.run(by(`of the team ${n}`, "loud"), work(`loud ${n}`)));
  const other = searches.run(by("zoe"), work("zoe"));
  await settled();
  expect(begun).toEqual(["loud 0", "zoe"]);
  await expect(searches.run(by("one more", "loud"), work("refused"))).rejects.toBeInstanceOf(HttpRefusal);
  end("zoe");
  await other;
  for (let n = 0; n < team.length; n++) {
    end(`loud ${n}`);
    await team[n];
    await settled();
  }
});

test("one that waits for three seconds is refused, and its place goes to the next", async () => {
  const { begun, work, end } = pending();
  const clock = simulatedClock(1);
  const searches = createSearches(clock);
  const first = searches.run(by("ada"), work("first"));
  const late = searches.run(by("ada"), work("late"));
  late.catch(() => {});
  await clock.advance(3_000);
  await expect(late).rejects.toMatchObject({ kind: "busy" });
  const next = searches.run(by("ada"), work("next"));
  end("first");
  await first;
  await settled();
  expect(begun).toEqual(["first", "next"]);
  end("next");
  await next;
});
