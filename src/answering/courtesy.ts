/**
 * A greeting or thanks and nothing besides, in English or Turkish: answered in kind, not looked up in the knowledge base. Pure.
 * Called by compose.ts for what is addressed to the bot; what is not is small talk to the prefilter already.
 */

export type Courtesy = "greeting" | "thanks";

const GREETINGS =
  "hi hello hey heya hiya yo howdy greetings morning afternoon evening selam selamlar merhaba merhabalar günaydın slm mrb";
const THANKS =
  "thanks thank thx ty tysm cheers appreciated teşekkür teşekkürler tşk sağol sağolun sağ eyvallah thankyou minnettarım";
/** What stands around them and asks for nothing. */
const FILLERS =
  "a again akşamlar all alot and answer ben bot bu cevap cok for geceler gatehouse good great günler helped helpful helps " +
  "herkese help i it işime işimize iyi much lot lots my nice now ok okay old olun ol perfect really so super süper tamam " +
  "that the there this to today to too u very was works worked yanıt yanıtın yaradı yardımcı yardımın yardımınız you your " +
  "çok için ederim ederiz harika oldu";

const greetings = setOf(GREETINGS);
const thanks = setOf(THANKS);
const fillers = setOf(FILLERS);

const WORDS_MAX = 10;

/** Null: there is something to answer. Text without one letter or digit, a row of emoji, is a greeting. */
export function courtesyIn(text: string): Courtesy | null {
  const words =
    text
      .toLocaleLowerCase("tr")
      .replaceAll("ı", "i")
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return "greeting";
  if (words.length > WORDS_MAX || /[?？]/.test(text)) return null;
  let found: Courtesy | null = null;
  for (const word of words) {
    if (thanks.has(word)) found = "thanks";
    else if (greetings.has(word)) found ??= "greeting";
    else if (!fillers.has(word)) return null;
  }
  return found;
}

/** Dotted and dotless i are one letter here: "İYİ", "iyi" and "HI" are found alike. */
function setOf(words: string): ReadonlySet<string> {
  return new Set(words.toLocaleLowerCase("tr").replaceAll("ı", "i").split(" "));
}
