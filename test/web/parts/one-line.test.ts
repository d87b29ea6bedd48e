/** Markdown as one line: what its reader sees. */
import { expect, test } from "bun:test";
import { oneLine } from "../../../web/parts/one-line.ts";

test.each([
  ['add the hub [by address](https://docs.example/first-hub "First").', "add the hub by address."],
  ["begin alike, say `192.168.1.…`. Guests", "begin alike, say 192.168.1.…. Guests"],
  ["![The light](light.png) and [terms][1], <https://a.example/x>", "The light and terms, https://a.example/x"],
  ["## Pairing\n\n> **Hold** the _button_\n- once\n- [x] twice", "Pairing Hold the button once twice"],
  ["| key | default |\n| --- | :-- |\n| `addresses` | `[]` |", "key · default · addresses · []"],
  ['```toml\nhost = "*.example"\n```\nthen', 'host = "*.example" then'],
  ["snake_case_name, 2 * 3 * 4, ~5 and 3\\*4", "snake_case_name, 2 * 3 * 4, ~5 and 3*4"],
  ["a list[0] and (so [it] is)", "a list[0] and (so [it] is)"],
  ["`**kept** [as](it) | is`", "**kept** [as](it) | is"],
])("%p is read as %p", (markdown, line) => {
  expect(oneLine(markdown)).toBe(line);
});

test("a hundred thousand characters of one sign are read at once", () => {
  for (const sign of ["*", "_", "`", "[", "|", "<http://", "![](", "- ", "\\", "~~~"]) {
    expect(oneLine(sign.repeat(100_000)).length).toBeLessThanOrEqual(900_000);
  }
});
