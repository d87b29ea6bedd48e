/**
 * The probability that quotes answer the question: a logistic regression over what they hold of it. A page may well be about the matter
 * (`answerable`) and the quote still not say what is asked. No feature depends on one corpus' units. Weights are trained by
 * `bench/train/trust.ts` on questions with answers judged by hand. For llm/extractive.
 */
import { type AskedWord, createAskedReader, type PassageRow, type Retrieval, shareHeld } from "../knowledge.ts";
import type { Candidate } from "./pieces.ts";
import { asksAmount, asksSteps, lacksTime } from "./question-kind.ts";
import trained from "./trust.weights.json" with { type: "json" };

export const TRUST_FEATURES = [
  "bias",
  /** The logit of `answerable`: that a page of the base is about it. */
  "answerable",
  /** Share of the question, rare words counting more, that the quotes and their headings hold. */
  "covered",
  /** How much of worth they hold in all: one common word of one is little. */
  "held",
  /** The worthiest word that they do not hold. */
  "missing",
  /** Worth of the question's neighbours that stand near each other in them. */
  "together",
  /** The best piece's score, and by how much it leads the best one of another page. */
  "score",
  "lead",
  /** A table's row, or a code's entry, that the question names. */
  "lookup",
  /** A procedure is quoted, and none was asked for. */
  "steps",
  /** An amount or a time is asked for, and there is none in the quotes. */
  "noFigure",
  "words",
] as const;

export type Quoted = {
  readonly question: string;
  readonly found: Pick<Retrieval, "asked" | "answerable">;
  /** Best first; the first of them is quoted. */
  readonly candidates: readonly Candidate[];
  readonly passages: readonly PassageRow[];
  /** Without frame and marks. */
  readonly text: string;
  readonly language: string;
};

const LOGIT_MAX = 4;
const LEAD_MAX = 2;

/** 0…1. */
export function trustIn(quoted: Quoted): number {
  const sum = trustFeatures(quoted).reduce((all, value, i) => all + value * (trained.weights[i] ?? 0), 0);
  return 1 / (1 + Math.exp(-sum));
}

/** One for each of TRUST_FEATURES. */
export function trustFeatures({ question, found, candidates, passages, text, language }: Quoted): readonly number[] {
  const asked = found.asked ?? [];
  const [best] = candidates;
  const passage = passages[best?.passage ?? 0];
  if (best === undefined || passage === undefined) return TRUST_FEATURES.map(() => 0);
  const languages = [...new Set([passage.language, language])].filter((one) => one !== "und");
  const read = createAskedReader(asked);
  const own = read(text, languages);
  const above = read(`${passage.title}\n${passage.headings.join("\n")}\n${best.units[0]?.context ?? ""}`, languages);
  const held = own.held.map((sure, place) => Math.max(sure, above.held[place] ?? 0));
  const worth = (word: AskedWord, place: number) => word.worth * (held[place] ?? 0);
  const other = candidates.find(({ passage: at }) => passages[at]?.document !== passage.document);
  const answerable = Math.min(1 - 1e-6, Math.max(1e-6, found.answerable));
  const logit = Math.log(answerable / (1 - answerable));
  return [
    1,
    Math.max(-LOGIT_MAX, Math.min(LOGIT_MAX, logit)),
    shareHeld(asked, held),
    asked.reduce((sum, word, place) => sum + worth(word, place), 0),
    Math.max(0, ...asked.map((word, place) => ((held[place] ?? 0) > 0 ? 0 : word.worth))),
    own.together,
    best.score,
    Math.min(LEAD_MAX, best.score - (other?.score ?? 0)),
    best.named || best.entry || best.whole > 0 ? 1 : 0,
    best.units.length > 1 && best.whole === 0 && !asksSteps(question) ? 1 : 0,
    (asksAmount(question) && !/\d/.test(text)) || lacksTime(question, text) ? 1 : 0,
    Math.log(Math.max(1, asked.length)),
  ];
}
