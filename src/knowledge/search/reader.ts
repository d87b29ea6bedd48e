/** Passages' words → numbers of terms, in the order in which terms are met. Each spelling is stemmed once and remembered while an index is made. */
import type { PassageRow } from "../../knowledge.ts";
import { ownCopy } from "../../text/own-copy.ts";
import { createGrowing, type Growing } from "./growing.ts";
import { stopWordsOf } from "./languages.ts";
import { createSpellings, type Spellings } from "./spellings.ts";
import { eachChunk, eachWordIn, stemOf } from "./words.ts";

/** Spellings remembered for a language; then they are met anew. */
const SPELLINGS_MAX = 200_000;
/** Two fields together are counted in 16 bits. */
const FIELD_WORDS_MAX = 30_000;

export type Reader = {
  /** By their number − 1. */
  readonly terms: readonly string[];
  /** 0 for a term that was not met. */
  numberOf(term: string): number;
  /**
   * Adds each word of title, headings, body and address in this order: the term's number from 1, or 0 for a word too small to be looked up.
   * Tells how many words the title has, the title with the headings, and the address, whose small words are left out.
   */
  read(passage: PassageRow, language: string, into: Growing): ReadWords;
};

export type ReadWords = { readonly title: number; readonly above: number; readonly address: number };

/** What was met in one language: words with their numbers; and what else stands together with the place of its words' numbers in `words`, behind how many they are. */
type Met = { readonly words: Spellings; readonly chunks: Spellings; readonly chunkWords: Growing };

export function createReader(): Reader {
  const terms: string[] = [];
  const numbers = new Map<string, number>();
  const met = new Map<string, Met>();

  function metIn(language: string): Met {
    const known = met.get(language);
    if (known !== undefined && known.words.size + known.chunks.size < SPELLINGS_MAX) return known;
    const fresh = { words: createSpellings(), chunks: createSpellings(), chunkWords: createGrowing() };
    met.set(language, fresh);
    return fresh;
  }

  function numberOfTerm(term: string, language: string): number {
    if (term === "" || stopWordsOf(language).has(term)) return 0;
    const known = numbers.get(term);
    if (known !== undefined) return known;
    const own = ownCopy(term);
    terms.push(own);
    numbers.set(own, terms.length);
    return terms.length;
  }

  function numberOf({ words }: Met, text: string, start: number, end: number, language: string): number {
    const known = words.find(text, start, end);
    if (known >= 0) return known;
    const number = numberOfTerm(stemOf(text.slice(start, end), language), language);
    words.add(text, start, end, number);
    return number;
  }

  /** Where in `chunkWords` stands how many words the chunk has, with the words after it. */
  function chunkAt(known: Met, text: string, start: number, end: number, language: string): number {
    const { chunks, chunkWords } = known;
    const found = chunks.find(text, start, end);
    if (found >= 0) return found;
    const its: number[] = [];
    eachWordIn(text.slice(start, end), (word) => its.push(numberOf(known, word, 0, word.length, language)));
    const place = chunkWords.length;
    chunkWords.push(its.length);
    for (const number of its) chunkWords.push(number);
    chunks.add(text, start, end, place);
    return place;
  }

  function readField(text: string, language: string, smallToo: boolean, into: Growing): number {
    const known = metIn(language);
    const { chunkWords } = known;
    const most = into.length + FIELD_WORDS_MAX;
    const first = into.length;
    const take = (number: number): void => {
      if ((number !== 0 || smallToo) && into.length < most) into.push(number);
    };
    eachChunk(
      text,
      (start, end) => take(numberOf(known, text, start, end, language)),
      (start, end) => {
        const place = chunkAt(known, text, start, end, language);
        const last = place + chunkWords.at(place);
        for (let at = place + 1; at <= last; at++) take(chunkWords.at(at));
      },
    );
    return into.length - first;
  }

  const title = createRepeated();
  const headings = createRepeated();
  const address = createRepeated();

  return {
    terms,
    numberOf: (term) => numbers.get(term) ?? 0,
    read(passage, language, into) {
      const titleWords = title.read(passage.title, language, into, () =>
        readField(passage.title, language, true, into),
      );
      const above = passage.headings.join("\n");
      const headingWords = headings.read(above, language, into, () => readField(above, language, true, into));
      readField(passage.text, language, true, into);
      const page = withoutFragment(passage.url);
      const addressLength = address.read(page, language, into, () =>
        readField(addressWords(page), language, false, into),
      );
      return { title: titleWords, above: titleWords + headingWords, address: addressLength };
    },
  };
}

/** Remembers the words of the text that it read last: a document's passages share their title and address. */
function createRepeated() {
  let last: string | null = null;
  let lastLanguage = "";
  let words: Uint32Array = new Uint32Array(0);
  return {
    read(text: string, language: string, into: Growing, read: () => number): number {
      if (text === last && language === lastLanguage) {
        for (const number of words) into.push(number);
        return words.length;
      }
      const first = into.length;
      const count = read();
      words = into.view().slice(first);
      last = text;
      lastLanguage = language;
      return count;
    },
  };
}

function withoutFragment(url: string | null): string {
  if (url === null) return "";
  const at = url.indexOf("#");
  return at < 0 ? url : url.slice(0, at);
}

/** The words of an address' path, not of its host. */
function addressWords(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return "";
  const path = parsed.pathname;
  try {
    return decodeURIComponent(path).replace(/\.(html?|md|php|aspx?)$/i, "");
  } catch {
    return path;
  }
}
