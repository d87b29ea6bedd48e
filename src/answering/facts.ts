/**
 * Does a sentence say what its sources say? Numbers, dates, prices, versions, codes, file names and quoted words must stand in a
 * passage that the sentence cites, or in the question; a number must stand beside the same words as there. Pure.
 *
 * Algorithm: passages and answer are cut into clauses (sentences, list items, table rows with their column names; then at commas and
 * conjunctions). A clause that leaves its subject out has the words before it in its sentence. For each number of an answer's clause
 * two kinds of source clauses are compared by the words they share with it: those that hold this number and those that hold
 * another number of the same kind (same unit or currency). If one of the latter shares more, the number was swapped. A plain test
 * whether the number occurs anywhere would pass a price list with two prices exchanged.
 * Words that stand at the same place of two source clauses ("Gold membership", "Silver membership") are rivals: a claim with one
 * of them is not backed by a clause with the other. Words that turn a meaning round (not, free, twice, unlimited) must stand in the nearest clause too.
 */
import type { PassageRow } from "../knowledge.ts";
import { stemsOf } from "../text/stems.ts";
import { apartProblem } from "./apart.ts";
import { withoutMarks } from "./citations.ts";
import { type Clause, clausesIn, hasAnywhere, namesOf, type ProperNames, subjectsOf } from "./clauses.ts";
import { classOf, type Figure, figuresIn } from "./figures.ts";
import { extrasOf, likeness, sharedWeight, weightOf } from "./likeness.ts";
import { isContent, LABEL, labelOf, partsOf } from "./parts.ts";
import { pointsIn } from "./points.ts";
import { joined, type Rivals, rivalsIn } from "./rivals.ts";
import { bare, codesIn, plain, quotesIn, sentencesOf, statementsOf } from "./statements.ts";
import { isContrary, namesAmongTurns, withNames } from "./turns.ts";

export type Stated = {
  /** The answer without the sentences that say something false. */
  readonly text: string;
  /** Share of its sentences that are left, by characters; below one half the answer is none. */
  readonly kept: number;
  readonly dropped: readonly { readonly sentence: string; readonly why: string }[];
};

/** A source's statements, ready to be compared. */
type Source = {
  readonly clauses: readonly Clause[];
  /** In another language than the answer: only numbers and codes can be compared then. */
  readonly foreign: boolean;
  readonly language: string;
  /** "Free", where it is a plan's name. */
  readonly freeNames: readonly string[];
  readonly names: ProperNames;
  readonly rivals: Rivals;
  /** Its sentences and their statements, whole: who repeats one says nothing false. */
  readonly verbatim: ReadonlySet<string>;
  /** The whole text, folded, for codes and quotes that must stand word for word. */
  readonly text: string;
};

/** A clause that shares this much of an answer's clause is what it retells. */
const RETOLD_MIN = 0.6;
/** Of clauses that share nearly as much as the nearest, those about the same thing are meant. */
const NEAR_TOP = 0.8;
/** A clause that says "not" must hold this share of the claim's words that its source knows. */
const TURN_HELD_MIN = 0.6;
/** By more than half a word another day's clause must be nearer. */
const POINT_MARGIN = 0.5;

