/**
 * Pieces of passages (sentences, list items, table rows, code, procedures) → scored by how well each speaks to the question: by the
 * passage's rank above all, by the share of the question's words that the piece and its headings hold, rare ones counting more, by what
 * kind of question it is, and by language. For llm/extractive.
 */
import { type AskedWord, createAskedReader, type PassageRow, shareHeld } from "../knowledge.ts";
import type { AnswerTask } from "../llm.ts";
import { slipsBetween, slipsIn } from "../text/slips.ts";
import { stemsOf } from "../text/stems.ts";
import { definedIn, tellsWhatIsAsked, wanted } from "./question-kind.ts";
import type { Unit } from "./units.ts";
import { wholeListsIn } from "./whole-lists.ts";

/** The first passage is quoted, unless a piece of another one is clearly better. */
const RANK_WEIGHT = 1;
/** Loss of a piece that does not speak of the subject. */
const OFF_SUBJECT = 0.3;
/** Weights of the question's words that search found in the piece itself, and in it with its headings. */
const HELD = 0.8;
const HELD_AROUND = 0.8;
/** A heading that asks the same. */
const TITLE = 0.6;
/** A table's row that the question names. */
const NAMED_ROW = 0.2;
/** A sentence that says what the thing is that the question asks for. */
const DEFINED = 0.6;

/** A table or list that answers as a whole. */
const WHOLE = 1;

/** One piece, or all steps of one procedure. */
export type Candidate = {
  readonly units: readonly Unit[];
  /** 0-based place of the passage, and of the first unit in it. */
  readonly passage: number;
  readonly at: number;
  readonly score: number;
  /** The weighted share of the question's words in it, its headings included. */
  readonly covered: number;
  /** It is what a code in the question stands for. */
  readonly entry: boolean;
  /** A table's row whose name is in the question. */
  readonly named: boolean;
  /** Above 0: a table or list that answers as a whole, and how surely. */
  readonly whole: number;
};

