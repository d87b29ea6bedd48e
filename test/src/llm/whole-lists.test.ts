import { describe, expect, test } from "bun:test";
import { unitsOf } from "../../../src/llm/units.ts";
import { wholeListsIn } from "../../../src/llm/whole-lists.ts";
import { passage } from "../../support/build.ts";

const COLUMNS = passage(
  "| | Egg | Chick | Hen |\n| --- | --- | --- | --- |\n| Price | free | €4 | €11 |\n| Pens | 1 | 2 | 8 |",
  {
    title: "Costs",
    headings: ["Plans"],
  },
);
const ROWS = passage("| Harbour | Depth |\n| --- | --- |\n| Mole | 4 m |\n| Quay | 9 m |", { title: "Mooring" });
const ITEMS = passage("Choose well.\n\n## Desteklenen diller\n\n- Türkçe\n- Almanca\n\n## Other\n\n- One\n- Two", {
  title: "Page",
  language: "tr",
});
const found = (question: string, page = COLUMNS, language = "en") =>
  wholeListsIn(question, language, page, unitsOf(page.text)).map(({ units, fit }) => [
    fit,
    units.map(({ text }) => text),
  ]);

describe("a table or list as a whole", () => {
  const table = ["**Price**: Egg: free — Chick: €4 — Hen: €11", "**Pens**: Egg: 1 — Chick: 2 — Hen: 8"];

  test("answers a comparison of two of its columns, and not one of a single column", () => {
    for (const question of ["chick vs hen", "hen or egg?", "what is the difference between egg and chick"])
      expect(found(question)).toEqual([[2, table]]);
    expect(found("egg mi hen mi, fark ne", COLUMNS, "tr")).toEqual([[2, table]]);
    for (const question of [
      "hen vs goose",
      "chick and egg prices",
      "difference between hens",
      "is egg with hen in one pen",
    ])
      expect(found(question)).toEqual([]);
  });

  test("answers what there is of a kind, where its heading names that kind and nothing else", () => {
    for (const question of [
      "what plans are there",
      "which plans do you have?",
      "What kinds of plans can I choose",
      "list all the plans",
    ])
      expect(found(question)).toEqual([[2, table]]);
    expect(found("welche plans gibt es?", COLUMNS, "de")).toHaveLength(1);
    expect(found("hangi diller var?", ITEMS, "tr")).toEqual([[2, ["Türkçe", "Almanca"]]]);
    for (const question of [
      "what boats are there",
      "what plans of the town are there",
      "which plan is best",
      "how are plans paid",
    ])
      expect(found(question)).toEqual([]);
  });

  test("answers by the head of a table's first column, less surely than by a heading", () => {
    expect(found("which harbours are there", ROWS)).toEqual([[1, ["**Mole**: Depth: 4 m", "**Quay**: Depth: 9 m"]]]);
    expect(found("which depths are there", ROWS)).toEqual([]);
  });

  test("is no answer where the heading is a later section's, or where there is one thing only", () => {
    const later = passage("- One\n- Two\n\nPlans\n\nThey cost.", { title: "Costs", headings: ["Plans"] });
    expect(found("what plans are there", later)).toEqual([]);
    const one = passage("- One", { title: "Costs", headings: ["Plans"] });
    expect(found("what plans are there", one)).toEqual([]);
  });

  test("reads a long question in time linear in its length: no more than a sentence is a question for a list", () => {
    expect(found(`what ${"plans ".repeat(50_000)}are there`)).toEqual([]);
  });
});
