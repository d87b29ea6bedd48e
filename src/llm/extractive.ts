/**
 * Answers without a model: the one to four pieces of the best passages that speak to the question, quoted with their source.
 *
 * Pieces are scored by llm/pieces. What is quoted of prose grows by its neighbours: the sentence that has the question's words is often the
 * one before the answer. Quotes stay in the source's language, the frame is in the asker's. How likely they answer is told as `trust`;
 * whether that is enough is the asker's business (answering/answer).
 * Needs nobody, so it is what everything falls back to.
 */
import { AppError } from "../errors.ts";
import { botLines } from "../i18n.ts";
import type { PassageRow } from "../knowledge.ts";
import type { AnswerResult, AnswerTask, Completion, Llm, ResultOf, RewriteTask, Task } from "../llm.ts";
import { leansOnHistory } from "../memory.ts";
import { coreOf, withoutFrame } from "../text/asking.ts";
import { spelledAsIn } from "../text/codes.ts";
import { stemsOf } from "../text/stems.ts";
import { type Candidate, rankPieces } from "./pieces.ts";
import { asksAmount, CODE_CHARS_SHORT, namesUnknown } from "./question-kind.ts";
import { trustIn } from "./trust.ts";
import { type Unit, unitsOf } from "./units.ts";

const PASSAGES_READ_MAX = 8;
const PASSAGES_QUOTED_MAX = 3;
const QUOTES_MAX = 3;
/** Steps of one procedure count as one quote, up to this many. */
const STEPS_MAX = 8;
const QUOTED_CHARS_MAX = 1_200;
const PARAGRAPH_CHARS_MAX = 360;
/** Prose is quoted up to about this length, where its section goes on. Tuned with the next two by `bench answers`. */
const PROSE_CHARS = 600;
const OPENING_CHARS_MAX = 400;
/** A further quote must be this near to the best one. */
const NEAR_BEST = 0.8;

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
  if (task.task === "answer") return quote({ ...task, question: coreOf(task.question) });
  if (task.task === "rewrite") return { question: rewrite(task) };
  return null;
}

const UNKNOWN: AnswerResult = { answer: "", used: [], known: false, wantsHuman: false };

function quote(task: AnswerTask): AnswerResult {
  const quoted = quotesFor(task);
  if (quoted === null) return UNKNOWN;
  const { frame, quotes, used, ...rest } = quoted;
  const answer = `${frame}\n\n${quotes.map(({ shown }) => shown).join("\n\n")}`;
  const trust = task.found?.asked === undefined ? {} : { trust: trustIn({ ...rest, found: task.found }) };
  return { answer, used, known: true, wantsHuman: false, ...trust };
}

/** The quotes, with the signals that trust in them goes by; null where nothing fits. */
export function quotesFor(asked: AnswerTask) {
  const passages = asked.passages.slice(0, PASSAGES_READ_MAX);
  const texts = passages.map(({ title, headings, text }) => `${title}\n${headings.join("\n")}\n${text}`);
  const task = { ...asked, question: spelledAsIn(withoutFrame(asked.question), texts.join("\n")) };
  if (namesUnknown(task.question, texts)) return null;
  const units = passages.map((passage) => unitsOf(passage.text));
  const least = coveredMin(new Set(stemsOf(task.question, task.language)).size);
  const candidates = rankPieces(task, passages, units).filter(
    ({ entry, whole, covered }) => entry || whole > 0 || covered >= least,
  );
  const [best] = candidates;
  if (best === undefined) return null;

  const amount = asksAmount(task.question);
  const quoted = new Map<number, Unit[]>();
  let chars = 0;
  for (const candidate of choose(candidates, best)) {
    const own = units[candidate.passage] ?? [];
    const had = quoted.get(candidate.passage) ?? [];
    if (had.length === 0 && quoted.size >= PASSAGES_QUOTED_MAX) continue;
    const company = candidate.whole > 0 ? candidate.units : withCompany(candidate, own);
    const whole = candidate.whole > 0 || (amount && company.some(({ text }) => /\d/.test(text)));
    for (const unit of whole ? company : withOpening(grown(company, own), own, passages[candidate.passage])) {
      if (had.includes(unit) || (chars > 0 && chars + unit.text.length > QUOTED_CHARS_MAX)) continue;
      had.push(unit);
      chars += unit.text.length;
    }
    if (had.length > 0) quoted.set(candidate.passage, had);
  }

  const used = [...quoted.keys()];
  const quotes = used.map((place) => {
    const order = units[place] ?? [];
    const pieces = (quoted.get(place) ?? []).toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
    return { shown: blockquote(pieces, order, place + 1), text: pieces.map(({ text }) => text).join("\n") };
  });
  return {
    ...{ question: task.question, language: task.language, candidates, passages, quotes },
    text: quotes.map(({ text }) => text).join("\n"),
    frame: botLines(task.language).quoted,
    used: used.map((place) => place + 1),
  };
}

