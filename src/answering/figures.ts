/**
 * The numbers of a text with what they count: days, money, people. Digits everywhere; number words in English, Turkish, German,
 * Spanish, French, Portuguese, Italian and Russian, Chinese numerals before a counter. A number that names something ("version 5", "port 7443") has the name
 * as its kind. Pure.
 */

export type Figure = {
  /** One spelling for a number: "1,000" and "1000" are the same, and so are "two weeks" and "14 days". */
  readonly value: string;
  /** The number as it is written, without its kind. */
  readonly digits: string;
  /** A unit ("time:day", "money", "percent"), a name ("label:port"), the counted word in the singular, or "" where none follows. */
  readonly kind: string;
  /** Written as a word before what is no unit: "two ways" may be counted by a reader, "two days" must be said by the source. */
  readonly soft: boolean;
  readonly shown: string;
};

const NUMBER_WORDS: ReadonlyMap<string, string> = new Map(
  [
    "one ein eine einen einem einer un una une bir um uma uno один одна одну 1",
    "two iki zwei dos deux dois duas due два две 2",
    "three üç drei tres trois três tre три 3",
    "four dört vier cuatro quatre quatro quattro четыре 4",
    "five beş fünf cinco cinq cinque пять 5",
    "six altı sechs seis sei шесть 6",
    "seven yedi sieben siete sept sete sette семь 7",
    "eight sekiz acht ocho huit oito otto восемь 8",
    "nine dokuz neun nueve neuf nove девять 9",
    "ten on zehn diez dix dez dieci десять 10",
    "eleven elf once onze 11",
    "twelve zwölf doce douze doze dodici двенадцать 12",
    "fifteen fünfzehn quince quinze 15",
    "twenty yirmi zwanzig veinte vingt vinte venti двадцать 20",
    "thirty otuz dreißig treinta trente trinta trenta тридцать 30",
    "forty kırk vierzig cuarenta quarante quarenta 40",
    "fifty elli fünfzig cincuenta cinquante cinquenta 50",
    "sixty altmış sechzig sesenta soixante 60",
    "ninety doksan neunzig noventa 90",
    "hundred yüz hundert cien cent сто 100",
    "thousand bin tausend mil mille тысяча тысячу 1000",
    "一 壱 1",
    "二 两 兩 2",
    "三 3",
    "四 4",
    "五 5",
    "六 6",
    "七 7",
    "八 8",
    "九 9",
    "十 10",
  ].flatMap((line) => {
    const words = line.split(" ");
    const value = words.at(-1) ?? "";
    return words.slice(0, -1).map((word) => [word, value] as const);
  }),
);
/** As number words only before a unit: in their language they mean other things too. */
const AMBIGUOUS = new Set(
  "on once bin mil yüz cent seis sei elf one ein eine einen einem einer un una une bir um uma uno tre due".split(" "),
);
/** Articles as much as numbers: "20 euros une journée", "für eine Woche". */
const ARTICLES = new Set("ein eine einen einem einer un una une bir um uma uno".split(" "));

