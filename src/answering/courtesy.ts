/**
 * A greeting, thanks, "how are you?" or an insult and nothing besides: answered in kind, not looked up in the knowledge base.
 *
 * Algorithm: phrases that ask how the bot is are taken out first, then every word left must be known. One word that is not makes
 * it a question, so that "hi, my stupid sensor is broken" is never taken for small talk. Pure, and linear in the text's length.
 * Called by compose.ts for messages to the bot; the prefilter already takes the others for small talk.
 */
import { FILLERS, GREETINGS, HOW_ARE_YOU, INSULTS, PRAISE, THANKS } from "./courtesy-words.ts";

export type Courtesy = "greeting" | "thanks" | "how-are-you" | "insult";

/** Nothing to be folded but capitals. */
const PLAIN = /^[ -~\s]*$/;

const greetings = setOf(GREETINGS);
const thanks = setOf(THANKS);
const insults = setOf(INSULTS);
const fillers = setOf(FILLERS);

type Phrase = { readonly words: readonly string[]; readonly kind: Courtesy };

/** By their first word, the longest first. */
const phrases = new Map<string, Phrase[]>();
for (const [kind, list] of [
  ["how-are-you", HOW_ARE_YOU],
  ["thanks", PRAISE],
] as const) {
  for (const text of list) {
    const words = wordsOf(text);
    const [first = ""] = words;
    const others = phrases.get(first) ?? [];
    phrases.set(
      first,
      [...others, { words, kind }].sort((a, b) => b.words.length - a.words.length),
    );
  }
}

const WORDS_MAX = 12;
const CHARS_MAX = 200;
/** In an insult to the bot; elsewhere each word must be known. */
const UNKNOWN_MAX = 1;
const TO_BOT =
  /^\W*(?:(?:wow|lol|bro|dude|man|ok|ya|ey) )?(?:you|u|ur|what an?|this bot|such an?|sen|siz|du|tu|tú|eres|você|ты|вы)(?:['’]re|['’]r)?(?![\p{L}\p{N}])[^?？\d]*$/iu;

/** Null: there is something to answer. Text without one letter or digit, a row of emoji, is a greeting. */
export function courtesyIn(text: string): Courtesy | null {
  const found = kindsIn(text);
  if (found === null) return null;
  // An insult is heard however it is wrapped, and who asks how the bot is has greeted it.
  for (const kind of ["insult", "thanks", "how-are-you", "greeting"] as const) if (found.has(kind)) return kind;
  return found.size === 0 && wordsOf(text).length === 0 ? "greeting" : null;
}

/** Nothing in it but courtesies and words such as "ok" and "nice": said to go on, not to ask. */
export function asksNothing(text: string): boolean {
  return kindsIn(text) !== null;
}

/** Null where one word is none of them. */
function kindsIn(text: string): ReadonlySet<Courtesy> | null {
  if (text.length > CHARS_MAX) return null;
  // Most lines are none by their first words: the rest is not read.
  const wordAt = PLAIN.test(text) ? plainWords(text) : listed(wordsOf(text));
  const found = new Set<Courtesy>();
  let unknown = 0;
  for (let at = 0, word = wordAt(0); word !== undefined; word = wordAt(at)) {
    if (at >= WORDS_MAX) return null;
    const starting = phrases.get(word);
    const phrase = starting?.find((it) => it.words.every((other, index) => wordAt(at + index) === other));
    if (phrase !== undefined) {
      found.add(phrase.kind);
      at += phrase.words.length;
      if (at > WORDS_MAX) return null;
      continue;
    }
    if (insults.has(word)) found.add("insult");
    else if (thanks.has(word)) found.add("thanks");
    else if (greetings.has(word)) found.add("greeting");
    else if (!fillers.has(word) && ++unknown > UNKNOWN_MAX) return null;
    at++;
  }
  // "you are a useless piece of junk": addressed to the bot and asks nothing, with any word in between.
  if (unknown > 0 && !(found.has("insult") && TO_BOT.test(text))) return null;
  // A question mark asks something, unless it asked how the bot is or stands behind an insult.
  return /[?？]/.test(text) && !found.has("how-are-you") && !found.has("insult") ? null : found;
}

type WordAt = (at: number) => string | undefined;

function listed(words: readonly string[]): WordAt {
  return (at) => words[at];
}

/** The words that `wordsOf` gives of a plain text, read as far as they are asked for. */
function plainWords(text: string): WordAt {
  const words: string[] = [];
  let i = 0;
  return (at) => {
    while (words.length <= at && i < text.length) {
      const from = i;
      let apostrophes = false;
      for (; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code === APOSTROPHE || code === BACKTICK) apostrophes = true;
        else if (!isLetterOrDigit(code)) break;
      }
      const word = text.slice(from, i++).toLowerCase();
      const bare = apostrophes ? word.replace(/['`]/g, "") : word;
      if (bare !== "") words.push(bare);
    }
    return words[at];
  };
}

const APOSTROPHE = 39;
const BACKTICK = 96;

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/** Dotted and dotless i are one letter here, accents are none: "İYİ", "iyi" and "HI", "olá" and "ola" are found alike. */
function wordsOf(text: string): string[] {
  if (PLAIN.test(text))
    return (
      text
        .toLowerCase()
        .replace(/['`]/g, "")
        .match(/[a-z0-9]+/g) ?? []
    );
  const folded = text
    .toLocaleLowerCase("tr")
    .replaceAll("ı", "i")
    .replace(/['’`´]/g, "")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .normalize("NFC");
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(wordsOf(words));
}
