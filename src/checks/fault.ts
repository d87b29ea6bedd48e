/** What is wrong with an answer to a check's question: nothing, or the first thing that a reader would mind. Pure. */
import type { CheckFault, CheckRow } from "../store/ports/checks.ts";
import { stemsOf } from "../text/stems.ts";
import type { Spoken } from "./asked.ts";

export function faultOf({ expected, says }: Pick<CheckRow, "expected" | "says">, answer: Spoken): CheckFault | null {
  const { kind, text, sources, language } = answer;
  if (kind === "wants-human") return "wants-person";
  if (expected === null) return kind === "known" ? "answered" : null;
  if (kind !== "known") return "not-answered";
  if (!sources.some(({ title }) => title === expected)) return "another-source";
  return says === null || isSaid(text, says, language) ? null : "fact-missing";
}

/**
 * The words of `says` stand in the text one after the other, by their stems: "14 days" stands in "a 14-day window", and neither in
 * "114 days" nor in "14.50".
 */
export function isSaid(text: string, says: string, language: string): boolean {
  const held = wordsOf(text, language);
  const wanted = wordsOf(says, language);
  return held.some((_, at) => wanted.every((word, place) => held[at + place] === word));
}

/** Numbers whole; of scripts without spaces each character. */
const WORD =
  /\d+(?:[.,]\d+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*|[\p{L}\p{N}][\p{L}\p{M}]*|\p{Sc}|%/gu;

function wordsOf(text: string, language: string): readonly string[] {
  return (text.normalize("NFKC").match(WORD) ?? []).map((word) =>
    // A thousand is written 1000, 1,000 and 1.000.
    /^\d/.test(word)
      ? word.replace(/[.,](?=\d{3}(?:\D|$))/g, "").replace(",", ".")
      : (stemsOf(word, language)[0] ?? word.toLowerCase()),
  );
}
