/** The n-grams of eld, packed for src/text/detector.ts: by the bytes of their UTF-8, sorted, with a language and its score for each that has them. */
// @ts-expect-error eld's inside has no types.
import { avgScore } from "../../node_modules/eld/src/avgScore.js";
// @ts-expect-error the same.
import { dictionary } from "../../node_modules/eld/src/dictionary.js";
import { GRAM_BYTES, type Header } from "../../src/text/detector.ts";

/** As eld keeps them: a character of its own for each byte, and the n-gram's score for each language that has it, by number. */
export type Ngrams = Readonly<Record<string, Readonly<Record<number, number>>>>;

export function packTable(languages: readonly string[], ngrams: Ngrams): Uint8Array {
  const sorted = Object.entries(ngrams)
    .map(([gram, scores]) => ({ key: keyOf(gram), scores: Object.entries(scores) }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  const averages = languages.map((language) => (avgScore as Readonly<Record<string, number>>)[language] ?? 0);
  const blanks = (dictionary as readonly string[]).flatMap((letter, byte) =>
    byte >= 128 && letter === " " ? [byte] : [],
  );
  const header: Header = { languages, averages, blanks, grams: sorted.length };
  const counts = Uint8Array.from(sorted, ({ scores }) => scores.length);
  const scores = sorted.flatMap((gram) => gram.scores.flatMap(([language, score]) => [Number(language), score]));
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`),
    ...sorted.map(({ key }) => key),
    counts,
    Uint8Array.from(scores),
  ]);
}

function keyOf(gram: string): Buffer {
  const key = Buffer.alloc(GRAM_BYTES);
  for (const [i, letter] of [...gram].entries()) key[i] = byteOf(letter);
  return key;
}

/** Latin letters, apostrophes and the space stand for themselves. */
function byteOf(letter: string): number {
  if (/[a-z'` ]/.test(letter)) return letter.charCodeAt(0);
  return (dictionary as readonly string[]).indexOf(letter, 128);
}
