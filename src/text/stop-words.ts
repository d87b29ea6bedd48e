/**
 * The commonest words of thirteen languages, from `stopword`, as it spells them. Codes are ISO 639-1.
 * Each list by itself: all of them would cost every thread two megabytes.
 */
import { dan } from "stopword/src/stopwords_dan.js";
import { deu } from "stopword/src/stopwords_deu.js";
import { eng } from "stopword/src/stopwords_eng.js";
import { fin } from "stopword/src/stopwords_fin.js";
import { fra } from "stopword/src/stopwords_fra.js";
import { ita } from "stopword/src/stopwords_ita.js";
import { nld } from "stopword/src/stopwords_nld.js";
import { nob } from "stopword/src/stopwords_nob.js";
import { por } from "stopword/src/stopwords_por.js";
import { rus } from "stopword/src/stopwords_rus.js";
import { spa } from "stopword/src/stopwords_spa.js";
import { swe } from "stopword/src/stopwords_swe.js";
import { tur } from "stopword/src/stopwords_tur.js";

const STOP_WORDS: Readonly<Record<string, readonly string[]>> = {
  da: dan,
  de: deu,
  en: eng,
  es: spa,
  fi: fin,
  fr: fra,
  it: ita,
  nl: nld,
  no: nob,
  pt: por,
  ru: rus,
  sv: swe,
  tr: tur,
};

/** Empty for a language that has no list here. */
export function commonWordsOf(language: string): readonly string[] {
  return STOP_WORDS[language] ?? [];
}
