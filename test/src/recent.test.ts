import { expect, test } from "bun:test";
import { createRecent, guildShare } from "../../src/recent.ts";

test("the oldest entry goes, and setting makes newest", () => {
  const recent = createRecent<string, number>(3);
  for (const [i, key] of ["a", "b", "c", "a", "d"].entries()) recent.set(key, i);
  expect([...recent.keys()]).toEqual(["c", "a", "d"]);
  recent.delete("a");
  expect([recent.has("a"), recent.get("d"), recent.size]).toEqual([false, 4, 2]);
});

test("what gave way is told, what was set anew or deleted is not", () => {
  const gone: number[] = [];
  const recent = createRecent<string, number>(2, null, (value) => gone.push(value));
  for (const [i, key] of ["a", "b", "a", "c"].entries()) recent.set(key, i);
  recent.delete("a");
  expect(gone).toEqual([1]);
});

test("a guild that fills a cache pushes out its own entries, and nobody else's", () => {
  const recent = createRecent<string, number>(80, guildShare(80));
  for (let i = 0; i < 5; i++) recent.set(`quiet:${i}`, i);
  for (let i = 0; i < 10_000; i++) recent.set(`loud:${i}`, i);
  expect([...recent.keys()].filter((key) => key.startsWith("quiet:"))).toHaveLength(5);
  expect([...recent.keys()].filter((key) => key.startsWith("loud:"))).toEqual(
    Array.from({ length: 10 }, (_, i) => `loud:${9_990 + i}`),
  );
  // A share that was given back is there again.
  for (const key of [...recent.keys()]) recent.delete(key);
  for (let i = 0; i < 10; i++) recent.set(`loud:${i}`, i);
  expect(recent.size).toBe(10);
});

test("with more guilds than shares the oldest of all go", () => {
  const recent = createRecent<string, number>(16, guildShare(16));
  for (let guild = 0; guild < 20; guild++) for (let i = 0; i < 3; i++) recent.set(`${guild}:${i}`, i);
  expect(recent.size).toBe(16);
  expect([...recent.keys()].at(-1)).toBe("19:2");
});
