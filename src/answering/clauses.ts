/**
 * The clauses of a sentence as they are compared: the stems of each, those it leaves out because they stand before it, its numbers, and
 * the words that turn it round. Pure.
 */
import { stemsOf } from "../text/stems.ts";
import { isGapped, replacedBy } from "./ellipsis.ts";
import type { Figure } from "./figures.ts";
import { isContent, kindOfLabel, LABEL, type SentencePart } from "./parts.ts";
import { isOnOtherDays } from "./points.ts";
import type { Rivals } from "./rivals.ts";
import { sidesIn } from "./turns.ts";

/** A part of a sentence, of a source or of an answer. */
export type Clause = {
  readonly own: ReadonlySet<string>;
  /** Words before it in its sentence, as far as its own words are no rivals of them: it may leave its subject out. */
  readonly inherited: ReadonlySet<string>;
  /** Words after it in its sentence, and above it: title, headings. */
  readonly around: ReadonlySet<string>;
  readonly figures: readonly Figure[];
  /** Days, months and how often. */
  readonly points: readonly Figure[];
  /** Stems of the days and months. */
  readonly pointed: readonly string[];
  readonly turns: ReadonlySet<string>;
  readonly sentenceTurns: ReadonlySet<string>;
  readonly sides: ReadonlyMap<string, string>;
  /** Stems of the words that put it there. */
  readonly sided: ReadonlySet<string>;
  /** Of a relative clause: what stands before it. */
  readonly ofWhom: readonly string[];
  /** Of a clause without a verb of its own: what it speaks of, and nothing else. */
  readonly subject: string | null;
};

/** A clause takes missing words from its neighbours only, so that a sentence with thousands of commas stays linear. */
const NEIGHBOURS_MAX = 24;

/** The parts of one sentence; `above` are the words of title and headings, `subject` those that "it" stands for. */
export function clausesIn(
  parts: readonly SentencePart[],
  rivals: Rivals,
  above: readonly string[] = [],
  subject: readonly string[] = [],
): readonly Clause[] {
  const sentenceTurns = new Set(parts.flatMap(({ turns }) => [...turns]));
  const earlierDays = (at: number) => parts.slice(Math.max(0, at - NEIGHBOURS_MAX), at).flatMap((part) => part.points);
  return parts.map((part, at) => {
    const { text, stems, ended, figures, points, pointed, turns, sided } = part;
    const own = new Set(stems);
    // "90 minutes by bus and 2 hours by train": words behind a number stay with it, if this number has words behind it too.
    const earlier = OTHERWISE.test(text) ? [] : parts.slice(Math.max(0, at - NEIGHBOURS_MAX), at);
    // "From Lyon the bus is free, from Paris it costs 45 euros": a pronoun stands for the subject, and for nothing that is said of it.
    const isPronominal = at > 0 && PRONOMINAL.test(text) && !WHERE.test(text);
    const before = isPronominal
      ? (parts[0]?.stems.slice(0, SUBJECT_STEMS) ?? [])
      : earlier.flatMap((one) => (ended.length > 0 ? one.begun : one.stems));
    const meant = [...earlier.map((one) => one.text), text].some((one) => RELATIVE.test(one)) ? [] : subject;
    const labelled = new Set([...own].filter((stem) => stem.startsWith(LABEL)).map(kindOfLabel));
    const isShared = (stem: string) =>
      !own.has(stem) &&
      !/^\d/.test(stem) &&
      !(stem.startsWith(LABEL) && labelled.has(kindOfLabel(stem))) &&
      ![...(rivals.get(stem) ?? [])].some(
        ([other, beside]) => own.has(other) && [...beside].some((word) => own.has(word)),
      );
    // "Archives are stored in Dublin, snapshots in Oslo": with a subject and a place of its own it takes over the verb only.
    const previous = parts[at - 1];
    const gapped = previous !== undefined && isGapped(previous, part);
    const replaced = replacedBy(part, earlier, previous);
    const isReplaced = (stem: string) => replaced.has(stem);
    // Only a condition speaks of what stands before it: "refunds are paid in cash, if you show the receipt". Others have a subject of their own.
    const behind = parts.slice(at + 1, at + 1 + NEIGHBOURS_MAX);
    const after = behind.flatMap((one) => (one.figures.length === 0 && CONDITION.test(one.text) ? one.stems : []));
    return {
      own,
      inherited: new Set([...meant, ...before.filter((stem) => isShared(stem) && !isReplaced(stem))]),
      around: new Set([...above, ...after.filter(isShared)].filter((stem) => !isReplaced(stem))),
      figures: figures.length === 0 && turns.has("half") ? halvesOf(earlier) : figures,
      points: isOnOtherDays(text) ? without(points, earlierDays(at)) : points,
      pointed,
      turns,
      sentenceTurns,
      sides: sidesIn(text),
      sided,
      ofWhom: previous !== undefined && RELATIVE.test(text) ? previous.stems : [],
      subject: gapped ? (stems[0] ?? null) : null,
    };
  });
}

