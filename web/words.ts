/** Words of the dashboard. Each page keeps its own beside it; English is the form, and by type no language lacks a key. */
import type { Language, Wording } from "../src/i18n.ts";

/** One wording a language, read as `teamWords[visit.language]`. */
export type InEveryLanguage<W> = Readonly<Record<Language, W>>;

export function inEveryLanguage<const English>(words: {
  readonly en: English;
  readonly tr: NoInfer<Wording<English>>;
}): InEveryLanguage<Wording<English>> {
  return words as InEveryLanguage<Wording<English>>;
}
