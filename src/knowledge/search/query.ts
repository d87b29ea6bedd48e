/**
 * A question → the words to look up. Each word has its terms in the index: its stem in every language of the index; near spellings and
 * compounds when no passage holds the word; synonyms. Stop words and words of politeness are left out.
 */
import { toldIn, withoutFrame } from "../../text/asking.ts";
import { joinedCodes } from "../../text/codes.ts";
import { isMixedScript } from "../../text/scripts.ts";
import { compoundsOf } from "./compounds.ts";
import { fold } from "./fold.ts";
import { findTerm, type PassageIndex } from "./index.ts";
import { detectLanguage } from "./languages.ts";
import { eachQuestionWord, isSmallIn, type QuestionWord } from "./question-words.ts";
import { rarity } from "./score.ts";
import { HELP_TERMS_MAX, type HelpBudget, nearTerms } from "./spelling.ts";

export type QueryWord = {
  readonly surface: string;
  /** How much the word matters beside others, before its rarity. */
  readonly weight: number;
  /** BM25's idf over all its forms; largest where nobody wrote it. */
  readonly rarity: number;
  /** Terms of the index; empty when nobody wrote it, nor anything near. `weight` below 1 for near spellings. */
  readonly terms: readonly { readonly term: number; readonly weight: number }[];
};

export type Query = { readonly language: string; readonly words: readonly QueryWord[] };

/** A longer question is a pasted log. The asking sentences are read first, then the story around them, then pasted text. */
const QUESTION_WORDS_MAX = 64;

/** In a longer message the words around the sentences that ask only help them. */
const STORY_CHARS_MIN = 240;
const STORY_WEIGHT = 0.2;
/** A question that points back ("is this possible?") is half in its story. */
const POINTED_AT_WEIGHT = 0.5;
const POINTS_BACK =
  /(?<!\p{L})(?:this|that|it|these|those|them|bu|bunu|bunlar|bunları|onu|das|dies|diese|es|esto|eso|cela|ça|isso|isto|это|ce)(?!\p{L})/iu;
const PASTED_WEIGHT = 0.1;
/** With fewer words of its own that somebody wrote, a sentence ("any ideas?") leaves it to the story to say what is asked. */
const ASKING_WORDS_MIN = 2;

/** Languages of an index a question is looked up in; further ones are rare strays. */
export const LANGUAGES_MAX = 3;

/** Weight of a part of an identifier: less when the whole was found. */
const PART_WEIGHT = 0.8;
const PART_OF_FOUND_WEIGHT = 0.35;
const NEAR_WEIGHT = 0.7;
const SYNONYM_WEIGHT = 0.5;
const COMPOUND_WEIGHT = 0.8;

/** A word of a script without spaces is two or three pairs of letters; two hiragana are mostly an ending or a particle. */
const PAIR_WEIGHT = 0.5;
const HIRAGANA_WEIGHT = 0.15;
/** A name in Latin letters is what a Chinese or Japanese question is about. */
const NAME_WEIGHT = 2.2;

export function analyse(index: PassageIndex, asked: string): Query {
  // "ml 503" where pages write "ML-503" or "ML503".
  const question = joinedCodes(withoutFrame(asked), ({ kind, number, apart }) =>
    apart && findTerm(index, fold(`${kind}${number}`)) >= 0 ? `${kind}-${number}` : undefined,
  );
  const language = detectLanguage(question);
  const languages = index.languages.slice(0, LANGUAGES_MAX);
  const reading: Reading = {
    ...{ index, language, languages, isForeign: !languages.includes(language) },
    ...{ spaceless: isMixedScript(question), words: [], seen: new Set(), help: { left: HELP_TERMS_MAX } },
  };
  if (question.length < STORY_CHARS_MIN) read(reading, question, 1);
  else {
    const { asking, story, pasted } = toldIn(question);
    read(reading, asking, 1);
    const says = reading.words.filter(({ terms }) => terms.length > 0).length >= ASKING_WORDS_MIN;
    const help = POINTS_BACK.test(asking) ? POINTED_AT_WEIGHT : STORY_WEIGHT;
    read(reading, story, says ? help : 1);
    read(reading, pasted, says ? PASTED_WEIGHT : STORY_WEIGHT);
  }
  return { language, words: reading.words };
}

