/** A sentence in parts, each with its stems, numbers, days and the words that turn it round; what a part leaves out: ellipsis.ts. Pure. */
import { stemsOf } from "../text/stems.ts";
import { type Figure, figuresIn, withoutUnits } from "./figures.ts";
import { isListed, pointsIn, withoutTimes } from "./points.ts";
import { clausesOf } from "./statements.ts";
import { sidedWordsIn, turnsIn, withoutTurns } from "./turns.ts";

export type SentencePart = {
  readonly text: string;
  readonly stems: readonly string[];
  /** Stems before its number, and behind it; all of them and none where it has no number. */
  readonly begun: readonly string[];
  readonly ended: readonly string[];
  readonly figures: readonly Figure[];
  readonly points: readonly Figure[];
  readonly turns: ReadonlySet<string>;
  readonly sided: ReadonlySet<string>;
  /** Stems of the days and months that it names. */
  readonly pointed: readonly string[];
  /** Its last preposition, and what stands behind it. */
  readonly phrase: { readonly word: string; readonly stems: readonly string[] } | null;
};

export function partsOf(sentence: string, language: string, of: "answer" | "source"): readonly SentencePart[] {
  const texts: string[] = [];
  for (const text of clausesOf(sentence, language)) {
    const before = texts.at(-1);
    if (before !== undefined && isListed(before, text)) texts[texts.length - 1] = `${before}, ${text}`;
    else texts.push(text);
  }
  return texts.map((text) => partOf(text, language, of === "source"));
}

function partOf(text: string, language: string, isSource: boolean): SentencePart {
  const figures = figuresIn(text);
  const numbers = figures.filter(({ kind }) => kind.startsWith(LABEL)).map(labelOf);
  const letters = [...text.matchAll(LETTER)].map((letter) => `${LABEL}letter=${letter[0].toLowerCase()}`);
  const points = pointsIn(text, isSource);
  const bare = withoutUnits(withoutTurns(points.length === 0 ? text : withoutTimes(text)));
  const cut = figures.length === numbers.length ? -1 : bare.search(/\d/);
  const begun = [...contentOf(cut < 0 ? bare : bare.slice(0, cut), language), ...numbers, ...letters, ...codesOf(text)];
  const rest = cut < 0 ? [] : contentOf(bare.slice(cut), language);
  return {
    text,
    begun,
    ended: rest.filter((stem) => !/^\d/.test(stem)),
    stems: [...begun, ...rest],
    figures,
    points,
    turns: turnsIn(text),
    pointed: stemsOf(points.map(({ shown }) => shown).join(" "), language),
    phrase: phraseOf(text, language),
    sided: new Set(stemsOf(sidedWordsIn(text).join(" "), language)),
  };
}

/** "zone B": a capital letter alone behind a word names something. */
const LETTER =
  /(?<![\p{Script=Latin}\p{N}])\p{Lu}(?=[\p{Script=Han}\p{Script=Katakana}])|(?<=\p{L}{2} )(?!I )\p{Lu}(?![\p{L}\p{N}'’.-])/gu;
const FUNCTION = new Set(
  stemsOf(
    "after before since until till within during between per than only also then while one ones otherwise else",
    "en",
  ),
);
/** Pairs of Chinese letters across two words, and Japanese ones that begin with a particle. */
const ACROSS =
  /^\p{Script=Hiragana}|^\p{Script=Katakana}\p{Script=Hiragana}|[不没沒能可以会會的了是在和与及也都就要被]/u;

/** A noun's last sign, and the particle behind it. */
const MARKED = /^(\p{Script=Han})[はがをにでともへやの]$/u;

function contentOf(text: string, language: string): readonly string[] {
  return stemsOf(text, language)
    .map((stem) => (stem.length === 2 ? stem.replace(MARKED, "$1") : stem))
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

/** Before a place, a time or a means, in several languages. */
export const PREPOSITION =
  "in|at|on|to|from|by|near|with|for|en|de|con|para|por|à|au|avec|pour|sur|im|am|nach|bei|aus|mit|für|da|em|di|per|su";
const PHRASE = new RegExp(`^(?:.* )(${PREPOSITION}) (.{2,60})$`, "iu");
function phraseOf(text: string, language: string): SentencePart["phrase"] {
  const [, word, rest] = PHRASE.exec(text) ?? [];
  if (word === undefined || rest === undefined) return null;
  const codes = codesOf(rest);
  return { word: word.toLowerCase(), stems: [...contentOf(rest, language), ...codes] };
}

function codesOf(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]{1,200})`/g)].map((code) => `${LABEL}code=${code[1]}`);
}

export const LABEL = "label:";
export const kindOfLabel = (label: string) => label.split("=")[0] ?? "";

/** "version 5" as one word. */
export function labelOf({ kind, value }: Figure): string {
  return `${kind}=${value}`;
}

export function isContent(stem: string): boolean {
  return !/^\d/.test(stem) && !stem.startsWith(LABEL);
}
