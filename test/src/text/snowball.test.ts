import { expect, test } from "bun:test";
import { snowballStem } from "../../../src/text/snowball.ts";

test("forms of a word have one stem in its language", () => {
  expect(snowballStem("Bücher".toLowerCase(), "de")).toBe(snowballStem("buch", "de"));
  expect(snowballStem("garantías", "es")).toBe(snowballStem("garantía", "es"));
  expect(snowballStem("üyeliklerin", "tr")).toBe(snowballStem("üyelikler", "tr"));
});

test("a Turkish stem has at most five letters, and a word of an unknown language is its own stem", () => {
  expect(snowballStem("güncellenmemiş", "tr")).toBe("günce");
  expect(snowballStem("connections", "xx")).toBe("connections");
});
