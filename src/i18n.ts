/** Words in the reader's language. `i18n/en.ts` is the form; every other language must have the same keys, by type. */

import { BOT_LINES } from "./i18n/bot-lines.ts";
import { en } from "./i18n/en.ts";
import { tr } from "./i18n/tr.ts";
import type { LANGUAGES } from "./settings/form.ts";

export type Language = (typeof LANGUAGES)[number];

/** English's form with the exact wording left open, so that a missing or misspelt key does not compile. */
export type Wording<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : T[K] extends string
      ? string
      : Wording<T[K]>;
};

export type Words = Wording<typeof en>;

const WORDS: Readonly<Record<Language, Words>> = { en, tr };

export function words(language: Language): Words {
  return WORDS[language];
}

/** The first of `wanted` that we have words in; English where there is none. Takes tags such as `tr-TR`. */
export function languageFor(...wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const base = tag?.toLowerCase().split(/[-_]/)[0];
    if (base === "en" || base === "tr") return base;
  }
  return "en";
}

export type BotWords = Words["bot"];

/** The bot speaks more languages than its dashboard. */
const BOT_WORDS: ReadonlyMap<string, BotWords> = new Map([
  ...Object.entries(BOT_LINES).map(([language, lines]) => {
    const refused = { ...en.bot.refused, ...lines.refused };
    return [language, { ...en.bot, ...lines, refused }] as const;
  }),
  ["en", en.bot],
  ["tr", tr.bot],
]);

/** What the bot itself says, in the first of `wanted` that it has lines in; English where there is none. */
export function botLines(...wanted: readonly (string | null | undefined)[]): BotWords {
  for (const tag of wanted) {
    const found = BOT_WORDS.get(tag?.toLowerCase().split(/[-_]/)[0] ?? "");
    if (found !== undefined) return found;
  }
  return en.bot;
}
