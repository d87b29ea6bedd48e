import { expect, test } from "bun:test";
import { ahead } from "../../../../src/knowledge/search/ahead.ts";

function source(pages: number, failsAt = Number.POSITIVE_INFINITY) {
  const asked: number[] = [];
  let closed = false;
  async function* give(): AsyncGenerator<number> {
    try {
      for (let page = 0; page < pages; page++) {
        asked.push(page);
        await Promise.resolve();
        if (page === failsAt) throw new Error(`page ${page}`);
        yield page;
      }
    } finally {
      closed = true;
    }
  }
  return { asked, isClosed: () => closed, pages: ahead(give()) };
}

test("gives all in order, and has asked for the next while one is worked on", async () => {
  const { pages, asked, isClosed } = source(4);
  const seen: [number, number][] = [];
  for await (const page of pages) seen.push([page, asked.length]);
  expect(seen).toEqual([
    [0, 2],
    [1, 3],
    [2, 4],
    [3, 4],
  ]);
  expect(isClosed()).toBe(true);
});

test("a failure comes after what was given before it, and ends the source", async () => {
  const { pages, isClosed } = source(4, 2);
  const seen: number[] = [];
  const all = async () => {
    for await (const page of pages) seen.push(page);
  };
  await expect(all()).rejects.toThrow("page 2");
  expect([seen, isClosed()]).toEqual([[0, 1], true]);
});

test("who leaves early closes the source, and hears nothing of the failure that was on its way", async () => {
  const { pages, isClosed } = source(4, 1);
  for await (const page of pages) if (page === 0) break;
  expect(isClosed()).toBe(true);
});
