import { expect, test } from "bun:test";
import { maskedLinks } from "../../../src/text/masked-links.ts";

test.each([
  ["[a](b)", ["b"]],
  ["[a](<b>)", ["b"]],
  ["[a]( b )", ["b"]],
  ['[a](b "title")', ["b"]],
  ["[a](b(c)d)", ["b(c)d"]],
  ["[[a]](b) [c](d)", ["b", "d"]],
  ["[a] (b) [c](d e) [f](", []],
  ["a](b)", ["b"]],
])("%s has the targets %p", (text, targets) => {
  expect(maskedLinks(text).map(({ target }) => target)).toEqual(targets);
});

test("the opening bracket is the one that the closing one belongs to", () => {
  expect(maskedLinks("[[a]](b)")[0]).toMatchObject({ open: 0, close: 4, to: 8 });
  expect(maskedLinks("a](b)")[0]?.open).toBe(-1);
});
