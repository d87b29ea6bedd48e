/**
 * A text as words that an index finds: accents that people leave out are gone, İ, I and ı are i, punctuation parts words, and of scripts
 * that write no spaces each character is a word. The guild's id is one of the words, so that a search walks one guild's hits alone.
 * An index and its queries must hold this very expression.
 */

/** From each letter to the one that people type for it; in both cases, since not every locale of PostgreSQL knows the upper one. */
export const PLAIN_LETTERS: ReadonlyMap<string, string> = new Map(
  [
    ["i", "ıİI"],
    ["s", "şŞ"],
    ["g", "ğĞ"],
    ["c", "çÇ"],
    ["o", "öÖ"],
    ["u", "üÜûÛ"],
    ["a", "âÂ"],
    ["i", "îÎ"],
    ["e", "éÉèÈ"],
    ["n", "ñÑ"],
  ].flatMap(([plain = "", written = ""]) => [...written].map((letter) => [letter, plain] as const)),
);

/** Thai to Khmer, kana, and Han: written without spaces. */
export const UNSPACED = "\\u0E00-\\u0EFF\\u1000-\\u109F\\u1780-\\u17FF\\u3040-\\u30FF\\u3400-\\u9FFF\\uF900-\\uFAFF";

/** Before the guild's id, so that who looks for the id itself does not find every text. */
export const GUILD_WORD = "gh";

/** SQL over the columns of these names. */
export function wordsOf(guild: string, text: string): string {
  const letters = [...PLAIN_LETTERS.keys()].join("");
  const plain = [...PLAIN_LETTERS.values()].join("");
  const parted = `regexp_replace(translate(${text}, '${letters}', '${plain}'), '([${UNSPACED}])|[!-/:-@[-\`{-~]', ' \\1 ', 'g')`;
  return `to_tsvector('simple', '${GUILD_WORD}' || ${guild} || ' ' || ${parted})`;
}
