/**
 * A guild's passages → an inverted index in a few flat arrays. All words are in one sorted string. For each word there are the passages
 * that hold it, with counts for body, headings, title and address; for each passage there are its words in order. The index is built in
 * slices, so that the thread can do other work between them. It never changes once it is built.
 */
import type { PassageRow } from "../../knowledge.ts";
import { detectLanguage, stopWordsOf } from "./languages.ts";
import { eachWord, termOf } from "./words.ts";

/** Passages indexed between two pauses: a few milliseconds. */
const SLICE_PASSAGES = 16;

/** How many passages are read to detect the language of a knowledge base whose passages do not name theirs. */
const SAMPLE_PASSAGES = 20;

/** Above this a guild's further passages are left out, and the log says so: one guild must not take a worker's memory. */
export const INDEX_PASSAGES_MAX = 200_000;

export const FIELDS = ["body", "headings", "title", "address"] as const;
export type PassageIndex = {
  readonly passages: readonly PassageRow[];
  /** Passage → its document, numbered from 0; passages of a document are neighbours. */
  readonly documentOf: Uint32Array;
  readonly documents: number;
  /** Languages the passages are written in, most frequent first. */
  readonly languages: readonly string[];
  /** All terms, sorted, in one string; term i is `terms.slice(termStarts[i], termStarts[i + 1])`. */
  readonly terms: string;
  readonly termStarts: Uint32Array;
  /** Postings of term i are `postingStarts[i] … postingStarts[i + 1]`. */
  readonly postingStarts: Uint32Array;
  readonly postingPassages: Uint32Array;
  /** Four counts a posting, one for each field. */
  readonly postingCounts: Uint8Array;
  /** Words a passage has in each field, four a passage. */
  readonly lengths: Uint16Array;
  /** The middle length of each field over the passages that have it. */
  readonly lengthMeans: readonly number[];
  /** Body words of each document. */
  readonly documentLengths: Uint32Array;
  readonly documentLengthMean: number;
  /** Words of title, headings and body, as term + 1, one passage after the other; 0 is a word too small to be looked up. */
  readonly sequence: Uint16Array | Uint32Array;
  readonly sequenceStarts: Uint32Array;
  /** How many of a passage's words are its title's, and how many its title's and headings'. */
  readonly titleWords: Uint16Array;
  readonly aboveWords: Uint16Array;
  /** Two min-hashes of each passage's body words: passages that share neither are no copies of each other. */
  readonly signatures: Uint32Array;
  readonly bytes: number;
};

/** Resolves after as many `pause()`s as the size asks for; rejects with what `pause` throws. */
export async function buildIndex(rows: readonly PassageRow[], pause?: () => Promise<void>): Promise<PassageIndex> {
  const passages = [...rows.slice(0, INDEX_PASSAGES_MAX)].sort(byDocument);
  const languages = languagesOf(passages);
  const mainLanguage = languages[0] ?? "und";
  const draft: Draft = {
    terms: new Map(),
    lengths: new Uint16Array(passages.length * FIELDS.length),
    sequence: [],
    sequenceStarts: new Uint32Array(passages.length + 1),
    titleWords: new Uint16Array(passages.length),
    aboveWords: new Uint16Array(passages.length),
  };
  const documentOf = new Uint32Array(passages.length);
  let documents = 0;

  for (const [i, passage] of passages.entries()) {
    if (pause !== undefined && i % SLICE_PASSAGES === SLICE_PASSAGES - 1) await pause();
    if (i > 0 && passages[i - 1]?.document !== passage.document) documents++;
    documentOf[i] = documents;
    addPassage(draft, i, passage, passage.language === "und" ? mainLanguage : passage.language);
  }
  return freeze(draft, passages, documentOf, passages.length === 0 ? 0 : documents + 1, languages);
}

