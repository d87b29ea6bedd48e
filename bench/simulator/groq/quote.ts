/**
 * Answers in the passages' own words: the section that fits the question best, whole where it is short, else the part of it
 * that holds most of the question with what belongs to it; each quote closed by its passage's number.
 */
import { type Block, type Section, sectionsOf, shown } from "./blocks.ts";
import type { Passage } from "./prompt.ts";
import { coverage, fold, languageOf, stems, weights } from "./words.ts";

/**
 * A question counts as known when the passages together hold at least this share of its words, and one of them at least two
 * (or its only one). Of the demo's 50 answerable questions 43 count as known, of its 10 near misses 5.
 */
const KNOWN_MIN = 0.4;
const WORDS_MIN = 2;
/** A section up to this size is quoted whole. */
const WHOLE_CHARS_MAX = 520;
const QUOTE_CHARS_MAX = 640;
/** What another page's section must hold of the question to be quoted beside the best. */
const BESIDE_MIN = 0.6;

export interface Quote {
  readonly n: number;
  readonly text: string;
}

interface Candidate {
  readonly passage: Passage;
  readonly section: Section;
  readonly held: number;
  readonly worth: number;
}

/** Said of anything: "it doesn't work" names nothing that the passages could hold. */
const VAGUE = new Set(stems("work works working problem issue broken fail help calismiyor sorun bozuk olmuyor"));

/** How much of a question the passages hold: as a share, and whether that is enough to answer. */
export function familiarity(question: string, passages: readonly Passage[]): { score: number; known: boolean } {
  const wanted = [...new Set(stems(question))];
  const held = passages.map(({ title, text }) => {
    const words = new Set(stems(`${title} ${text}`));
    return wanted.filter((word) => words.has(word));
  });
  const most = Math.max(0, ...held.map(({ length }) => length));
  const score = wanted.length === 0 ? 0 : new Set(held.flat()).size / wanted.length;
  const names = wanted.some((word) => !VAGUE.has(word));
  return { score, known: names && score >= KNOWN_MIN && most >= Math.min(WORDS_MIN, wanted.length) };
}

/** The quotes that answer `question`, best first. */
export function quote(question: string, passages: readonly Passage[], language: "tr" | "en"): Quote[] {
  const ranked = candidates(question, passages, language);
  const [best] = ranked;
  if (best === undefined || !answersInKind(question, best.section)) return [];
  const wanted = weights(question, [new Set(wordsOf(best.section))]);
  const beside = ranked.find(
    ({ passage, held }) => pageOf(passage) !== pageOf(best.passage) && held >= BESIDE_MIN && held > best.held + 0.15,
  );
  return [best, ...(beside === undefined ? [] : [beside])].map(({ passage, section }) => ({
    n: passage.n,
    text: excerpt(section, wanted),
  }));
}

