/**
 * Does a sentence say what its sources say? Numbers, dates, prices, versions, codes, file names and quoted words must stand in a
 * passage that the sentence cites, or in the question; a number must stand beside the same words as there. Pure.
 *
 * Algorithm: passages and answer are cut into clauses (sentences, list items, table rows with their column names; then at commas and
 * conjunctions between two numbers). For each number of an answer's clause two kinds of passage clauses are compared by the words
 * they share with it: those that hold this number and those that hold another number of the same kind (same unit or currency). If
 * one of the latter shares more, the number was swapped. A plain test whether the number occurs anywhere would pass a price list
 * with two prices exchanged. Words that turn a meaning round (not, free, twice, unlimited) must stand in the nearest clause too.
 */
import type { PassageRow } from "../knowledge.ts";
import { stemsOf } from "../text/stems.ts";
import { clausesOf, codesIn, type Figure, figuresIn, quotesIn, sentencesOf, turnsIn } from "./statements.ts";

export type Stated = {
  /** The answer without the sentences that say something false. */
  readonly text: string;
  /** Share of its sentences that are left, by characters; below one half the answer is none. */
  readonly kept: number;
  readonly dropped: readonly { readonly sentence: string; readonly why: string }[];
};

/** What a source says, ready to be compared. */
type Source = {
  readonly clauses: readonly Clause[];
  /** In another language than the answer: only numbers and codes can be compared then. */
  readonly foreign: boolean;
  /** Stems of words that it only ever writes with a capital letter. */
  readonly names: ReadonlySet<string>;
  /** All of it, folded, for what must stand word for word. */
  readonly text: string;
};

type Clause = {
  readonly stems: ReadonlySet<string>;
  /** Words around it that say what it is about: title, headings, column names. */
  readonly about: ReadonlySet<string>;
  readonly figures: readonly Figure[];
  readonly turns: ReadonlySet<string>;
};

/** A clause that shares this much of an answer's clause is what it retells. */
const RETOLD_MIN = 0.6;
const ABOUT_WEIGHT = 0.5;
const AROUND_WEIGHT = 0.3;
const UNIT_KIND = /^(?:time:|money|percent|size|clock|temperature)/;
const EXTRA_WEIGHT = 0.25;
const TURNED_WEIGHT = 2;

export function withoutFalseFacts(
  answer: string,
  passages: readonly PassageRow[],
  question: string,
  language: string,
): Stated {
  const sources = passages.map((passage) => sourceOf(passage, language));
  const asked = question.toLowerCase();
  const askedFigures = new Set(figuresIn(question).map(({ value }) => value));
  const dropped: { sentence: string; why: string }[] = [];
  let all = 0;
  let left = 0;
  const text = sentencesOf(answer)
    .map(({ text: sentence, cites, glue }) => {
      const cited = cites.map((n) => sources[n - 1]).filter((source) => source !== undefined);
      const why = problemOf(sentence, cited.length > 0 ? cited : sources, { asked, askedFigures, language });
      all += sentence.length;
      if (why !== null) {
        dropped.push({ sentence, why });
        return "";
      }
      left += sentence.length;
      return sentence + glue;
    })
    .join("")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  return { text, kept: all === 0 ? 1 : left / all, dropped };
}

type Asked = { readonly asked: string; readonly askedFigures: ReadonlySet<string>; readonly language: string };

