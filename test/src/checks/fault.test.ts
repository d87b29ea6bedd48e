import { expect, test } from "bun:test";
import { isSaid } from "../../../src/checks/fault.ts";

test.each([
  ["Refunds are paid within 14 days.", "14 days", "en", true],
  ["There is a 14-day window.", "14 days", "en", true],
  ["There is a window of 114 days.", "14 days", "en", false],
  ["It costs 14.50 euros.", "14", "en", false],
  ["It costs €1,000 a year.", "1000", "en", true],
  ["Es kostet 14,50 €.", "14.50 €", "de", true],
  ["Dogs are not allowed.", "not allowed", "en", true],
  ["Dogs are allowed.", "not allowed", "en", false],
  ["İade 14 gün içinde yapılır.", "14 gün", "tr", true],
  ["返金は14日以内に行われます。", "14日以内", "ja", true],
  ["返金は15日以内に行われます。", "14日以内", "ja", false],
])("of %j it is told whether it says %j", (text, fact, language, expected) => {
  expect(isSaid(text, fact, language)).toBe(expected);
});
