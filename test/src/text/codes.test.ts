import { expect, test } from "bun:test";
import { codesOrApartIn, joinedCodes, keyOf, spelledAsIn, wholeCodesIn } from "../../../src/text/codes.ts";

test("a code is letters and a number in one word; with a space between them they may be one", () => {
  expect(wholeCodesIn("ML-503 or e1042, in 30 days, v4, 503").map(keyOf)).toEqual(["ml-503", "e-1042"]);
  expect(codesOrApartIn("ml 503, ML-504").map(({ apart }) => apart)).toEqual([true, false]);
  expect(codesOrApartIn("html 503x, störung7a 20, abcdefg 503")).toEqual([]);
});

test("a question's codes are spelled as the text spells them; words with a number behind them stay words", () => {
  const text = "ML-503: locked. E1042 means heat. KX 77 is old.";
  expect(spelledAsIn("ml 503, ML503 and e-1042?", text)).toBe("ML-503, ML-503 and E1042?");
  expect(spelledAsIn("KX-77 or kx 77", text)).toBe("KX 77 or kx 77");
  expect(spelledAsIn("in 30 days", "in 30 days, within-30")).toBe("in 30 days");
  expect(joinedCodes("ml 503, ml-504", ({ apart }) => (apart ? "X" : undefined))).toBe("X, ml-504");
});

test("reads a long text in time linear in its length", () => {
  const steps = (length: number) => {
    let calls = 0;
    joinedCodes("ab 12 ".repeat(length), () => {
      calls++;
      return undefined;
    });
    return calls;
  };
  expect(steps(20_000)).toBe(20_000);
  expect(wholeCodesIn("a".repeat(200_000))).toEqual([]);
  expect(codesOrApartIn(`${"ab ".repeat(50_000)}${"1".repeat(100_000)}`)).toEqual([]);
});