/** Words of a unit, and how text without spaces writes it right behind the number. */
const UNITS: readonly (readonly [string, RegExp])[] = [
  unit(
    "time:second",
    "seconds?|secs?|s|saniye\\p{L}{0,12}|sekunden?|segundos?|secondes?|secondi?|секунд\\p{L}{0,12}",
    "秒",
  ),
  unit(
    "time:minute",
    "minutes?|mins?|dakika\\p{L}{0,12}|dk|minuten?|minutos?|minuti?|минут\\p{L}{0,12}",
    "分钟|分間|分",
  ),
  unit(
    "time:hour",
    "hours?|hrs?|h|saat\\p{L}{0,12}|stunden?|horas?|heures?|ore|час\\p{L}{0,12}",
    "小时|時間|小時|시간",
  ),
  unit(
    "time:day",
    "days?|gün\\p{L}{0,12}|tage?n?|werktage?n?|arbeitstage?n?|días?|dias?|jours?|giorni?|дн\\p{L}{1,4}|день|сут\\p{L}{1,4}",
    "天|日間|日|일",
  ),
  unit(
    "time:week",
    "weeks?|hafta\\p{L}{0,12}|wochen?|semanas?|semaines?|settiman\\p{L}{0,2}|недел\\p{L}{0,4}",
    "周|週間|星期|주",
  ),
  unit(
    "time:month",
    "months?|ay|aylık|ayda|aydır|ay'dır|monate?n?|mes|meses|mois|mês|mesi|месяц\\p{L}{0,4}",
    "个月|個月|か月|ヶ月|カ月|개월",
  ),
  unit(
    "time:year",
    "years?|yıl\\p{L}{0,12}|sene|jahre?n?|años?|ans?|années?|anos?|anni|год\\p{L}{0,3}|лет",
    "年間|年|년",
  ),
  unit("temperature", "°[cf]?|degrees?|derece\\p{L}{0,12}|grad|grados?|degrés?|graus|градус\\p{L}{0,3}", "度"),
  unit("percent", "%|percent|prozent|yüzde|процент\\p{L}{0,3}|por ciento|pour cent|por cento|per cento", "%"),
  unit(
    "money",
    "[$€£₺¥]|usd|eur|gbp|tl|try|dollars?|euros?|pounds?|lira\\p{L}{0,12}|avro|cents?|руб\\p{L}{0,4}|reais|real",
    "円|元|块|원",
  ),
  unit("size", "[kmgt]i?b|bytes?|megabytes?|gigabytes?|kilobytes?|[кмгт]б", "字节"),
];

function unit(kind: string, words: string, spaceless: string): readonly [string, RegExp] {
  return [kind, new RegExp(`^(?:(?:${words})(?![\\p{L}\\p{N}])|(?:${spaceless}))`, "u")];
}

const SPACELESS = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Units of one class stand against each other: "90 minutes" where its source says "2 hours" of that. */
const DAYS: Readonly<Record<string, number>> = {
  "time:second": 1 / 86_400,
  "time:minute": 1 / 1_440,
  "time:hour": 1 / 24,
  "time:day": 1,
  "time:week": 7,
};
const MONTHS: Readonly<Record<string, number>> = { "time:month": 1, "time:year": 12 };

/** A number after one of these is a name, not an amount. */
const LABELS: readonly (readonly [string, RegExp])[] = [
  ["version", /^(?:version|sürüm|versión|versão|versione|версия|версии|v)$/u],
  ["port", /^(?:port|ports|puerto|porta|porto|порт|bağlantı noktası)$/u],
  ["season", /^(?:season|sezon|saison|temporada)$/u],
  ["level", /^(?:level|seviye|stufe|nivel|niveau|nível|livello|уровень|tier|rank)$/u],
  ["step", /^(?:step|adım|schritt|paso|étape|passo|шаг)$/u],
  ["page", /^(?:page|sayfa|seite|página|chapter|bölüm|kapitel|section|article|artikel|artículo)$/u],
  ["code", /^(?:code|error|status|kod|kodu|hata|fehler|código|erro|errore|код|ошибка)$/u],
  ["room", /^(?:room|oda|raum|zimmer|salon|sala|gate|table|slot|channel|kanal|line|hall|building|block)$/u],
];

/** "October 15", "15. Oktober" and "15 Ekim'de" are one date. */
const MONTHS_OF_YEAR: ReadonlyMap<string, number> = new Map(
  [
    "jan january januar ocak enero janvier janeiro gennaio января",
    "feb february februar şubat febrero février fevereiro febbraio февраля",
    "mar march märz mart marzo mars março марта",
    "apr april nisan abril avril aprile апреля",
    "may mai mayıs mayo maio maggio мая",
    "jun june juni haziran junio juin junho giugno июня",
    "jul july juli temmuz julio juillet julho luglio июля",
    "aug august ağustos agosto août августа",
    "sep sept september eylül septiembre septembre setembro settembre сентября",
    "oct october oktober ekim octubre octobre outubro ottobre октября",
    "nov november kasım noviembre novembre novembro ноября",
    "dec december dezember aralık diciembre décembre dezembro dicembre декабря",
  ].flatMap((words, month) => words.split(" ").map((word) => [word, month + 1] as const)),
);

