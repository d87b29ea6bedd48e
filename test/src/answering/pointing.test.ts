import { expect, test } from "bun:test";
import { pointsElsewhere } from "../../../src/answering.ts";

test("words that only ask for help point; a question of its own does not", () => {
  for (const text of [
    "",
    "^",
    "👆",
    "this",
    "see title",
    "help him please",
    "what he said",
    "şuna bakar mısın",
    "请帮他",
  ]) {
    expect({ text, points: pointsElsewhere(text) }).toEqual({ text, points: true });
  }
  for (const text of [
    "how do I reset the kettle?",
    "kettle leaks at night",
    "şifremi nasıl sıfırlarım",
    "怎么恢复出厂设置",
  ]) {
    expect({ text, points: pointsElsewhere(text) }).toEqual({ text, points: false });
  }
});
