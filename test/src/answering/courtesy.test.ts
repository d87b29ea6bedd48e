/** What is said to be polite is answered politely; whatever asks for something is looked up. */
import { describe, expect, test } from "bun:test";
import { courtesyIn } from "../../../src/answering/courtesy.ts";

describe("a courtesy", () => {
  test.each([
    ["hi", "greeting"],
    ["Hello there!", "greeting"],
    ["GOOD MORNING 😄", "greeting"],
    ["Merhaba", "greeting"],
    ["iyi akşamlar, selam", "greeting"],
    ["🐦🐦🐦", "greeting"],
    ["…", "greeting"],
    ["thanks!", "thanks"],
    ["thank you so much, that helped a lot", "thanks"],
    ["ok thx 👍", "thanks"],
    ["teşekkürler, çok işime yaradı 🙏", "thanks"],
    ["TEŞEKKÜR EDERİM", "thanks"],
    ["sağ ol", "thanks"],
  ] as const)("%j is a %s", (text, kind) => expect(courtesyIn(text)).toBe(kind));

  test.each([
    "thanks, and how do I reset it?",
    "hi, my hub is offline",
    "hello world example in Rust",
    "reset",
    "ML-301",
    "good night mode",
    "it works",
    "ok",
    "hi?",
    "teşekkürler, peki Windows'ta",
    "thanks ".repeat(11),
  ])("%j is none", (text) => expect(courtesyIn(text)).toBeNull());
});