function without(points: readonly Figure[], less: readonly Figure[]): readonly Figure[] {
  return points.filter(({ value }) => !less.some((other) => other.value === value));
}

/** "The fee is 60 euros, half for students": what half of it comes to. */
function halvesOf(earlier: readonly SentencePart[]): readonly Figure[] {
  return earlier
    .flatMap((part) => part.figures)
    .filter(({ kind, digits }) => !/^(?:label:|clock|date|time:)/.test(kind) && /^\d{1,12}(?:\.\d{1,4})?$/.test(digits))
    .flatMap((figure) => {
      const half = Number(figure.digits) / 2;
      // "1.50 euros" is written with both places.
      return [String(half), half.toFixed(2)].map((value) => ({ ...figure, value, digits: value }));
    });
}

/** Openings of a clause that takes no words from the clauses before it. */
const OTHERWISE =
  /^[ \t]{0,3}(?:otherwise|else|then|sonst|danach|aksi halde|yoksa|diğer|daha sonra|sonrasında|luego|después|puis|ensuite|poi|потом|затем|その後|然后|之后|si no|sinon|autrement|caso contrário|altrimenti|иначе|それ以外|否则|其他)(?!\p{L})/iu;

const CONDITION =
  /^[ \t]{0,3}(?:if|when|unless|while|because|wenn|falls|sofern|weil|eğer|si|cuando|lorsque|quand|se|quando|если|когда)(?!\p{L})/iu;

const RELATIVE = /^[ \t]{0,3}(?:who|which|that|der|die|das|welche[rs]?|que|qui|quien|che)(?!\p{L})/iu;

/** Stems of words that a text only ever writes with a capital letter → whether also within a sentence, where only names have one. */
export type ProperNames = ReadonlyMap<string, boolean>;

/** German writes every noun so: there a capital says nothing. */
export function namesOf(text: string, language: string): ProperNames {
  if (language === "de") return new Map();
  const names = new Map<string, boolean>();
  const lower = new Set<string>();
  for (const match of text.matchAll(/\p{L}[\p{L}\p{N}'’-]{1,40}/gu)) {
    const capital = /^\p{Lu}/u.test(match[0]);
    const within = /[\p{L}\p{N},][^\S\n]$/u.test(text.slice(Math.max(0, match.index - 2), match.index));
    for (const stem of stemsOf(match[0], language)) {
      if (capital) names.set(stem, within || (names.get(stem) ?? false));
      else lower.add(stem);
    }
  }
  for (const stem of lower) names.delete(stem);
  return names;
}

/** "On Saturdays it is open": its subject stands in the sentence before it. */
const PRONOMINAL =
  /^(?:[^\s,.:;]{1,24},?[ \t]){0,3}(?:it|they|these|es|sie|er|il|elle|ils|elles|bunlar|onlar|он|она|оно|они)(?!\p{L})/iu;

/** For each sentence the words that its pronoun stands for; none where it has a subject of its own. */
export function subjectsOf(sentences: readonly (readonly SentencePart[])[]): readonly (readonly string[])[] {
  let subject: readonly string[] = [];
  return sentences.map((parts) => {
    const [first] = parts;
    if (first !== undefined && PRONOMINAL.test(first.text)) return subject;
    subject = (first?.stems ?? []).filter(isContent).slice(0, SUBJECT_STEMS);
    return [];
  });
}

const SUBJECT_STEMS = 2;
const WHERE = /^[ \t]{0,3}(?:where|in which|wo|donde|où|dove|onde|где)(?!\p{L})/iu;

export function hasAnywhere({ own, inherited, around }: Clause, stem: string): boolean {
  return own.has(stem) || inherited.has(stem) || around.has(stem);
}
