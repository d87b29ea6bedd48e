/**
 * Passages → an index; and an index and what changed → the next one, exactly as if all had been read anew.
 *
 * Algorithm: reading words is what costs, so a word is read once. An index keeps the numbers of each passage's words; the next index takes
 * those of documents that did not change from the one before, and only changed documents are read. From all the numbers postings, lengths and
 * signatures are then counted anew, in a few passes over flat arrays: changing them in place would cost as much, since documents and
 * terms stand in order. Works in slices; rows go into packs as they come.
 */
import type { PassageRow } from "../../knowledge.ts";
import { createDraftWords } from "./draft-words.ts";
import { freeze, type IndexPart, type NumberedWords } from "./freeze.ts";
import { type IndexedDocument, type PassageIndex, termAt } from "./index.ts";
import { detectLanguage } from "./languages.ts";
import { PASSAGES_A_PACK, unpackRows } from "./packs.ts";
import { createSlices } from "./slices.ts";

/** How many passages are read to detect the language of a knowledge base whose passages do not name theirs. */
const SAMPLE_PASSAGES = 20;
const SAMPLE_PACKS = Math.ceil(SAMPLE_PASSAGES / PASSAGES_A_PACK);
/** A passage that does not name its language is taken for one of the guild's main language. */
const UNKNOWN = "und";

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

export function createDraft(before: PassageIndex | null): IndexDraft {
  const words = createDraftWords(before?.languagesNamed ?? []);
  return {
    async add(rows, pause) {
      const slices = createSlices(pause);
      for (const row of rows) {
        const read = row.language === UNKNOWN ? words.wait(row) : words.read(row, row.language);
        if (slices.spend(read)) await slices.rest();
      }
    },

    async finish(isKept, pause) {
      const slices = createSlices(pause);
      let kept = before === null ? [] : partsOf(before.documents, wordsOf(before)).filter((p) => isKept(p.document.id));
      const languages = languagesOf(inOrder(kept, words.parts()), words.languages);
      const main = languages[0] ?? UNKNOWN;
      if (before !== null && before.languages[0] !== main) {
        const unknown = words.languages.indexOf(UNKNOWN);
        const isStale = ({ document, words, first }: IndexPart) =>
          words.languageOf.subarray(first, first + document.passages).includes(unknown);
        for (const { document } of kept.filter(isStale)) {
          for (const row of document.packs.flatMap(unpackRows)) {
            const read = row.language === UNKNOWN ? words.wait(row) : words.read(row, row.language);
            if (slices.spend(read)) await slices.rest();
          }
        }
        kept = kept.filter((part) => !isStale(part));
      }
      for (const read of words.readWaiting(main)) if (slices.spend(read)) await slices.rest();
      return freeze(inOrder(kept, words.parts()), words.languages, languages, slices);
    },
  };
}

function wordsOf(index: PassageIndex): NumberedWords {
  return {
    ...index,
    starts: index.sequenceStarts.subarray(0, index.passages),
    ends: index.sequenceStarts.subarray(1),
    terms: index.termStarts.length - 1,
    numberOf: null,
    termAt: (term) => termAt(index, term),
  };
}

function partsOf(documents: readonly IndexedDocument[], words: NumberedWords): IndexPart[] {
  let first = 0;
  return documents.map((document) => {
    const part = { document, words, first };
    first += document.passages;
    return part;
  });
}

/** All parts by their documents' ids; `kept` are in order already. */
function inOrder(kept: readonly IndexPart[], added: readonly IndexPart[]): readonly IndexPart[] {
  if (kept.length === 0 && added.every((part, i) => i === 0 || isBefore(added[i - 1], part))) return added;
  return [...kept, ...added].sort((a, b) => (isBefore(a, b) ? -1 : 1));
}

function isBefore(a: IndexPart | undefined, b: IndexPart): boolean {
  return a !== undefined && a.document.id < b.document.id;
}

/** Most frequent first; of equals the one that is named first. */
function languagesOf(parts: readonly IndexPart[], named: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { document, words, first } of parts) {
    for (let passage = first; passage < first + document.passages; passage++) {
      const language = named[words.languageOf[passage] ?? 0] ?? UNKNOWN;
      if (language !== UNKNOWN) counts.set(language, (counts.get(language) ?? 0) + 1);
    }
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).map(([language]) => language);
  if (sorted.length > 0) return sorted;
  // A few short texts, none of which says enough by itself.
  const sample: PassageRow[] = [];
  for (const { document } of parts) {
    if (sample.length >= SAMPLE_PASSAGES) break;
    sample.push(...document.packs.slice(0, SAMPLE_PACKS).flatMap(unpackRows));
  }
  const texts = sample.slice(0, SAMPLE_PASSAGES).map(({ title, text }) => `${title}\n${text}`);
  return [detectLanguage(texts.join("\n"))];
}

function byDocument(a: PassageRow, b: PassageRow): number {
  if (a.document !== b.document) return a.document < b.document ? -1 : 1;
  return a.position - b.position;
}
