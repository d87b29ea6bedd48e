/** The commonest words of thirteen languages, from `stopword`, as it spells them. Codes are ISO 639-1. */
import * as lists from "stopword";

const STOP_WORDS: Readonly<Record<string, readonly string[]>> = {
  da: lists.dan,
  de: lists.deu,
  en: lists.eng,
  es: lists.spa,
  fi: lists.fin,
  fr: lists.fra,
  it: lists.ita,
  nl: lists.nld,
  no: lists.nob,
  pt: lists.por,
  ru: lists.rus,
  sv: lists.swe,
  tr: lists.tur,
};

/** Empty for a language that has no list here. */
export function commonWordsOf(language: string): readonly string[] {
  return STOP_WORDS[language] ?? [];
}