/** Why a sentence may not be said, or null. */
function problemOf(
  sentence: string,
  sources: readonly Source[],
  { asked, askedFigures, language }: Asked,
): string | null {
  const texts = [asked, ...sources.map(({ text }) => text)];
  const missing = [...codesIn(sentence), ...quotesIn(sentence)].find(
    (code) => !texts.some((text) => holds(text, code)),
  );
  if (missing !== undefined) return `no source says ${missing}`;
  const clauses = sources.flatMap((source) => source.clauses);
  if (sources.some(({ foreign }) => foreign)) return foreignProblem(sentence, clauses, askedFigures);
  const names = new Set(sources.flatMap((source) => [...source.names]));
  const parts = clausesOf(sentence).map((text) => ({ text, figures: figuresIn(text), stems: stemsOf(text, language) }));
  const allTurns = turnsIn(sentence);
  const unnumbered = parts.filter(({ figures }) => figures.length === 0);
  for (const part of parts) {
    const around = unnumbered.filter((other) => other !== part).flatMap(({ stems }) => stems);
    const claim: Claim = {
      stems: new Set(part.stems),
      around: new Set(around.filter((stem) => !part.stems.includes(stem))),
      names: [...part.stems, ...(part.figures.length > 0 ? around : [])].filter((stem) => names.has(stem)),
      numbered: part.figures.length > 0,
      turns: turnsIn(part.text),
      allTurns,
    };
    for (const figure of part.figures) {
      if (askedFigures.has(figure.value)) continue;
      const why = figureProblem(figure, claim, clauses);
      if (why !== null) return why;
    }
    const why = turnProblem(claim, clauses);
    if (why !== null) return why;
  }
  return null;
}

/** A translation: its numbers must be there, with the same unit where both languages' units are known. */
function foreignProblem(sentence: string, clauses: readonly Clause[], asked: ReadonlySet<string>): string | null {
  const said = clauses.flatMap(({ figures }) => figures);
  const isUnit = (kind: string) => UNIT_KIND.test(kind);
  const missing = figuresIn(sentence).find(
    ({ value, kind, soft }) =>
      !soft &&
      !asked.has(value) &&
      !said.some((other) => other.value === value && (other.kind === kind || !isUnit(kind) || !isUnit(other.kind))),
  );
  return missing === undefined ? null : `no source says ${missing.shown}`;
}

/** One clause of the answer. */
type Claim = {
  readonly stems: ReadonlySet<string>;
  /** Words of the clauses of its sentence that have no number of their own. */
  readonly around: ReadonlySet<string>;
  readonly names: readonly string[];
  readonly numbered: boolean;
  readonly turns: ReadonlySet<string>;
  /** Those of its whole sentence. */
  readonly allTurns: ReadonlySet<string>;
};

function figureProblem(figure: Figure, claim: Claim, clauses: readonly Clause[]): string | null {
  const comparable = clauses.filter((clause) => clause.figures.some((other) => isComparable(figure, other)));
  const saying = comparable.filter(({ figures }) =>
    figures.some((other) => other.value === figure.value && isComparable(figure, other)),
  );
  const counted = clauses.filter((clause) => clause.figures.some(({ kind }) => kind === figure.kind));
  if (figure.soft && counted.length === 0) return null;
  if (saying.length === 0) return `no source says ${figure.shown}`;
  const fitting = aboutTheSame(claim, saying, comparable);
  if (fitting.length === 0) return `its source says another number than ${figure.shown} of that`;
  // Where the answer does not say what its number counts, only such numbers stand against it.
  const others = comparable
    .filter((clause) => !saying.includes(clause))
    .filter((clause) => figure.kind !== "" || clause.figures.some(({ kind }) => kind === ""));
  const best = (list: readonly Clause[]) => Math.max(Number.NEGATIVE_INFINITY, ...list.map((c) => likeness(claim, c)));
  return best(others) > best(fitting) ? `${figure.shown} stands beside other words in its source` : null;
}

/** A number without a unit may be one of any kind: a table's cell does not repeat what its column counts. */
function isComparable(a: Figure, b: Figure): boolean {
  return a.kind === b.kind || a.kind === "" || b.kind === "";
}

/** Those of `clauses` that speak of what the claim names, where any of `all` speaks of it. */
function aboutTheSame(claim: Claim, clauses: readonly Clause[], all: readonly Clause[]): readonly Clause[] {
  const named = claim.names.filter((name) => all.some((clause) => clause.stems.has(name)));
  return clauses.filter((clause) => named.every((name) => clause.stems.has(name) || clause.about.has(name)));
}

