/**
 * A BEIR-style folder (corpus.jsonl, queries.jsonl, qrels.tsv) → passages, questions and how well ranking does on them, with
 * the code the product runs. Questions are halved by a hash of their id: where a set is tuned on, it is on the even ones only.
 */
import { join } from "node:path";
import { passagesOf } from "../src/knowledge/search/fixed.ts";
import type { PassageRow } from "../src/knowledge.ts";
import { readJsonLines } from "./data.ts";
import type { Piece } from "./rankers.ts";

/** Documents cut as most do who write no parser: where a word ends, after so many characters. */
const CHUNK_CHARS = 700;

type BeirDocument = {
  readonly _id: string;
  readonly title?: string;
  readonly text: string;
  readonly metadata?: { readonly url?: string };
};

export type Question = {
  readonly id: string;
  readonly text: string;
  /** Document → grade; above 0 is right. */
  readonly right: ReadonlyMap<string, number>;
};

export type Corpus = {
  readonly passages: readonly PassageRow[];
  /** The same documents without regard to their form. */
  readonly chunks: readonly Piece[];
  readonly questions: readonly Question[];
};

export async function loadCorpus(folder: string): Promise<Corpus> {
  const documents = await readJsonLines<BeirDocument>(join(folder, "corpus.jsonl"));
  const queries = await readJsonLines<{ readonly _id: string; readonly text: string }>(join(folder, "queries.jsonl"));
  const right = new Map<string, Map<string, number>>();
  for (const line of (await Bun.file(join(folder, "qrels.tsv")).text()).split("\n").slice(1)) {
    const [query = "", document = "", grade = "1"] = line.trim().split("\t");
    if (query === "" || !(Number(grade) > 0)) continue;
    const grades = right.get(query) ?? new Map<string, number>();
    right.set(query, grades.set(document, Number(grade)));
  }
  return {
    passages: documents.flatMap((d) =>
      passagesOf({ id: d._id, title: d.title ?? "", text: d.text, url: d.metadata?.url ?? null }),
    ),
    chunks: documents.flatMap((d) =>
      chunksOf(d.text).map((text) => ({ document: d._id, title: d.title ?? "", headings: [], text })),
    ),
    questions: queries
      .map((q) => ({ id: q._id, text: q.text, right: right.get(q._id) ?? new Map<string, number>() }))
      .filter((q) => q.right.size > 0),
  };
}

function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  let at = 0;
  while (at + CHUNK_CHARS < text.length) {
    const gap = text.lastIndexOf(" ", at + CHUNK_CHARS);
    const end = gap > at + CHUNK_CHARS / 2 ? gap : at + CHUNK_CHARS;
    chunks.push(text.slice(at, end));
    at = end;
  }
  return [...chunks, text.slice(at)];
}

/** 32-bit FNV-1a of the id's UTF-8 bytes. */
function hashOfId(id: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

export function isTuned(question: { readonly id: string }): boolean {
  return hashOfId(question.id) % 2 === 0;
}

export type Scores = {
  readonly questions: number;
  /** Right document among the first k passages / documents. */
  readonly passagesHit: Readonly<Record<1 | 3 | 5 | 9, number>>;
  readonly documentsHit: Readonly<Record<1 | 3 | 5 | 9, number>>;
  /** Over documents among the first 20 passages. */
  readonly mrr: number;
  /** What MRR is the mean of, a question each. */
  readonly reciprocals: readonly number[];
  readonly ndcg10: number;
};

/** `ranked` gives, for a question, the documents of its passages, best first; ids may repeat. */
export function score(questions: readonly Question[], ranked: (question: Question) => readonly string[]): Scores {
  const passagesHit = { 1: 0, 3: 0, 5: 0, 9: 0 };
  const documentsHit = { 1: 0, 3: 0, 5: 0, 9: 0 };
  const reciprocals: number[] = [];
  let ndcg = 0;
  for (const question of questions) {
    const passages = ranked(question);
    const documents = [...new Set(passages)];
    for (const k of [1, 3, 5, 9] as const) {
      if (passages.slice(0, k).some((d) => question.right.has(d))) passagesHit[k]++;
      if (documents.slice(0, k).some((d) => question.right.has(d))) documentsHit[k]++;
    }
    const first = documents.findIndex((d) => question.right.has(d));
    reciprocals.push(first < 0 ? 0 : 1 / (first + 1));
    ndcg +=
      gain(documents.slice(0, 10).map((d) => question.right.get(d) ?? 0)) /
      gain([...question.right.values()].sort((a, b) => b - a).slice(0, 10));
  }
  const n = Math.max(1, questions.length);
  const share = (hits: Record<1 | 3 | 5 | 9, number>) => ({
    1: hits[1] / n,
    3: hits[3] / n,
    5: hits[5] / n,
    9: hits[9] / n,
  });
  return {
    questions: questions.length,
    passagesHit: share(passagesHit),
    documentsHit: share(documentsHit),
    mrr: reciprocals.reduce((sum, value) => sum + value, 0) / n,
    reciprocals,
    ndcg10: ndcg / n,
  };
}

function gain(grades: readonly number[]): number {
  return grades.reduce((sum, grade, i) => sum + (2 ** grade - 1) / Math.log2(i + 2), 0);
}

/** The chance that a positive scores above a negative; ties count half. */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  const all = [...positives.map((v) => ({ v, p: 1 })), ...negatives.map((v) => ({ v, p: 0 }))].sort(
    (a, b) => a.v - b.v,
  );
  let rankSum = 0;
  for (let i = 0; i < all.length; ) {
    let j = i;
    while (j < all.length && all[j]?.v === all[i]?.v) j++;
    for (let k = i; k < j; k++) if (all[k]?.p === 1) rankSum += (i + j + 1) / 2;
    i = j;
  }
  const n = positives.length;
  return n === 0 || negatives.length === 0 ? Number.NaN : (rankSum - (n * (n + 1)) / 2) / (n * negatives.length);
}
