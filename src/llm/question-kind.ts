/**
 * What kind of question is it, and what kind of piece answers such a one? Steps for how, numbers for how many, a definition or
 * a table's row for what, a reason for why. English and Turkish, by their question words. For llm/extractive.
 */
import { codesOrApartIn, keyOf, wholeCodesIn } from "../text/codes.ts";
import { wholeWords } from "../text/stems.ts";
import type { Unit } from "./units.ts";

/** Code up to this size is quoted with the sentence before it. */
export const CODE_CHARS_SHORT = 300;

/** A small bonus, or a malus, for pieces that stand together, by the kind of piece that this question is answered by. */
export function wanted(question: string): (units: readonly Unit[]) => number {
  const procedure = PROCEDURE.test(question);
  const amount = AMOUNT.test(question);
  const meaning = MEANING.test(question);
  const reason = REASON.test(question);
  return (units) => {
    const [unit] = units;
    if (unit === undefined) return 0;
    let bonus = 0;
    if (units.length > 1) bonus += procedure ? 0.3 : -0.1;
    else if (procedure && ACTS.test(unit.text)) bonus += 0.08;
    if (unit.kind === "code") bonus += procedure && unit.text.length < CODE_CHARS_SHORT ? 0.1 : -0.5;
    if (amount && units.length === 1 && /\d/.test(unit.text)) bonus += 0.2;
    if (meaning && (unit.kind === "row" || DEFINES.test(unit.text))) bonus += 0.08;
    // A question in return is no answer.
    if (ENDS_ASKING.test(unit.text)) bonus -= 2;
    if (reason && (unit.kind === "row" || REASONS.test(unit.text))) bonus += 0.08;
    return bonus;
  };
}

/** "how do I …": steps answer it. */
export function asksSteps(question: string): boolean {
  return PROCEDURE.test(question);
}

const PROCEDURE = wholeWords(
  "how (?:do|can|to|should|would)|steps?|set ?up|install\\p{L}*|pair|reset|nasıl|kurulum\\p{L}*|kurar\\p{L}*|adım\\p{L}*|" +
    "wie (?!viel|lang|oft|weit|groß|hoch|alt|teuer)\\p{L}+|schritte?|einrichten|installier\\p{L}*|cómo|pasos?|instal\\p{L}*|comment|étapes?|como|как",
);
/** "how long", "kaç": a piece with a figure in it answers by itself. */
export function asksAmount(question: string): boolean {
  return AMOUNT.test(question);
}

const AMOUNT = wholeWords(
  "how (?:many|much|long|often|far|big|large|old|deep|high|heavy|fast|wide)|kaç\\p{L}*|ne kadar|prices?|costs?|limits?|max(?:imum)?|" +
    "fiyat\\p{L}*|ücret\\p{L}*|wie ?(?:viele?|lange?|oft|weit|groß|hoch|alt|teuer)|kost\\p{L}{1,3}|cuánt\\p{L}*|combien|quant[oa]s?|сколько",
);
const MEANING = wholeWords(
  "what(?:'s| is| are| does)|which|nedir|ne demek|ne işe|was (?:ist|sind|bedeutet|heißt)|qué (?:es|son|significa)|" +
    "qu'est-ce qu\\p{L}{1,2}|o que (?:é|são)|cos'è|что такое",
);
const REASON = wholeWords(
  "why|not work\\p{L}*|doesn'?t|fail\\p{L}*|errors?|problems?|neden|niye|hata\\p{L}*|çalışmıyor\\p{L}*",
);
const ACTS =
  /^(?:\*\*)?(?:open|click|press|hold|go|choose|run|type|select|use|enter|set|add|remove|pull|aç|bas|tıkla|seç|çalıştır|gir)/i;
const DEFINES = /^\S.{0,60}?(?<!\p{L})(?:is|are|means|shows|lets)(?!\p{L})|(?:dır|dir|dur|dür|tır|tir)\.?$/iu;
const REASONS = wholeWords("because|when|if|means|usually|check|try|çünkü|ise");

