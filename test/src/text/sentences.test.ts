import { expect, test } from "bun:test";
import { sentences } from "../../../src/text/sentences.ts";

const cut = (line: string) => sentences(line).map((sentence) => sentence.trim());

test("sentences end where a reader ends them: not at abbreviations, initials and ordinals", () => {
  expect(cut("Wait, e.g. an hour. Then try.")).toEqual(["Wait, e.g. an hour.", "Then try."]);
  expect(cut("Bis 15. Mai gilt das. Danach nicht.")).toEqual(["Bis 15. Mai gilt das.", "Danach nicht."]);
  expect(cut("Season 4 ends on March 12. Parties are not allowed.")).toHaveLength(2);
  expect(cut("Garantisi 24 aydır. Pilin garantisi 6 aydır.")).toHaveLength(2);
  expect(cut("Set it to 60 °C. Then print.")).toHaveLength(2);
  expect(cut("青いランプが点灯します。次に押します。")).toHaveLength(2);
});

test("together they are the line", () => {
  const line = "One.  Two?\tThree! 4. Four";
  expect(sentences(line).join("")).toBe(line);
});
