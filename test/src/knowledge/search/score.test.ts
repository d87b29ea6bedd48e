import { expect, test } from "bun:test";
import fc from "fast-check";
import { buildIndex } from "../../../../src/knowledge/search/build.ts";
import { findTerm, type PassageIndex } from "../../../../src/knowledge/search/index.ts";
import { createLooker } from "../../../../src/knowledge/search/nearness.ts";
import type { QueryWord } from "../../../../src/knowledge/search/query.ts";
import { rarity, scorePassages, type Weights } from "../../../../src/knowledge/search/score.ts";
import { FIELDS } from "../../../../src/knowledge/search/segment.ts";
import { termOf } from "../../../../src/knowledge/search/words.ts";
import { type MadeText, madeTexts, rowsOf, WORDS } from "../../../support/made-texts.ts";

const WEIGHTS: Weights = {
  ...{ k1: 1.3, documentK1: 2.1, fields: [1, 3, 6, 2], lengthPenalties: [0.6, 0.4, 0.3, 0.2] },
  ...{ documentLengthPenalty: 0.25, document: 0.45, proximity: 1, entitled: 0.5 },
};

/** Words of a question: none, one or two of the made words stand for each, as surely as its weight says. */
const asked = fc.array(
  fc.record({
    weight: fc.constantFrom(0.2, 0.5, 1, 2),
    rarity: fc.constantFrom(0.3, 1, 2.5),
    terms: fc.uniqueArray(fc.record({ word: fc.constantFrom(...WORDS), weight: fc.constantFrom(0.4, 0.7, 1) }), {
      maxLength: 2,
      selector: ({ word }) => word,
    }),
  }),
  { maxLength: 5 },
);
type Asked = {
  readonly weight: number;
  readonly rarity: number;
  readonly terms: readonly { word: string; weight: number }[];
};

test("a passage's score is BM25F over its fields and its document, as the formula says", async () => {
  await fc.assert(
    fc.asyncProperty(madeTexts, asked, async (texts, words) => {
      const index = await buildIndex(rowsOf(texts));
      const { passages, touched } = scorePassages(index, questionOf(index, words), WEIGHTS);
      const expected = inOrder(texts).map((text, _, all) => bm25f(text, all, words));
      // Scores are kept in single precision.
      for (const [passage, score] of expected.entries())
        expect(Math.abs((passages[passage] ?? 0) - score)).toBeLessThan(1e-5 * Math.max(1, score));
      expect([...touched].sort((a, b) => a - b)).toEqual(
        expected.flatMap((score, passage) => (score > 0 && holdsAny(inOrder(texts)[passage], words) ? [passage] : [])),
      );
    }),
    { numRuns: 60 },
  );
});

test("a word's rarity is BM25's idf: never below 0, largest where nobody wrote it", () => {
  expect(rarity(10, 0)).toBeCloseTo(Math.log(1 + 10.5 / 0.5), 6);
  expect(rarity(10, 4)).toBeCloseTo(Math.log(1 + 6.5 / 4.5), 6);
  expect(rarity(10, 10)).toBeCloseTo(Math.log(1 + 0.5 / 10.5), 6);
});

test("a closer look finds each word of the question where it stands, and counts neighbours by how near they meet", async () => {
  await fc.assert(
    fc.asyncProperty(madeTexts, asked, async (texts, words) => {
      const index = await buildIndex(rowsOf(texts));
      const look = createLooker(index, questionOf(index, words));
      for (const [passage, text] of inOrder(texts).entries()) {
        const seen = look(passage);
        const wanted = lookAt(text, texts, words);
        expect([...seen.found].sort(byPlace)).toEqual(wanted.found);
        expect([...seen.foundAbove].sort(byPlace)).toEqual(wanted.foundAbove);
        expect(seen.titleAsked).toBeCloseTo(wanted.titleAsked, 6);
        expect(seen.nearness).toBeCloseTo(wanted.nearness, 4);
      }
    }),
    { numRuns: 60 },
  );
});

/** As the index keeps them. */
function inOrder(texts: readonly MadeText[]): readonly MadeText[] {
  return [...texts].sort((a, b) => a.document - b.document || a.position - b.position);
}

function termIn(index: PassageIndex, word: string): number {
  return findTerm(index, termOf(word, "en"));
}

function questionOf(index: PassageIndex, words: readonly Asked[]): readonly QueryWord[] {
  return words.map(({ weight, rarity: rare, terms }, i) => ({
    ...{ surface: `w${i}`, weight, rarity: rare },
    terms: terms.flatMap(({ word, weight: sure }) => {
      const term = termIn(index, word);
      return term < 0 ? [] : [{ term, weight: sure }];
    }),
  }));
}

