/**
 * Question and index → the best passages, and the probability that one of them holds the answer. Pure.
 *
 * Algorithm: analyse the question; score every passage that holds a word of it (BM25F, score.ts); look closer at the best ones (do words
 * of the question stand near each other?); put a question-and-answer pair first when it matches; let no page crowd out the others.
 * PostgreSQL's own ranking was measured and is worse than plain BM25 on these corpora, and slower. A dense model was measured too
 * (README, Decisions).
 */
import type { PassageRow, Retrieval } from "../../knowledge.ts";
import { PASSAGE_CHARS_MAX } from "../import/chunk.ts";
import { answerable, type Cuts, UNCALIBRATED } from "./answerable.ts";
import { askedIn } from "./asked.ts";
import { createCopyFinder } from "./copies.ts";
import { type PassageIndex, passageAt, segmentPlaceOf } from "./index.ts";
import { createLooker, type Look } from "./nearness.ts";
import { analyse, coverage, LANGUAGES_MAX, type Query } from "./query.ts";
import { scorePassages, type Weights } from "./score.ts";
import type { SegmentPlace } from "./segment.ts";

/** Tuned on the even half of the questions (`bench/retrieval.ts`): the middle of a plateau, not its highest point. */
const WEIGHTS: Weights = {
  k1: 2.5,
  documentK1: 2.5,
  fields: [1, 3, 6, 1],
  lengthPenalties: [0.6, 0.4, 0.4, 0.4],
  documentLengthPenalty: 0.2,
  document: 0.45,
  proximity: 1,
  entitled: 0.5,
};

/**
 * For Chinese and Japanese, tuned on the even half of xquad_zh, jsquad_ja and pyfaq_ja. Words are pairs of letters there: those of one word
 * always stand together, so nearness counts what the words have counted, and a pair comes back by chance more often than a word.
 */
const SPACELESS_WEIGHTS: Weights = { ...WEIGHTS, k1: 1.2, documentK1: 1.2, proximity: 0.3, document: 0.3 };
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Passages that get the closer look. */
const LOOK_PASSAGES_MAX = 60;

/** More are never returned. */
const PASSAGES_MAX = 20;

/** How late a place in a ranking stops counting, and what the meanings' ranking counts beside the words'. */
const FUSION_PLACES = 10;
const MEANING_WEIGHT = 0.5;

/** A page's second passage counts this much, its third the square of it. */
const SAME_DOCUMENT = 0.5;

/** A copy of a passage that is chosen already counts this much. */
const DUPLICATE = 0.3;

/** A page's opening that is shorter than this only says what the page is about. */
const OPENING_CHARS_MAX = 400;

/** A pair matches when the question holds this share of the pair's own question, and the pair this share of the question. */
const PAIR_ASKED_MIN = 0.5;
const PAIR_COVERED_MIN = 0.6;

type Candidate = { readonly passage: number; readonly score: number; readonly look: Look };

/** What was found: enough for `answerable`. */
export type PassagesFound = {
  readonly query: Query;
  /** How many passages there are to find. */
  readonly passages: number;
  /** In which they are written, the commonest ones. */
  readonly languages: readonly string[];
  /** Best first, before diversity. */
  readonly candidates: readonly Candidate[];
};

/** Ranking's own signals, for the playground and the bench. */
export type Ranked = PassagesFound & { readonly chosen: readonly Candidate[] };

/**
 * `cuts` are the index' own, from `calibrate`; `meant` are positions of passages by their meaning, nearest first, where there is such a ranking.
 * Below `answerableMin` no passage is given: unpacking them costs more than finding them.
 */
export function retrieveFrom(
  index: PassageIndex,
  question: string,
  limit: number,
  cuts: Cuts = UNCALIBRATED,
  meant: readonly number[] | null = null,
  answerableMin = 0,
): Retrieval {
  // Where nothing was written yet, no line of talk need be read for what it asks.
  if (index.passages === 0) return { passages: [], answerable: 0, asked: [] };
  const found = findPassages(index, question);
  const likely = answerable(found, cuts);
  if (likely < answerableMin) return { passages: [], answerable: likely };
  const chosen = choose(index, found, limit, meant);
  const passages = mergeNeighbours(
    chosen.flatMap(({ passage, score }) => {
      const row = passageAt(index, passage);
      return row === undefined ? [] : [{ passage: row, score }];
    }),
  );
  return {
    passages: goOn(index, chosen[0]?.passage ?? 0, passages),
    answerable: likely,
    asked: askedIn(index, found.query),
  };
}

