/** Intl's formats, each made once: making one costs as much as a whole row of a table, and a page writes hundreds of figures. */
import { createRecent, type Recent } from "../../src/recent.ts";

/** Of two languages and the few ways in which pages write. */
const FORMATS_MAX = 200;

const numbers = createRecent<string, Intl.NumberFormat>(FORMATS_MAX);
const dates = createRecent<string, Intl.DateTimeFormat>(FORMATS_MAX);
const names = createRecent<string, Intl.DisplayNames>(FORMATS_MAX);
const distances = createRecent<string, Intl.RelativeTimeFormat>(FORMATS_MAX);

export function numberFormat(language: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return kept(numbers, language, options, () => new Intl.NumberFormat(language, options));
}

export function dateFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(dates, language, options, () => new Intl.DateTimeFormat(language, options));
}

export function distanceFormat(language: string, options: Intl.RelativeTimeFormatOptions): Intl.RelativeTimeFormat {
  return kept(distances, language, options, () => new Intl.RelativeTimeFormat(language, options));
}

/** Names of the languages of pages and answers, for the reader. */
export function languageNames(reader: string): Intl.DisplayNames {
  return kept(names, reader, {}, () => new Intl.DisplayNames(reader, { type: "language" }));
}

function kept<Format>(formats: Recent<string, Format>, language: string, options: object, make: () => Format): Format {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = make();
  formats.set(key, made);
  return made;
}
