/**
 * What scripts need before words can be compared: a run of letters cut where its script changes, Chinese and Japanese by twos, Korean
 * nouns without their particles, Arabic and Hebrew without marks and in one spelling, traditional Chinese characters as simplified
 * ones. Pure; used by search, by quotes and by memory alike, so that all of them mean the same word.
 */
import simplifiedOf from "opencc-js/dict/TSCharacters";

export type Script = "spaceless" | "hangul" | "other";
export type Run = { readonly text: string; readonly script: Script };

const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々〆]/u;
const HANGUL = /\p{Script=Hangul}/u;
const NEITHER = /^[\p{N}\p{M}_.\-/:@'’+&#]$/u;
const HIRAGANA = /^\p{Script=Hiragana}+$/u;

/** True for text that has letters of a script without spaces, or Korean ones. */
export function isMixedScript(text: string): boolean {
  return SPACELESS.test(text) || HANGUL.test(text);
}

/** Cut where the script changes; digits and signs stay with what they follow. */
export function scriptRuns(text: string): Run[] {
  const runs: { text: string; script: Script }[] = [];
  for (const char of text) {
    const last = runs.at(-1);
    const own: Script = SPACELESS.test(char) ? "spaceless" : HANGUL.test(char) ? "hangul" : "other";
    const script = last !== undefined && last.script !== "other" && /\p{M}/u.test(char) ? last.script : own;
    if (last === undefined || last.script !== script) runs.push({ text: char, script });
    else last.text += char;
  }
  return runs
    .map((run) => (run.script === "other" ? { ...run, text: trimJoiners(run.text) } : run))
    .filter((run) => run.text !== "");
}

/** A text without spaces by twos, which serves search as well as a dictionary does; one letter alone stays. */
export function bigrams(text: string): string[] {
  const letters = [...text];
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
}

/** Nothing but grammar in Japanese: endings and particles are written in hiragana. */
export function isHiragana(text: string): boolean {
  return HIRAGANA.test(text);
}

/** Longest first. A particle is only taken off where two syllables stay: nouns of one are rare and end like particles. */
const PARTICLES =
  "에서부터 으로부터 에서는 에게서 이라고 으로는 에서도 이라는 한테서 까지는 부터는 에는 에도 에서 에게 한테 으로 이나 부터 까지 보다 처럼 마다 조차 마저 밖에 이랑 하고 라고 께서 라는 만을 만의 들이 들은 들을 을 를 이 가 은 는 의 에 로 와 과 도 만 나 랑 요".split(
    " ",
  );

/** A Korean word's noun, where a particle follows it. */
export function withoutParticle(word: string): string {
  const composed = word.normalize("NFC");
  for (const particle of PARTICLES) {
    if (composed.endsWith(particle) && composed.length - particle.length >= 2) {
      return composed.slice(0, composed.length - particle.length);
    }
  }
  return composed;
}

/** Vowel and cantillation marks, the tatweel, and marks over the alef that many people do not type. */
const SEMITIC_MARKS =
  /[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/g;
const ARABIC = /[\u0600-\u06ff]/;
const ONE_SPELLING: Readonly<Record<string, string>> = {
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ٱ: "ا",
  ى: "ي",
  ی: "ي",
  ئ: "ي",
  ؤ: "و",
  ة: "ه",
  ۀ: "ه",
  ک: "ك",
};
const HAN = /\p{Script=Han}/u;
const traditional = new Map(
  simplifiedOf.split("|").map((pair) => {
    const [from = "", to = ""] = pair.split(" ");
    return [from, to.split(" ")[0] ?? to] as const;
  }),
);

/** One form for what a script's writers spell in several ways. Expects NFC or NFKC, lower case. */
export function oneSpelling(text: string): string {
  if (HAN.test(text)) return [...text].map((char) => traditional.get(char) ?? char).join("");
  const bare = text.replace(SEMITIC_MARKS, "");
  return ARABIC.test(bare) ? [...bare].map((char) => ONE_SPELLING[char] ?? char).join("") : bare;
}

const PREFIXES = ["وال", "بال", "كال", "فال", "لل", "ال"];
const SUFFIXES = ["ها", "ان", "ات", "ون", "ين", "يه", "تي", "ني", "ه", "ي"];

/** An Arabic word without its article and its commonest endings (Larkey's light10), in one spelling already. */
export function arabicStem(word: string): string {
  if (!ARABIC.test(word)) return word;
  let stem = word;
  const prefix = PREFIXES.find((p) => stem.startsWith(p) && stem.length - p.length >= 3);
  if (prefix !== undefined) stem = stem.slice(prefix.length);
  const suffix = SUFFIXES.find((s) => stem.endsWith(s) && stem.length - s.length >= 3);
  return suffix === undefined ? stem : stem.slice(0, stem.length - suffix.length);
}

function trimJoiners(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && NEITHER.test(text[from] ?? "") && !/[\p{N}_]/u.test(text[from] ?? "")) from++;
  while (to > from && NEITHER.test(text[to - 1] ?? "") && !/[\p{N}_+#]/u.test(text[to - 1] ?? "")) to--;
  return text.slice(from, to);
}
