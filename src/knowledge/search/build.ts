/**
 * Passages → an index; and an index and what changed → the next one, which finds exactly what it would if all had been read anew.
 *
 * Algorithm: reading words is what costs, so a word is read once. Words go into segments, which the next index shares; only changed
 * documents are read, into a segment of their own, and merged with other small ones now and then. What concerns all passages (their
 * numbers, the terms in order, in how many passages each is) is made anew, in a few passes over flat arrays. Works in slices; rows go into
 * packs as they come.
 */
import type { PassageRow } from "../../knowledge.ts";
import { createDraftWords, UNKNOWN } from "./draft-words.ts";
import { freeze } from "./freeze.ts";
import type { DocumentText, IndexedDocument, PassageIndex } from "./index.ts";
import { detectLanguage } from "./languages.ts";
import { mergeSegments, type SegmentSizes } from "./merge-segments.ts";
import { unpackRows } from "./packs.ts";
import { renumberIds } from "./renumber.ts";
import { createSlices, type Slices, WORDS_A_DOCUMENT } from "./slices.ts";
import { sortTerms } from "./sort-terms.ts";

/** How many passages are read to detect the language of a knowledge base whose passages do not name theirs. */
const SAMPLE_PASSAGES = 20;

const SIZES = { passages: 8_192, loose: 8, mergedAtOnce: 1_024, idsSpare: 10_000 };

const NOTHING: PassageIndex = {
  ...{ passages: 0, segments: [], documents: [], documentStarts: new Uint32Array(1), documentOf: new Uint32Array(0) },
  ...{ documentLengths: new Uint32Array(0), documentLengthMean: 1, lengthMeans: [], languages: [] },
  ...{ terms: "", termStarts: new Uint32Array(1), having: new Uint32Array(0) },
  ...{ termIds: new Uint32Array(0), termOf: new Uint32Array(0), idsUsed: 0 },
  bytes: 0,
};

export type IndexDraft = {
  /** Rows of new and changed documents, by document and position; what is added later may go on with the last document. */
  add(rows: readonly PassageRow[], pause?: () => Promise<void>): Promise<void>;
  /** The index of what was added and of those documents of the index before that are kept. The draft is used up. */
  finish(isKept: (document: string) => boolean, pause?: () => Promise<void>): Promise<PassageIndex>;
};

/** Resolves after as many `pause()`s as the size asks for; rejects with what `pause` throws. */
export async function buildIndex(rows: readonly PassageRow[], pause?: () => Promise<void>): Promise<PassageIndex> {
  const draft = createDraft(null);
  await draft.add([...rows].sort(byDocument), pause);
  return draft.finish(() => false, pause);
}

export function createDraft(
  before: PassageIndex | null,
  sizes: SegmentSizes & { readonly idsSpare: number } = SIZES,
): IndexDraft {
  const base = before ?? NOTHING;
  const words = createDraftWords(base);
  const sealed: IndexedDocument[] = [];

  async function addRow(row: PassageRow, slices: Slices): Promise<void> {
    if (words.passages >= sizes.passages && row.document !== words.document) sealed.push(...(await words.seal(slices)));
    if (slices.spend(words.take(row))) await slices.rest();
  }

  return {
    async add(rows, pause) {
      const slices = createSlices(pause);
      for (const row of rows) await addRow(row, slices);
    },

    async finish(isKept, pause) {
      const slices = createSlices(pause);
      let kept = base.documents.filter(({ id }) => isKept(id));
      const all = [...kept, ...sealed, ...words.unsealed()];
      const languages = languagesOf(all);
      const cost = all.length * WORDS_A_DOCUMENT;
      if (slices.spend(2 * cost)) await slices.rest();
      const main = languages[0] ?? UNKNOWN;
      if (before !== null && before.languages[0] !== main) {
        const stale = kept.filter((document) => document.languages.includes(UNKNOWN));
        kept = kept.filter((document) => !document.languages.includes(UNKNOWN));
        for (const { packs } of stale)
          for (const pack of packs) for (const row of unpackRows(pack)) await addRow(row, slices);
      }
      for (let read = words.readWaiting(main); read !== null; read = words.readWaiting(main)) {
        for (const count of read) if (slices.spend(count)) await slices.rest();
        if (words.passages >= sizes.passages) sealed.push(...(await words.seal(slices)));
      }
      if (words.passages > 0) sealed.push(...(await words.seal(slices)));
      const documents = inOrder(kept, await sorted(sealed, slices));
      if (slices.spend(cost)) await slices.rest();
      const merged = await mergeSegments(documents, base.idsUsed + words.fresh.length, slices, sizes);
      if (slices.spend(cost)) await slices.rest();
      return renumberIds(await freeze(base, merged, languages, words, slices), sizes.idsSpare);
    },
  };
}

/** By their ids. */
async function sorted(documents: readonly IndexedDocument[], slices: Slices): Promise<readonly IndexedDocument[]> {
  if (documents.every((document, i) => i === 0 || (documents[i - 1]?.id ?? "") < document.id)) return documents;
  const byId = new Map(documents.map((document) => [document.id, document]));
  const ids = await sortTerms([...byId.keys()], slices);
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** All of two lists that are in order. */
function inOrder(some: readonly IndexedDocument[], others: readonly IndexedDocument[]): readonly IndexedDocument[] {
  if (some.length === 0) return others;
  const all: IndexedDocument[] = [];
  let next = 0;
  for (const other of others) {
    for (let one = some[next]; one !== undefined && one.id < other.id; one = some[next]) {
      all.push(one);
      next++;
    }
    all.push(other);
  }
  for (const one of some.slice(next)) all.push(one);
  return all;
}

/** Most frequent first; of equals the one that the first document in order names. */
function languagesOf(documents: readonly DocumentText[]): readonly string[] {
  const named = new Map<string, { passages: number; readonly place: number; document: string }>();
  for (const { id, passages, languages } of documents) {
    for (let place = 0; place < languages.length; place++) {
      const language = languages[place] ?? UNKNOWN;
      if (language === UNKNOWN) continue;
      const times = languages.length === 1 ? passages : 1;
      const known = named.get(language);
      if (known === undefined) named.set(language, { passages: times, document: id, place });
      else if (id < known.document) named.set(language, { passages: known.passages + times, document: id, place });
      else known.passages += times;
    }
  }
  const sorted = [...named].sort(
    ([, a], [, b]) => b.passages - a.passages || compare(a.document, b.document) || a.place - b.place,
  );
  if (sorted.length > 0) return sorted.map(([language]) => language);
  // A few short texts, none of which says enough by itself.
  const sample = firstRows(documents, SAMPLE_PASSAGES);
  const texts = sample.map(({ title, text }) => `${title}\n${text}`);
  return [detectLanguage(texts.join("\n"))];
}

/** The first passages in the order of documents. */
function firstRows(documents: readonly DocumentText[], most: number): readonly PassageRow[] {
  const first: DocumentText[] = [];
  for (const document of documents) {
    if (first.length === most && document.id > (first.at(-1)?.id ?? "")) continue;
    first.push(document);
    first.sort((a, b) => compare(a.id, b.id));
    if (first.length > most) first.pop();
  }
  const rows: PassageRow[] = [];
  for (const pack of first.flatMap(({ packs }) => packs)) {
    if (rows.length >= most) break;
    rows.push(...unpackRows(pack));
  }
  return rows.slice(0, most);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byDocument(a: PassageRow, b: PassageRow): number {
  return compare(a.document, b.document) || a.position - b.position;
}
