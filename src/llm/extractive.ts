/**
 * Answers without a model: the one to four pieces of the best passages that speak to the question, quoted with their source.
 *
 * Pieces (sentences, list items, table rows, code) are scored by the idf-weighted share of the question's words that they and
 * their heading hold, the passage's rank, and what kind of question it is; steps of a procedure stay together, a sentence
 * that needs the one before brings it along. Quotes stay in the source's language, the frame is in the asker's.
 * Needs nobody, so it is what everything falls back to.
 */
import { AppError } from "../errors.ts";
import { languageFor, words } from "../i18n.ts";
import type { PassageRow } from "../knowledge.ts";
import type { AnswerResult, AnswerTask, Completion, Llm, ResultOf, RewriteTask, Task } from "../llm.ts";
import { stemsOf } from "../stems.ts";
import { type Unit, unitsOf } from "./units.ts";

const PASSAGES_READ_MAX = 6;
const PASSAGES_QUOTED_MAX = 3;
const QUOTES_MAX = 4;
/** Steps of one procedure count as one quote, up to this many. */
const STEPS_MAX = 8;
const QUOTED_CHARS_MAX = 1_200;
/** A further quote must be this near to the best one. */
const NEAR_BEST = 0.62;

export function createExtractive(): Llm {
  return {
    name: "extractive",
    async complete<T extends Task>(task: T): Promise<Completion<ResultOf<T>>> {
      const result = complete(task);
      if (result === null)
        throw new AppError("unavailable", `extractive mode cannot ${task.task}`, { retryable: false });
      return { result: result as ResultOf<T>, model: "extractive", tokensIn: 0, tokensOut: 0, costUsd: 0, ms: 0 };
    },
  };
}

function complete(task: Task): AnswerResult | { readonly question: string } | null {
  if (task.task === "answer") return quote(task);
  if (task.task === "rewrite") return { question: rewrite(task) };
  return null;
}

type Candidate = {
  readonly unit: Unit;
  /** 0-based place of the passage, and of the unit in it. */
  readonly passage: number;
  readonly at: number;
  readonly score: number;
  readonly covered: number;
};

const UNKNOWN: AnswerResult = { answer: "", used: [], known: false, wantsHuman: false };

function quote(task: AnswerTask): AnswerResult {
  const passages = task.passages.slice(0, PASSAGES_READ_MAX);
  const units = passages.map((passage) => unitsOf(passage.text));
  const candidates = rank(task, passages, units);
  const best = candidates[0];
  if (best === undefined) return UNKNOWN;

  const chosen = choose(candidates, best);
  const quoted = new Map<number, Unit[]>();
  let chars = 0;
  for (const candidate of chosen) {
    const own = units[candidate.passage] ?? [];
    const had = quoted.get(candidate.passage) ?? [];
    if (had.length === 0 && quoted.size >= PASSAGES_QUOTED_MAX) continue;
    for (const unit of withCompany(candidate, own, isProcedure(task.question))) {
      if (had.includes(unit) || (chars > 0 && chars + unit.text.length > QUOTED_CHARS_MAX)) continue;
      had.push(unit);
      chars += unit.text.length;
    }
    quoted.set(candidate.passage, had);
  }

  const used = [...quoted.keys()];
  const quotes = used.map((place) => {
    const order = units[place] ?? [];
    const pieces = (quoted.get(place) ?? []).toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
    return `${blockquote(pieces)} [${place + 1}]`;
  });
  const frame = words(languageFor(task.language)).bot.quoted;
  return {
    answer: `${frame}\n\n${quotes.join("\n\n")}`,
    used: used.map((place) => place + 1),
    known: true,
    wantsHuman: false,
  };
}

function rank(
  task: AnswerTask,
  passages: readonly PassageRow[],
  units: readonly (readonly Unit[])[],
): readonly Candidate[] {
  const asked = [...new Set(stemsOf(task.question, task.language))];
  const pieces = passages.flatMap((passage, place) =>
    (units[place] ?? []).map((unit, at) => ({
      unit,
      place,
      at,
      text: new Set(stemsOf(unit.text, passage.language)),
      around: new Set(stemsOf(`${passage.title} ${passage.headings.join(" ")} ${unit.context}`, passage.language)),
    })),
  );
  if (pieces.length === 0) return [];

  const weight = new Map(
    asked.map((stem) => {
      const holding = pieces.filter((piece) => piece.text.has(stem) || piece.around.has(stem)).length;
      return [stem, Math.log(1 + pieces.length / (0.5 + holding))];
    }),
  );
  const total = [...weight.values()].reduce((sum, w) => sum + w, 0) || 1;
  const wants = wanted(task.question);

  return pieces
    .map(({ unit, place, at, text, around }) => {
      let inText = 0;
      let inHeading = 0;
      for (const [stem, w] of weight) {
        if (text.has(stem)) inText += w;
        else if (around.has(stem)) inHeading += w;
      }
      const covered = inText / total;
      const score =
        covered +
        0.45 * (inHeading / total) +
        0.3 / (1 + place) +
        0.06 / (1 + at) +
        wants(unit) -
        // One word is no sentence, and a long one dilutes what it says.
        (unit.text.length < 25 ? 0.15 : 0) -
        (unit.text.length > 350 ? 0.08 : 0) -
        (unit.text.endsWith(":") ? 0.05 : 0);
      return { unit, passage: place, at, score, covered: covered + inHeading / total };
    })
    .sort((a, b) => b.score - a.score || a.passage - b.passage || a.at - b.at);
}

