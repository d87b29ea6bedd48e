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

type Read = {
  from: number;
  to: number;
  title: number;
  above: number;
  address: number;
  readonly language: number;
  readonly pair: boolean;
  waits: boolean;
};

export function createDraftWords(named: readonly string[]): DraftWords {
  const reader = createReader();
  const sequence = createGrowing();
  const languages = [...named];
  const documents: { readonly id: string; readonly first: number; passages: number; readonly packs: Pack[] }[] = [];
  const passages: Read[] = [];
  /** Of the last document, those that are in no pack yet. */
  let rows: PassageRow[] = [];

  function take(row: PassageRow): Read {
    let document = documents.at(-1);
    if (document?.id !== row.document) {
      close();
      document = { id: row.document, first: passages.length, passages: 0, packs: [] };
      documents.push(document);
    } else if (rows.length === PASSAGES_A_PACK) close();
    rows.push(row);
    document.passages++;
    let language = languages.indexOf(row.language);
    if (language < 0) language = languages.push(row.language) - 1;
    const read = { from: 0, to: 0, title: 0, above: 0, address: 0, language, pair: row.kind === "pair", waits: false };
    passages.push(read);
    return read;
  }

  function close(): void {
    if (rows.length > 0) documents.at(-1)?.packs.push(packRows(rows));
    rows = [];
  }

  function readInto(read: Read, row: PassageRow, language: string): number {
    read.from = sequence.length;
    Object.assign(read, reader.read(row, language, sequence));
    read.to = sequence.length;
    return read.to - read.from;
  }

  function wordsOf(): NumberedWords {
    const of = (number: (read: Read) => number) => Uint32Array.from(passages, number);
    const small = (number: (read: Read) => number) => Uint16Array.from(passages, number);
    return {
      sequence: sequence.view(),
      starts: of(({ from }) => from),
      ends: of(({ to }) => to),
      titleWords: small(({ title }) => title),
      aboveWords: small(({ above }) => above),
      addressWords: small(({ address }) => address),
      languageOf: small(({ language }) => language),
      pairs: Uint8Array.from(passages, ({ pair }) => (pair ? 1 : 0)),
      terms: reader.terms.length,
      termAt: (term) => reader.terms[term] ?? "",
      numberOf: (term) => reader.numberOf(term) - 1,
    };
  }

  return {
    languages,
    read: (row, language) => readInto(take(row), row, language),
    wait(row) {
      take(row).waits = true;
      return 1;
    },
    *readWaiting(language) {
      close();
      for (const { first, packs } of documents) {
        let passage = first;
        for (const pack of packs) {
          const reads = passages.slice(passage, passage + pack.passages);
          passage += pack.passages;
          if (!reads.some(({ waits }) => waits)) continue;
          for (const [place, row] of unpackRows(pack).entries()) {
            const read = reads[place];
            if (read?.waits !== true) continue;
            read.waits = false;
            yield readInto(read, row, language);
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
