/** Stems of thirteen languages (Snowball, from @orama/stemmers). Codes are ISO 639-1. Used by search, by quotes and by the check of facts. */
import { stemmer as danish } from "@orama/stemmers/danish";
import { stemmer as dutch } from "@orama/stemmers/dutch";
import { stemmer as english } from "@orama/stemmers/english";
import { stemmer as finnish } from "@orama/stemmers/finnish";
import { stemmer as french } from "@orama/stemmers/french";
import { stemmer as german } from "@orama/stemmers/german";
import { stemmer as italian } from "@orama/stemmers/italian";
import { stemmer as norwegian } from "@orama/stemmers/norwegian";
import { stemmer as portuguese } from "@orama/stemmers/portuguese";
import { stemmer as russian } from "@orama/stemmers/russian";
import { stemmer as spanish } from "@orama/stemmers/spanish";
import { stemmer as swedish } from "@orama/stemmers/swedish";
import { stemmer as turkish } from "@orama/stemmers/turkish";

/**
 * Turkish stems end here, on top of Snowball's: the first letters serve search as well as a lemmatiser does for a language
 * of stacked suffixes, verbs above all (Can et al., "Information retrieval on Turkish texts", JASIST 59, 2008).
 */
const TURKISH_STEM_LETTERS = 5;

const STEMMERS: Readonly<Record<string, (word: string) => string>> = {
  da: danish,
  de: german,
  en: english,
  es: spanish,
  fi: finnish,
  fr: french,
  it: italian,
  nl: dutch,
  no: norwegian,
  pt: portuguese,
  ru: russian,
  sv: swedish,
  tr: (word) => turkish(word).slice(0, TURKISH_STEM_LETTERS),
};

/** The word's stem in `language`, in the language's own letters; the word itself where the language has no stemmer here. */
export function snowballStem(word: string, language: string): string {
  return STEMMERS[language]?.(word) ?? word;
}
