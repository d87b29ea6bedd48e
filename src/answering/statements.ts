/**
 * What a text states: its sentences with their marks, its clauses, and in them what can be true or false: numbers with their units,
 * codes, quoted words, and words that turn a meaning round. English, Turkish, German, Spanish and French number words. Pure.
 */
import { sentences } from "../text/sentences.ts";

export type Sentence = {
  readonly text: string;
  /** The passages it cites: its own marks, else those of the next sentence of its paragraph that has some. */
  readonly cites: readonly number[];
  /** What stands between it and the next one. */
  readonly glue: string;
};

export type Figure = {
  /** One spelling for a number: "1,000" and "1000" are the same. */
  readonly value: string;
  /** What it counts: a class of units ("time:day", "money", "percent"), the counted word in the singular, or "" where none follows. */
  readonly kind: string;
  /** Written as a word before what is no unit: "two ways" may be counted by a reader, "two days" must be said by the source. */
  readonly soft: boolean;
  readonly shown: string;
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
  return raw.map((sentence, i) => ({ ...sentence, cites: citesOf(raw, i) }));
}

const JOINT =
  /(?:[,;:][ \t]|[ \t](?:and|or|but|while|whereas|ve|veya|ama|und|oder|aber|y|o|pero|et|ou|mais)[ \t]|[ \t][—–-][ \t])/iu;

/** A sentence with two prices says two things: it is cut at commas, colons and conjunctions. */
export function clausesOf(sentence: string): readonly string[] {
  return sentence.split(JOINT).filter((clause) => clause.trim() !== "");
}

const NUMBER_WORDS: ReadonlyMap<string, string> = new Map(
  [
    "two iki zwei dos deux 2",
    "three üç drei tres trois 3",
    "four dört vier cuatro quatre 4",
    "five beş fünf cinco cinq 5",
    "six altı sechs seis 6",
    "seven yedi sieben siete sept 7",
    "eight sekiz acht ocho huit 8",
    "nine dokuz neun nueve neuf 9",
    "ten on zehn diez dix 10",
    "eleven elf once onze 11",
    "twelve zwölf doce douze 12",
    "fifteen fünfzehn quince quinze 15",
    "twenty yirmi zwanzig veinte vingt 20",
    "thirty otuz dreißig treinta trente 30",
    "forty kırk vierzig cuarenta quarante 40",
    "fifty elli fünfzig cincuenta cinquante 50",
    "sixty altmış sechzig sesenta soixante 60",
    "ninety doksan neunzig noventa 90",
    "hundred yüz hundert cien cent 100",
    "thousand bin tausend mil mille 1000",
  ].flatMap((line) => {
    const words = line.split(" ");
    const value = words.at(-1) ?? "";
    return words.slice(0, -1).map((word) => [word, value] as const);
  }),
);
/** As number words only before a unit: in their language they mean other things too. */
const AMBIGUOUS = new Set(["on", "once", "bin", "mil", "yüz", "cent", "seis", "elf"]);

const UNITS: readonly (readonly [string, RegExp])[] = [
  ["time:second", /^(?:seconds?|secs?|s|saniye\p{L}*|sekunden?|segundos?|secondes?)$/u],
  ["time:minute", /^(?:minutes?|mins?|dakika\p{L}*|dk|minuten?|minutos?)$/u],
  ["time:hour", /^(?:hours?|hrs?|h|saat\p{L}*|stunden?|horas?|heures?)$/u],
  ["time:day", /^(?:days?|gün\p{L}*|tage?n?|días?|dias?|jours?)$/u],
  ["time:week", /^(?:weeks?|hafta\p{L}*|wochen?|semanas?|semaines?)$/u],
  ["time:month", /^(?:months?|ay|aylık|ayda|monate?n?|mes|meses|mois)$/u],
  ["time:year", /^(?:years?|yıl\p{L}*|sene|jahre?n?|años?|ans?|année?s?)$/u],
  ["temperature", /^(?:°[cf]?|degrees?|derece\p{L}*|grad|grados?|degrés?)$/u],
  ["percent", /^(?:%|percent|prozent|por|pour|yüzde)$/u],
  ["money", /^(?:\$|€|£|₺|usd|eur|gbp|tl|try|dollars?|euros?|pounds?|lira\p{L}*|avro|cents?)$/u],
  ["size", /^(?:[kmgt]i?b|bytes?|megabytes?|gigabytes?|kilobytes?)$/u],
];

