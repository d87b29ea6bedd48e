/** Writes of one guild that wait for each other, gathered. */
import { expect, test } from "bun:test";
import { AppError } from "../../../src/errors.ts";
import { inBatches } from "../../../src/moderation/batches.ts";

/** Answers each item with itself, doubled, once it is let go. */
function writer(max = 3, bad: (item: number) => Error | null = () => null) {
  const runs: { readonly whose: string; readonly items: readonly number[] }[] = [];
  const waiting: (() => void)[] = [];
  const write = inBatches(async (whose: string, items: readonly number[]) => {
    runs.push({ whose, items });
    await new Promise<void>((resolve) => waiting.push(resolve));
    for (const item of items) {
      const error = bad(item);
      if (error !== null) throw error;
    }
    return items.map((item) => item * 2);
  }, max);
  const letGo = async () => {
    for (let quiet = 0; quiet < 5; quiet++) {
      if (waiting.length > 0) quiet = 0;
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { runs, write, letGo };
}

test("what comes while one is written goes together, at most so many, and each gets its own answers", async () => {
  const { runs, write, letGo } = writer();
  const all = Promise.all([[1], [2], [3, 4], [5], [6]].map((items) => write("a", items)));
  expect(runs).toEqual([{ whose: "a", items: [1] }]);
  await letGo();
  expect(await all).toEqual([[2], [4], [6, 8], [10], [12]]);
  expect(runs.map(({ items }) => items)).toEqual([[1], [2, 3, 4, 5], [6]]);
});

test("one guild does not wait for another", async () => {
  const { runs, write, letGo } = writer();
  const both = Promise.all([write("a", [1]), write("b", [2])]);
  expect(runs.map(({ whose }) => whose)).toEqual(["a", "b"]);
  await letGo();
  expect(await both).toEqual([[2], [4]]);
});

test("what one of them alone is to blame for befalls that one alone", async () => {
  const { write, letGo } = writer(3, (item) => (item === 3 ? new Error("bad") : null));
  const all = Promise.allSettled([1, 2, 3, 4].map((item) => write("a", [item])));
  await letGo();
  expect((await all).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
});

test("a store that is away is away for all that wait together, asked once", async () => {
  const { runs, write, letGo } = writer(3, (item) => (item > 1 ? new AppError("unavailable", "away") : null));
  const all = Promise.allSettled([1, 2, 3].map((item) => write("a", [item])));
  await letGo();
  expect((await all).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(runs).toHaveLength(2);
});
