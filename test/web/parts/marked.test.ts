/** Searched words in what is shown of a text. */
import { expect, test } from "bun:test";
import { html } from "../../../web/html.ts";
import { around, marked } from "../../../web/parts/marked.ts";

const shown = (text: string, sought: string) => html`${marked(text, sought)}`.toString();

test("a word is marked where it begins one, in any script and with its accents, and within another it is not", () => {
  expect(shown("the other they, The end", "the")).toBe(
    "<mark>the</mark> other <mark>the</mark>y, <mark>The</mark> end",
  );
  expect(shown("Unuttum: ŞİFREM <b>", "sifre")).toBe("Unuttum: <mark>ŞİFRE</mark>M &lt;b&gt;");
  expect(shown("请问端子在哪里", "端子")).toBe("请问<mark>端子</mark>在哪里");
  expect(shown("100 % 👎", "👎")).toBe("100 % 👎");
});

test("a long text is shown from a whole word before the first hit, a short one and one without a hit from the beginning", () => {
  const far = `${"measured 1884 times ".repeat(20)}then the kettle broke`;
  const text = around(far, "kettle");
  expect(text).toMatch(/^… (?:measured|1884|times) /u);
  expect(text).toEndWith("then the kettle broke");
  expect(around("the kettle broke", "kettle")).toBe("the kettle broke");
  expect(around(far, "zebra")).toMatch(/^measured 1884 [\w ]* (?:measured|1884|times) …$/);
  expect(around(`${"a ".repeat(148)}192.168.1.… and on`, "a")).toEndWith("a a …");
});