export function joined(quotes: readonly Quote[]): string {
  return quotes
    .map(({ n, text }) => (/\n(?:- |\d+\. )[^\n]*$|```$/.test(text) ? `${text}\n[${n}]` : `${text} [${n}]`))
    .join("\n\n");
}

const ASKS_PRICE = /\b(?:costs?|prices?|how much (?:is|are|for)|kac para|fiyat\w*|ucret\w*)\b/;
const TELLS_PRICE = /[€$£]\s?\d|\d\s?(?:€|eur\b|tl\b|usd\b)|\bfree\b(?! space)|ucretsiz|bedava/;

const ASKS_VERSION = /\b(?:version|surum|v) ?(\d+(?:\.\d+)*)\b/;

/** Who asks for a price is not answered by a date, and who asks of one version not by what another one needs. */
function answersInKind(question: string, section: Section): boolean {
  const told = fold(section.blocks.flatMap(({ units }) => units).join(" "));
  const [, version] = ASKS_VERSION.exec(fold(question)) ?? [];
  if (version !== undefined && !new RegExp(`(?<![\\d.])${version.replaceAll(".", "\\.")}(?!\\d)`).test(told))
    return false;
  return !ASKS_PRICE.test(fold(question)) || TELLS_PRICE.test(told);
}

function candidates(question: string, passages: readonly Passage[], language: "tr" | "en"): Candidate[] {
  const all = passages.flatMap((passage, index) =>
    sectionsOf(passage.title, passage.text).map((section) => ({
      passage,
      section,
      index,
      words: new Set(wordsOf(section)),
    })),
  );
  const wanted = weights(
    question,
    all.map(({ words }) => words),
  );
  return all
    .map(({ passage, section, index, words }) => {
      const held = coverage(wanted, words);
      const headed = coverage(wanted, new Set(stems(`${section.heading} ${passage.title}`)));
      // Passages come best first, so their place counts.
      const worth = held + 0.4 * headed + (languageOf(passage.text) === language ? 0.3 : 0) - 0.15 * index;
      return { passage, section, held, worth };
    })
    .sort((one, other) => other.worth - one.worth);
}

function wordsOf({ heading, blocks }: Section): string[] {
  return stems(`${heading} ${blocks.flatMap(({ units }) => units).join(" ")}`);
}

/** The part of a section that holds most of the question, and what leads to it or follows from it. */
function excerpt({ blocks }: Section, wanted: ReadonlyMap<string, number>): string {
  const whole = blocks.map((block) => shown(block, block.units)).join("\n");
  if (whole.length <= WHOLE_CHARS_MAX && !blocks.some(({ kind, units }) => kind === "table" && units.length > 4))
    return whole;

  const held = blocks.map((block) => Math.max(...block.units.map((unit) => coverage(wanted, new Set(stems(unit))))));
  const best = held.indexOf(Math.max(...held));
  const picked = new Map<number, string>();
  const take = (at: number) => {
    const block = blocks[at];
    if (block === undefined || picked.has(at)) return;
    const chars = [...picked.values()].join("").length;
    const text = part(block, wanted, QUOTE_CHARS_MAX - chars);
    if (text !== "") picked.set(at, text);
  };
  take(best);
  // "Run this:" goes with what is to be run.
  if (leadsOn(blocks[best - 1])) take(best - 1);
  if (leadsOn(blocks[best]) || blocks[best + 1]?.kind === "code") take(best + 1);
  for (const [at, share] of held.entries()) if (share > 0 && share >= 0.6 * (held[best] ?? 0)) take(at);
  return [...picked]
    .sort(([one], [other]) => one - other)
    .map(([, text]) => text)
    .join("\n");
}

function leadsOn(block: Block | undefined): boolean {
  return block?.kind === "text" && (block.units.at(-1)?.endsWith(":") ?? false);
}

/** As much of a block as there is room for: a list's steps all, a table's rows that fit the question. */
function part(block: Block, wanted: ReadonlyMap<string, number>, room: number): string {
  const whole = shown(block, block.units);
  if (whole.length <= room && (block.kind !== "table" || block.units.length <= 4)) return whole;
  if (block.kind === "code") return "";
  const shares = block.units.map((unit) => coverage(wanted, new Set(stems(unit))));
  const most = Math.max(...shares);
  const best = shares.indexOf(most);
  const around = (at: number) => block.kind !== "table" && Math.abs(at - best) <= 1;
  const near = (at: number) => (shares[at] ?? 0) >= 0.7 * most && most > 0;
  const chosen: number[] = [];
  let chars = 0;
  const order = [
    best,
    ...block.units.keys().filter((at) => at !== best && near(at)),
    ...block.units.keys().filter(around),
  ];
  for (const at of new Set(order)) {
    const unit = block.units[at] ?? "";
    if (chosen.length > 0 && (chars + unit.length > room || chosen.length >= 4)) continue;
    chosen.push(at);
    chars += unit.length;
  }
  return shown(
    block,
    chosen.sort((one, other) => one - other).flatMap((at) => block.units[at] ?? []),
  );
}

function pageOf({ title }: Passage): string {
  return title.split(" › ")[0] ?? title;
}
