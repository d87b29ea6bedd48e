import { expect } from "bun:test";
import { suite } from "../../bench/suites/cases.ts";
import { shared } from "../support/shared.ts";

const { file: folder, test } = shared("cases");

test("every case that needs no Discord holds", async () => {
  const told: string[] = [];
  const { goals } = await suite.run({
    quick: true,
    data: [folder],
    seed: 1,
    set: { discord: "off" },
    progress: (what) => told.push(what),
  });
  expect(told.length).toBeGreaterThan(20);
  expect(goals.map(({ name, value }) => ({ name, value }))).toEqual([{ name: "goals", value: 1 }]);
}, 120_000);
