/**
 * What kind of question is it, and what kind of piece answers such a one? Steps for how, numbers for how many, a definition or
 * a table's row for what, a reason for why. English and Turkish, by their question words. For llm/extractive.
 */
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
    if (reason && (unit.kind === "row" || REASONS.test(unit.text))) bonus += 0.08;
    return bonus;
  };
}

const PROCEDURE = wholeWords(
  "how (?:do|can|to|should|would)|steps?|set ?up|install\\p{L}*|pair|reset|nasıl|kurulum\\p{L}*|kurar\\p{L}*|adım\\p{L}*",
);
const AMOUNT = wholeWords(
  "how (?:many|much|long|often|far|big|large|old)|kaç\\p{L}*|ne kadar|prices?|costs?|limits?|max(?:imum)?|fiyat\\p{L}*|ücret\\p{L}*",
);
const MEANING = wholeWords("what(?:'s| is| are| does)|which|nedir|ne demek|ne işe");
const REASON = wholeWords(
  "why|not work\\p{L}*|doesn'?t|fail\\p{L}*|errors?|problems?|neden|niye|hata\\p{L}*|çalışmıyor\\p{L}*",
);
const ACTS =
  /^(?:\*\*)?(?:open|click|press|hold|go|choose|run|type|select|use|enter|set|add|remove|pull|aç|bas|tıkla|seç|çalıştır|gir)/i;
const DEFINES = /^\S.{0,60}?(?<!\p{L})(?:is|are|means|shows|lets)(?!\p{L})|(?:dır|dir|dur|dür|tır|tir)\.?$/iu;
const REASONS = wholeWords("because|when|if|means|usually|check|try|çünkü|ise");
