/** A text's statements: its sentences with their marks, its clauses, and in them codes and quoted words. Pure. */
import { sentences } from "../text/sentences.ts";

export type Sentence = {
  readonly text: string;
  /** The passages it cites: its own marks, else those of the next sentence of its paragraph that has some. */
  readonly cites: readonly number[];
  /** The text between it and the next one. */
  readonly glue: string;
};

const MARK = /\[(\d{1,2}(?:[ \t]{0,3},[ \t]{0,3}\d{1,2}){0,8})\]/g;
const FENCE = /^[ \t]{0,12}(?:>[ \t]?)?(?:`{3,}|~{3,})/;

/** `rows`: a table's rows are read with their column names, as one sentence each. */
export function sentencesOf(text: string, { rows }: { readonly rows?: boolean } = {}): readonly Sentence[] {
  const raw: { text: string; glue: string; paragraph: number }[] = [];
  let paragraph = 0;
  let head: readonly string[] | null = null;
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (FENCE.test(line)) {
      // Code is one piece: a line of it says nothing alone.
      const from = i;
      do i++;
      while (i < lines.length && !FENCE.test(lines[i] ?? ""));
      raw.push({ text: lines.slice(from, i + 1).join("\n"), glue: "\n", paragraph });
      continue;
    }
    if (line.trim() === "") {
      paragraph++;
      head = null;
      addGlue(raw, "\n");
      continue;
    }
    if (rows === true && line.trimStart().startsWith("|")) {
      const cells = cellsOf(line);
      if (cells.every((cell) => /^:?-{1,40}:?$/.test(cell))) continue;
      if (head === null) head = cells;
      else raw.push({ text: rowOf(head, cells), glue: "\n", paragraph });
      continue;
    }
    const pieces = segmentsOf(line);
    for (const [k, piece] of pieces.entries()) {
      const end = piece.trimEnd();
      raw.push({ text: end, glue: piece.slice(end.length) + (k === pieces.length - 1 ? "\n" : ""), paragraph });
    }
  }
  return withCites(raw);
}

/** Behind a semicolon begins another statement, unless it goes on of the same thing ("; it is valid for …") or leaves its verb out, as parts with numbers do. */
const APART =
  /;[ \t](?!(?:it|its|they|he|she|this|these|that|those|er|sie|es|diese[rs]?|bu|bunlar|onlar|o|ella?|ellos|ellas|est[eao]s?|il|ils|elles?|ce|cela|ele|ela|eles|elas|esso|essa|essi|он|она|они|это)(?!\p{L}))(?=\S{1,40}[ \t]\S{1,40}[ \t]\S)(?![^;\d]{0,400}\d)/iu;

/** A sentence may begin with code, where Unicode's boundaries see none. */
const CODE_BEGINS = /(?<=[.!?])[ \t](?=`)/;

/** What stands in it side by side: nothing of one is left out in the other. */
export function statementsOf(sentence: string): readonly string[] {
  return sentence.split(CODE_BEGINS).flatMap((one) => one.split(APART));
}

/** Each language's own: "en" joins in Dutch and stands for a place in Spanish, "a" is English. */
const CONJUNCTIONS: Readonly<Record<string, string>> = {
  en: "and|or|but|while|whereas",
  tr: "ve|veya|ya da|ama|fakat|ise",
  de: "und|oder|aber|während",
  es: "y|pero|mientras que",
  fr: "et|ou|mais|tandis que",
  pt: "e|ou|mas",
  it: "e|ed|ma|mentre",
  ru: "и|или|но|а",
  nl: "en|of|maar",
  pl: "i|lub|a|ale",
};
const joint = (words: string) =>
  new RegExp(`(?:[,;:][ \\t]|[、，；]|[ \\t](?:${words})[ \\t]|[ \\t][—–-][ \\t])`, "iu");
const JOINTS = new Map(Object.entries(CONJUNCTIONS).map(([language, words]) => [language, joint(words)]));
const UNKNOWN_JOINT = joint("and|or|but|und|oder|aber|et|ou|mais|pero|mas|ma|ve|veya|ama|и|или|но");

/** A sentence with two prices says two things: it is cut at commas, colons and conjunctions. */
export function clausesOf(sentence: string, language: string): readonly string[] {
  return sentence.split(JOINTS.get(language) ?? UNKNOWN_JOINT).filter((clause) => clause.trim() !== "");
}