/** A short question must be met in part; of a long one most words tell a story. */
function coveredMin(asked: number): number {
  if (asked <= 1) return 0.2;
  return asked <= 3 ? 0.08 : 0.04;
}

/** The best one and those near it that say something else. */
function choose(candidates: readonly Candidate[], best: Candidate): readonly Candidate[] {
  if (best.whole > 0) return [best];
  const chosen: Candidate[] = [best];
  const stemsIn = ({ units }: Candidate) => new Set(units.flatMap((unit) => stemsOf(unit.text, "und")));
  const said = [stemsIn(best)];
  // A whole procedure is an answer by itself; a second one only confuses.
  const quotesMax = best.units.length > 1 ? 2 : QUOTES_MAX;
  // "VPN or Relay?", "the difference between late and offline": a table's rows for each that is named.
  const isSister = ({ named, passage, units: [unit] }: Candidate) =>
    best.named && named && passage === best.passage && unit?.block === best.units[0]?.block;
  const sisters = candidates
    .slice(1)
    .filter(isSister)
    .slice(0, quotesMax - 1);
  chosen.push(...sisters);
  said.push(...sisters.map(stemsIn));
  for (const candidate of candidates.slice(1)) {
    if (sisters.includes(candidate)) continue;
    // On a page of codes the other sections are other codes'.
    if (best.entry && !candidate.entry && candidate.passage === best.passage) continue;
    if (chosen.length >= quotesMax || candidate.score < best.score * NEAR_BEST) break;
    if (candidate.covered < best.covered * 0.6 || (best.units.length > 1 && candidate.units.length > 1)) continue;
    const stems = stemsIn(candidate);
    const repeats = said.some(
      (other) => [...stems].filter((stem) => other.has(stem)).length > 0.6 * Math.max(1, stems.size),
    );
    if (repeats) continue;
    chosen.push(candidate);
    said.push(stems);
  }
  return chosen;
}

/** Text that must be read with a piece to understand it. */
function withCompany({ units, at }: Candidate, own: readonly Unit[]): readonly Unit[] {
  const [unit] = units;
  if (unit === undefined) return [];
  const previous = own[at - 1];
  const next = own[at + units.length];
  const intro = previous?.kind === "sentence" && previous.text.endsWith(":") ? [previous] : [];
  if (units.length > 1) return [...intro, ...units.slice(0, STEPS_MAX)];
  if (unit.kind === "code") return previous?.kind === "sentence" ? [previous, unit] : [unit];
  if (unit.text.endsWith(":") && next !== undefined) {
    return [unit, ...own.slice(at + 1, at + 1 + STEPS_MAX).filter((other) => other.block === next.block)];
  }
  if (unit.kind === "item") return [...intro, unit];
  const paragraph = own.filter((other) => other.block === unit.block && other.kind === unit.kind);
  // A short paragraph was written to be read whole.
  if (unit.kind === "sentence" && paragraph.reduce((sum, { text }) => sum + text.length, 0) <= PARAGRAPH_CHARS_MAX) {
    const after = own[own.indexOf(paragraph.at(-1) ?? unit) + 1];
    if (after?.kind === "code") return after.text.length <= CODE_CHARS_SHORT ? [...paragraph, after] : paragraph;
    const leadsOn = after !== undefined && paragraph.at(-1)?.text.endsWith(":");
    return leadsOn
      ? [...paragraph, ...own.filter(({ block }) => block === after.block).slice(0, STEPS_MAX)]
      : paragraph;
  }
  const company: Unit[] = [];
  if (LEANS.test(unit.text) && previous?.block === unit.block) company.push(previous);
  company.push(unit);
  if (next?.block === unit.block && unit.kind === "sentence") company.push(next);
  return company;
}

