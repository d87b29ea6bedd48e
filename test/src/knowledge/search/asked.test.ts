import { expect, test } from "bun:test";
import { createAskedReader, shareHeld } from "../../../../src/knowledge/search/asked.ts";
import { buildIndex } from "../../../../src/knowledge/search/build.ts";
import { retrieveFrom } from "../../../../src/knowledge/search/rank.ts";
import { passage } from "../../../support/build.ts";

const index = await buildIndex([
  passage("A yearly plan costs 40 euros. The price does not change within the year."),
  passage("Sensors are paired once. A sensor chirps twice."),
  passage("Batteries last for eighteen months in a sensor."),
]);
const askedIn = (question: string) => retrieveFrom(index, question, 5).asked ?? [];

test("a word is worth more the rarer it is, and most where nobody wrote it", () => {
  const [sensor, chirp, podcast] = askedIn("sensor chirp podcast").map(({ worth }) => worth);
  expect(sensor).toBeLessThan(chirp ?? 0);
  expect(chirp).toBeLessThan(podcast ?? 0);
  expect(podcast).toBeCloseTo(1, 5);
});

test("other forms are held whole, slips and other words for the same in part, and what nobody wrote not at all", () => {
  const asked = askedIn("sensor batterys cost podcast");
  const { held } = createAskedReader(asked)("Sensors: their batteries and the price of them", ["en"]);
  expect(held[0]).toBe(1);
  expect(held[1]).toBeGreaterThan(0);
  expect(held[1]).toBeLessThanOrEqual(1);
  expect(held[2]).toBe(0.5);
  expect(held[3]).toBe(0);
  expect(shareHeld(asked, held)).toBeGreaterThan(0.3);
  expect(shareHeld(asked, held)).toBeLessThan(0.8);
  expect(shareHeld([], [])).toBe(0);
});

test("words that follow each other in the question and stand together in the text say more than the same far apart", () => {
  const read = createAskedReader(askedIn("yearly plan price"));
  const near = read("the yearly plan has a price", ["en"]).together;
  const far = read(`a plan ${"and so on and on ".repeat(5)} yearly ${"and so on and on ".repeat(5)} price`, ["en"]);
  expect(near).toBeGreaterThan(0);
  expect(far.together).toBe(0);
});
