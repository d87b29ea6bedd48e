import { expect, test } from "bun:test";
import fc from "fast-check";
import { IdStrings } from "../../../src/payload/id-strings.ts";

test("strings of ids are right also when ids clash in the table, or differ in one digit", () => {
  const ids = new IdStrings();
  fc.assert(
    fc.property(fc.stringMatching(/^[1-9]\d{2,21}$/), fc.nat(), (id, where) => {
      const at = where % id.length;
      const like = `${id.slice(0, at)}${(Number(id[at]) + 1) % 10}${id.slice(at + 1)}`;
      const row = Buffer.from(`"${id}","${like}","${id}"`);
      const places = [1, id.length + 4, 2 * id.length + 7];
      expect(places.map((place) => ids.of(row, place))).toEqual([id, like, id]);
    }),
    { numRuns: 5_000 },
  );
});

test("an id of any length is read, and none of no length", () => {
  const ids = new IdStrings();
  expect(ids.of(Buffer.from('"200000000000000001"'), 1)).toBe("200000000000000001");
  expect(ids.of(Buffer.from('""'), 1)).toBe("");
  const long = "7".repeat(300_000);
  expect(ids.of(Buffer.from(`"${long}"`), 1)).toBe(long);
});
