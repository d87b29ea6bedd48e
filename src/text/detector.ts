/**
 * Which language is a text in? By the n-grams of eld, which gives the algorithm and the data: a test holds each answer against eld's own.
 *
 * Algorithm (Nito T. M., github.com/nitotm/efficient-language-detector-js): a text's words are cut into pieces of four bytes of
 * UTF-8; each piece adds its score to the languages that have it, and the highest sum is the language. Read here from a packed table,
 * under a megabyte that is searched by halves, without a string or an object for each piece: eld's own 81,000 objects take 70 MB and a
 * second of processor in every thread. bench/train/language.ts packs it; it is read when a language is first asked for.
 */
import { readFileSync } from "node:fs";
// @ts-expect-error eld's pattern of what is no letter: the package's own doors load a database with it, and its inside has no types.
import { separators } from "../../node_modules/eld/src/regexPatterns.js";

/** A space, four bytes of UTF-8, a space; bytes of 0 fill a shorter one. */
export const GRAM_BYTES = 6;

export type Header = {
  /** ISO 639-1. */
  readonly languages: readonly string[];
  /** What a text of each language comes to by a piece, on average. */
  readonly averages: readonly number[];
  /** Bytes of scripts that none of them is written in: read as a space within a word. */
  readonly blanks: readonly number[];
  readonly grams: number;
};

export type Detected = {
  /** ISO 639-1; "" where no piece is known. */
  readonly language: string;
  /** How well the text's pieces fit it, 0…1. */
  readonly fit: number;
  readonly reliable: boolean;
};

type Table = Header & {
  /** What each byte is read as. */
  readonly letters: Uint8Array;
  /** In ascending order. */
  readonly keys: Float64Array;
  /** Where the scores of each begin in `scores`, by pairs; one more for the end. */
  readonly starts: Uint32Array;
  /** A language's number and its score, by turns. */
  readonly scores: Uint8Array;
};

const CHARS_MAX = 1_000;
/** Words that begin later are not read; a word ends after so many. */
const WORDS_BYTES_MAX = 350;
const BYTES_MAX = 380;
const PIECE_BYTES = 4;
const STRIDE = 3;
const WORD_BYTES_MAX = 70;
/** The table's scores are less by this. */
const SCORE_BASE = 53;
const SCALE = 25;
const PIECES_MIN = 3;
const RELIABLE_SHARE = 0.75;
const SPACE = 32;

const encoder = new TextEncoder();
const scratch = new Uint8Array(BYTES_MAX + 2 * PIECE_BYTES);
let held: Table | null = null;

export function detect(text: string): Detected {
  held ??= readTable(readFileSync(new URL("./language.ngrams.bin", import.meta.url)));
  const letters = text.slice(0, CHARS_MAX).replace(separators, " ").trim().toLowerCase();
  const pieces = piecesOf(scratch, encoder.encodeInto(letters, scratch).written, held.letters);
  return judge(held, scoresOf(held, pieces), pieces.size);
}

export function readTable(packed: Uint8Array): Table {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const end = bytes.indexOf(10);
  const header = JSON.parse(bytes.toString("utf8", 0, end)) as Header;
  const keys = new Float64Array(header.grams);
  const starts = new Uint32Array(header.grams + 1);
  const countsAt = end + 1 + header.grams * GRAM_BYTES;
  for (let i = 0; i < header.grams; i++) {
    keys[i] = bytes.readUIntBE(end + 1 + i * GRAM_BYTES, GRAM_BYTES);
    starts[i + 1] = (starts[i] ?? 0) + (bytes[countsAt + i] ?? 0);
  }
  const letters = Uint8Array.from({ length: 256 }, (_, byte) => (header.blanks.includes(byte) ? SPACE : byte));
  return { ...header, letters, keys, starts, scores: bytes.subarray(countsAt + header.grams) };
}

/** How much of `bytes` is read: a whole word, or the letter at which a long one is cut. */
function readUntil(bytes: Uint8Array, length: number): number {
  for (let at = WORDS_BYTES_MAX + 1; at < length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE || (at > BYTES_MAX && (byte & 0xc0) !== 0x80)) return at;
  }
  return length;
}

/** The pieces of all words, each once: by its key, or by its text where it is too long to be in any table. */
function piecesOf(bytes: Uint8Array, length: number, letters: Uint8Array): ReadonlySet<number | string> {
  const pieces = new Set<number | string>();
  const end = readUntil(bytes, length);
  for (let start = 0; start < end; ) {
    let stop = start;
    while (stop < end && bytes[stop] !== SPACE) stop++;
    for (let at = start; at < stop; at++) bytes[at] = letters[bytes[at] ?? 0] ?? 0;
    if (stop > start) cutWord(bytes, start, stop, pieces);
    start = stop + 1;
  }
  return pieces;
}

function cutWord(bytes: Uint8Array, start: number, stop: number, pieces: Set<number | string>): void {
  const length = Math.min(stop - start, WORD_BYTES_MAX);
  let at = 0;
  for (; at + PIECE_BYTES < length; at += STRIDE) {
    pieces.add(keyOf(bytes, start + at, start + at + PIECE_BYTES, at === 0, false));
  }
  const last = start + Math.max(0, length - PIECE_BYTES);
  // The end of a word that is cut for its length: it counts as a piece that no language has.
  if (stop - last > PIECE_BYTES) pieces.add(Buffer.from(bytes.subarray(last, stop)).toString("latin1"));
  else pieces.add(keyOf(bytes, last, stop, at === 0, true));
}

function keyOf(bytes: Uint8Array, from: number, to: number, begins: boolean, ends: boolean): number {
  let key = begins ? SPACE : 0;
  let count = begins ? 1 : 0;
  for (let at = from; at < to; at++, count++) key = key * 256 + (bytes[at] ?? 0);
  if (ends) {
    key = key * 256 + SPACE;
    count++;
  }
  for (; count < GRAM_BYTES; count++) key *= 256;
  return key;
}

const sums = new Uint32Array(256);

/** By language. Valid until the next text is read. */
function scoresOf({ keys, starts, scores }: Table, pieces: ReadonlySet<number | string>): Uint32Array {
  sums.fill(0);
  for (const piece of pieces) {
    const at = typeof piece === "number" ? find(keys, piece) : -1;
    if (at < 0) continue;
    const end = 2 * (starts[at + 1] ?? 0);
    for (let i = 2 * (starts[at] ?? 0); i < end; i += 2) {
      const language = scores[i] ?? 0;
      sums[language] = (sums[language] ?? 0) + (scores[i + 1] ?? 0) + SCORE_BASE;
    }
  }
  return sums;
}

function judge({ languages, averages }: Table, scores: Uint32Array, pieces: number): Detected {
  let best = -1;
  for (let language = 0; language < languages.length; language++) {
    if ((scores[language] ?? 0) > (scores[best] ?? 0)) best = language;
  }
  if (best < 0) return { language: "", fit: 0, reliable: false };
  const mean = (scores[best] ?? 0) / pieces;
  const fit = mean / (mean + SCALE);
  const reliable = pieces >= PIECES_MIN && fit >= (averages[best] ?? 0) * RELIABLE_SHARE;
  return { language: languages[best] ?? "", fit, reliable };
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