function fieldsOf({ body, headings, title, address }: MadeText): readonly (readonly string[])[] {
  return [body, headings, title, address];
}

function counted(words: readonly string[], word: string): number {
  return words.filter((other) => other === word).length;
}

function full(words: readonly string[]): number {
  return words.filter((word) => WORDS.includes(word)).length;
}

function holdsAny(text: MadeText | undefined, words: readonly Asked[]): boolean {
  const own = new Set(text === undefined ? [] : fieldsOf(text).flat());
  return words.some(({ terms }) => terms.some(({ word }) => own.has(word)));
}

/** The mean over those that have the field at all, 1 where none has. */
function meanOf(lengths: readonly number[]): number {
  const having = lengths.filter((length) => length > 0);
  return having.length === 0 ? 1 : having.reduce((sum, length) => sum + length, 0) / having.length;
}

function bm25f(text: MadeText, all: readonly MadeText[], words: readonly Asked[]): number {
  const means = FIELDS.map((_, field) => meanOf(all.map((other) => full(fieldsOf(other)[field] ?? []))));
  const document = all.filter((other) => other.document === text.document);
  const documents = [...new Set(all.map((other) => other.document))];
  const lengthOf = (of: number) =>
    all.filter((other) => other.document === of).reduce((sum, { body }) => sum + full(body), 0);
  const documentMean = Math.max(1, documents.reduce((sum, of) => sum + lengthOf(of), 0) / documents.length);
  let score = 0;
  for (const { weight, rarity: rare, terms } of words) {
    let tf = 0;
    let count = 0;
    for (const { word, weight: sure } of terms) {
      for (const [field, own] of fieldsOf(text).entries()) {
        const b = WEIGHTS.lengthPenalties[field] ?? 0;
        const length = full(own) / (means[field] ?? 1);
        tf += (sure * (WEIGHTS.fields[field] ?? 0) * counted(own, word)) / (1 - b + b * length);
      }
      count += sure * document.reduce((sum, { body }) => sum + counted(body, word), 0);
    }
    score += (weight * rare * tf * (WEIGHTS.k1 + 1)) / (tf + WEIGHTS.k1);
    const penalty = WEIGHTS.documentLengthPenalty;
    const dtf = count / (1 - penalty + (penalty * lengthOf(text.document)) / documentMean);
    score += (WEIGHTS.document * weight * rare * dtf * (WEIGHTS.documentK1 + 1)) / (dtf + WEIGHTS.documentK1);
  }
  return holdsAny(text, words) ? score : 0;
}

function byPlace(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0];
}

/** One word of the index stands for the question's word that it stands for most surely, the first of several. */
function placeOf(word: string, words: readonly Asked[]): { place: number; sure: number } | null {
  let best: { place: number; sure: number } | null = null;
  for (const [place, { terms }] of words.entries()) {
    const sure = terms.find((term) => term.word === word)?.weight ?? 0;
    if (sure > (best?.sure ?? 0)) best = { place, sure };
  }
  return best;
}

function lookAt(text: MadeText, all: readonly MadeText[], words: readonly Asked[]) {
  const written = new Set(all.flatMap((one) => fieldsOf(one).flat()));
  const placed = [text.title, text.headings, text.body].flatMap((part, room) =>
    part.map((word) => ({ word, room, ...placeOf(word, words) })),
  );
  const surest = (those: typeof placed) =>
    words.flatMap((_, place): [number, number][] => {
      const sure = Math.max(0, ...those.map((one) => (one.place === place ? (one.sure ?? 0) : 0)));
      return sure > 0 ? [[place, sure]] : [];
    });
  const titled = text.title.filter((word) => WORDS.includes(word));
  const asking = words.flatMap((word, place) =>
    word.terms.some((term) => written.has(term.word)) ? [{ ...word, place }] : [],
  );
  let nearness = 0;
  for (const [i, b] of asking.entries()) {
    const a = asking[i - 1];
    if (a === undefined) continue;
    let meetings = 0;
    for (const [at, one] of placed.entries())
      for (const [other, two] of placed.entries()) {
        const apart = Math.abs(at - other);
        if (one.place !== a.place || two.place !== b.place || one.room !== two.room) continue;
        if (apart > 0 && apart <= 4) meetings += 1 / apart;
      }
    if (meetings > 0) nearness += (Math.min(a.rarity * a.weight, b.rarity * b.weight) * meetings * 3) / (meetings + 2);
  }
  return {
    found: surest(placed),
    foundAbove: surest(placed.filter(({ room }) => room < 2)),
    titleAsked: titled.length === 0 ? 0 : titled.filter((word) => placeOf(word, words) !== null).length / titled.length,
    nearness,
  };
}
