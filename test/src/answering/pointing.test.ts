import { expect, test } from "bun:test";
import { pointsAtOthers, pointsElsewhere } from "../../../src/answering.ts";

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
    "???",
    "it doesn't work",
  ]) {
    expect({ text, points: pointsElsewhere(text) }).toEqual({ text, points: true });
  }
  for (const text of [
    "how do I reset the kettle?",
    "kettle leaks at night",
    "şifremi nasıl sıfırlarım",
    "怎么恢复出厂设置",
    // A courtesy, a row of emoji, the wish for a person and one word of one's own are about nothing above.
    "hi, how are you?",
    "thanks, that worked!",
    "🐦🐦🐦",
    "I need to talk to a human",
    "pricing?",
  ]) {
    expect({ text, points: pointsElsewhere(text) }).toEqual({ text, points: false });
  }
});

test("a complaint is about one's own line above; a call for help, or another's name, about anybody's", () => {
  for (const text of ["it doesn't work", "çalışmıyor", "problem"]) expect(pointsAtOthers(text)).toBe(false);
  for (const text of ["^", "can you help her?", "same problem here", "he has a problem"])
    expect(pointsAtOthers(text)).toBe(true);
});