const PER = /^(?:per|a|an|each|every|je|pro|por|par|başına)$/i;

const FIGURE =
  /(?<![\p{L}\p{N}_.])([$€£₺%]?)[ \t]?(\d{1,12}(?:[.,:/]\d{1,12}){0,4})(%|\p{L}{0,12})(?:[ \t-]{0,2}([\p{L}%$€£₺°]{1,20})(?:[ \t](\p{L}{1,20}))?)?/gu;

/** Numbers as digits or as words; a list's own number, a mark and what belongs to a code are none. */
export function figuresIn(text: string): readonly Figure[] {
  const body = text.replace(MARK, " ").replace(/^[ \t>]{0,12}\d{1,3}[.)][ \t]/, " ");
  const figures: Figure[] = [];
  for (const [, before = "", digits = "", joined = "", after = "", second = ""] of body.matchAll(FIGURE)) {
    const clock = /^\d{1,2}:\d{2}$/.test(digits) ? "clock" : "";
    const kind = clock || kindOf(before) || kindOf(joined) || kindAfter(after, second);
    figures.push({ value: numberOf(digits), kind, soft: false, shown: `${before}${digits}${joined} ${after}`.trim() });
  }
  const words = body.toLowerCase().match(/[\p{L}\p{N}]{1,30}/gu) ?? [];
  for (const [i, word] of words.entries()) {
    const value = NUMBER_WORDS.get(word);
    if (value === undefined) continue;
    const next = words[i + 1] ?? "";
    const kind = kindAfter(next, words[i + 2] ?? "");
    const isUnit = UNITS.some(([unit]) => unit === kind);
    if (isUnit || !AMBIGUOUS.has(word)) figures.push({ value, kind, soft: !isUnit, shown: `${word} ${next}`.trim() });
  }
  return figures;
}

/** "5 working days" counts days; "20 per minute" counts what the sentence is about. */
function kindAfter(after: string, second: string): string {
  if (PER.test(after)) return "";
  return kindOf(after) || kindOf(second) || singular(after.toLowerCase());
}

function singular(word: string): string {
  return word.length > 3 ? word.replace(/(?:(?<=[sxz]|ch|sh)es|s|lar|ler)$/u, "") : "";
}

function kindOf(word: string): string {
  const lower = word.toLowerCase();
  return lower === "" ? "" : (UNITS.find(([, pattern]) => pattern.test(lower))?.[0] ?? "");
}

/** "1,000" and "1.000" are 1000; "2,5" is 2.5; "10:30" and "3.11.2" stay as they are. */
function numberOf(digits: string): string {
  if (/^\d{1,3}(?:[.,]\d{3}){1,3}$/.test(digits)) return digits.replace(/[.,]/g, "");
  if (/^\d{1,12},\d{1,12}$/.test(digits)) return digits.replace(",", ".").replace(/\.?0{1,12}$/, "");
  if (/^\d{1,12}\.\d{1,2}$/.test(digits)) return digits.replace(/\.0{1,2}$/, "");
  return digits.replace(/^0{1,4}(?=\d)/, "");
}

