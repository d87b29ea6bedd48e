/**
 * Words for the stand-in's reading: folding, a prefix stem that serves English and Turkish alike,
 * and how much of a question a text covers (rare words weigh more).
 */
const STOP = new Set(
  (
    "a an and any are as at be been but by can could did do does for from get had has have how i if in into is it its " +
    "me my no not of on or our out please should so that the their them then there these they this to up us was we were " +
    "what whats when where which who why will with would you your about also just tell know need want wants anyone hi hello hey thanks " +
    "one ones way go goes going went still more most much many some other than only very like make made let lets say says " +
    "thing things got dont doesnt cant wont isnt thats theres don doesn didn isn won ll ve re im am because while off " +
    "acaba ama ben bir bu bunu da de degil diye gibi hangi icin ile ise kac ki mi mu ne neden nasil nerede nedir " +
    "olan olarak o su var ve veya ya yok mi miyim misin olur oluyor benim lutfen merhaba selam kim zaman"
  ).split(" "),
);
const STEM_CHARS = 5;

/** Lower case without accents; Turkish dotted and dotless i become one letter. */
export function fold(text: string): string {
  return text
    .replace(/[İIı]/g, "i")
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}+/gu, "");
}

/** Content words as stems, in order; "resetting" and "resets" become one. */
export function stems(text: string): string[] {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !STOP.has(word) && (word.length > 1 || /\d/.test(word))).map(stem);
}

/** Weights of a question's stems by how few of `texts` hold them; a stem in none weighs most. */
export function weights(question: string, texts: readonly ReadonlySet<string>[]): ReadonlyMap<string, number> {
  const wanted = new Map<string, number>();
  for (const word of stems(question)) {
    const holders = texts.filter((text) => text.has(word)).length;
    wanted.set(word, Math.log(1 + (texts.length + 1) / (holders + 0.5)));
  }
  return wanted;
}

/** The share of `wanted` that `words` holds, 0..1; 0 for a question without content words. */
export function coverage(wanted: ReadonlyMap<string, number>, words: ReadonlySet<string>): number {
  let total = 0;
  let held = 0;
  for (const [word, weight] of wanted) {
    total += weight;
    if (words.has(word)) held += weight;
  }
  return total === 0 ? 0 : held / total;
}

/** `tr` for Turkish text, `en` for anything else: what the stand-in can say its own sentences in. */
export function languageOf(text: string): "tr" | "en" {
  const letters = text.match(/[ğĞşŞıİçÇöÖüÜ]/g)?.length ?? 0;
  const words = fold(text).match(/\b(?:ve|bir|icin|nasil|nedir|mi|mu|ile|degil|hangi|neden|nerede|var|yok|olur)\b/g);
  return letters >= 2 || (words?.length ?? 0) >= 2 || (letters === 1 && (words?.length ?? 0) > 0) ? "tr" : "en";
}

function stem(word: string): string {
  const singular = word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
  return singular.slice(0, STEM_CHARS);
}
