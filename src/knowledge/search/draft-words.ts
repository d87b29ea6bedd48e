/** What a draft reads: documents with their rows in packs, and each passage's words as numbers, until they go into a segment. */
import type { PassageRow } from "../../knowledge.ts";
import { createGrowing } from "./growing.ts";
import { type DocumentText, findTerm, type IndexedDocument, type PassageIndex } from "./index.ts";
import { PASSAGES_A_PACK, type Pack, packedBytes, packRows, unpackRows } from "./packs.ts";
import { createReader } from "./reader.ts";
import { type PassageWords, sealSegment } from "./segment.ts";
import type { Slices } from "./slices.ts";

/** A passage that does not name its language is taken for one of the guild's main language. */
export const UNKNOWN = "und";

/** What a document of an index takes beside its texts, about. */
const DOCUMENT_BYTES = 120;

export type DraftWords = {
  /** Of passages whose words are read and in no segment yet. */
  readonly passages: number;
  /** The document that rows were taken of last. */
  readonly document: string | null;
  /** Takes the next row. Its words are read, and those of its document, unless the language is not known yet; how many. */
  take(row: PassageRow): number;
  /** Reads the words of a document that waits for its language, to the end before anything else; how many each passage has. Null once none waits. */
  readWaiting(language: string): Iterable<number> | null;
  /** Documents whose words are read or wait, and which are in no segment yet. */
  unsealed(): readonly DocumentText[];
  /** The documents whose words are read, in a segment. */
  seal(slices: Slices): Promise<readonly IndexedDocument[]>;
  /** Terms that the index before has not, in the order of their ids. */
  readonly fresh: readonly string[];
  /** Of a term that was met. */
  idOf(term: string): number;
};

type Read = DocumentText & { readonly first: number };

export function createDraftWords(
  before: Pick<PassageIndex, "terms" | "termStarts" | "termIds" | "idsUsed">,
): DraftWords {
  const reader = createReader();
  /** Each term's id by the reader's number. */
  const termIds = createGrowing();
  const fresh: string[] = [];
  const sequence = createGrowing();
  const starts = createGrowing();
  const titleWords = createGrowing();
  const aboveWords = createGrowing();
  const addressWords = createGrowing();
  const pairs = createGrowing();
  const perPassage = [starts, titleWords, aboveWords, addressWords, pairs];
  /** Lists of one language, which most documents share. */
  const alone = new Map<string, readonly string[]>();
  let read: Read[] = [];
  const waiting: DocumentText[] = [];
  let last: { readonly id: string; readonly first: number; packs: Pack[]; languages: string[]; waits: boolean } | null =
    null;
  /** Of the last document, those that are in no pack yet. */
  let rows: PassageRow[] = [];
  starts.push(0);

  function readWords(row: PassageRow, language: string): number {
    const start = sequence.length;
    const { title, above, address } = reader.read(row, language, sequence);
    while (termIds.length < reader.terms.length) meet(reader.terms[termIds.length] ?? "");
    starts.push(sequence.length);
    titleWords.push(title);
    aboveWords.push(above);
    addressWords.push(address);
    pairs.push(row.kind === "pair" ? 1 : 0);
    return sequence.length - start;
  }

  function meet(term: string): void {
    const known = findTerm(before, term);
    termIds.push(known < 0 ? before.idsUsed + fresh.push(term) - 1 : (before.termIds[known] ?? 0));
  }

  function close(): void {
    if (last === null) return;
    const { id, first, packs, waits } = last;
    if (rows.length > 0) packs.push(packRows(rows));
    const passages = last.languages.length;
    const bytes = DOCUMENT_BYTES + id.length + packedBytes(packs);
    const document = { id, passages, packs, bytes, languages: shared(last.languages), first };
    if (waits) waiting.push(document);
    else read.push(document);
    rows = [];
    last = null;
  }

  function* readDocument(document: DocumentText, language: string): Generator<number> {
    const first = starts.length - 1;
    for (const pack of document.packs)
      for (const row of unpackRows(pack)) yield readWords(row, row.language === UNKNOWN ? language : row.language);
    read.push({ ...document, first });
  }

  function shared(languages: readonly string[]): readonly string[] {
    const [first = UNKNOWN] = languages;
    if (languages.some((language) => language !== first)) return languages;
    const known = alone.get(first) ?? [first];
    alone.set(first, known);
    return known;
  }

  return {
    fresh,
    idOf: (term) => termIds.at(reader.numberOf(term) - 1),
    get passages() {
      return starts.length - 1;
    },
    get document() {
      return last?.id ?? null;
    },
    take(row) {
      if (last?.id !== row.document) {
        close();
        last = { id: row.document, first: starts.length - 1, packs: [], languages: [], waits: false };
      } else if (rows.length === PASSAGES_A_PACK) {
        last.packs.push(packRows(rows));
        rows = [];
      }
      rows.push(row);
      last.languages.push(row.language);
      // What is read of it already is left out of the segment: its passages must stand together.
      if (row.language === UNKNOWN) last.waits = true;
      return last.waits ? 1 : readWords(row, row.language);
    },
    readWaiting(language) {
      close();
      const document = waiting.pop();
      return document === undefined ? null : readDocument(document, language);
    },
    unsealed() {
      close();
      return [...read, ...waiting];
    },
    async seal(slices) {
      close();
      const words: PassageWords = {
        ...{ termIds: termIds.view(), sequence: sequence.view(), sequenceStarts: starts.view() },
        ...{ titleWords: titleWords.view(), aboveWords: aboveWords.view(), addressWords: addressWords.view() },
        pairs: pairs.view(),
      };
      const parts = read.map(({ first, passages }) => ({ words, first, passages }));
      const segment = await sealSegment(parts, before.idsUsed + fresh.length, slices);
      let first = 0;
      const sealed = read.map((document): IndexedDocument => {
        const its = first;
        first += document.passages;
        return { ...document, segment, first: its };
      });
      read = [];
      sequence.clear();
      for (const column of perPassage) column.clear();
      starts.push(0);
      return sealed;
    },
  };
}
