import { expect, test } from "bun:test";
import { OutcomeCounts } from "../../shards/outcome-counts.ts";

test("each kind and reason has one count, and their sum is the total", () => {
  const counts = new OutcomeCounts();
  counts.of("silent", "not-mentioned").count += 3;
  counts.of("silent", "not-mentioned").count++;
  counts.of("answered", "known").count++;
  expect(counts.all().map(({ kind, reason, count }) => [kind, reason, count])).toEqual([
    ["silent", "not-mentioned", 4],
    ["answered", "known", 1],
  ]);
  expect(counts.total()).toBe(5);
});

test("a bug that makes new reasons for ever does not fill the memory: they are counted as other", () => {
  const counts = new OutcomeCounts();
  for (let i = 0; i < 5_000; i++) counts.of("failed", `reason-${i}`).count++;
  expect(counts.all().length).toBeLessThan(1_010);
  expect(counts.total()).toBe(5_000);
});