/** "not", "free", "twice", … on one side only, in the clause that says nearly the same. */
function turnProblem(claim: Claim, clauses: readonly Clause[]): string | null {
  for (const turn of claim.turns) {
    const saying = clauses.filter((other) => other.turns.has(turn));
    if (saying.length === 0) return `no source says "${turn}"`;
    if (aboutTheSame(claim, saying, clauses).length === 0) return `its source does not say "${turn}" of that`;
  }
  if (claim.stems.size < 2) return null;
  const scored = clauses.map((other) => ({ other, score: shared(claim, other) }));
  const top = Math.max(0, ...scored.map(({ score }) => score));
  if (top < claim.stems.size * RETOLD_MIN) return null;
  const nearest = scored.filter(({ score }) => score >= top - 1e-9).map(({ other }) => other);
  const retold = nearest.every((other) => top >= other.stems.size * RETOLD_MIN);
  const lost = [...(nearest[0]?.turns ?? [])].find(
    (turn) => !claim.allTurns.has(turn) && nearest.every((other) => other.turns.has(turn)),
  );
  if (lost !== undefined && retold) return `its source says "${lost}"`;
  // A number's own clause was compared already.
  if (claim.numbered) return null;
  const added = [...claim.turns].find((turn) => nearest.every((other) => !other.turns.has(turn)));
  return added === undefined ? null : `its source does not say "${added}" there`;
}

/** What they share, less what the clause says besides: "Premium members keep them for 90 days" is not about everybody. */
function likeness(claim: Claim, clause: Clause): number {
  const extra = [...clause.stems].filter(
    (stem) => !claim.stems.has(stem) && !claim.around.has(stem) && !/^\d/.test(stem),
  );
  const turned = claim.turns.has("not") !== clause.turns.has("not");
  return shared(claim, clause) - EXTRA_WEIGHT * extra.length - (turned ? TURNED_WEIGHT : 0);
}

/** Words that a claim and a clause share: the clause's own count whole, those around either of them less. */
function shared({ stems, around }: Claim, clause: Clause): number {
  return weightOf(stems, clause) + AROUND_WEIGHT * weightOf(around, clause);
}

function weightOf(stems: ReadonlySet<string>, clause: Clause): number {
  let weight = 0;
  for (const stem of stems) {
    if (/^\d/.test(stem)) continue;
    weight += clause.stems.has(stem) ? 1 : clause.about.has(stem) ? ABOUT_WEIGHT : 0;
  }
  return weight;
}

function sourceOf(passage: PassageRow, language: string): Source {
  const own = passage.language === "und" ? language : passage.language;
  const above = `${passage.title} ${passage.headings.join(" ")}`;
  const about = new Set(stemsOf(above, own));
  const clauses = [above, ...sentencesOf(passage.text, { rows: true }).map(({ text }) => text)].flatMap((sentence) => {
    const context = new Set([...about, ...stemsOf(sentence, own)]);
    return clausesOf(sentence).map((clause) => ({
      stems: new Set(stemsOf(clause, own)),
      about: context,
      figures: figuresIn(clause),
      turns: turnsIn(clause),
    }));
  });
  return {
    clauses,
    foreign: own !== language,
    names: namesOf(passage.text, own),
    text: plain(`${above}\n${passage.text}`),
  };
}

/** German writes every noun so: there a capital says nothing. */
function namesOf(text: string, language: string): ReadonlySet<string> {
  if (language === "de") return new Set();
  const words = text.match(/\p{L}[\p{L}\p{N}'’-]{1,40}/gu) ?? [];
  const lower = new Set(words.filter((word) => /^\p{Ll}/u.test(word)).flatMap((word) => stemsOf(word, language)));
  return new Set(
    words
      .filter((word) => /^\p{Lu}/u.test(word))
      .flatMap((word) => stemsOf(word, language))
      .filter((stem) => !lower.has(stem)),
  );
}

function holds(text: string, code: string): boolean {
  return text.includes(code) || text.includes(plain(code));
}

/** Lower case, plain quotes, one space between words, no marks of Markdown. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[“”„«»]/g, '"')
    .replace(/[’‘]/g, "'")
    .replace(/[*_`]/g, "")
    .replace(/\s+/g, " ");
}
