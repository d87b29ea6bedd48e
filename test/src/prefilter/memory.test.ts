import { expect, test } from "bun:test";
import { createPrefilterMemory } from "../../../src/prefilter.ts";
import { message } from "../../support/build.ts";

const START = Date.parse("2026-01-01T12:00:00Z");
const at = (ms: number, author = "300000000000000001") =>
  message({ timestamp: new Date(START + ms).toISOString(), author: { id: author, username: "x" } });

test("the rate counts an author's messages of the last ten seconds", () => {
  const memory = createPrefilterMemory();
  expect([0, 1_000, 2_000].map((ms) => memory.rate(at(ms)))).toEqual([1, 2, 3]);
  expect(memory.rate(at(2_500, "300000000000000002"))).toBe(1);
  expect(memory.rate(at(11_500))).toBe(2);
  expect(memory.rate(at(60_000))).toBe(1);
});

test("members count who wrote a text within a minute, repeats only one author's", () => {
  const memory = createPrefilterMemory();
  const authors = ["300000000000000001", "300000000000000002", "300000000000000001"];
  expect(authors.map((author, i) => memory.members(at(i * 100, author), 5))).toEqual([1, 2, 2]);
  expect(authors.map((author, i) => memory.repeats(at(i * 100, author), 5))).toEqual([1, 1, 2]);
  expect(memory.members(at(59_999), 5)).toBe(2);
  expect(memory.members(at(120_000), 5)).toBe(1);
});

test("repeats count a text within a minute of its first time", () => {
  const memory = createPrefilterMemory();
  expect([0, 10_000, 20_000].map((ms) => memory.repeats(at(ms), 77))).toEqual([1, 2, 3]);
  expect(memory.repeats(at(21_000), 78)).toBe(1);
  expect(memory.repeats(at(59_999), 77)).toBe(4);
  expect(memory.repeats(at(61_000), 77)).toBe(1);
});

test("a crowd does not make the memory grow, and an author who floods through it is still counted", () => {
  const memory = createPrefilterMemory();
  let rate = 0;
  for (let i = 0; i < 2_000; i++) {
    memory.rate(at(i * 10, String(400_000_000_000_000_000n + BigInt(i))));
    if (i % 20 === 0) rate = memory.rate(at(i * 10));
  }
  expect(rate).toBeGreaterThanOrEqual(8);
});
