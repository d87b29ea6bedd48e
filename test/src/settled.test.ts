import { expect, test } from "bun:test";
import { settled } from "../../src/settled.ts";
import { letGo } from "../support/let-go.ts";

test("resolves with nothing after work that went well, and after work that failed", async () => {
  expect(await settled(Promise.resolve("a page"))).toBeUndefined();
  expect(await settled(Promise.reject(new Error("no page")))).toBeUndefined();
});

test("does not resolve before the work is over", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let over = false;
  const waited = settled(promise).then(() => {
    over = true;
  });
  await Promise.resolve();
  expect(over).toBe(false);
  resolve("a page");
  await waited;
  expect(over).toBe(true);
});

test("keeps nothing of what the work came to", async () => {
  const kept: Promise<void>[] = [];
  const found: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i++) {
    const page = { text: `page ${i}` };
    found.push(new WeakRef(page));
    kept.push(settled(Promise.resolve(page)));
  }
  await Promise.all(kept);
  await letGo(found);
  expect(kept).toHaveLength(20);
});
