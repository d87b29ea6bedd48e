/**
 * Answers without a model: the one to four pieces of the best passages that speak to the question, quoted with their source.
 *
 * Pieces (sentences, list items, table rows, code, procedures) are scored by the passage's rank above all, by the idf-weighted share of
 * the question's words that they and their headings hold, by language, and by what kind of question it is. What is quoted of prose
 * grows by its neighbours: the sentence that has the question's words is often the one before the answer. Quotes stay in the source's
 * language, the frame is in the asker's. Whether anything is quoted at all, `answerable` has said before.
 * Needs nobody, so it is what everything falls back to.
 */
import { AppError } from "../errors.ts";
import { botLines } from "../i18n.ts";
import type { PassageRow } from "../knowledge.ts";
import type { AnswerResult, AnswerTask, Completion, Llm, ResultOf, RewriteTask, Task } from "../llm.ts";
import { coreOf } from "../text/asking.ts";
import { slipsBetween, slipsIn } from "../text/slips.ts";
import { stemsOf } from "../text/stems.ts";
import { asksAmount, CODE_CHARS_SHORT, namesUnknown, tellsWhatIsAsked, wanted } from "./question-kind.ts";
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
/** What the ranking puts first is quoted, unless another's piece is clearly better. */
const RANK_WEIGHT = 1;
/** A further quote must be this near to the best one. */
const NEAR_BEST = 0.8;
/** What a piece loses that does not speak of the subject. */
const OFF_SUBJECT = 0.3;

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

/** One piece, or all steps of one procedure. */
type Candidate = {
  readonly units: readonly Unit[];
  /** 0-based place of the passage, and of the first unit in it. */
  readonly passage: number;
  readonly at: number;
  readonly score: number;
  /** The weighted share of the question's words in it, its headings included. */
  readonly covered: number;
  /** It is what a code in the question stands for. */
  readonly entry: boolean;
};

const UNKNOWN: AnswerResult = { answer: "", used: [], known: false, wantsHuman: false };

function quote(task: AnswerTask): AnswerResult {
  const passages = task.passages.slice(0, PASSAGES_READ_MAX);
  const texts = passages.map(({ title, headings, text }) => `${title}\n${headings.join("\n")}\n${text}`);
  if (namesUnknown(task.question, texts)) return UNKNOWN;
  const units = passages.map((passage) => unitsOf(passage.text));
  const least = coveredMin(new Set(stemsOf(task.question, task.language)).size);
  const candidates = rank(task, passages, units).filter(({ entry, covered }) => entry || covered >= least);
  const [best] = candidates;
  if (best === undefined) return UNKNOWN;

  const amount = asksAmount(task.question);
  const quoted = new Map<number, Unit[]>();
  let chars = 0;
  for (const candidate of choose(candidates, best)) {
    const own = units[candidate.passage] ?? [];
    const had = quoted.get(candidate.passage) ?? [];
    if (had.length === 0 && quoted.size >= PASSAGES_QUOTED_MAX) continue;
    const company = withCompany(candidate, own);
    const whole = amount && company.some(({ text }) => /\d/.test(text));
    for (const unit of whole ? company : grown(company, own)) {
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
    return blockquote(pieces, place + 1);
  });
  const frame = botLines(task.language).quoted;
  const answer = `${frame}\n\n${quotes.join("\n\n")}`;
  return { answer, used: used.map((place) => place + 1), known: true, wantsHuman: false };
}

/** A short question must be met in part; of a long one most words tell a story. */
function coveredMin(asked: number): number {
  if (asked <= 1) return 0.2;
  return asked <= 3 ? 0.08 : 0.04;
}

