/** A message as it is read: code, quotes and bold are shown as such, everything else stays text. */
import { expect, test } from "bun:test";
import { messageText, plainText } from "../../web/conversations/message-text.ts";

test("code, quotes and bold are marked up, and nothing inside them is markup", () => {
  expect(String(messageText("a\n```ts\nlet <b> = 1;\n```\n> one\n> **two**\nend `x<y` **z**"))).toBe(
    "a\n<pre><code>let &lt;b&gt; = 1;\n</code></pre><blockquote>one\n<strong>two</strong></blockquote>end <code>x&lt;y</code> <strong>z</strong>",
  );
});

test("what a member wrote never becomes a link", () => {
  expect(String(messageText("[x](https://evil.example) https://evil.example <a href=x>"))).not.toContain("<a");
});

test("for one line in a list the marks are left out", () => {
  expect(plainText("> **Hold** the `button`\n```sh\nlumen\n```")).toBe("Hold the button\nlumen\n");
});

test("hostile text is read in no time", () => {
  const startedAtMs = performance.now();
  for (const text of [
    "```".repeat(3_000),
    "> ".repeat(5_000),
    "**".repeat(5_000),
    "`a".repeat(5_000),
    `> ${"x\n> ".repeat(3_000)}`,
  ]) {
    messageText(text);
    plainText(text);
  }
  expect(performance.now() - startedAtMs).toBeLessThan(1_000);
});
