/** What is said to be polite is answered politely; whatever asks for something is looked up. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { asksNothing, courtesyIn } from "../../../src/answering/courtesy.ts";

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
    ["good bot", "thanks"],
    ["hi, how are you?", "how-are-you"],
    ["Hey there! What's up?", "how-are-you"],
    ["how's it going bot", "how-are-you"],
    ["selam, nasılsın?", "how-are-you"],
    ["Hola, ¿qué tal?", "how-are-you"],
    ["Hallo, wie geht's?", "how-are-you"],
    ["привет, как дела?", "how-are-you"],
    ["hi how are you, thanks", "thanks"],
    ["you are useless", "insult"],
    ["stupid bot", "insult"],
    ["this bot sucks", "insult"],
    ["fuck you", "insult"],
    ["you are a useless piece of trash", "insult"],
    ["are you stupid?", "insult"],
    ["sen çok aptal", "insult"],
    ["Buenos días", "greeting"],
    ["Guten Morgen!", "greeting"],
    ["dzień dobry", "greeting"],
    ["こんにちは", "greeting"],
    ["你好", "greeting"],
    ["안녕하세요", "greeting"],
    ["नमस्ते", "greeting"],
    ["ありがとうございます", "thanks"],
    ["gracias amigo", "thanks"],
    ["merci beaucoup", "thanks"],
    ["danke dir!", "thanks"],
    ["sen ne biçim botsun aptal", "insult"],
    ["большое спасибо", "thanks"],
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
    "thanks ".repeat(13),
    "hi, how are you supposed to reset it?",
    "why is my stupid sensor not working",
    "the app sucks at syncing, how do I fix it",
    "how are you billed?",
    "fuck my hub is broken",
    "you are useless, my hub is offline",
    "you suck at ML-301",
    "is it off?",
    "it is off",
    "işe yaramıyor",
    "it doesn't work",
    "what is a garbage collector",
    "hola, ¿cómo configuro el hub?",
  ])("%j is none", (text) => expect(courtesyIn(text)).toBeNull());
});

test.each(["ok", "lol nice", "it works", "yes", "cool, got it", "👍", "tamam"])("%j asks nothing", (text) =>
  expect(asksNothing(text)).toBe(true),
);

test.each(["and on Windows?", "why?", "hm?", "it doesn't", "no"])("%j may ask something", (text) =>
  expect(asksNothing(text)).toBe(false),
);

test("a text in plain letters is read word by word as any other is read at once", () => {
  const word = fc.constantFrom(
    ...[
      "hi",
      "how",
      "are",
      "you",
      "thank",
      "THANKS",
      "so",
      "much",
      "good",
      "bot",
      "stupid",
      "what's",
      "up",
      "it's",
      "'",
      "`",
    ],
    ...["hub", "s3nsor", "going", "ok", "nice", "useless", "?", "!", "…"],
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 16 }), fc.constantFrom(" ", ", ", "  "), (words, between) => {
      const plain = words.filter((one) => one !== "…").join(between);
      // What is no letter and no digit is no word: it only has the whole text folded.
      const other = `${plain} …`;
      expect([courtesyIn(plain), asksNothing(plain)]).toEqual([courtesyIn(other), asksNothing(other)]);
    }),
    { numRuns: 5_000 },
  );
});
