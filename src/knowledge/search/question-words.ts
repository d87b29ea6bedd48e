/**
 * The words of a question in the languages of an index, before they are looked up there: their stems, other words for the same, whether they
 * are too small to be looked up. Cutting, stemming and folding them anew costs more than looking them up, and people ask with few words: each
 * thread remembers what stands together between two spaces, with all of this.
 */
import { ownCopy } from "../../text/own-copy.ts";
import { isHiragana, isMixedScript } from "../../text/scripts.ts";
import { fold } from "./fold.ts";
import { stopWordsOf } from "./languages.ts";
import { synonymsOf } from "./synonyms.ts";
import { eachChunk, eachWordIn, termOf, type Word } from "./words.ts";

export type QuestionWord = Word & {
  readonly folded: string;
  /** Its stem in each of the languages, each once, in their order. */
  readonly stems: readonly string[];
  /** A stop word of one of the languages. */
  readonly isSmall: boolean;
  /** Terms of other words for the same, in each of the languages. */
  readonly synonyms: readonly string[];
  /** Anything but letters stands in it: an identifier. */
  readonly isIdentifier: boolean;
  /** Letters and digits of "ML503", folded; null of other words. */
  readonly halves: readonly [string, string] | null;
  readonly script: "hiragana" | "pairs" | "spaced";
};

/** Words and chunks remembered for all lists of languages together, some 300 bytes a word; then they are met anew. */
const WORDS_MAX = 24_576;
/** A longer one is an address, a hash or a sentence without spaces, which is not asked for again. */
const CHUNK_CHARS_MAX = 24;

type Chunks = Map<string, readonly QuestionWord[]>;

const memory = new Map<string, Chunks>();
let remembered = 0;

const NO_LETTER = /[^\p{L}\p{M}]/u;
const CODE = /^(\p{L}{1,8})(\d{1,9})$/u;

/** Calls `take` for each word in the order of the text. */
export function eachQuestionWord(text: string, languages: readonly string[], take: (word: QuestionWord) => void): void {
  const key = languages.join();
  const read = (chunk: string, isPlain: boolean): void => {
    for (const word of rememberedIn(key, chunk) ?? remember(key, chunk, wordsOf(chunk, isPlain, languages))) take(word);
  };
  eachChunk(
    text,
    (start, end) => read(text.slice(start, end), true),
    (start, end) => read(text.slice(start, end), false),
  );
}

function rememberedIn(key: string, chunk: string): readonly QuestionWord[] | undefined {
  return memory.get(key)?.get(chunk);
}

function remember(key: string, chunk: string, words: readonly QuestionWord[]): readonly QuestionWord[] {
  if (chunk.length > CHUNK_CHARS_MAX) return words;
  if (remembered >= WORDS_MAX) {
    memory.clear();
    remembered = 0;
  }
  remembered += words.length + 1;
  const chunks: Chunks = memory.get(key) ?? new Map();
  memory.set(key, chunks);
  chunks.set(ownCopy(chunk), words);
  return words;
}

function wordsOf(chunk: string, isPlain: boolean, languages: readonly string[]): readonly QuestionWord[] {
  const words: QuestionWord[] = [];
  // What is cut out of a message would keep all of it.
  const add = (surface: string, kind: Word["kind"]) => words.push(questionWord(ownCopy(surface), kind, languages));
  if (isPlain) add(chunk, "whole");
  else eachWordIn(chunk, add);
  return words;
}

function questionWord(surface: string, kind: Word["kind"], languages: readonly string[]): QuestionWord {
  const folded = fold(surface);
  const stems = [...new Set(languages.map((language) => termOf(surface, language)))];
  const [, letters = "", digits = ""] = CODE.exec(surface) ?? [];
  return {
    ...{ surface, kind, folded, stems },
    isSmall: languages.some((language) => isSmallIn(language, { folded, stems })),
    synonyms: languages.flatMap((l) => synonymsOf(termOf(surface, l), l, (word) => termOf(word, l))),
    isIdentifier: NO_LETTER.test(surface),
    halves: digits === "" ? null : [fold(letters), fold(digits)],
    script: isHiragana(surface) ? "hiragana" : isMixedScript(surface) ? "pairs" : "spaced",
  };
}

/** A stop word of this language, in whatever language it was stemmed. */
export function isSmallIn(language: string, { folded, stems }: Pick<QuestionWord, "folded" | "stems">): boolean {
  const stops = stopWordsOf(language);
  return stops.has(folded) || stems.some((stem) => stops.has(stem));
}