/** Prose with its neighbours in the same section: the text after it, then the text before it. Rows and procedures are whole by themselves. */
function grown(units: readonly Unit[], own: readonly Unit[]): readonly Unit[] {
  const [first] = units;
  if (first === undefined || units.some(({ kind, step }) => kind === "row" || step)) return units;
  const all = [...units];
  let chars = all.reduce((sum, { text }) => sum + text.length, 0);
  const fitting = (at: number): Unit | null => {
    const unit = own[at];
    const fits = unit?.context === first.context && unit.kind !== "row" && chars + unit.text.length <= PROSE_CHARS;
    if (!fits) return null;
    chars += unit.text.length;
    return unit;
  };
  const goOn = () => {
    for (let at = own.indexOf(all.at(-1) ?? first) + 1, unit = fitting(at); unit !== null; unit = fitting(++at))
      all.push(unit);
  };
  const goBack = () => {
    for (let at = own.indexOf(first) - 1, unit = fitting(at); unit !== null; unit = fitting(--at)) all.unshift(unit);
  };
  const opening = own.slice(0, own.indexOf(first)).filter(({ context }) => context === first.context);
  // If the section begins a few sentences earlier, quote from its beginning.
  const isNear = opening.reduce((sum, { text }) => sum + text.length, 0) <= OPENING_CHARS_MAX;
  for (const grow of isNear ? [goBack, goOn] : [goOn, goBack]) grow();
  return all;
}

/**
 * An answer under a question begins with what it says, and goes on to explain: its first sentence is quoted with what speaks to the question.
 * So are pairs written, and pages that nobody gave a title or headings.
 */
function withOpening(units: readonly Unit[], own: readonly Unit[], passage: PassageRow | undefined): readonly Unit[] {
  const [opening] = own;
  const isAnswer = passage?.kind === "pair" || (passage?.title.trim() === "" && passage.headings.length === 0);
  if (!isAnswer || passage.position !== 0 || opening?.kind !== "sentence") return units;
  if (units.includes(opening) || opening.text.length > OPENING_CHARS_MAX) return units;
  return units.some(({ kind }) => kind === "sentence") ? [opening, ...units] : units;
}

/** Begins with a word that points back. */
const LEANS =
  /^(?:it|this|that|these|those|they|then|otherwise|instead|so|also|o|bu|bunlar|onlar|ayrıca|aksi halde|sonra)(?!\p{L})/iu;

/**
 * Prose runs on in one line, items and rows stand in lines of their own, code in its fence; where sentences were left out between two, it
 * says so. Ends with its source's mark. `order`: all pieces of the passage.
 */
function blockquote(units: readonly Unit[], order: readonly Unit[], mark: number): string {
  let text = "";
  let before: Unit | null = null;
  for (const unit of units) {
    // A quote is exact: a step keeps the number that its page gave it.
    const shown =
      unit.number !== null ? `${unit.number}. ${unit.text}` : unit.kind === "item" ? `- ${unit.text}` : unit.text;
    const joins = before?.kind === "sentence" && unit.kind === "sentence";
    const gap = joins && before !== null && order.indexOf(unit) > order.indexOf(before) + 1 ? "[…] " : "";
    text += before === null ? shown : joins ? ` ${gap}${shown}` : `\n${shown}`;
    before = unit;
  }
  const quoted = text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
  // Behind a fence the mark would be taken for code.
  return before?.kind === "code" ? `${quoted}\n[${mark}]` : `${quoted} [${mark}]`;
}

/**
 * "and on Windows?" after "How do I install the CLI?" → both, the newest words first; of a follow-up of a follow-up also what that goes on from.
 * A follow-up that says itself what it asks for ("and how long is …?") does not ask the earlier question again: that gives its words only.
 */
function rewrite({ question, history }: RewriteTask): string {
  const turns: string[] = [];
  for (const { role, text } of history.toReversed()) {
    if (role !== "member") continue;
    turns.push(text);
    if (turns.length >= TURNS_MAX || !leansOnHistory(text)) break;
  }
  const asksItself = QUESTION_WORDS.test(question);
  const before = turns.map((text) =>
    asksItself ? text.replace(QUESTION_WORDS, "").replace(/\s+/g, " ").trim() : text,
  );
  return [question, ...before].join(" ").slice(0, REWRITTEN_CHARS_MAX);
}

const TURNS_MAX = 4;
const REWRITTEN_CHARS_MAX = 600;
const QUESTION_WORDS =
  /(?<![\p{L}\p{N}])(?:(?:how (?:many|much|long|often|far|big|do|can|to|does|should)|what(?:'s| is| are| does)?|when|where|which|why|who)(?: (?:i|you|we|one)(?!\p{L}))?|nasıl|ne kadar|ne zaman|kaç|nerede|hangi|neden|nedir|wie (?:viele?|lange|oft|kann|mache|komme)?(?: ?(?:ich|man|wir)(?!\p{L}))?|wann|wo|welche[rs]?|warum)(?![\p{L}\p{N}])/iu;
