import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseTime } from "../../../src/payload/time.ts";

test("a time is the one that Date.parse tells, in Discord's form and near it", () => {
  const ms = fc.integer({ min: -100_000_000_000, max: 4_102_444_800_000 });
  const form = fc.constantFrom(
    (iso: string) => iso,
    (iso: string) => iso.replace("Z", "456+00:00"),
    (iso: string) => iso.replace("Z", "+00:00"),
    (iso: string) => `${iso.slice(0, 19)}+00:00`,
    (iso: string) => `${iso.slice(0, 19)}Z`,
    (iso: string) => iso.replace("Z", "+02:00"),
    (iso: string) => iso.replace("Z", ""),
    (iso: string) => iso.slice(0, 10),
    (iso: string) => iso.replace(/\d\dT/, "31T"),
    (iso: string) => iso.replace(/T\d\d/, "T24"),
    (iso: string) => iso.replace(/\d\.\d/, "x.5"),
  );
  fc.assert(
    fc.property(ms, form, (at, write) => {
      const text = write(new Date(at).toISOString());
      expect(parseTime(text)).toBe(Date.parse(text));
    }),
    { numRuns: 5_000 },
  );
});

test("whatever it is given, it says what Date.parse says", () => {
  fc.assert(fc.property(fc.string(), (text) => expect(parseTime(text)).toBe(Date.parse(text))));
});