type Reading = {
  readonly index: PassageIndex;
  /** Of the question. */
  readonly language: string;
  readonly languages: readonly string[];
  /** No passage is written in it: its stop words are looked at besides. */
  readonly isForeign: boolean;
  readonly spaceless: boolean;
  readonly words: QueryWord[];
  readonly seen: Set<string>;
  readonly help: HelpBudget;
};

/** Adds the words of a part of the question that were not in a part before it. */
function read(reading: Reading, part: string, share: number): void {
  const { index, language, languages, isForeign, spaceless, words, seen, help } = reading;
  let wholeFound = false;
  eachQuestionWord(part, languages, (word) => {
    if (words.length === QUESTION_WORDS_MAX) return;
    const { kind, stems } = word;
    if (kind === "whole") wholeFound = false;
    if (word.isSmall || (isForeign && isSmallIn(language, word))) return;
    const key = stems[0] ?? word.folded;
    if (seen.has(key)) return;
    seen.add(key);
    const terms = termsOf(index, stems, 1);
    if (kind === "whole") wholeFound = terms.length > 0;
    // An identifier nobody wrote is no word that is missing: its parts speak for it.
    if (kind === "whole" && terms.length === 0 && word.isIdentifier) return;
    if (terms.length === 0 && isWrittenApart(index, word)) return;
    const script = share * weightOfScript(word, spaceless);
    const weight = script * (kind === "whole" ? 1 : wholeFound ? PART_OF_FOUND_WEIGHT : PART_WEIGHT);
    const near = terms.length > 0 ? terms : standInsFor(index, stems, help);
    const synonyms = termsOf(index, word.synonyms, SYNONYM_WEIGHT);
    const others = synonyms.filter(({ term }) => near.every((other) => other.term !== term));
    const rarity = rarityOf(index, near.length > 0 ? near : others);
    words.push({ surface: word.surface, weight, rarity, terms: others.length === 0 ? near : [...near, ...others] });
  });
}

/** Those of `terms` that the index has. */
function termsOf(index: PassageIndex, terms: readonly string[], weight: number): QueryWord["terms"] {
  const found: { readonly term: number; readonly weight: number }[] = [];
  for (const text of terms) {
    const term = findTerm(index, text);
    if (term >= 0) found.push({ term, weight });
  }
  return found;
}

/** "ML-503" asks for "ML503" too. Where pages write "ML 503" they hold its two halves. */
function isWrittenApart(index: PassageIndex, { halves }: QuestionWord): boolean {
  return halves?.every((half) => findTerm(index, half) >= 0) ?? false;
}

function weightOfScript({ script }: QuestionWord, spaceless: boolean): number {
  if (script === "hiragana") return HIRAGANA_WEIGHT;
  if (script === "pairs") return PAIR_WEIGHT;
  return spaceless ? NAME_WEIGHT : 1;
}

/** For a word that no passage holds, by its stem in each language: a word with almost the same spelling, or else a compound that holds it. */
function standInsFor(index: PassageIndex, stems: readonly string[], help: HelpBudget): QueryWord["terms"] {
  for (const word of stems) {
    const near = nearTerms(index, word, help).map((term) => ({ term, weight: NEAR_WEIGHT }));
    if (near.length > 0) return near;
  }
  return compoundsOf(index, stems[0] ?? "", help).map((term) => ({ term, weight: COMPOUND_WEIGHT }));
}

/** Share of the question found, rare words counting more; a word nobody wrote counts against it. */
export function coverage(query: Query, found: ReadonlyMap<number, number>): number {
  let all = 0;
  let got = 0;
  for (const [place, word] of query.words.entries()) {
    all += word.weight * word.rarity;
    got += word.weight * word.rarity * (found.get(place) ?? 0);
  }
  return all === 0 ? 0 : got / all;
}

/** The forms a word has in several languages are one word: as rare as all of them together. */
function rarityOf(index: PassageIndex, terms: QueryWord["terms"]): number {
  const having = terms.reduce((sum, { term }) => sum + (index.having[term] ?? 0), 0);
  return rarity(index.passages, Math.min(having, index.passages));
}
