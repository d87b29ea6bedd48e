/**
 * The languages of search: their stop words, and language detection (eld, n-grams).
 * Codes are ISO 639-1; "und" where the language is not known.
 */
import { detect } from "../../text/detector.ts";
import { MISSPELT_SMALL_WORDS } from "../../text/slips.ts";
import { commonWordsOf } from "../../text/stop-words.ts";
import { fold } from "./fold.ts";

/** Text beyond this says nothing new about its language. */
const DETECT_CHARS_MAX = 2_000;

/** With fewer letters than this, detection is a guess. */
const DETECT_LETTERS_MIN = 6;

/** A page of a few words and many names is as easily taken for Malay as for English. */
const DOCUMENT_LETTERS_MIN = 200;

/** Words around a question, not in it: greetings, politeness, "does anybody know how to…", also misspelt. */
const CHAT_WORDS: Readonly<Record<string, string>> = {
  en: `hi hello hey please pls plz thanks thank thx ty guys everyone everybody anyone anybody someone somebody know help
    question ask asking wondering wonder tell explain want wanted need needed trying try tried does doing done don doesn
    didn isn aren wasn won wouldn couldn shouldn can't cannot dont doesnt didnt isnt cant wont im ive id ill whats hows
    theres how's what's there's why when whom whose it's i'm i've i'd i'll me us just really actually maybe perhaps idea
    advice suggestion anything something thing things able way ways possible u ur ok okay yes no not without than
    will shall may let lets going go get getting got would could should again here
    plss plase pleas wanna gonna gotta dunno ${MISSPELT_SMALL_WORDS}`,
  ja: `です ます した する ので から こと もの どう よう くだ ださ さい 教え えて 何で どの どこ いつ`,
  zh: `怎么 什么 如何 怎样 么样 为什 请问 可以 能否 哪里 哪个 多少 是否`,
  tr: `merhaba selam slm lütfen lutfen teşekkürler tesekkurler sağolun arkadaşlar arkadaslar millet beyler hocam acaba
    bilen biliyor bilgisi yardım yardim yardımcı yardimci soru sorum nasıl nasil neden niye hangi kaç kac nerede nereden
    nereye zaman mı mi mu mü mıdır midir musunuz misiniz var yok istiyorum lazım lazim gerek gerekiyor olur oluyor yapabilirim
    yapılır yapilir yaparım yaparim edebilirim edilir ederim bir şey sey şu bu ne`,
};

const stopSets = new Map<string, ReadonlySet<string>>();

/** Folded stop words and chat words of a language; empty where none are known. */
export function stopWordsOf(language: string): ReadonlySet<string> {
  const known = stopSets.get(language);
  if (known !== undefined) return known;
  const words = [...commonWordsOf(language), ...(CHAT_WORDS[language] ?? "").split(/\s+/)];
  const set = new Set(words.filter((word) => word !== "").map(fold));
  stopSets.set(language, set);
  return set;
}

/** The best guess at the language of a message, or "und" for too little of it. */
export function detectLanguage(text: string): string {
  return guess(text, DETECT_LETTERS_MIN).language;
}

/** The language of a page: said only where there is enough of it to be sure, or "und", which search takes for the guild's main one. */
export function documentLanguage(text: string): string {
  const { language, reliable } = guess(text, DOCUMENT_LETTERS_MIN);
  return reliable ? language : "und";
}

function guess(text: string, lettersMin: number): { readonly language: string; readonly reliable: boolean } {
  const sample = text
    .slice(0, DETECT_CHARS_MAX)
    .replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+|\]\([^)\s]*\)|<[^>\n]{1,64}>/g, " ");
  if (!hasLetters(sample, lettersMin)) return { language: "und", reliable: false };
  const found = detect(sample);
  return { language: found.language === "" ? "und" : found.language, reliable: found.reliable };
}

const LETTER = /\p{L}/gu;

function hasLetters(text: string, count: number): boolean {
  LETTER.lastIndex = 0;
  for (let left = count; left > 0; left--) if (!LETTER.test(text)) return false;
  return true;
}
