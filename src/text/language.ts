/**
 * Detects the language of a message, for the bot's own sentences and for the model's instructions.
 *
 * Algorithm: n-grams (eld) decide when they are certain. Chat is often too short for them; then the script decides, and after it the
 * language's commonest words and its own letters. A tie, or no evidence, gives "und", and the caller uses the guild's language.
 */
import { detect } from "./detector.ts";
import { MISSPELT_SMALL_WORDS } from "./slips.ts";
import { wholeWords } from "./stems.ts";

const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/[\u3040-\u30ff]/g, "ja"],
  [/[\uac00-\ud7af]/g, "ko"],
  [/[\u4e00-\u9fff]/g, "zh"],
  [/[\u0590-\u05ff]/g, "he"],
  [/[\u0600-\u06ff]/g, "ar"],
  [/[\u0370-\u03ff]/g, "el"],
  [/[\u0900-\u097f]/g, "hi"],
  [/[\u0e00-\u0e7f]/g, "th"],
  [/[іїєґ]/gi, "uk"],
  [/[\u0400-\u04ff]/g, "ru"],
];

const WORDS: Readonly<Record<string, string>> = {
  en: "the a an is are do does did how what why when where which who can could i you it my your to of in on for with and or not this that there have has if me we please help get from be will would should was but use set up after any thanks thank hello",
  tr: "ve bir bu şu için ile nasıl nedir ne neden niçin hangi kim mi mı mu mü var yok da de ben sen biz siz çok ama olarak gibi daha değil nerede kaç lütfen yapabilirim olur oluyor yapılır yapmalıyım bana benim sonra kadar merhaba selam acaba veya ya hala ediyor çalışmıyor nerden nereden teşekkürler teşekkür sağol",
  de: "der die das ein eine und ist sind ich du wir sie nicht wie was warum wann wo mit für auf zu von im den dem es kann kannst man mein meine auch oder wenn bitte danke dir hallo guten gibt",
  fr: "le la les un une des et est sont je tu nous vous ne pas comment quoi pourquoi où quand avec pour sur dans mon ma mes que qui au aux du de ce cette peut puis bonjour merci salut",
  es: "el la los las un una y es son yo tú no cómo como qué que por para con en mi mis cuando dónde donde puedo se lo del al está hola hay su gracias buenas",
  pt: "o a os as um uma e é são eu você não como que por para com em meu minha quando onde posso se do da no na está olá há obrigado obrigada oi",
  it: "il lo la i gli le un una e è sono io tu non come che per con in mio mia quando dove posso si del della nel nella ciao ho grazie",
  nl: "de het een en is zijn ik je niet hoe wat waarom wanneer waar met voor op te van in mijn kan kun dat die er ook als bedankt dank",
  pl: "i w na z się nie jest jak co czy do to że mam mogę gdzie kiedy dla po od za ale mój moja są dziękuję dzięki cześć",
};

/** Letters that point at one language among those above. */
const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/[ğışİ]/g, "tr"],
  [/[ß]/g, "de"],
  [/[œçêèà]/g, "fr"],
  [/[ñ¿¡]/g, "es"],
  [/[ãõ]/g, "pt"],
  [/[ąęłńśźż]/g, "pl"],
];

const LANGUAGES_OF = new Map<string, string[]>();
for (const [language, words] of Object.entries({ ...WORDS, en: `${WORDS.en} ${MISSPELT_SMALL_WORDS}` })) {
  for (const word of words.split(" ")) LANGUAGES_OF.set(word, [...(LANGUAGES_OF.get(word) ?? []), language]);
}

/** Without a letter that points at a script or a language. */
const ASCII = /^\p{ASCII}*$/u;

const HURRIED = wholeWords(MISSPELT_SMALL_WORDS.replaceAll(" ", "|"), "giu");
const HURRIED_MIN = 2;

/** This much of a text is enough to detect its language. */
const CHARS_READ_MAX = 4_000;

/** With fewer letters than this, n-grams only guess. */
const LETTERS_SURE_MIN = 8;
const LETTERS_GUESS_MIN = 14;
const WORDS_FEW = 3;

/** ISO 639-1, or "und" where the text does not say. Code, links and mentions have no say. */
export function languageOf(text: string): string {
  const plain = text
    .slice(0, CHARS_READ_MAX)
    .replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+|<[@#:][^>]*>/g, " ");
  const words = plain.match(/\p{L}+/gu);
  if (words === null) return "und";
  const letters = lettersIn(words);
  // Most texts are told by their n-grams alone.
  const guess = () => byWords(plain.toLocaleLowerCase("tr-TR"), plain, letters);
  // "Apple Watch app?" is a name in any language: of so few words one must be the language's own.
  if (words.length <= WORDS_FEW && /^[\p{Script=Latin}\P{L}]*$/u.test(plain)) return guess();
  const found = detect(plain);
  if (letters >= LETTERS_SURE_MIN && found.reliable) {
    // "wich prots do i hav to opn" is no Slovenian: hurried English has its small words.
    const hurried =
      !(found.language in WORDS) && (plain.match(HURRIED)?.length ?? 0) >= HURRIED_MIN && guess() === "en";
    return hurried ? "en" : neighbour(found.language);
  }
  const guessed = guess();
  if (guessed !== "und") return guessed;
  return letters >= LETTERS_GUESS_MIN && found.language !== "" ? neighbour(found.language) : "und";
}

/** A letter beyond the first 65,536 is two units. */
const PAIRED = /[\ud800-\udbff]/g;

function lettersIn(words: readonly string[]): number {
  let letters = 0;
  for (const word of words) letters += word.length - (word.match(PAIRED)?.length ?? 0);
  return letters;
}

/** Azerbaijani is near enough to Turkish to be mistaken for it in a line of chat; we have words in the latter. */
function neighbour(language: string): string {
  return language === "az" ? "tr" : language;
}

function byWords(plain: string, raw: string, letters: number): string {
  const ascii = ASCII.test(raw);
  if (!ascii)
    for (const [script, language] of SCRIPTS) if ((plain.match(script)?.length ?? 0) >= letters * 0.2) return language;

  const scores = new Map<string, number>();
  const add = (language: string, score: number) => scores.set(language, (scores.get(language) ?? 0) + score);
  // Lower-cased the Turkish way above, so that İ and I keep their dot; other languages' "I" is read back here.
  for (const word of plain.match(/\p{L}+/gu) ?? []) {
    const languages = LANGUAGES_OF.get(word) ?? LANGUAGES_OF.get(word.replaceAll("ı", "i"));
    for (const language of languages ?? []) add(language, 1 / (languages?.length ?? 1));
  }
  if (!ascii)
    for (const [letter, language] of LETTERS) add(language, Math.min(2, (raw.match(letter)?.length ?? 0) * 0.7));

  const [best, second] = [...scores].sort((a, b) => b[1] - a[1]);
  if (best === undefined || best[1] < 0.5 || best[1] === second?.[1]) return "und";
  return best[0];
}
