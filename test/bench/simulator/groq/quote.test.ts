import { expect, test } from "bun:test";
import { familiarity, quote } from "../../../../bench/simulator/groq/quote.ts";

const passages = [
  {
    n: 1,
    title: "Upgrade from version 3 to 4",
    text: "Everything at home is free and works for ever.\n\nFree space: three times the size of the database of version 3.",
  },
];

test("the stand-in knows nothing of a complaint that names nothing", () => {
  expect(familiarity("it doesn't work", passages).known).toBe(false);
  expect(familiarity("is everything at home free and does it work", passages).known).toBe(true);
});

test("the stand-in quotes nothing of a version that stands nowhere, and space is no price", () => {
  expect(quote("how much will version 5 cost", passages, "en")).toEqual([]);
  expect(quote("how do I upgrade the database from version 3", passages, "en")).toHaveLength(1);
});