export function withoutFalseFacts(
  answer: string,
  passages: readonly PassageRow[],
  question: string,
  language: string,
): Stated {
  const read = new Map<PassageRow, Source>();
  const sourcesOf = (cited: readonly PassageRow[]): readonly Source[] =>
    cited.map((passage) => {
      const source = read.get(passage) ?? sourceOf(passage, language);
      read.set(passage, source);
      return source;
    });
  const asked: Asked = {
    text: question.toLowerCase(),
    figures: new Set([...figuresIn(question), ...pointsIn(question, false)].map(({ value }) => value)),
  };
  const dropped: { sentence: string; why: string }[] = [];
  let all = 0;
  let left = 0;
  const text = sentencesOf(answer)
    .map(({ text: sentence, cites, glue }) => {
      const cited = cites.map((n) => passages[n - 1]).filter((passage) => passage !== undefined);
      const why = problemOf(sentence, sourcesOf(cited.length > 0 ? cited : passages), asked, language);
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

type Asked = { readonly text: string; readonly figures: ReadonlySet<string> };

/** The sources that a claim is held against. */
type Held = {
  readonly clauses: readonly Clause[];
  readonly names: ProperNames;
  readonly rivals: Rivals;
  readonly asked: Asked;
};

/** Why a sentence may not be said, or null. */
function problemOf(marked: string, sources: readonly Source[], asked: Asked, language: string): string | null {
  const sentence = withoutMarks(marked);
  const texts = [asked.text, ...sources.map(({ text }) => text)];
  const missing = [...codesIn(sentence), ...quotesIn(sentence)].find(
    (code) => !texts.some((text) => holds(text, code)),
  );
  if (missing !== undefined) return `no source says ${missing}`;
  const whole = bare(sentence);
  if (sources.some(({ verbatim }) => verbatim.has(whole))) return null;
  const foreign = sources.find((source) => source.foreign);
  const held: Held = {
    clauses: sources.flatMap(({ clauses }) => clauses),
    names: new Map(sources.flatMap(({ names }) => [...names])),
    rivals: sources.length === 1 ? (sources[0]?.rivals ?? new Map()) : joined(sources.map(({ rivals }) => rivals)),
    asked,
  };
  const said = withNames(sentence, [...new Set(sources.flatMap(({ freeNames }) => freeNames))]);
  for (const claim of clausesIn(partsOf(said, foreign?.language ?? language, "answer"), held.rivals)) {
    for (const figure of countedBy(claim)) {
      const why = figureProblem(figure, claim, held);
      if (why !== null && !(foreign !== undefined && figure.soft)) return why;
    }
    if (foreign !== undefined) continue;
    const why =
      turnProblem(claim, held) ??
      contraryProblem(claim, held) ??
      swapProblem(claim, held) ??
      apartProblem(claim, held.clauses);
    if (why !== null) return why;
  }
  return null;
}

function figureProblem(figure: Figure, whole: Clause, held: Held): string | null {
  // That a day is named is what is compared, and makes no two clauses alike.
  const claim = isPoint(figure) ? { ...whole, own: lessOf(whole.own, whole.pointed) } : whole;
  const comparable = held.clauses.filter((clause) => countedBy(clause).some((other) => isComparable(figure, other)));
  const label = figure.kind.startsWith(LABEL) ? labelOf(figure) : null;
  const saying = held.clauses.filter(
    (clause) =>
      countedBy(clause).some((other) => isSame(figure, other)) || (label !== null && clause.inherited.has(label)),
  );
  // Where the answer does not say what its number counts, only such numbers stand against it, and the other way round.
  const isAlike = (clause: Clause) => countedBy(clause).some(({ kind }) => classOf(kind) === classOf(figure.kind));
  const alike = saying.some(isAlike);
  const per = claim.sides.get("per");
  const others = comparable
    .filter((clause) => !saying.includes(clause) && (clause.sides.get("per") ?? per) === per)
    .filter((clause) => !alike || isAlike(clause));
  const rival = Math.max(Number.NEGATIVE_INFINITY, ...others.map((clause) => likeness(claim, clause)));
  if (held.asked.figures.has(figure.value)) {
    const retold = others.some(
      (clause) => sharedWeight(claim, clause) >= claim.own.size * RETOLD_MIN && claim.own.size > 1,
    );
    if (!retold) return null;
  }
  if (saying.length === 0) {
    const isCounted = held.clauses.some(({ figures }) => figures.some(({ kind }) => kind === figure.kind));
    return figure.soft && !isCounted ? null : `no source says ${figure.shown}`;
  }
  // "Version 5 needs 8 GB": the version names what the other number is of.
  if (label !== null && claim.figures.some(({ kind }) => !kind.startsWith(LABEL))) return null;
  if (isFreeThere(figure, claim, saying, held)) return "its source says that it is free";
  const fitting = aboutTheSame(whole, saying, held, comparable);
  if (fitting.length === 0) return `its source says another number than ${figure.shown} of that`;
  if (![...claim.own, ...claim.inherited].some(isContent)) return null;
  if (isOfAnother(whole, fitting, others)) return `its source says ${figure.shown} of something else`;
  const best = Math.max(...fitting.map((clause) => likeness(claim, clause)));
  return rival > best + (isPoint(figure) ? POINT_MARGIN : 0)
    ? `${figure.shown} stands beside other words in its source`
    : null;
}

/** What the claim begins with stands with another such number only, and what its own number stands with is not in the claim: one was put for the other. */
function isOfAnother(claim: Clause, saying: readonly Clause[], others: readonly Clause[]): boolean {
  const topic = claim.inherited.size === 0 ? [...claim.own].find(isContent) : undefined;
  if (topic === undefined || saying.some((clause) => hasAnywhere(clause, topic))) return false;
  return others.some(({ own }) => own.has(topic)) && saying.every((clause) => extrasOf(clause, claim).length > 0);
}

/** "Bicycles travel free, dogs cost 4 pounds": who says that bicycles cost 4 has taken the price of another. */
function isFreeThere({ kind }: Figure, claim: Clause, saying: readonly Clause[], { clauses }: Held): boolean {
  const topic = [...claim.own].find(isContent);
  if (kind !== "money" || topic === undefined || saying.some(({ own }) => own.has(topic))) return false;
  const own = clauses.filter((clause) => clause.own.has(topic));
  return own.length > 0 && own.every(({ turns }) => turns.has("free"));
}

function lessOf(stems: ReadonlySet<string>, less: readonly string[]): ReadonlySet<string> {
  return new Set([...stems].filter((stem) => !less.includes(stem)));
}

function countedBy({ figures, points }: Clause): readonly Figure[] {
  return points.length === 0 ? figures : [...figures, ...points];
}

/** A number without a unit may be one of any kind: a table's cell does not repeat what its column counts. */
function isComparable(a: Figure, b: Figure): boolean {
  if (classOf(a.kind) === classOf(b.kind)) return true;
  return !isPoint(a) && !isPoint(b) && (a.kind === "" || b.kind === "");
}

function isPoint({ kind }: Figure): boolean {
  return kind.startsWith("point:");
}

function isSame(a: Figure, b: Figure): boolean {
  if (classOf(a.kind) === classOf(b.kind)) return a.value === b.value;
  if (isPoint(a) || isPoint(b)) return false;
  return a.digits === b.digits && [a.kind, b.kind].some((kind) => kind === "" || kind === "label:code");
}

/** Those of `clauses` that speak of what the claim names, where any of `all` does, and of no rival of it, on the same side of "before". */
function aboutTheSame(
  claim: Clause,
  clauses: readonly Clause[],
  { names, rivals }: Held,
  all: readonly Clause[],
): readonly Clause[] {
  const numbered = claim.figures.length > 0;
  const isSubject = (stem: string) => stem.startsWith(LABEL) || (names.get(stem) ?? false);
  const isName = (stem: string) => isSubject(stem) || (numbered && names.has(stem));
  const own = [...claim.own].filter(isName);
  const named = (own.length > 0 || !numbered ? own : [...claim.inherited].filter(isSubject)).filter((name) =>
    all.some((clause) => clause.own.has(name) || clause.inherited.has(name)),
  );
  return clauses.filter(
    (clause) =>
      named.every((name) => hasAnywhere(clause, name)) &&
      (clause.subject === null || hasAnywhere(claim, clause.subject)) &&
      !isRival(claim, clause, rivals) &&
      (numbered || !isRenamed(claim, clause, names)) &&
      [...claim.sides].every(([pair, side]) => (clause.sides.get(pair) ?? side) === side),
  );
}

/** One name was put for another: "included in Silver" where the clause says "included in Gold". */
function isRenamed(claim: Clause, clause: Clause, names: ProperNames): boolean {
  const put = [...claim.own].some((stem) => names.has(stem) && !hasAnywhere(clause, stem));
  return put && [...clause.own].some((stem) => names.get(stem) === true && !hasAnywhere(claim, stem));
}

/** It speaks of another thing of the same sort, and not of the claim's. */
function isRival(claim: Clause, clause: Clause, rivals: Rivals): boolean {
  const isOther = (stem: string, needsPlace: boolean): boolean => {
    if (hasAnywhere(clause, stem)) return false;
    return [...(rivals.get(stem) ?? [])].some(
      ([other, beside]) =>
        (clause.own.has(other) || clause.inherited.has(other)) &&
        !hasAnywhere(claim, other) &&
        (!needsPlace || [...beside].some((word) => hasAnywhere(claim, word))),
    );
  };
  if ([...claim.own].some((stem) => isOther(stem, false))) return true;
  // A number's subject may stand before it in its sentence.
  const says = [...claim.own].some(isContent);
  return says && claim.figures.length > 0 && [...claim.inherited].some((stem) => isOther(stem, true));
}

/** "not", "free", "twice", … on one side only, in the clause that says nearly the same. */
function turnProblem(claim: Clause, held: Held): string | null {
  const { clauses } = held;
  for (const turn of claim.turns) {
    const saying = clauses.filter((other) => other.turns.has(turn) || (turn === "not" && saysTheSame(claim, other)));
    if (saying.length === 0) return `no source says "${turn}"`;
    const fitting = aboutTheSame(claim, saying, held, clauses);
    if (fitting.length === 0) return `its source does not say "${turn}" of that`;
    const known = [...claim.own].filter((stem) => clauses.some(({ own }) => own.has(stem)));
    // Whom it is open to is said of what stands in that clause itself.
    const holdsIt = (clause: Clause, stem: string) =>
      turn === "everybody" ? clause.own.has(stem) : hasAnywhere(clause, stem);
    const heldBy = (clause: Clause) => known.filter((stem) => holdsIt(clause, stem)).length;
    if (known.length > 0 && !fitting.some((clause) => heldBy(clause) >= known.length * TURN_HELD_MIN))
      return `its source says "${turn}" of something else`;
  }
  if (claim.own.size < 2) return null;
  // What a clause leaves out stands before it: "guests can comment but cannot upload" says of guests that they cannot.
  const scored = clauses.map((other) => ({ other, score: weightOf(claim.own, other) }));
  const top = Math.max(0, ...scored.map(({ score }) => score));
  if (top < claim.own.size * RETOLD_MIN) return null;
  const near = scored.filter(({ score }) => score >= top * NEAR_TOP).map(({ other }) => other);
  const fitting = aboutTheSame(claim, near, held, clauses);
  if (claim.figures.length === 0 && fitting.length === 0) return "its source says that of something else";
  const weight = (other: Clause) => weightOf(claim.own, other);
  const best = Math.max(0, ...fitting.map(weight));
  const nearest = fitting.length === 0 ? near : fitting.filter((other) => weight(other) >= best - 1e-9);
  const retold = nearest.every((other) => best >= other.own.size * RETOLD_MIN);
  const lost = [...(nearest[0]?.turns ?? [])].find(
    (turn) =>
      turn !== "everybody" &&
      !(turn === "half" && claim.figures.length > 0) &&
      !claim.sentenceTurns.has(turn) &&
      nearest.every((other) => other.turns.has(turn) && !(turn === "not" && saysTheSame(claim, other))),
  );
  if (lost !== undefined && retold) return `its source says "${lost}"`;
  // A number's own clause was compared already.
  if (claim.figures.length > 0) return null;
  const added = [...claim.turns].find((turn) =>
    nearest.every((other) => !other.sentenceTurns.has(turn) && !(turn === "not" && saysTheSame(claim, other))),
  );
  return added === undefined ? null : `its source does not say "${added}" there`;
}

/** "not allowed" and "forbidden": what may be, and what must. Of other contraries ("opened packages") a "not" near them says nothing. */
function saysTheSame(claim: Clause, other: Clause): boolean {
  return ["allowed", "needed"].some((pair) => {
    const side = claim.sides.get(pair);
    return side !== undefined && other.sides.get(pair) === side;
  });
}

/** "open" where the clauses that say nearly the same all say "closed". */
function contraryProblem(claim: Clause, { clauses }: Held): string | null {
  for (const [pair, side] of claim.sides) {
    if (!isContrary(pair)) continue;
    const about = clauses.filter((other) => other.sides.has(pair));
    const least = Math.max(1, (claim.own.size - 1) * RETOLD_MIN);
    const scored = about.map((other) => ({ other, score: weightOf(claim.own, other) }));
    const top = Math.max(0, ...scored.map(({ score }) => score));
    if (top < least) continue;
    const nearest = scored.filter(({ score }) => score >= top - 1e-9);
    if (nearest.every(({ other }) => other.sides.get(pair) !== side)) return "its source says the contrary";
  }
  return null;
}

/**
 * What the claim begins with stands elsewhere in the source, and all else that it says stands there of another thing only: "managers can
 * remove members" where owners can.
 */
function swapProblem(claim: Clause, { clauses }: Held): string | null {
  const [topic, ...rest] = [...claim.own].filter(isContent);
  // A price or a time was compared already; how often is no figure of its own.
  const isCompared = claim.figures.length > 0 && !claim.turns.has("twice");
  if (topic === undefined || rest.length === 0 || isCompared) return null;
  if (!clauses.some(({ own }) => own.has(topic))) return null;
  const saying = clauses.filter((clause) => rest.every((stem) => hasAnywhere(clause, stem)));
  const isFree = saying.some((clause) => hasAnywhere(clause, topic) || extrasOf(clause, claim).length === 0);
  const owning = saying.filter(({ own }) => rest.every((stem) => own.has(stem)));
  return owning.length === 0 || isFree ? null : "its source says that of something else";
}

/** Each clause of a passage is read beside all of it. */
const ABOVE_CHARS_MAX = 600;

function sourceOf(passage: PassageRow, language: string): Source {
  const own = passage.language === "und" ? language : passage.language;
  const above = `${passage.title} ${passage.headings.join(" ")}`.slice(0, ABOVE_CHARS_MAX);
  const about = stemsOf(above, own);
  const said = [above, ...sentencesOf(passage.text, { rows: true }).flatMap(({ text }) => statementsOf(text))];
  const freeNames = [...new Set(said.flatMap(namesAmongTurns))];
  const sentences = said.map((sentence) => withNames(sentence, freeNames));
  const parts = sentences.map((sentence) => partsOf(sentence, own, "source"));
  const subjects = subjectsOf(parts);
  // Code has its own places.
  const prose = parts.flat().filter(({ text }) => !text.includes("`"));
  const rivals = rivalsIn(prose.map(({ stems }) => stems.filter((stem) => !stem.startsWith(LABEL))));
  return {
    clauses: parts.flatMap((of, at) => clausesIn(of, rivals, about, subjects[at])),
    foreign: own !== language,
    language: own,
    names: namesOf(sentences.join("\n"), own),
    freeNames,
    rivals,
    verbatim: new Set([...said, ...sentencesOf(passage.text).map((sentence) => sentence.text)].map(bare)),
    text: plain(`${above}\n${passage.text}`),
  };
}

function holds(text: string, code: string): boolean {
  return text.includes(code) || text.includes(plain(code));
}
