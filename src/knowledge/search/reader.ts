/** Passages' words → numbers of terms, in the order in which terms are met. Each spelling is stemmed once and remembered while an index is made. */
import type { PassageRow } from "../../knowledge.ts";
import { ownCopy } from "../../text/own-copy.ts";
import { stopWordsOf } from "./languages.ts";
import { createSpellings, type Spellings } from "./spellings.ts";
import { eachChunk, eachWordIn, termOf } from "./words.ts";

/** Spellings remembered for a language; then they are met anew. */
const SPELLINGS_MAX = 100_000;
/** Two fields together are counted in 16 bits. */
const FIELD_WORDS_MAX = 30_000;

export type Reader = {
  /** By their number − 1. */
  readonly terms: readonly string[];
  /**
   * Calls `take` with each word of title, headings, body and address in this order: the term's number from 1, or 0 for a word too small to be looked up.
   * Tells how many words the title has, the title with the headings, and the address, whose small words are left out.
   */
  read(passage: PassageRow, language: string, take: (term: number) => void): ReadWords;
};

export type ReadWords = { readonly title: number; readonly above: number; readonly address: number };

/** What was met in one language: plain words, and what else stands together with the numbers of its words. */
type Met = { readonly plain: Spellings; readonly chunks: Map<string, readonly number[]> };

export function createReader(): Reader {
  const terms: string[] = [];
  const numbers = new Map<string, number>();
  const met = new Map<string, Met>();

  function numberOf(surface: string, language: string): number {
    const term = termOf(surface, language);
    if (term === "" || stopWordsOf(language).has(term)) return 0;
    const known = numbers.get(term);
    if (known !== undefined) return known;
    const own = ownCopy(term);
    terms.push(own);
    numbers.set(own, terms.length);
    return terms.length;
  }

  function metIn(language: string): Met {
    const known = met.get(language);
    if (known !== undefined && known.plain.size + known.chunks.size < SPELLINGS_MAX) return known;
    const fresh = { plain: createSpellings(), chunks: new Map() };
    met.set(language, fresh);
    return fresh;
  }

  function numbersIn(chunk: string, language: string): readonly number[] {
    const found: number[] = [];
    eachWordIn(chunk, (surface) => found.push(numberOf(surface, language)));
    return found;
  }

  return {
    terms,
    read(passage, language, take) {
      const { plain, chunks } = metIn(language);
      let words = 0;
      const read = (text: string, smallToo: boolean): number => {
        words = 0;
        const takeWord = (number: number): void => {
          if (words === FIELD_WORDS_MAX || (number === 0 && !smallToo)) return;
          take(number);
          words++;
        };
        eachChunk(
          text,
          (start, end) => {
            let number = plain.find(text, start, end);
            if (number < 0) {
              number = numberOf(text.slice(start, end), language);
              plain.add(text, start, end, number);
            }
            takeWord(number);
          },
          (chunk) => {
            let found = chunks.get(chunk);
            if (found === undefined) {
              found = numbersIn(chunk, language);
              chunks.set(ownCopy(chunk), found);
            }
            for (const number of found) takeWord(number);
          },
        );
        return words;
      };
      const title = read(passage.title, true);
      const headings = read(passage.headings.join("\n"), true);
      read(passage.text, true);
      const address = read(addressWords(passage.url), false);
      return { title, above: title + headings, address };
    },
  };
}

/** The words of an address' path, not of its host. */
function addressWords(url: string | null): string {
  if (url === null || !URL.canParse(url)) return "";
  const path = new URL(url).pathname;
  try {
    return decodeURIComponent(path).replace(/\.(html?|md|php|aspx?)$/i, "");
  } catch {
    return path;
  }
}
