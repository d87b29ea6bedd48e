/** What a draft has read: documents with their rows in packs, and each passage's words as numbers. */
import type { PassageRow } from "../../knowledge.ts";
import type { IndexPart, NumberedWords } from "./freeze.ts";
import { createGrowing } from "./growing.ts";
import type { IndexedDocument } from "./index.ts";
import { PASSAGES_A_PACK, type Pack, packRows, unpackRows } from "./packs.ts";
import { createReader } from "./reader.ts";

export type DraftWords = {
  /** Languages by their place in `NumberedWords.languageOf`. */
  readonly languages: readonly string[];
  /** Takes the next row and reads its words; how many it has. */
  read(row: PassageRow, language: string): number;
  /** Takes the next row, whose language is not known yet. */
  wait(row: PassageRow): number;
  /** Reads the words of all rows that wait. */
  readWaiting(language: string): Iterable<number>;
  /** All documents so far, in the order in which they came. What comes later is not in them. */
  parts(): readonly IndexPart[];
};

export function createDraftWords(named: readonly string[]): DraftWords {
  const reader = createReader();
  const sequence = createGrowing();
  const languages = [...named];
  const documents: { readonly id: string; readonly first: number; passages: number; readonly packs: Pack[] }[] = [];
  const starts = createGrowing();
  const ends = createGrowing();
  const titleWords = createGrowing();
  const aboveWords = createGrowing();
  const addressWords = createGrowing();
  const languageOf = createGrowing();
  const pairs = createGrowing();
  /** Passages whose words are not read yet. */
  const waiting = new Set<number>();
  /** Of the last document, those that are in no pack yet. */
  let rows: PassageRow[] = [];

  /** The number of the passage that `row` is now. */
  function take(row: PassageRow): number {
    const passage = starts.length;
    let document = documents.at(-1);
    if (document?.id !== row.document) {
      close();
      document = { id: row.document, first: passage, passages: 0, packs: [] };
      documents.push(document);
    } else if (rows.length === PASSAGES_A_PACK) close();
    rows.push(row);
    document.passages++;
    let language = languages.indexOf(row.language);
    if (language < 0) language = languages.push(row.language) - 1;
    for (const column of [starts, ends, titleWords, aboveWords, addressWords]) column.push(0);
    languageOf.push(language);
    pairs.push(row.kind === "pair" ? 1 : 0);
    return passage;
  }

  function close(): void {
    if (rows.length > 0) documents.at(-1)?.packs.push(packRows(rows));
    rows = [];
  }

  function readInto(passage: number, row: PassageRow, language: string): number {
    const start = sequence.length;
    const { title, above, address } = reader.read(row, language, sequence);
    starts.set(passage, start);
    ends.set(passage, sequence.length);
    titleWords.set(passage, title);
    aboveWords.set(passage, above);
    addressWords.set(passage, address);
    return sequence.length - start;
  }

  function wordsOf(): NumberedWords {
    return {
      sequence: sequence.view(),
      starts: starts.view(),
      ends: ends.view(),
      titleWords: titleWords.view(),
      aboveWords: aboveWords.view(),
      addressWords: addressWords.view(),
      languageOf: languageOf.view(),
      pairs: pairs.view(),
      terms: reader.terms.length,
      termAt: (term) => reader.terms[term] ?? "",
      numberOf: (term) => reader.numberOf(term) - 1,
    };
  }

  return {
    languages,
    read: (row, language) => readInto(take(row), row, language),
    wait(row) {
      waiting.add(take(row));
      return 1;
    },
    *readWaiting(language) {
      close();
      for (const { first, packs } of documents) {
        let passage = first;
        for (const pack of packs) {
          const numbers = Array.from({ length: pack.passages }, () => passage++);
          if (!numbers.some((number) => waiting.has(number))) continue;
          for (const [place, row] of unpackRows(pack).entries()) {
            const number = numbers[place] ?? 0;
            if (waiting.delete(number)) yield readInto(number, row, language);
          }
        }
      }
    },
    parts() {
      close();
      const words = wordsOf();
      return documents.map(({ id, passages, packs, first }): IndexPart => {
        const document: IndexedDocument = { id, passages, packs };
        return { document, words, first };
      });
    },
  };
}
