import { expect, test } from "bun:test";
import fc from "fast-check";
import { chunk, PASSAGE_CHARS_MAX } from "../../../../src/knowledge/import/chunk.ts";

const sentence = "The hub blinks twice when the sensor is found and once when it is lost again. ";

test("passages follow the headings and know their path and anchor", () => {
  const chunks = chunk(
    `# Alerts\n\n${sentence.repeat(3)}\n\n## Make a rule\n\n${sentence.repeat(3)}\n\n### On *two* sensors\n\n${sentence.repeat(3)}\n\n## Channels\n\n${sentence.repeat(3)}`,
    "Alerts",
  );
  expect(chunks.map((c) => c.headings)).toEqual([[], ["Make a rule"], ["Make a rule", "On two sensors"], ["Channels"]]);
  expect(chunks.map((c) => c.anchor)).toEqual(["alerts", "make-a-rule", "on-two-sensors", "channels"]);
});

test("underlined headings are headings, tables' rules are not", () => {
  const chunks = chunk(
    `Top\n===\n\n${sentence.repeat(4)}\n\nBelow\n-----\n\n${sentence.repeat(4)}\n\na | b\n--- | ---\n1 | 2`,
    "",
  );
  expect(chunks.map((c) => c.headings)).toEqual([["Top"], ["Top", "Below"]]);
});

test("a heading inside a code fence is code", () => {
  const chunks = chunk(`# Run it\n\n\`\`\`sh\n# not a heading\nrun\n\`\`\`\n\n${sentence.repeat(3)}`, "Run it");
  expect(chunks).toHaveLength(1);
  expect(chunks[0]?.text).toContain("# not a heading");
});

test("a fence or table that fits stays whole; one that does not is closed and reopened, or repeats its head", () => {
  const fence = `\`\`\`js\n${"call();\n".repeat(40)}\`\`\``;
  const whole = chunk(`${sentence.repeat(9)}\n\n${fence}`, "");
  expect(whole.some((c) => c.text.includes(fence))).toBe(true);

  const long = chunk(`\`\`\`js\n${"call();\n".repeat(400)}\`\`\``, "");
  expect(long.length).toBeGreaterThan(2);
  for (const { text } of long) expect(text).toMatch(/^```js\n[\s\S]*\n```$/);

  const table = chunk(`| a | b |\n| --- | --- |\n${"| one | two |\n".repeat(200)}`, "");
  expect(table.length).toBeGreaterThan(2);
  for (const { text } of table) expect(text).toStartWith("| a | b |\n| --- | --- |\n| one");
});

test("a section too small to stand alone joins the one before it and keeps its heading as text", () => {
  const chunks = chunk("# A\n\nShort.\n\n## B\n\nAlso short.", "Page");
  expect(chunks).toEqual([{ headings: ["A"], anchor: "a", text: "Short.\n\nB\n\nAlso short." }]);
});

test("no passage is empty or above the bound, whatever the text, and no word is lost", () => {
  const line = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.constantFrom(
      "# Head",
      "## Sub",
      "```",
      "~~~js",
      "====",
      "----",
      "| a | b |",
      "| --- | --- |",
      "",
      "- item",
      ".. _x:",
    ),
    fc.string({ minLength: 900, maxLength: 2_500 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      for (const { text } of chunk(lines.join("\n"), "Title")) {
        if (text.trim() === "" || text.length > PASSAGE_CHARS_MAX) return false;
      }
      return true;
    }),
  );
  const words = Array.from({ length: 3_000 }, (_, i) => `word${i}`);
  const kept = chunk(words.join(" "), "")
    .map((c) => c.text)
    .join(" ");
  expect(kept.split(/\s+/)).toEqual(words);
});