/** Inline code, and words that only a source can know: with digits and letters, underscores, slashes or dots inside. */
export function codesIn(text: string): readonly string[] {
  const codes = [...text.matchAll(/`([^`\n]{1,200})`/g)].map((match) => match[1] ?? "");
  const prose = text.replace(/`[^`\n]{1,200}`/g, " ").replace(MARK, " ");
  const links = [...prose.matchAll(/https?:\/\/[^\s<>()]{1,500}/g)].map((match) => match[0]);
  const words =
    prose.replace(/https?:\/\/[^\s<>()]{1,500}/g, " ").match(/[\p{L}\p{N}][\p{L}\p{N}._/@#:+-]{1,80}/gu) ?? [];
  const named = words
    .map((word) => word.replace(/[._/@#:+-]{1,8}$/, ""))
    .filter((word) => /[\p{L}][._/@#][\p{L}\p{N}]|\p{L}-?\d|\d\p{L}{2}|_/u.test(word))
    .filter((word) => !/^\d{1,12}(?:st|nd|rd|th|s|h|x|m|k|am|pm|er|e|te|days?|min)$/i.test(word))
    .filter((word) => !/^\p{L}{1,4}(?:\.\p{L}{1,4}){1,4}$/u.test(word));
  return [...codes, ...links, ...named].map((code) => code.trim().toLowerCase()).filter((code) => code !== "");
}

/** What stands in quotation marks, of two words or more: it is said to be word for word. */
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

/** Classes of words that turn a statement round, in the languages of the number words. */
const TURNS: readonly (readonly [string, RegExp])[] = [
  [
    "not",
    word(
      "not|no|never|cannot|can't|don't|doesn't|isn't|aren't|won't|didn't|wasn't|without|neither|nor|none|değil\\p{L}*|yok\\p{L}*|asla|hiçbir|hiç|olmadan|nicht|kein\\p{L}*|nie|niemals|ohne|nunca|sin|ningun\\p{L}*|ne pas|jamais|sans|aucun\\p{L}*",
    ),
  ],
  [
    "free",
    word(
      "free|gratis|kostenlos|umsonst|ücretsiz|bedava|gratuit\\p{L}*|no (?:charge|cost|fee)s?|(?:at|with) no (?:extra )?(?:charge|cost|fee)",
    ),
  ],
  ["twice", word("twice|double[ds]?|two times|iki kat\\p{L}*|iki kere|doppelt|zweimal|doble|deux fois")],
  ["half", word("half|halves|yarı\\p{L}*|halb\\p{L}*|hälfte|mitad|moitié")],
  [
    "unlimited",
    word(
      "unlimited|no limits?|without limits?|sınırsız|limitsiz|unbegrenzt|unbeschränkt|ilimitad\\p{L}*|illimité\\p{L}*",
    ),
  ],
];

export function turnsIn(text: string): ReadonlySet<string> {
  const lower = text.toLowerCase().replace(/[’‘]/g, "'");
  const found = new Set(TURNS.filter(([, pattern]) => pattern.test(lower)).map(([name]) => name));
  // "No fee" is free, "no limit" unlimited: the "no" in them turns nothing else round.
  if ((found.has("free") || found.has("unlimited")) && !/\bnot\b|n't\b|\bnever\b|\bwithout\b/.test(lower))
    found.delete("not");
  return found;
}

function word(alternatives: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, "u");
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

function citesOf(raw: readonly { readonly text: string; readonly paragraph: number }[], at: number): readonly number[] {
  for (let i = at; i < raw.length && raw[i]?.paragraph === raw[at]?.paragraph; i++) {
    const marks = [...(raw[i]?.text ?? "").matchAll(MARK)].flatMap((mark) => (mark[1] ?? "").split(",").map(Number));
    if (marks.length > 0) return marks;
  }
  return [];
}

function cellsOf(line: string): readonly string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

/** "Pro: price $449; messages 50,000": the row's name stands in each of its clauses. */
function rowOf(head: readonly string[], cells: readonly string[]): string {
  const [name = "", ...rest] = cells;
  return rest.map((cell, i) => `${name} ${head[i + 1] ?? ""} ${cell}`).join("; ");
}