function monthOf(word: string): number {
  return MONTHS_OF_YEAR.get(word.replace(/['’].{0,20}$/u, "")) ?? 0;
}

const PER = /^(?:per|a|an|each|every|je|pro|por|par|başına)$/iu;
const DIGITS = /^\d/;
const NUMERAL = /[一二两兩三四五六七八九十]/;
const TOKEN =
  /[$€£₺¥]|%|°[cf]?|\d{1,12}(?:[.,:/]\d{1,12}){0,4}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+|[\p{L}\p{M}]+(?:['’_-][\p{L}\p{M}\p{N}]+)*|[.;,:()、，；]/gu;
const MARK = /\[\d{1,2}(?:[ \t]{0,3},[ \t]{0,3}\d{1,2}){0,8}\]/g;

/** Numbers as digits or as words; a list's own number, a mark and what belongs to a code are none. */
export function figuresIn(text: string): readonly Figure[] {
  if (!mayCount(text)) return [];
  const body = text.replace(MARK, " ").replace(/^[ \t>]{0,12}\d{1,3}[.)][ \t]/, " ");
  const tokens = cutUp(body.toLowerCase());
  return tokens.flatMap((token, at) => figureAt(tokens, at, token) ?? []);
}

/** Most text counts nothing, and is not worth cutting up. */
function mayCount(text: string): boolean {
  if (/\d/.test(text)) return true;
  const words = text.toLowerCase().split(/[\s,.;:()"'!?-]+/);
  return words.some((word) => NUMBER_WORDS.has(word)) || NUMERAL.test(text);
}

type Token = {
  readonly text: string;
  /** Touches the one before it. */
  readonly glued: boolean;
  readonly code: boolean;
};

function cutUp(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const before = text[match.index - 1] ?? " ";
    const glued = match.index === end && match.index > 0;
    const last = tokens.at(-1);
    // "E1042", "b2b", "x_3": digits that touch a Latin letter or a joiner before them are part of a code.
    const code =
      /[_.@#\\-]/.test(before) || (glued && /^[\p{Script=Latin}\p{Script=Cyrillic}]/u.test(last?.text.at(-1) ?? ""));
    for (const piece of cut(match[0])) tokens.push({ text: piece, glued: glued || piece !== match[0], code });
    end = match.index + match[0].length;
  }
  return tokens;
}

/** A run without spaces: a numeral that begins it or follows in it stands by itself. */
function cut(run: string): readonly string[] {
  return SPACELESS.test(run)
    ? (run.match(
        /[一二两兩三四五六七八九十](?=[天日周週个個か年月小時时分秒次回台人折元円])|[^一二两兩三四五六七八九十]+|./gu,
      ) ?? [run])
    : [run];
}

function figureAt(tokens: readonly Token[], at: number, token: Token): Figure | null {
  const next = tokens[at + 1]?.text ?? "";
  const before = tokens[at - 1]?.text ?? "";
  if (DIGITS.test(token.text)) {
    if (token.code) return null;
    const label = labelOf(before);
    const afterPoint = /^(?:\.|de)$/.test(next) ? (tokens[at + 2]?.text ?? "") : next;
    const month = /^\d{1,2}$/.test(token.text) ? monthOf(before) || monthOf(afterPoint) : 0;
    if (month > 0) return figure(`${month}/${numberOf(token.text)}`, "date", `${before} ${token.text} ${next}`.trim());
    const clock = clockAt(token.text, next);
    if (clock !== null) return figure(clock, "clock", `${token.text} ${next}`.trim());
    if (label !== null) return { ...figure(numberOf(token.text), label, ""), shown: `${before} ${token.text}` };
    const sign = /^[$€£₺¥%]$/.test(before) ? kindOf(before) : "";
    const kind = sign || kindAfter(tokens, at);
    return figure(numberOf(token.text), kind, `${sign === "" ? "" : before}${token.text} ${next}`.trim());
  }
  const value = NUMBER_WORDS.get(token.text);
  // "20 Cent": the word after digits is their unit.
  if (value === undefined || DIGITS.test(before)) return null;
  // An article belongs to the next word: "bir bisiklet günde 8 avro".
  const kind = ARTICLES.has(token.text) ? kindOf(next) : kindAfter(tokens, at);
  const isUnit = UNITS.some(([known]) => known === kind);
  if (!isUnit && (AMBIGUOUS.has(token.text) || SPACELESS.test(token.text))) return null;
  // "15 euros une semaine": an article after an amount says each, not one.
  if (
    ARTICLES.has(token.text) &&
    (kind === "money" || tokens.slice(Math.max(0, at - 3), at).some((t) => DIGITS.test(t.text)))
  )
    return null;
  return { ...figure(value, kind, `${token.text} ${next}`.trim()), soft: !isUnit };
}

/** "6:30", "9 Uhr", "9 am", "07.00'de": one spelling for a time of the day; null for anything else. */
function clockAt(digits: string, next: string): string | null {
  const [, hour, minutes = "00"] = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(digits) ?? [];
  if (hour === undefined || Number(hour) > 24 || Number(minutes) > 59) return null;
  const isSaid = digits.includes(":") || CLOCK.test(next) || (digits.includes(".") && AT_TIME.test(next));
  if (!isSaid) return null;
  const isLater = /^(?:pm|p\.?m)$/.test(next) && Number(hour) < 12;
  return `${Number(hour) + (isLater ? 12 : 0)}:${minutes}`;
}

const CLOCK = /^(?:uhr|o'clock|o’clock|am|pm|時(?!間)|点|點)/u;
/** The Turkish endings of a time behind its apostrophe. */
const AT_TIME = /^(?:['’]?(?:de|da|te|ta|den|dan|ten|tan|e|a|ye|ya)|uhr)$/u;

function figure(value: string, kind: string, shown: string): Figure {
  const days = DAYS[kind];
  const months = MONTHS[kind];
  if (days !== undefined && Number.isFinite(Number(value)))
    return { value: `${round(Number(value) * days)}d`, digits: value, kind, soft: false, shown };
  if (months !== undefined && Number(value) < 200)
    return { value: `${round(Number(value) * months)}m`, digits: value, kind, soft: false, shown };
  return { value, digits: value, kind, soft: false, shown };
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** The class of a number's kind; only numbers of one class can be mistaken for each other. All times are one class. */
export function classOf(kind: string): string {
  return kind.startsWith("time:") ? "time" : kind;
}

/** Without the units behind numbers: that two clauses count days makes them no more alike. */
export function withoutUnits(text: string): string {
  if (!mayCount(text)) return text;
  return text.replace(COUNTED, (all, number: string, word: string) => {
    const isNumber = DIGITS.test(number) || NUMBER_WORDS.has(number.toLowerCase());
    if (!isNumber || SPACELESS.test(word) || kindOf(word.toLowerCase()) === "") return all;
    return DIGITS.test(number) ? `${number} ` : "0 ";
  });
}

const COUNTED = /(?<![\p{L}\p{N}])(\d[\d.,:/]{0,20}|\p{L}{2,12})[ \t-]?(\p{L}{1,24})/gu;

function labelOf(word: string): string | null {
  const found = LABELS.find(([, pattern]) => pattern.test(word));
  return found === undefined ? null : `label:${found[0]}`;
}

/** "5 working days" counts days; "20 per minute" counts what the sentence is about. */
function kindAfter(tokens: readonly Token[], at: number): string {
  const after = tokens[at + 1]?.text ?? "";
  const second = tokens[at + 2]?.text ?? "";
  if (after === "" || PER.test(after) || /^[.;,:()、，；]$/.test(after)) return "";
  return kindOf(`${after} ${second}`) || (/^[.;,:()、，；]$/.test(second) ? "" : kindOf(second)) || singular(after);
}

function singular(word: string): string {
  if (SPACELESS.test(word)) return word.slice(0, 1);
  return word.length > 3 ? word.replace(/(?:(?<=[sxz]|ch|sh)es|s|lar|ler)$/u, "") : "";
}

function kindOf(words: string): string {
  return UNITS.find(([, pattern]) => pattern.test(words))?.[0] ?? "";
}

/** "1,000" and "1.000" are 1000; "2,5" is 2.5; "10:30" and "3.11.2" stay as they are. */
function numberOf(digits: string): string {
  if (/^\d{1,3}(?:[.,]\d{3}){1,3}$/.test(digits)) return digits.replace(/[.,]/g, "");
  if (/^\d{1,12},\d{1,12}$/.test(digits)) return digits.replace(",", ".").replace(/\.?0{1,12}$/, "");
  if (/^\d{1,12}\.\d{1,2}$/.test(digits)) return digits.replace(/\.0{1,2}$/, "");
  return digits.replace(/^0{1,4}(?=\d)/, "");
}