const ENDS_ASKING = /[?？؟]["'”’)\]*_]{0,3}$/;

/** "what is a keeper": the words before the verb of a sentence that defines something; null where it does not, or nobody asked for that. */
export function definedIn(question: string, text: string): string | null {
  if (!ASKS_MEANING.test(question)) return null;
  return DEFINED.exec(text)?.[1] ?? null;
}

const ASKS_MEANING =
  /(?:^|[\s,])(?:what(?:'s| is| are) |was (?:ist|sind) |qué (?:es|son) |qu'est-ce qu|o que (?:é|são) |cos'è |что такое )|(?:nedir|ne demek)\s?\??$|とは/iu;
const DEFINED =
  /^(\S.{0,60}?)(?<!\p{L})(?:is|are|means|ist|sind|bedeutet|es|son|est|sont|é|são|è|sono|—|–)(?!\p{L})|^(?:\S.{0,30}?)(?=とは)/iu;

/** Does a question for a time get one: a figure, or a word of when? */
export function lacksTime(question: string, text: string): boolean {
  return ASKS_TIME.test(question) && !/\d/.test(text) && !TELLS_TIME.test(text);
}

const ASKS_TIME = wholeWords("when|until when|since when|ne zaman|wann|bis wann|cuándo|quand|quando|когда");
const TELLS_TIME = wholeWords(
  "when|once|after|before|until|till|while|whenever|as soon as|always|never|daily|weekly|monthly|yearly|nightly|sonra\\p{L}*|önce\\p{L}*|kadar|zaman|iken|" +
    "\\p{L}{2,20}(?:ınca|ince|unca|ünce|dığında|diğinde|duğunda|düğünde|ken)|wenn|sobald|nach|vor|bis|während|immer|nie|täglich|cuando|después|antes|hasta|siempre|" +
    "quand|après|avant|dès|toujours|depois|sempre|dopo|prima|когда|после|до|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|" +
    "january|february|march|april|may|june|july|august|september|october|november|december",
);

const ASKS_PRICE =
  /(?:how much|what)(?!\p{L}).{0,80}?(?<!\p{L})(?:costs?|prices?|pricing)(?!\p{L})|how much (?:is|are|for)(?!\p{L})|kaç (?:para|tl|lira|euro)(?!\p{L})|(?:fiyat|ücret)\p{L}{0,6} (?:ne(?! zaman)|nedir|kaç)(?!\p{L})|(?:was|wie ?viel) kost\p{L}{0,4}|cuánto cuesta|combien coûte|quanto (?:custa|costa)|сколько стоит/iu;
const TELLS_PRICE =
  /[€$£¥₺₽]\s?\d|\d\s?(?:[€$£¥₺₽]|(?:eur|usd|gbp|tl|lira|euros?|dollars?|pounds?)(?!\p{L}))|(?<!\p{L})(?:free|price|kostenlos|ücretsiz|bedava|gratis|gratuit\p{L}{0,3}|grátis|бесплатн\p{L}{0,3})(?!\p{L})/iu;

/** A date does not answer a question about a price. */
export function tellsWhatIsAsked(question: string, text: string): boolean {
  return !ASKS_PRICE.test(question) || TELLS_PRICE.test(text);
}

const VERSION_WORD = "version|versión|versão|versione|sürüm\\p{L}{0,4}|версия|release|v";
const ASKS_VERSION = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${VERSION_WORD})\\.? ?(\\d{1,4}(?:\\.\\d{1,4}){0,3})(?![\\p{L}\\p{N}])`,
  "giu",
);
/** From so many entries on, a kind of code is listed whole. */
const LISTED_MIN = 3;

/**
 * "how much will version 5 cost", "ML-104" where the passages list other versions, or other codes of that kind: they hold nothing
 * of the one that is named.
 */
export function namesUnknown(question: string, texts: readonly string[]): boolean {
  const versions = [...question.matchAll(ASKS_VERSION)].map(([, version = ""]) => version);
  const all = texts.join("\n");
  if (versions.length > 0) return !versions.some((version) => holdsVersion(all, version));
  const asked = codesOrApartIn(question);
  if (asked.length === 0) return false;
  const listed = new Map(wholeCodesIn(all).map((code) => [keyOf(code), code.kind.toLowerCase()]));
  const named = new Set(codesOrApartIn(all).map(keyOf));
  const ofKind = (kind: string) => [...listed.values()].filter((other) => other === kind.toLowerCase()).length;
  const codes = asked.filter(({ kind, apart }) => !apart || ofKind(kind) >= LISTED_MIN);
  return codes.length > 0 && codes.every((code) => !named.has(keyOf(code)) && ofKind(code.kind) >= LISTED_MIN);
}

function holdsVersion(text: string, version: string): boolean {
  const literal = version.replaceAll(".", "\\.");
  // "version 3 to 4" tells of both, "4.2" of 4 as well.
  const range = "(?:\\d{1,4}(?:\\.\\d{1,4}){0,3} (?:to|and|or|ve|und|y|et|e) )?";
  const called = `(?<![\\p{L}\\p{N}])(?:${VERSION_WORD})\\.? ?${range}${literal}(?![\\p{L}\\p{N}])`;
  const dotted = `(?<![\\p{N}.])${literal}${version.includes(".") ? "(?!\\p{N})" : "\\.\\d"}`;
  return new RegExp(`${called}|${dotted}`, "iu").test(text);
}