/** The best one and those near it that say something else. */
function choose(candidates: readonly Candidate[], best: Candidate): readonly Candidate[] {
  const chosen: Candidate[] = [best];
  const said = [new Set(stemsOf(best.unit.text, "und"))];
  for (const candidate of candidates.slice(1)) {
    if (chosen.length >= QUOTES_MAX || candidate.score < best.score * NEAR_BEST) break;
    if (candidate.covered === 0) continue;
    const stems = new Set(stemsOf(candidate.unit.text, "und"));
    const repeats = said.some(
      (other) => [...stems].filter((stem) => other.has(stem)).length > 0.6 * Math.max(1, stems.size),
    );
    if (repeats) continue;
    chosen.push(candidate);
    said.push(stems);
  }
  return chosen;
}

/** What must be read with a piece to understand it. */
function withCompany(candidate: Candidate, own: readonly Unit[], procedure: boolean): readonly Unit[] {
  const { unit, at } = candidate;
  const next = own[at + 1];
  const previous = own[at - 1];
  const sameBlock = own.filter((other) => other.block === unit.block && other.kind === unit.kind);
  // A step alone leads nowhere: the whole procedure, with the sentence that introduces it.
  if (unit.step && (procedure || sameBlock.length <= 4)) {
    const first = own.indexOf(sameBlock[0] ?? unit);
    const intro = own[first - 1];
    return [...(intro?.text.endsWith(":") ? [intro] : []), ...sameBlock.slice(0, STEPS_MAX)];
  }
  if (unit.kind === "code") return previous?.kind === "sentence" ? [previous, unit] : [unit];
  if (unit.text.endsWith(":") && next !== undefined) {
    return [unit, ...own.slice(at + 1, at + 1 + STEPS_MAX).filter((other) => other.block === next.block)];
  }
  const company: Unit[] = [];
  if (LEANS.test(unit.text) && previous?.block === unit.block) company.push(previous);
  company.push(unit);
  if (unit.kind === "sentence" && next?.kind === "code" && unit.text.length < 200) company.push(next);
  return company;
}

/** Begins with a word that points back. */
const LEANS =
  /^(?:it|this|that|these|those|they|then|otherwise|instead|so|also|o|bu|bunlar|onlar|ayrıca|aksi halde|sonra)\b/i;

const PROCEDURE =
  /\bhow (?:do|can|to|should|would)\b|\bsteps?\b|\bset ?up\b|\binstall|\bpair\b|\breset\b|\bnasıl\b|\bkur(?:ulum|ar)|\badım/i;
const AMOUNT =
  /\bhow (?:many|much|long|often|far|big|large|old)\b|\bkaç\b|\bne kadar\b|\bprice|\bcost|\blimit|\bfiyat|\bücret|\bmax(?:imum)?\b/i;
const MEANING = /\bwhat(?:'s| is| are| does)\b|\bwhich\b|\bnedir\b|\bne demek\b|\bne işe\b/i;
const REASON = /\bwhy\b|\bnot work|\bdoesn'?t|\bfail|\berror|\bproblem|\bneden\b|\bniye\b|\bhata|\bçalışmıyor/i;

function isProcedure(question: string): boolean {
  return PROCEDURE.test(question);
}

/** A small bonus for the kind of piece that this kind of question is answered by. */
function wanted(question: string): (unit: Unit) => number {
  const procedure = PROCEDURE.test(question);
  const amount = AMOUNT.test(question);
  const meaning = MEANING.test(question);
  const reason = REASON.test(question);
  return (unit) => {
    let bonus = 0;
    if (procedure && (unit.step || unit.kind === "code")) bonus += 0.12;
    if (
      procedure &&
      /^(?:\*\*)?(?:open|click|press|hold|go|choose|run|type|select|use|enter|set|add|remove|pull|aç|bas|tıkla|seç|çalıştır|gir)/i.test(
        unit.text,
      )
    )
      bonus += 0.06;
    if (amount && /\d/.test(unit.text)) bonus += 0.12;
    if (meaning && /^\S.{0,60}?\b(?:is|are|means|shows|lets)\b|(?:dır|dir|dur|dür|tır|tir)\.?$/i.test(unit.text))
      bonus += 0.08;
    if (
      reason &&
      (unit.kind === "row" || /\b(?:because|when|if|means|usually|check|try)\b|\bçünkü\b|\bise\b/i.test(unit.text))
    )
      bonus += 0.06;
    return bonus;
  };
}

/** Prose runs on in one line, items and rows stand in lines of their own, code in its fence. */
function blockquote(units: readonly Unit[]): string {
  let text = "";
  let before: Unit | null = null;
  let steps = 0;
  for (const unit of units) {
    steps = unit.step && before?.block === unit.block ? steps + 1 : 1;
    const shown = unit.step ? `${steps}. ${unit.text}` : unit.kind === "item" ? `- ${unit.text}` : unit.text;
    const joins = before?.kind === "sentence" && unit.kind === "sentence";
    text += before === null ? shown : joins ? ` ${shown}` : `\n${shown}`;
    before = unit;
  }
  return text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

/** "and on Windows?" after "How do I install the CLI?" → both, the newest words first. */
function rewrite(task: RewriteTask): string {
  const before = task.history.findLast((turn) => turn.role === "member");
  return before === undefined ? task.question : `${task.question} ${before.text}`.slice(0, 600);
}