/** The term's number, or -1. */
export function findTerm(index: PassageIndex, term: string): number {
  let low = 0;
  let high = index.termStarts.length - 2;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = termAt(index, middle);
    if (found === term) return middle;
    if (found < term) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function termAt(index: PassageIndex, term: number): string {
  return index.terms.slice(index.termStarts[term], index.termStarts[term + 1]);
}

/** The term whose letters stand at this place of the terms' string. */
export function termNumberAt(index: PassageIndex, at: number): number {
  let low = 0;
  let high = index.termStarts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((index.termStarts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first term that is not before `term`. */
export function firstTermFrom(index: PassageIndex, term: string): number {
  let low = 0;
  let high = index.termStarts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (termAt(index, middle) < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A passage that does not say is taken for one of the guild's main language. */
function languagesOf(passages: readonly PassageRow[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { language } of passages) if (language !== "und") counts.set(language, (counts.get(language) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).map(([language]) => language);
  if (sorted.length > 0) return sorted;
  // A few short texts, none of which says enough by itself.
  return [
    detectLanguage(
      passages
        .slice(0, SAMPLE_PASSAGES)
        .map(({ title, text }) => `${title}\n${text}`)
        .join("\n"),
    ),
  ];
}

function byDocument(a: PassageRow, b: PassageRow): number {
  if (a.document !== b.document) return a.document < b.document ? -1 : 1;
  return a.position - b.position;
}

/** A passage's words by field; the address gives the words of its path, not of its host. */
function fieldTexts(passage: PassageRow): readonly [string, string, string, string] {
  return [passage.text, passage.headings.join("\n"), passage.title, addressWords(passage.url)];
}

function addressWords(url: string | null): string {
  if (url === null || !URL.canParse(url)) return "";
  const path = new URL(url).pathname;
  try {
    return decodeURIComponent(path).replace(/\.(html?|md|php|aspx?)$/i, "");
  } catch {
    return path;
  }
}

type Draft = {
  /** Term → its number in order of appearance, and its postings: passage, then four counts, flat. */
  readonly terms: Map<string, { readonly number: number; readonly postings: number[] }>;
  readonly lengths: Uint16Array;
  readonly sequence: number[];
  readonly sequenceStarts: Uint32Array;
  readonly titleWords: Uint16Array;
  readonly aboveWords: Uint16Array;
};

function addPassage(draft: Draft, i: number, passage: PassageRow, language: string): void {
  const stops = stopWordsOf(language);
  const start = draft.sequence.length;
  const [body, headings, title, address] = fieldTexts(passage);
  addField(draft, i, 2, title, language, stops);
  draft.titleWords[i] = Math.min(65_535, draft.sequence.length - start);
  addField(draft, i, 1, headings, language, stops);
  draft.aboveWords[i] = Math.min(65_535, draft.sequence.length - start);
  addField(draft, i, 0, body, language, stops);
  const end = draft.sequence.length;
  addField(draft, i, 3, address, language, stops);
  draft.sequence.length = end;
  draft.sequenceStarts[i + 1] = end;
}

function addField(
  draft: Draft,
  i: number,
  field: number,
  text: string,
  language: string,
  stops: ReadonlySet<string>,
): void {
  let length = 0;
  eachWord(text, (surface) => {
    const term = termOf(surface, language);
    if (term === "" || stops.has(term)) {
      draft.sequence.push(0);
      return;
    }
    length++;
    let entry = draft.terms.get(term);
    if (entry === undefined) {
      entry = { number: draft.terms.size, postings: [] };
      draft.terms.set(term, entry);
    }
    draft.sequence.push(entry.number + 1);
    const { postings } = entry;
    const at = postings.length - 5;
    if (at < 0 || postings[at] !== i) postings.push(i, 0, 0, 0, 0);
    const place = postings.length - 4 + field;
    postings[place] = Math.min(255, (postings[place] ?? 0) + 1);
  });
  draft.lengths[i * FIELDS.length + field] = Math.min(65_535, length);
}

function freeze(
  draft: Draft,
  passages: readonly PassageRow[],
  documentOf: Uint32Array,
  documents: number,
  languages: readonly string[],
): PassageIndex {
  const { lengths, sequenceStarts, titleWords, aboveWords } = draft;
  const sorted = [...draft.terms.keys()].sort();
  const termStarts = new Uint32Array(sorted.length + 1);
  const postingStarts = new Uint32Array(sorted.length + 1);
  let postings = 0;
  for (const entry of draft.terms.values()) postings += entry.postings.length / 5;
  const postingPassages = new Uint32Array(postings);
  const postingCounts = new Uint8Array(postings * FIELDS.length);
  const sortedNumbers = new Uint32Array(sorted.length + 1);

  let chars = 0;
  let at = 0;
  for (const [term, text] of sorted.entries()) {
    termStarts[term] = chars;
    postingStarts[term] = at;
    chars += text.length;
    const entry = draft.terms.get(text);
    if (entry === undefined) continue;
    sortedNumbers[entry.number + 1] = term + 1;
    for (let i = 0; i < entry.postings.length; i += 5, at++) {
      postingPassages[at] = entry.postings[i] ?? 0;
      for (let field = 0; field < FIELDS.length; field++) {
        postingCounts[at * FIELDS.length + field] = entry.postings[i + 1 + field] ?? 0;
      }
    }
  }
  termStarts[sorted.length] = chars;
  postingStarts[sorted.length] = at;

  const Sequence = sorted.length < 65_535 ? Uint16Array : Uint32Array;
  const sequence = new Sequence(draft.sequence.length);
  for (const [i, number] of draft.sequence.entries()) sequence[i] = sortedNumbers[number] ?? 0;

  const signatures = signaturesOf(sequence, sequenceStarts, aboveWords);
  const documentLengths = new Uint32Array(documents);
  for (const [i, document] of documentOf.entries()) {
    documentLengths[document] = (documentLengths[document] ?? 0) + (lengths[i * FIELDS.length] ?? 0);
  }
  const terms = sorted.join("");
  const words = [termStarts, postingStarts, postingPassages, postingCounts, sequence, sequenceStarts];
  const arrays = [...words, documentOf, lengths, documentLengths, titleWords, aboveWords, signatures];
  return {
    passages,
    documentOf,
    documents,
    languages,
    terms,
    termStarts,
    postingStarts,
    postingPassages,
    postingCounts,
    lengths,
    lengthMeans: FIELDS.map((_, field) => meanLength(lengths, field)),
    documentLengths,
    documentLengthMean: documents === 0 ? 1 : Math.max(1, documentLengths.reduce((a, b) => a + b, 0) / documents),
    sequence,
    sequenceStarts,
    titleWords,
    aboveWords,
    signatures,
    bytes: arrays.reduce((sum, array) => sum + array.byteLength, terms.length * 2) + passageBytes(passages),
  };
}

function signaturesOf(sequence: Uint16Array | Uint32Array, starts: Uint32Array, aboveWords: Uint16Array): Uint32Array {
  const signatures = new Uint32Array(aboveWords.length * 2).fill(0xffff_ffff);
  for (const [passage, above] of aboveWords.entries()) {
    const end = starts[passage + 1] ?? 0;
    for (let at = (starts[passage] ?? 0) + above; at < end; at++) {
      const term = sequence[at] ?? 0;
      if (term === 0) continue;
      const first = Math.imul(term ^ (term >>> 7), 0x9e3779b1) >>> 0;
      const second = Math.imul(term ^ (term << 5), 0x85ebca6b) >>> 0;
      if (first < (signatures[passage * 2] ?? 0)) signatures[passage * 2] = first;
      if (second < (signatures[passage * 2 + 1] ?? 0)) signatures[passage * 2 + 1] = second;
    }
  }
  return signatures;
}

function meanLength(lengths: Uint16Array, field: number): number {
  let sum = 0;
  let count = 0;
  for (let i = field; i < lengths.length; i += FIELDS.length) {
    const length = lengths[i] ?? 0;
    if (length > 0) count++;
    sum += length;
  }
  return count === 0 ? 1 : sum / count;
}

/** What the rows hold beside the arrays: an upper estimate, two bytes a character as JavaScript may need. */
function passageBytes(passages: readonly PassageRow[]): number {
  let bytes = 0;
  for (const p of passages) {
    const headings = p.headings.reduce((sum, heading) => sum + heading.length, 0);
    const chars = p.text.length + p.title.length + headings + (p.url?.length ?? 0) + p.id.length + p.document.length;
    bytes += 200 + 2 * chars;
  }
  return bytes;
}
