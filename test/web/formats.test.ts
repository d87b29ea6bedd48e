/** Intl's formats as pages use them: made once, for each language and way of writing. */
import { expect, test } from "bun:test";
import { dateFormat, distanceFormat, languageNames, numberFormat } from "../../web/parts/formats.ts";

test("a format is made once, and each language and way of writing has its own", () => {
  const percent = { style: "percent" } as const;
  expect(numberFormat("en", { ...percent })).toBe(numberFormat("en", { ...percent }));
  expect(numberFormat("en").format(1_234.5)).toBe("1,234.5");
  expect(numberFormat("tr").format(1_234.5)).toBe("1.234,5");
  expect(numberFormat("tr", percent).format(0.5)).toBe("%50");
  const day = { day: "numeric", month: "short", timeZone: "UTC" } as const;
  expect(dateFormat("en", day)).toBe(dateFormat("en", { ...day }));
  expect(dateFormat("tr", day).format(0)).toBe("1 Oca");
  expect(distanceFormat("en", { numeric: "auto" })).toBe(distanceFormat("en", { numeric: "auto" }));
  expect(languageNames("tr").of("de")).toBe("Almanca");
});