/** Inline code, and words that only a source can know: with digits and letters, underscores, slashes or dots inside. */
export function codesIn(text: string): readonly string[] {
  const codes = [...text.matchAll(/`([^`\n]{1,200})`/g)].map((match) => match[1] ?? "");
  const prose = text.replace(/`[^`\n]{1,200}`/g, " ").replace(MARK, " ");
  const links = [...prose.matchAll(/https?:\/\/[^\s<>()]{1,500}/g)].map((match) => match[0]);
  const words =
    prose
      .replace(/https?:\/\/[^\s<>()]{1,500}/g, " ")
      // In text without spaces a word and the number beside it are no code.
      .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/gu, " ")
      .match(/[\p{L}\p{N}][\p{L}\p{N}._/@#:+-]{1,80}/gu) ?? [];
  const named = words
    .map((word) => word.replace(/[._/@#:+-]{1,8}$/, ""))
    .filter((word) => /[\p{L}][._/@#][\p{L}\p{N}]|\p{L}-?\d|\d\p{L}{2}|_/u.test(word))
    .filter((word) => !/^\d{1,12}(?:st|nd|rd|th|s|h|x|m|k|am|pm|er|e|te|days?|min)$/i.test(word))
    .filter((word) => !/^\p{L}{1,4}(?:\.\p{L}{1,4}){1,4}$/u.test(word));
  return [...codes, ...links, ...named].map((code) => code.trim().toLowerCase()).filter((code) => code !== "");
}

/** Quoted text of two words or more: the writer says that it is word for word. */
export function quotesIn(text: string): readonly string[] {
  return [...text.matchAll(/["“„«]([^"“”„«»\n]{3,300})["”“»]/g)]
    .map((match) =>
      (match[1] ?? "")
        .trim()
        .replace(/[.,!?]$/, "")
        .toLowerCase(),
    )
    .filter((quote) => quote !== "");
}

/** Without a list's sign before it and its full stop. */
export function bare(sentence: string): string {
  return plain(sentence)
    .replace(/^[-+>\s]{1,8}|^\d{1,3}[.)]\s/, "")
    .replace(/[\s.!?。]{1,8}$/, "");
}

/** Lower case, plain quotes, one space between words, no marks of Markdown. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[“”„«»]/g, '"')
    .replace(/[’‘]/g, "'")
    .replace(/[*_`]/g, "")
    .replace(/\s+/g, " ");
}

/** Sentences of a line, each with the marks that follow it. */
function segmentsOf(line: string): readonly string[] {
  const found: string[] = [];
  for (const segment of sentences(line)) {
    const last = found.at(-1);
    const mark = /^[ \t]{0,3}(?:\[\d{1,2}[\d, ]{0,20}\][ \t]{0,3}){1,8}$/.test(segment);
    if (last !== undefined && mark) found[found.length - 1] = last + segment;
    else found.push(segment);
  }
  return found;
}

function addGlue(raw: { glue: string }[], glue: string): void {
  const last = raw.at(-1);
  if (last !== undefined) last.glue += glue;
}

/** From the last sentence to the first, so that each is searched for marks once. */
function withCites(raw: readonly (Omit<Sentence, "cites"> & { readonly paragraph: number })[]): readonly Sentence[] {
  const found: Sentence[] = [];
  let following: { readonly paragraph: number; readonly cites: readonly number[] } | null = null;
  for (const { text, glue, paragraph } of raw.toReversed()) {
    const own = [...text.matchAll(MARK)].flatMap((mark) => (mark[1] ?? "").split(",").map(Number));
    const cites: readonly number[] = own.length > 0 || following?.paragraph !== paragraph ? own : following.cites;
    following = { paragraph, cites };
    found.push({ text, glue, cites });
  }
  return found.reverse();
}

function cellsOf(line: string): readonly string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

/** "Plan Pro price $449; Plan Pro messages 50,000": the row's name stands in each of its clauses. */
function rowOf(head: readonly string[], cells: readonly string[]): string {
  const [name = "", ...rest] = cells;
  return rest.map((cell, i) => `${head[0] ?? ""} ${name} ${head[i + 1] ?? ""} ${cell}`).join("; ");
}
