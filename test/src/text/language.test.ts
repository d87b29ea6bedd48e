import { expect, test } from "bun:test";
import { languageOf } from "../../../src/text/language.ts";

test.each([
  ["How do I pair a sensor?", "en"],
  ["sensörü nasıl eşleştiririm", "tr"],
  ["paneli türkçe yapabiliyor muyuz", "tr"],
  ["iade var mı?", "tr"],
  ["merhaba", "tr"],
  ["Wie kann ich das zurücksetzen?", "de"],
  ["Comment ça marche ?", "fr"],
  ["¿Cómo puedo cambiar mi plan?", "es"],
  ["как это работает", "ru"],
  ["これはどうやって使いますか", "ja"],
])("%s is %s", (text, language) => expect(languageOf(text)).toBe(language));

test.each(["", "ML-207", "🧵🧵", "https://docs.example/how-do-i", "```js\nconst how = 1;\n```", "<@123>"])(
  "%s does not say",
  (text) => expect(languageOf(text)).toBe("und"),
);

test("hurried English is English, three words of names are no language, and neighbours stay what they are", () => {
  expect(languageOf("wich prots do i hav to opn in teh fierwall")).toBe("en");
  expect(languageOf("Apple Watch app?")).toBe("und");
  expect(["danke dir!", "merci beaucoup", "muchas gracias", "teşekkürler"].map(languageOf)).toEqual([
    "de",
    "fr",
    "es",
    "tr",
  ]);
  expect(languageOf("katera vrata moram odpreti v požarnem zidu")).not.toBe("en");
  expect(languageOf("hur installerar jag servern på min dator")).not.toBe("en");
});

test.each([
  ["привет", "ru"],
  ["你好", "zh"],
  ["görüşürüz", "tr"],
  // One letter in five: the others are letters of two units each.
  ["中𝔸𝔸𝔸𝔸", "zh"],
])("%s is %s by its letters, too short for n-grams", (text, language) => expect(languageOf(text)).toBe(language));
