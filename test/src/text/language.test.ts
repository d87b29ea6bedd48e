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