function rank(
  task: AnswerTask,
  passages: readonly PassageRow[],
  units: readonly (readonly Unit[])[],
): readonly Candidate[] {
  const pieces = passages.flatMap((passage, place) =>
    grouped(units[place] ?? []).map((group) => ({
      ...group,
      passage,
      place,
      stems: new Set(group.units.flatMap((unit) => stemsOf(unit.text, passage.language))),
      around: new Set(
        stemsOf(`${passage.title} ${passage.headings.join(" ")} ${group.units[0]?.context ?? ""}`, passage.language),
      ),
      named: new Set(stemsOf(`${passage.title} ${headingOf(group.units[0], passage)}`, passage.language)),
    })),
  );
  const spelled = spellingIn(pieces);
  // A question is read the way each passage's language inflects its words.
  const readings = new Map(
    [...new Set(passages.map((passage) => passage.language))].map((language) => {
      const own = language === "und" ? task.language : language;
      return [language, weigh([...new Set(stemsOf(task.question, own).map(spelled))], pieces)];
    }),
  );
  const wants = wanted(task.question);
  const codes = (task.question.match(CODE) ?? []).map(joinedCode);
  const subject = subjectOf(passages, [...new Set([...readings.values()].flatMap((asked) => [...asked.keys()]))]);
  const inLanguage = passages.some((passage) => passage.language === task.language);

  return pieces
    .filter(({ units: group }) => tellsWhatIsAsked(task.question, group.map(({ text }) => text).join(" ")))
    .map(({ units: group, passage, place, at, stems, around, named }) => {
      const heading = joinedCode(headingOf(group[0], passage));
      const start = joinedCode(group[0]?.text.replace(/^[*`]+/, "") ?? "");
      const entry = codes.some((code) => heading.includes(code) || start.startsWith(code));
      const asked = readings.get(passage.language) ?? new Map<string, number>();
      const covered = shareOf(asked, (stem) => stems.has(stem) || around.has(stem));
      const met = [...asked.keys()].filter((stem) => named.has(stem)).length;
      const title = met === 0 ? 0 : (2 * met) / (asked.size + named.size);
      const chars = group.reduce((sum, unit) => sum + unit.text.length, 0);
      const score =
        covered +
        0.4 * shareOf(asked, (stem) => stems.has(stem)) +
        0.45 * title +
        RANK_WEIGHT / (1 + place) +
        0.08 / (1 + at) +
        wants(group) -
        // One word is no sentence, and a long one dilutes what it says.
        (chars < 25 ? 0.15 : 0) -
        (group.length === 1 && chars > 350 ? 0.08 : 0) -
        (subject.length > 0 && !subject.some((stem) => stems.has(stem) || around.has(stem)) ? OFF_SUBJECT : 0) -
        (inLanguage && passage.language !== task.language ? 0.35 : 0);
      return { units: group, passage: place, at, score, covered, entry };
    })
    .sort((a, b) => Number(b.entry) - Number(a.entry) || b.score - a.score || a.passage - b.passage || a.at - b.at);
}

/** The heading right above a piece, also one that stands in the passage as a line of its own. */
function headingOf(unit: Unit | undefined, { headings }: PassageRow): string {
  return unit !== undefined && unit.kind !== "row" && unit.context !== "" ? unit.context : (headings.at(-1) ?? "");
}

/** "ML-207", "E1042", "storage.raw_days": who names one wants its own entry, not a place that mentions it. */
const CODE = /(?<![\p{L}\p{N}])(?:\p{L}{1,6}-?\d{2,6}|\p{L}[\p{L}\p{N}]+(?:[._]\p{L}[\p{L}\p{N}]+)+)(?![\p{L}\p{N}])/gu;

/** "ML-207" and "ml207" are one. */
function joinedCode(text: string): string {
  return text.toLowerCase().replace(/(?<=\p{L})-(?=\d)/gu, "");
}

/** Words of the question that only the best page has for its title: what it asks about. */
function subjectOf(passages: readonly PassageRow[], asked: readonly string[]): readonly string[] {
  const [best, ...others] = passages;
  if (best === undefined) return [];
  const elsewhere = new Set(
    others.flatMap((one) => (one.document === best.document ? [] : stemsOf(one.title, one.language))),
  );
  return stemsOf(best.title, best.language).filter((stem) => asked.includes(stem) && !elsewhere.has(stem));
}

type Held = { readonly stems: ReadonlySet<string>; readonly around: ReadonlySet<string> };

/** A stem that no piece holds, as the piece spells it that comes nearest; a question is typed in a hurry. */
function spellingIn(pieces: readonly Held[]): (stem: string) => string {
  const known = new Set(pieces.flatMap(({ stems, around }) => [...stems, ...around]));
  return (stem) => {
    const most = slipsIn(stem);
    if (most === 0 || known.has(stem)) return stem;
    for (const other of known) {
      if (other[0] !== stem[0] || Math.abs(other.length - stem.length) > most) continue;
      if (slipsBetween(stem, other, most) <= most) return other;
    }
    return stem;
  };
}

/** The rarer a word among the pieces, the more it says which of them is meant. */
function weigh(asked: readonly string[], pieces: readonly Held[]): ReadonlyMap<string, number> {
  return new Map(
    asked.map((stem) => {
      const holding = pieces.filter((piece) => piece.stems.has(stem) || piece.around.has(stem)).length;
      return [stem, Math.log(1 + pieces.length / (0.5 + holding))];
    }),
  );
}

function shareOf(asked: ReadonlyMap<string, number>, holds: (stem: string) => boolean): number {
  let held = 0;
  let all = 0;
  for (const [stem, weight] of asked) {
    all += weight;
    if (holds(stem)) held += weight;
  }
  return held / (all || 1);
}

/** Steps of one list stand together; everything else stands alone. */
function grouped(units: readonly Unit[]): readonly { readonly units: readonly Unit[]; readonly at: number }[] {
  const groups: { units: Unit[]; at: number }[] = [];
  for (const [at, unit] of units.entries()) {
    const last = groups.at(-1);
    const before = last?.units.at(-1);
    if (unit.step && before?.step && before.block === unit.block && last !== undefined) last.units.push(unit);
    else groups.push({ units: [unit], at });
  }
  return groups;
}

/** The best one and those near it that say something else. */
function choose(candidates: readonly Candidate[], best: Candidate): readonly Candidate[] {
  const chosen: Candidate[] = [best];
  const stemsIn = ({ units }: Candidate) => new Set(units.flatMap((unit) => stemsOf(unit.text, "und")));
  const said = [stemsIn(best)];
  // A whole procedure is an answer by itself; a second one only confuses.
  const quotesMax = best.units.length > 1 ? 2 : QUOTES_MAX;
  for (const candidate of candidates.slice(1)) {
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

/** What must be read with a piece to understand it. */
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

/** Prose with the prose around it in the same section: what follows, then what stands before. Rows and procedures are whole by themselves. */
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
  for (let at = own.indexOf(all.at(-1) ?? first) + 1, unit = fitting(at); unit !== null; unit = fitting(++at))
    all.push(unit);
  for (let at = own.indexOf(first) - 1, unit = fitting(at); unit !== null; unit = fitting(--at)) all.unshift(unit);
  return all;
}

/** Begins with a word that points back. */
const LEANS =
  /^(?:it|this|that|these|those|they|then|otherwise|instead|so|also|o|bu|bunlar|onlar|ayrıca|aksi halde|sonra)(?!\p{L})/iu;

/** Prose runs on in one line, items and rows stand in lines of their own, code in its fence. Ends with its source's mark. */
function blockquote(units: readonly Unit[], mark: number): string {
  let text = "";
  let before: Unit | null = null;
  for (const unit of units) {
    // A quote is exact: a step keeps the number that its page gave it.
    const shown =
      unit.number !== null ? `${unit.number}. ${unit.text}` : unit.kind === "item" ? `- ${unit.text}` : unit.text;
    const joins = before?.kind === "sentence" && unit.kind === "sentence";
    text += before === null ? shown : joins ? ` ${shown}` : `\n${shown}`;
    before = unit;
  }
  const quoted = text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
  // Behind a fence the mark would be taken for code.
  return before?.kind === "code" ? `${quoted}\n[${mark}]` : `${quoted} [${mark}]`;
}

/** "and on Windows?" after "How do I install the CLI?" → both, the newest words first. */
function rewrite(task: RewriteTask): string {
  const before = task.history.findLast((turn) => turn.role === "member");
  return before === undefined ? task.question : `${task.question} ${before.text}`.slice(0, 600);
}
