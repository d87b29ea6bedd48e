/** A message as it is read: marks are shown as what they mean, mentions by name, everything else stays text. */
import { expect, test } from "bun:test";
import { messageText, plainText, type Reading } from "../../web/parts/message-text.ts";

const NAMES: Readonly<Record<string, string>> = { "100000000000000001": "Gatehouse", "100000000000000002": "<b>help" };
const nameOf: Reading["nameOf"] = (kind, id) => NAMES[id] ?? kind;
const shown = (text: string, links = false) => String(messageText(text, { nameOf, links }));

test("code, quotes and bold are marked up, and nothing inside them is markup", () => {
  expect(shown("a\n```ts\nlet <b> = 1;\n```\n> one\n> **two**\nend `x<y` **z**")).toBe(
    "a\n<pre><code>let &lt;b&gt; = 1;\n</code></pre><blockquote>one\n<strong>two</strong></blockquote>end <code>x&lt;y</code> <strong>z</strong>",
  );
});

test("lists, headings, small print and emphasis are marked up; names with underscores are not", () => {
  expect(shown("## Steps\n1. **hold** it\n2. let go\n- *one*\n-# small\n~~no~~ snake_case_name 2*3*4")).toBe(
    '<strong class="text-heading">Steps</strong><ol><li><strong>hold</strong> it</li><li>let go</li></ol>' +
      "<ul><li><em>one</em></li></ul><small>small</small><s>no</s> snake_case_name 2*3*4",
  );
});

test("mentions are shown by name, or by what they are, and a name is text too", () => {
  const text = "<@100000000000000001> <@!100000000000000009> in <#100000000000000002>, <@&100000000000000009>";
  expect(shown(text)).toBe(
    '<span class="mention">@Gatehouse</span> <span class="mention">@member</span> in ' +
      '<span class="mention">#&lt;b&gt;help</span>, <span class="mention">@role</span>',
  );
  expect(plainText(text, nameOf)).toBe("@Gatehouse @member in #<b>help, @role");
});

test("what a member wrote never becomes a link, and shows where it leads", () => {
  const text = "[x](https://evil.example) https://evil.example <a href=x>";
  expect(shown(text)).not.toContain("<a");
  expect(shown(text)).toContain("x (https://evil.example)");
});

test("what the bot wrote links to http alone, without the sentence's end", () => {
  const attributes = 'rel="noopener noreferrer nofollow" target="_blank"';
  expect(shown("See (https://docs.example/a#b). [Here](<https://docs.example/c>) [x](javascript:alert(1))", true)).toBe(
    `See (<a href="https://docs.example/a#b" ${attributes}>https://docs.example/a#b</a>). ` +
      `<a href="https://docs.example/c" ${attributes}>Here</a> [x](javascript:alert(1))`,
  );
});

test("for one line in a list the marks are left out", () => {
  expect(plainText("> **Hold** the `button`\n```sh\nlumen\n```", nameOf)).toBe("Hold the button\nlumen\n");
  expect(plainText("- İzmir: 1 day\n  - Ankara: 2 days", nameOf)).toBe("• İzmir: 1 day\n• Ankara: 2 days");
});
