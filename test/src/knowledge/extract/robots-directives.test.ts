import { expect, test } from "bun:test";
import { robotsDirectives } from "../../../../src/knowledge/extract/robots-directives.ts";

test("only whole directives count, in any case, and only those for us", () => {
  const noindex = (text: string) => robotsDirectives(text).noindex;
  expect(noindex("index, follow, max-image-preview:none")).toBe(false);
  expect(noindex("NOINDEX")).toBe(true);
  expect(noindex("none")).toBe(true);
  expect(noindex("googlebot: noindex, nofollow")).toBe(false);
  expect(noindex("otherbot: nofollow, gatehousebot: noindex")).toBe(true);
  expect(noindex("unavailable_after: 25 Jun 2030 15:00:00 GMT, noindex")).toBe(true);
  expect(robotsDirectives("nofollow")).toEqual({ noindex: false, nofollow: true });
});
