/** Reasons in Turkish: numbers and kinds are carried over, and what is not known is shown as it came. */
import { expect, test } from "bun:test";
import { reasonInTurkish } from "../../../web/parts/reasons-tr.ts";

test.each([
  ["the file is larger than 20 MB", "dosya 20 MB'tan büyük"],
  ["the name says text, the content is a program", "adı text diyor, içeriği bir program"],
  ["it answers 404", "sunucusu 404 yanıtını verdi"],
  ["it cannot be reached: ECONNRESET", "ulaşılamıyor: ECONNRESET"],
  ["it cannot be read", "okunamıyor"],
  [
    "3 of its files are of a kind that is not read here (.css, .png)",
    "dosyalarından 3 tanesi burada okunmayan türden (.css, .png)",
  ],
  ["something nobody has translated", "something nobody has translated"],
])("%s → %s", (english, turkish) => {
  expect(reasonInTurkish(english)).toBe(turkish);
});
