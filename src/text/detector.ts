/**
 * eld, the language detector, over its own n-grams in a packed table: under a megabyte that is searched by halves, where its 81,000
 * objects take 70 MB and a second of processor in every thread. bench/train/language.ts packs it; detection stays eld's own, and a test
 * holds the one against the other. Read when a language is first asked for.
 */
import { readFileSync } from "node:fs";
import type { eld } from "eld";
// @ts-expect-error eld's detector without a database: the package's own doors load one with it, and its inside has no types.
import { createEld } from "../../node_modules/eld/src/languageDetector.js";

/** A space, four bytes of UTF-8, a space. */
const GRAM_BYTES = 6;

type Header = {
  readonly type: string;
  readonly languages: readonly string[];
  /** A character of eld's for each byte that occurs, in the order in which the table counts them from 1; 0 ends a shorter n-gram. */
  readonly alphabet: string;
  readonly grams: number;
};

/** An n-gram's score for each language that has it. */
export type Scores = Readonly<Record<number, number>>;
export type Ngrams = Readonly<Record<string, Scores>>;

type Detector = Pick<typeof eld, "detect">;
type Data = { readonly type: string; readonly languages: Readonly<Record<string, string>>; readonly ngrams: Ngrams };

let known: Detector | null = null;

/** The detector of this thread. */
export function detector(): Detector {
  if (known !== null) return known;
  const { header, scoresOf } = readTable(readFileSync(new URL("./language.ngrams.bin", import.meta.url)));
  const { instance, loadData }: { instance: Detector; loadData(data: Data): void } = createEld();
  // eld looks n-grams up by name, so it gets a proxy that reads them from the table.
  const ngrams = new Proxy<Ngrams>({}, { get: (_, gram) => (typeof gram === "string" ? scoresOf(gram) : undefined) });
  loadData({ type: header.type, languages: Object.fromEntries(header.languages.entries()), ngrams });
  known = instance;
  return known;
}

/** Sorted n-grams, how many languages each has, and then a language and its score for each. */
export function packTable(type: string, languages: readonly string[], ngrams: Ngrams): Uint8Array {
  const alphabet = [...new Set(Object.keys(ngrams).join(""))].sort().join("");
  const codes = codesOf(alphabet);
  const sorted = Object.entries(ngrams)
    .map(([gram, scores]) => ({ number: numberOf(gram, codes) ?? 0, scores: Object.entries(scores) }))
    .sort((a, b) => a.number - b.number);
  const header: Header = { type, languages, alphabet, grams: sorted.length };
  const head = Buffer.from(`${JSON.stringify(header)}\n`);
  const keys = Buffer.alloc(sorted.length * GRAM_BYTES);
  for (const [i, { number }] of sorted.entries()) keys.writeUIntBE(number, i * GRAM_BYTES, GRAM_BYTES);
  const counts = Uint8Array.from(sorted, ({ scores }) => scores.length);
  const scores = sorted.flatMap((gram) => gram.scores.flatMap(([language, score]) => [Number(language), score]));
  return Buffer.concat([head, keys, counts, Uint8Array.from(scores)]);
}

export function readTable(packed: Uint8Array): { readonly header: Header; scoresOf(gram: string): Scores | undefined } {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const end = bytes.indexOf(10);
  const header = JSON.parse(bytes.toString("utf8", 0, end)) as Header;
  const codes = codesOf(header.alphabet);
  const keys = new Float64Array(header.grams);
  const starts = new Uint32Array(header.grams + 1);
  const countsAt = end + 1 + header.grams * GRAM_BYTES;
  for (let i = 0; i < header.grams; i++) {
    keys[i] = bytes.readUIntBE(end + 1 + i * GRAM_BYTES, GRAM_BYTES);
    starts[i + 1] = (starts[i] ?? 0) + (bytes[countsAt + i] ?? 0);
  }
  const scoresAt = countsAt + header.grams;

  return {
    header,
    scoresOf(gram) {
      const number = numberOf(gram, codes);
      const at = number === null ? -1 : find(keys, number);
      if (at < 0) return undefined;
      const scores: Record<number, number> = {};
      for (let i = starts[at] ?? 0; i < (starts[at + 1] ?? 0); i++) {
        scores[bytes[scoresAt + 2 * i] ?? 0] = bytes[scoresAt + 2 * i + 1] ?? 0;
      }
      return scores;
    },
  };
}

function codesOf(alphabet: string): ReadonlyMap<string, number> {
  return new Map([...alphabet].map((letter, i) => [letter, i + 1]));
}

/** Null for a string that no n-gram of the table can be. */
function numberOf(gram: string, codes: ReadonlyMap<string, number>): number | null {
  if (gram.length > GRAM_BYTES) return null;
  let number = 0;
  for (let i = 0; i < GRAM_BYTES; i++) {
    const code = i < gram.length ? codes.get(gram[i] ?? "") : 0;
    if (code === undefined) return null;
    number = number * 256 + code;
  }
  return number;
}

function find(sorted: Float64Array, number: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? 0;
    if (value === number) return middle;
    if (value < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