/** Best first. */
export function rankPieces(
  task: AnswerTask,
  passages: readonly PassageRow[],
  units: readonly (readonly Unit[])[],
): readonly Candidate[] {
  const pieces = passages.flatMap((passage, place) =>
    [
      ...wholeListsIn(task.question, task.language, passage, units[place] ?? []),
      ...grouped(units[place] ?? []).map((group) => ({ ...group, fit: 0 })),
    ].map((group) => ({
      ...group,
      passage,
      place,
      stems: new Set(group.units.flatMap((unit) => stemsOf(unit.text, passage.language))),
      around: new Set(
        stemsOf(`${passage.title} ${passage.headings.join(" ")} ${group.units[0]?.context ?? ""}`, passage.language),
      ),
      titles: [passage.title, headingOf(group.units[0], passage)].map((text) => stemsOf(text, passage.language)),
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
  const search = createSearchView(task.found?.asked ?? [], task.language);

  return pieces
    .filter(({ units: group }) => tellsWhatIsAsked(task.question, group.map(({ text }) => text).join(" ")))
    .map(({ units: group, fit, passage, place, at, stems, around, titles }) => {
      const heading = joinedCode(headingOf(group[0], passage));
      const start = joinedCode(group[0]?.text.replace(/^[*`]+/, "") ?? "");
      const entry = codes.some((code) => heading.includes(code) || start.startsWith(code));
      const asked = readings.get(passage.language) ?? new Map<string, number>();
      const covered = shareOf(asked, (stem) => stems.has(stem) || around.has(stem));
      const title = Math.max(likeness(asked, titles.flat()), likeness(asked, titles[1] ?? []));
      const chars = group.reduce((sum, unit) => sum + unit.text.length, 0);
      const text = group.map((unit) => unit.text).join(" ");
      const found = search.read(text, passage);
      const isNamed = group[0]?.kind === "row" && search.names(group[0].name, passage);
      const score =
        covered +
        HELD * search.share(found) +
        HELD_AROUND * search.share(search.with(found, search.above(group[0], passage))) +
        (isNamed ? NAMED_ROW : 0) +
        (fit > 0 ? WHOLE : 0) +
        (search.names(definedIn(task.question, asStatement(group[0], text)) ?? "", passage) ? DEFINED : 0) +
        0.4 * shareOf(asked, (stem) => stems.has(stem)) +
        TITLE * title +
        RANK_WEIGHT / (1 + place) +
        0.08 / (1 + at) +
        wants(group) -
        // One word is no sentence, and a long one dilutes what it says.
        (chars < 25 ? 0.15 : 0) -
        (group.length === 1 && chars > 350 ? 0.08 : 0) -
        (subject.length > 0 && !subject.some((stem) => stems.has(stem) || around.has(stem)) ? OFF_SUBJECT : 0) -
        (inLanguage && passage.language !== task.language ? 0.35 : 0);
      return { units: group, passage: place, at, score, covered, entry, named: isNamed, whole: fit };
    })
    .sort(
      (a, b) =>
        b.whole - a.whole ||
        Number(b.entry) - Number(a.entry) ||
        b.score - a.score ||
        a.passage - b.passage ||
        a.at - b.at,
    );
}

/** Of a question and a title or heading, 0…1: twice what they share, of all their words (Dice). */
function likeness(asked: ReadonlyMap<string, number>, heading: readonly string[]): number {
  const named = new Set(heading);
  const met = [...asked.keys()].filter((stem) => named.has(stem)).length;
  return met === 0 ? 0 : (2 * met) / (asked.size + named.size);
}

/** A row defines what it is of. */
function asStatement(unit: Unit | undefined, text: string): string {
  return unit?.kind === "row" ? `${unit.name} is` : text;
}

/** The heading right above a piece, also one that stands in the passage as a line of its own. */
function headingOf(unit: Unit | undefined, { headings, text }: PassageRow): string {
  if (unit !== undefined && unit.kind !== "row" && unit.context !== "") return unit.context;
  const last = headings.at(-1) ?? "";
  // Of sections that stand in one passage it is the heading of a later one.
  return text.includes(`\n${last}\n`) ? "" : last;
}

/** "ML-207", "E1042", "storage.raw_days": a question that names one wants its own entry, not a place that mentions it. */
const CODE = /(?<![\p{L}\p{N}])(?:\p{L}{1,6}-?\d{2,6}|\p{L}[\p{L}\p{N}]+(?:[._]\p{L}[\p{L}\p{N}]+)+)(?![\p{L}\p{N}])/gu;

/** "ML-207", "ml207" and a heading's "ML 207" are one. */
function joinedCode(text: string): string {
  return text.toLowerCase().replace(/(?<=\p{L})[- ](?=\d)/gu, "");
}

/** The question's subject: its words that only the best page has in its title. */
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

/** The pieces through the eyes of search, which knows other words for the same and how rare each word is in the whole knowledge base. */
function createSearchView(asked: readonly AskedWord[], language: string) {
  const read = createAskedReader(asked);
  const languagesOf = (passage: PassageRow) =>
    [...new Set([passage.language, language])].filter((one) => one !== "und");
  const above = new Map<string, readonly number[]>();
  return {
    read: (text: string, passage: PassageRow) => read(text, languagesOf(passage)).held,
    /** Headings above a piece; the same for many. */
    above(unit: Unit | undefined, passage: PassageRow): readonly number[] {
      const text = `${passage.title}\n${passage.headings.join("\n")}\n${unit?.context ?? ""}`;
      const held = above.get(text) ?? read(text, languagesOf(passage)).held;
      above.set(text, held);
      return held;
    },
    with: (a: readonly number[], b: readonly number[]) => a.map((held, place) => Math.max(held, b[place] ?? 0)),
    share: (held: readonly number[]) => shareHeld(asked, held),
    /** Does the question hold all of these words? */
    names(text: string, passage: PassageRow): boolean {
      // "VPN (WireGuard in the router, …)": text in brackets is no part of the name.
      const words = text.replace(/\([^)]{0,200}\)/g, " ");
      const stems = stemsOf(words, passage.language);
      if (stems.length === 0 || stems.length > asked.length) return false;
      return read(words, languagesOf(passage)).held.filter((held) => held > 0).length >= new Set(stems).size;
    },
  };
}