export function rank(
  index: PassageIndex,
  question: string,
  limit: number,
  given?: Weights,
  meant: readonly number[] | null = null,
): Ranked {
  const found = findPassages(index, question, given);
  return { ...found, chosen: choose(index, found, limit, meant) };
}

/** Scores the passages that hold a word of the question, and looks closer at the best of them. */
export function findPassages(index: PassageIndex, question: string, given?: Weights): PassagesFound {
  const weights = given ?? (SPACELESS.test(question) ? SPACELESS_WEIGHTS : WEIGHTS);
  const query = analyse(index, question);
  const { passages: scores, touched } = scorePassages(index, query.words, weights);
  const look = createLooker(index, query.words);
  const all = query.words.reduce((sum, word) => sum + word.weight * word.rarity, 0);
  const candidates = best(touched, scores, LOOK_PASSAGES_MAX).map((passage): Candidate => {
    const seen = look(passage);
    const entitled = weights.entitled * all * seen.titleAsked * coverage(query, seen.foundAbove);
    return { passage, look: seen, score: (scores[passage] ?? 0) + weights.proximity * seen.nearness + entitled };
  });
  return {
    query,
    passages: index.passages,
    languages: index.languages.slice(0, LANGUAGES_MAX),
    candidates: liftPairs(index, query, candidates),
  };
}

function choose(
  index: PassageIndex,
  { candidates, query }: PassagesFound,
  limit: number,
  meant: readonly number[] | null,
): readonly Candidate[] {
  const all = meant === null ? candidates : fuse(candidates, meant, createLooker(index, query.words));
  return diversify(index, all, Math.min(limit, PASSAGES_MAX));
}

/**
 * Reciprocal rank fusion of the words' ranking and the meanings': only places count, since the two score in units of their own.
 * The passage in a place gets the score that the words gave to that place. Cormack, Clarke and Büttcher, SIGIR 2009.
 */
function fuse(
  byWords: readonly Candidate[],
  byMeaning: readonly number[],
  look: (passage: number) => Look,
): readonly Candidate[] {
  const merits = new Map<number, number>();
  const add = (passage: number, place: number, weight: number) =>
    merits.set(passage, (merits.get(passage) ?? 0) + weight / (FUSION_PLACES + place));
  for (const [place, { passage }] of byWords.entries()) add(passage, place, 1);
  for (const [place, passage] of byMeaning.entries()) add(passage, place, MEANING_WEIGHT);
  const known = new Map(byWords.map((candidate) => [candidate.passage, candidate]));
  const least = byWords.at(-1)?.score ?? 1;
  return [...merits]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([passage], place) => ({
      ...(known.get(passage) ?? { passage, look: look(passage) }),
      score: byWords[place]?.score ?? least / (place + 2 - byWords.length),
    }));
}

/** The `most` best of `passages`, in no order; of equal ones at the end the first. */
function best(passages: Uint32Array, scores: Float32Array, most: number): readonly number[] {
  if (passages.length <= most) return [...passages];
  const least = leastOfBest(passages, scores, most);
  const above: number[] = [];
  const equal: number[] = [];
  for (const passage of passages) {
    const score = scores[passage] ?? 0;
    if (score > least) above.push(passage);
    else if (score === least) equal.push(passage);
  }
  equal.sort((a, b) => a - b);
  return [...above, ...equal.slice(0, most - above.length)];
}

