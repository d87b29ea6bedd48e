/**
 * The words of a text, ready for comparison: folded, without the commonest words, cut to a stem: a rough one in English and Turkish,
 * Snowball's in the other languages that have one. It only reads the few passages that the index has found.
 */
import { ownCopy } from "./own-copy.ts";
import { arabicStem, bigrams, isHiragana, isMixedScript, oneSpelling, scriptRuns, withoutParticle } from "./scripts.ts";
import { MISSPELT_SMALL_WORDS } from "./slips.ts";
import { snowballStem } from "./snowball.ts";
import { commonWordsOf } from "./stop-words.ts";

const STOP_WORDS = new Set(
  (
    "a an the and or but if of to in on at by for with from into as is are was were be been being am do does did done has have had " +
    "can could will would shall should may might must i me my mine you your yours he him his she her it its we us our they them their " +
    "this that these those there here what which who whom whose when where why how not no yes so than then too very just please " +
    "mean means meaning explain help hi hello hey thanks thank anyone someone anybody know tell want need get got any some all also about up out over " +
    "ve veya ya ile için bir bu şu o ben sen biz siz onlar mi mı mu mü da de ki ne nasıl neden niye niçin hangi kim nerede kaç var yok " +
    "çok daha en gibi kadar ama fakat lütfen merhaba selam acaba bana benim bunu şunu onu olur olarak ise değil evet hayır " +
    "什么 怎么 如何 怎样 为什 请问 可以 能否 吗 呢 的 是 了 我 我们 " +
    `${MISSPELT_SMALL_WORDS} ` +
    "yapılır yapabilirim yapmalıyım yaparım ederim edebilirim demek anlama gelir gelen gerekir gerekiyor lazım istiyorum nedir neresi"
  ).split(" "),
);
const TURKISH_STEM_LETTERS = 5;
const ROUGHLY_STEMMED: ReadonlySet<string> = new Set(["en", "tr", "und"]);

/** Any of `alternatives` as whole words in any alphabet: `\b` knows only ASCII, and takes "ç" for a gap between words. */
export function wholeWords(alternatives: string, flags = "iu"): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, flags);
}

export function stemsOf(text: string, language: string): readonly string[] {
  const stems: string[] = [];
  for (const word of wordsIn(text)) for (const stem of stemsOfWord(word, language)) stems.push(stem);
  return stems;
}

/** The words that `stemsOf` stems, folded, the commonest among them. */
export function wordsIn(text: string): readonly string[] {
  return fold(text).match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}_]*(?:[-.'’][\p{L}\p{N}\p{M}_]+)*/gu) ?? [];
}

/** Of one of `wordsIn`: none where it is one of the commonest. */
export function stemsOfWord(word: string, language: string): readonly string[] {
  return memory.get(language)?.get(word) ?? remember(word, language);
}

/** A word is stemmed by a dozen patterns, and words repeat: each thread remembers so many of all languages together, some 200 bytes each. */
const WORDS_MAX = 16_384;
/** A text without spaces, or a hash: not met again. */
const WORD_CHARS_MAX = 32;
const memory = new Map<string, Map<string, readonly string[]>>();
let remembered = 0;

function remember(word: string, language: string): readonly string[] {
  if (word.length > WORD_CHARS_MAX) return stemAnew(word, language);
  // What is cut out of a text would keep all of it.
  const own = ownCopy(word);
  const stems = stemAnew(own, language);
  if (remembered >= WORDS_MAX) {
    memory.clear();
    remembered = 0;
  }
  remembered++;
  const known = memory.get(language) ?? new Map<string, readonly string[]>();
  memory.set(language, known);
  known.set(own, stems);
  return stems;
}

function stemAnew(word: string, language: string): readonly string[] {
  const common = commonIn(language);
  if (common.has(word)) return [];
  if (isMixedScript(word)) return stemsOfRuns(word, language);
  const stems = [stem(word, language)];
  // "ML-207" and "auto-update" are found by their halves too.
  if (/[-.]/.test(word))
    for (const part of word.split(/[-.]/)) if (part.length > 3 && !common.has(part)) stems.push(stem(part, language));
  return stems;
}

/** Chinese and Japanese by twos, without what is only grammar; Korean nouns; words of other scripts between them as usual. */
function stemsOfRuns(word: string, language: string): string[] {
  return scriptRuns(word).flatMap(({ text, script }) => {
    if (script === "other") return stemsOf(text, language);
    if (script === "hangul") return [withoutParticle(text)];
    return bigrams(oneSpelling(text)).filter((pair) => !isHiragana(pair) && !STOP_WORDS.has(pair));
  });
}

const commonOf = new Map<string, ReadonlySet<string>>();

/** The commonest words of a language beside those of English and Turkish, which are asked in everywhere. */
function commonIn(language: string): ReadonlySet<string> {
  const own = commonWordsOf(language);
  if (ROUGHLY_STEMMED.has(language) || own.length === 0) return STOP_WORDS;
  const known = commonOf.get(language) ?? new Set([...STOP_WORDS, ...own]);
  commonOf.set(language, known);
  return known;
}

function fold(text: string): string {
  return text.replace(/İ/g, "i").toLowerCase().normalize("NFC");
}

/** "l'abonnement", "dell'assemblea": the word is behind the apostrophe, and not an ending. */
const ELIDING: ReadonlySet<string> = new Set(["fr", "it", "ca"]);
const ELIDED = /^(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu|un|dell|all|nell|sull|dall|quell|quest)['’](?=\p{L})/u;

function stem(word: string, language: string): string {
  const whole = ELIDING.has(language) ? word.replace(ELIDED, "") : word;
  const base = arabicStem(oneSpelling(whole.replace(/['’].*$/, "")));
  if (/\d/.test(base)) return base;
  if (language === "tr" || /[ğşı]/.test(base)) return base.slice(0, TURKISH_STEM_LETTERS);
  if (base.length <= 3) return base;
  if (!ROUGHLY_STEMMED.has(language)) return snowballStem(base, language);
  return base
    .replace(/(?:ies|ied)$/, "y")
    .replace(/(?:ations?|ating|ated|ates?)$/, "at")
    .replace(/(?:ings?|edly|ed|ers?|ment|ments|ly)$/, (suffix) => (base.length - suffix.length >= 3 ? "" : suffix))
    .replace(/(?:sses)$/, "ss")
    .replace(/([^s])s$/, "$1")
    .replace(/e$/, "")
    .replace(/([bdfglmnprt])\1$/, "$1");
}
