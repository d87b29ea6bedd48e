/**
 * The clauses of a sentence as they are compared: the stems of each, those it leaves out because they stand before it, its numbers, and
 * the words that turn it round. Pure.
 */
import { stemsOf } from "../text/stems.ts";
import { type Figure, figuresIn, withoutUnits } from "./figures.ts";
import type { Rivals } from "./rivals.ts";
import { clausesOf } from "./statements.ts";
import { sidesIn, turnsIn, withoutTurns } from "./turns.ts";

/** A part of a sentence, of a source or of an answer. */
export type Clause = {
  readonly own: ReadonlySet<string>;
  /** Words before it in its sentence, as far as its own words are no rivals of them: it may leave its subject out. */
  readonly inherited: ReadonlySet<string>;
  /** Words after it in its sentence, and above it: title, headings. */
  readonly around: ReadonlySet<string>;
  readonly figures: readonly Figure[];
  readonly turns: ReadonlySet<string>;
  readonly sentenceTurns: ReadonlySet<string>;
  readonly sides: ReadonlyMap<string, string>;
  /** Of a clause without a verb of its own: what it speaks of, and nothing else. */
  readonly subject: string | null;
};

export function partsOf(sentence: string, language: string): readonly Part[] {
  return clausesOf(sentence).map((text) => partOf(text, language));
}

/** A clause takes missing words from its neighbours only, so that a sentence with thousands of commas stays linear. */
const NEIGHBOURS_MAX = 24;

/** The parts of one sentence; `above` are the words of title and headings. */
export function clausesIn(parts: readonly Part[], rivals: Rivals, above: readonly string[] = []): readonly Clause[] {
  const sentenceTurns = new Set(parts.flatMap(({ turns }) => [...turns]));
  return parts.map(({ text, stems, ended, figures, turns }, at) => {
    const own = new Set(stems);
    // "90 minutes by bus and 2 hours by train": words behind a number stay with it, if this number has words behind it too.
    const earlier = OTHERWISE.test(text) ? [] : parts.slice(Math.max(0, at - NEIGHBOURS_MAX), at);
    const before = earlier.flatMap((part) => (ended.length > 0 ? part.begun : part.stems));
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
    const gapped = previous !== undefined && GAPPED.test(text) && PLACED.test(previous.text);
    const isReplaced = (stem: string) => gapped && (stem === previous.stems[0] || stem === previous.stems.at(-1));
    // A later clause with a number of its own speaks of something else.
    const behind = parts.slice(at + 1, at + 1 + NEIGHBOURS_MAX);
    const after = behind.flatMap((part) => (part.figures.length === 0 && !GAPPED.test(part.text) ? part.stems : []));
    return {
      own,
      inherited: new Set(before.filter((stem) => isShared(stem) && !isReplaced(stem))),
      around: new Set([...above, ...after.filter(isShared)].filter((stem) => !isReplaced(stem))),
      figures,
      turns,
      sentenceTurns,
      sides: sidesIn(text),
      subject: gapped ? (stems[0] ?? null) : null,
    };
  });
}

const PLACE = "(?:in|at|on|to|from|by|near|en|a|à|au|im|am|nach|bei|da|em|di)";
/** A subject, a place with a name, and no verb; and a clause that ends with such a place. */
const GAPPED = new RegExp(`^\\s{0,3}\\p{L}{2,30} ${PLACE} \\p{Lu}\\p{L}{1,30}[.!]?\\s{0,3}$`, "u");
const PLACED = new RegExp(` ${PLACE} \\p{Lu}\\p{L}{1,30}\\s{0,3}$`, "u");

type Part = {
  readonly text: string;
  readonly stems: readonly string[];
  /** Stems before its number, and behind it; all of them and none where it has no number. */
  readonly begun: readonly string[];
  readonly ended: readonly string[];
  readonly figures: readonly Figure[];
  readonly turns: ReadonlySet<string>;
};

function partOf(text: string, language: string): Part {
  const figures = figuresIn(text);
  const numbers = figures.filter(({ kind }) => kind.startsWith(LABEL)).map(labelOf);
  const letters = [...text.matchAll(LETTER)].map((letter) => `${LABEL}letter=${letter[0].toLowerCase()}`);
  const bare = withoutUnits(withoutTurns(text));
  const cut = figures.length === numbers.length ? -1 : bare.search(/\d/);
  const begun = [...contentOf(cut < 0 ? bare : bare.slice(0, cut), language), ...numbers, ...letters];
  const rest = cut < 0 ? [] : contentOf(bare.slice(cut), language);
  return {
    text,
    begun,
    ended: rest.filter((stem) => !/^\d/.test(stem)),
    stems: [...begun, ...rest],
    figures,
    turns: turnsIn(text),
  };
}

/** "zone B": a capital letter alone behind a word names something. */
const LETTER = /(?<=\p{L}{2} )(?!I )\p{Lu}(?![\p{L}\p{N}'’.-])/gu;
const FUNCTION = new Set(
  stemsOf(
    "after before since until till within during between per than only also then while one ones otherwise else",
    "en",
  ),
);
/** Pairs of Chinese letters across two words, and Japanese ones that begin with a particle. */
const ACROSS = /^\p{Script=Hiragana}|[不没沒能可以会會的了是在和与及也都就要被]/u;

function contentOf(text: string, language: string): readonly string[] {
  return stemsOf(text, language)
    .filter((stem) => !FUNCTION.has(stem) && !COPULA.test(stem) && !(stem.length === 2 && ACROSS.test(stem)))
    .map((stem) => (language === "en" ? (BASE_FORMS.get(stem) ?? stem) : stem));
}

/** What Turkish hangs on a number with an apostrophe: "850 TL'dir". */
const COPULA = /^[dt][ıiuü]r$/;

/** "It keeps them" and "they are kept" say one thing: English forms that no stem brings together. */
const BASE_FORMS: ReadonlyMap<string, string> = new Map(
  (
    "kept keep|held hold|paid pay|sent send|made mak|given giv|gave giv|taken tak|took tak|sold sell|bought buy|lent lend|spent spend|built build|" +
    "found find|left leav|lost los|told tell|shown show|written writ|wrote writ|chosen choos|chose choos|broken break|drawn draw|driven driv|" +
    "begun begin|began begin|brought bring|thrown throw|worn wear|eaten eat|ran run|won win"
  )
    .split("|")
    .map((pair) => pair.split(" ") as [string, string]),
);

/** Openings of a clause that takes no words from the clauses before it. */
const OTHERWISE =
  /^[ \t]{0,3}(?:otherwise|else|then|sonst|danach|aksi halde|yoksa|diğer|daha sonra|sonrasında|luego|después|puis|ensuite|poi|потом|затем|その後|然后|之后|si no|sinon|autrement|caso contrário|altrimenti|иначе|それ以外|否则|其他)(?!\p{L})/iu;

export const LABEL = "label:";
const kindOfLabel = (label: string) => label.split("=")[0] ?? "";

/** "version 5" as one word. */
export function labelOf({ kind, value }: Figure): string {
  return `${kind}=${value}`;
}

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

export function hasAnywhere({ own, inherited, around }: Clause, stem: string): boolean {
  return own.has(stem) || inherited.has(stem) || around.has(stem);
}

export function isContent(stem: string): boolean {
  return !/^\d/.test(stem) && !stem.startsWith(LABEL);
}