/** The score of the `most`-th best: a heap of that many scores, the least on top, which most of a large base's passages do not enter. */
function leastOfBest(passages: Uint32Array, scores: Float32Array, most: number): number {
  const heap = new Float32Array(most).fill(Number.NEGATIVE_INFINITY);
  for (const passage of passages) {
    const score = scores[passage] ?? 0;
    if (score <= (heap[0] ?? 0)) continue;
    let at = 0;
    for (let child = 1; child < most; child = 2 * at + 1) {
      if (child + 1 < most && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child++;
      if ((heap[child] ?? 0) >= score) break;
      heap[at] = heap[child] ?? 0;
      at = child;
    }
    heap[at] = score;
  }
  return heap[0] ?? 0;
}

/** Best first. The admin wrote a pair for exactly this question: when it matches, it goes before passages that only mention the words. */
function liftPairs(index: PassageIndex, query: Query, candidates: readonly Candidate[]): readonly Candidate[] {
  const top = Math.max(0, ...candidates.map(({ score }) => score));
  return candidates
    .map((candidate) => {
      if (!isPair(segmentPlaceOf(index, candidate.passage))) return candidate;
      const covered = coverage(query, candidate.look.found);
      const matches = candidate.look.titleAsked >= PAIR_ASKED_MIN && covered >= PAIR_COVERED_MIN;
      return matches ? { ...candidate, score: candidate.score + top } : candidate;
    })
    .sort((a, b) => b.score - a.score || a.passage - b.passage);
}

function isPair(place: SegmentPlace | null): boolean {
  return place?.segment.pairs[place.at] === 1;
}

function diversify(index: PassageIndex, candidates: readonly Candidate[], limit: number): Candidate[] {
  const left = [...candidates];
  const chosen: Candidate[] = [];
  const ofDocument = new Map<number, number>();
  const copies = createCopyFinder(index);
  while (chosen.length < limit) {
    let bestAt = 0;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const [at, candidate] of left.entries()) {
      if (candidate.score <= bestScore) break;
      const times = ofDocument.get(index.documentOf[candidate.passage] ?? 0) ?? 0;
      const copy = chosen.some((taken) => copies(taken.passage, candidate.passage));
      const score = candidate.score * SAME_DOCUMENT ** times * (copy ? DUPLICATE : 1);
      if (score > bestScore) {
        bestScore = score;
        bestAt = at;
      }
    }
    const [taken] = left.splice(bestAt, 1);
    if (taken === undefined) break;
    const document = index.documentOf[taken.passage] ?? 0;
    ofDocument.set(document, (ofDocument.get(document) ?? 0) + 1);
    chosen.push({ ...taken, score: bestScore });
  }
  return chosen;
}

/** Passages that follow each other on a page and fit together are one: the reader gets the whole thought. */
function mergeNeighbours(hits: Retrieval["passages"]): Retrieval["passages"] {
  const merged: { passage: PassageRow; score: number; from: number; to: number }[] = [];
  for (const { passage, score } of hits) {
    const near = merged.find(
      (m) =>
        m.passage.document === passage.document &&
        (m.to + 1 === passage.position || m.from - 1 === passage.position) &&
        m.passage.text.length + passage.text.length + 2 <= PASSAGE_CHARS_MAX,
    );
    if (near === undefined) {
      merged.push({ passage, score, from: passage.position, to: passage.position });
      continue;
    }
    const after = passage.position > near.to;
    const [first, second] = after ? [near.passage, passage] : [passage, near.passage];
    near.passage = { ...near.passage, text: `${first.text}\n\n${second.text}` };
    near.from = Math.min(near.from, passage.position);
    near.to = Math.max(near.to, passage.position);
  }
  return merged.map(({ passage, score }) => ({ passage, score }));
}

/** The best passage, where it is a page's short opening: the words of the page's title found it, what is asked stands below. */
function goOn(index: PassageIndex, at: number, hits: Retrieval["passages"]): Retrieval["passages"] {
  const [best, ...others] = hits;
  if (best === undefined || best.passage.kind === "pair" || best.passage.position !== 0) return hits;
  if (best.passage.text.length > OPENING_CHARS_MAX) return hits;
  const next = passageAt(index, at + 1);
  if (next === undefined || next.document !== best.passage.document || best.passage.text.includes(next.text))
    return hits;
  const text = `${best.passage.text}\n\n${next.text}`;
  if (text.length > PASSAGE_CHARS_MAX) return hits;
  return [{ ...best, passage: { ...best.passage, text } }, ...others];
}
