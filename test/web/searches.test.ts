import { expect, test } from "bun:test";
import { HttpRefusal } from "../../web/refusal.ts";
import { createSearches } from "../../web/searches.ts";

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

/** Somebody of a server of their own, unless told otherwise. */
const by = (person: string, guild = `${person}'s`) => ({ person, guild });

test("a person's searches run one after another, others' beside them, three at a time", async () => {
  const { begun, work, end } = pending();
  const searches = createSearches();
  const all = ["ada 1", "ada 2", "bob 1", "eve 1", "zoe 1"].map((name) =>
    searches.run(by(name.slice(0, 3)), work(name)),
  );
  await Promise.resolve();
  expect(begun).toEqual(["ada 1", "bob 1", "eve 1"]);
  end("bob 1");
  await all[2];
  await Promise.resolve();
  expect(begun).toEqual(["ada 1", "bob 1", "eve 1", "zoe 1"]);
  end("ada 1");
  await all[0];
  await Promise.resolve();
  expect(begun.at(-1)).toBe("ada 2");
  for (const name of ["ada 2", "eve 1", "zoe 1"]) end(name);
  await Promise.all(all);
});

test("more than a few of one person are refused, and one that fails gives its place back", async () => {
  const { work, end } = pending();
  const searches = createSearches();
  const first = searches.run(by("ada"), work("0"));
  const waiting = Array.from({ length: 4 }, () => searches.run(by("ada"), () => Promise.reject(new Error("no"))));
  await expect(searches.run(by("ada"), work("6"))).rejects.toBeInstanceOf(HttpRefusal);
  await Promise.resolve();
  end("0");
  await first;
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
  await searches.run(by("ada"), async () => undefined);
});

test("a server's team leaves room for others: two run at a time, twenty wait, and one more is refused", async () => {
  const { begun, work, end } = pending();
  const searches = createSearches();
  const team = Array.from({ length: 22 }, (_, n) => searches.run(by(`of the team ${n}`, "loud"), work(`loud ${n}`)));
  const other = searches.run(by("zoe"), work("zoe"));
  await Promise.resolve();
  expect(begun).toEqual(["loud 0", "loud 1", "zoe"]);
  await expect(searches.run(by("one more", "loud"), work("refused"))).rejects.toBeInstanceOf(HttpRefusal);
  end("zoe");
  await other;
  for (let n = 0; n < team.length; n++) {
    end(`loud ${n}`);
    await team[n];
    await Promise.resolve();
  }
});
