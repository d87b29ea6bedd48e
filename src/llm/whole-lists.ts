/**
 * Questions that a whole table or list answers: a comparison of what a table's columns or rows stand for ("nest vs flock"), and what there is of
 * a kind ("which plans do you have"), where a heading or a table's head names that kind and nothing else. English, Turkish and German by
 * their words, Spanish and French for what there is. Pure. For llm/pieces.
 */
import type { PassageRow } from "../knowledge.ts";
import { stemsOf, wholeWords } from "../text/stems.ts";
import type { Unit } from "./units.ts";

/** Units of one table or list, from the place of the first in its passage. `fit`: a heading says more surely what is listed than a table's head. */
export type WholeList = { readonly units: readonly Unit[]; readonly at: number; readonly fit: number };

const FIT_HEADING = 2;
const FIT_HEAD = 1;

/** One thing is no list. */
const THINGS_MIN = 2;
const NAMED_MIN = 2;

/** Those of a passage that answer the question as a whole. */
export function wholeListsIn(
  question: string,
  language: string,
  passage: PassageRow,
  units: readonly Unit[],
): readonly WholeList[] {
  const compares = COMPARES.test(question);
  // A short question does not say which language it is in: its words are read as the passage's too.
  const kinds = [...new Set([language, passage.language])].map((one) => kindAsked(question, one));
  if (!compares && kinds.every(({ size }) => size === 0)) return [];
  const asked = new Set(stemsOf(question, passage.language));
  const isKind = (name: string) => kinds.some((kind) => kind.size > 0 && isSame(kind, stemsOf(name, passage.language)));
  return listsIn(units).flatMap(({ units: list, at }) => {
    if (list.length < THINGS_MIN) return [];
    const compared = comparesColumns(asked, list, passage.language);
    if (compared || isKind(headingAbove(list, at, passage))) return [{ units: list, at, fit: FIT_HEADING }];
    return isKind(list[0]?.head ?? "") ? [{ units: list, at, fit: FIT_HEAD }] : [];
  });
}

const COMPARES = wholeWords(
  "vs|versus|or|compared?|comparison|differences?|differ|differs|better|ya ?da|veya|yoksa|fark\\p{L}{0,6}|karşılaştır\\p{L}{0,8}|oder|unterschied\\p{L}{0,4}|vergleich\\p{L}{0,4}|besser",
);

const LISTED =
  /^(?:hi |hey |hello |merhaba |hallo |so |and |also )?(?:(?:what|which)(?: (?:kinds?|types?|sorts?) of)? (.{2,40}?) (?:are there|(?:do|can) (?:you(?: guys)?|we|i) (?:have|offer|support|sell|provide|choose|get|buy)|exist|are (?:available|offered|supported))|what are (?:the |your |all the )+(.{2,40}?)|list (?:of )?(?:all )?(?:the |your )?(.{2,40}?)|welche (.{2,40}?) (?:gibt es|habt ihr|bietet ihr|haben sie|bieten sie|sind verfügbar)|was für (.{2,40}?) (?:gibt es|habt ihr)|(?:hangi|ne) (.{2,40}?) (?:var|mevcut|sunuyorsunuz)|(.{2,40}?) (?:neler|nelerdir)|qué (.{2,40}?) (?:hay|tenéis|tienen|ofrecen)|quels? (.{2,40}?) (?:avez-vous|proposez-vous|y a-t-il))(?: (?:here|now|currently|today|an|dır|dir|please))?\s?[?？!.]{0,3}$/iu;
const QUESTION_CHARS_MAX = 120;

/** "which plans do you have" → the stems of "plans"; empty where nothing is to be listed. */
function kindAsked(question: string, language: string): ReadonlySet<string> {
  const text = question.trim();
  if (text.length > QUESTION_CHARS_MAX) return new Set();
  const kind = LISTED.exec(text)
    ?.slice(1)
    .find((one) => one !== undefined);
  return new Set(kind === undefined ? [] : stemsOf(kind, language));
}

/** Two columns at least are named in full; rows that are named are quoted alone. */
function comparesColumns(asked: ReadonlySet<string>, [first]: readonly Unit[], language: string): boolean {
  const named = (first?.columns ?? []).filter((column) => {
    const stems = stemsOf(column, language);
    return stems.length > 0 && stems.every((stem) => asked.has(stem));
  });
  return named.length >= NAMED_MIN;
}

/** Empty where the passage does not tell: its last heading may be that of a later section, and a list further down has others around it. */
function headingAbove([first]: readonly Unit[], at: number, { headings, title, text }: PassageRow): string {
  if (first?.heading) return first.heading;
  const above = headings.at(-1) ?? title;
  return (at === 0 || first?.kind === "row") && !text.includes(`\n${above}\n`) ? above : "";
}

function isSame(kind: ReadonlySet<string>, name: readonly string[]): boolean {
  const own = new Set(name.filter((stem) => !OF_ANY_LIST.has(stem)));
  return own.size === kind.size && [...own].every((stem) => kind.has(stem));
}

/** In the heading of a list they say only that it is one. */
const OF_ANY_LIST = new Set(
  ["en", "tr", "de"].flatMap((language) =>
    stemsOf(
      "overview list lists all our available supported compared glance kısaca genel bakış liste listesi tüm bütün mevcut desteklenen übersicht alle unsere verfügbare unterstützte kurz",
      language,
    ),
  ),
);

/** Rows of one table, items of one list. */
function listsIn(units: readonly Unit[]): readonly Omit<WholeList, "fit">[] {
  const lists: { units: Unit[]; at: number }[] = [];
  for (const [at, unit] of units.entries()) {
    if (unit.kind !== "row" && unit.kind !== "item") continue;
    const last = lists.at(-1);
    if (last?.units[0]?.block === unit.block) last.units.push(unit);
    else lists.push({ units: [unit], at });
  }
  return lists;
}
