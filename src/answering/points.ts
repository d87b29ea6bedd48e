/**
 * The days and months that a text names, and how often it says that something happens: "Monday to Thursday", "in December", "twice". Each
 * is a figure of a kind of its own, so that one put for another is found as a swapped number is. Pure.
 */
import type { Figure } from "./figures.ts";
import { either } from "./turns.ts";

/** From Monday on, in English, German, Spanish, French, Turkish, Portuguese, Italian and Russian; in Japanese and Chinese. */
const WEEKDAYS: readonly (readonly [string, string])[] = [
  [
    "mondays?|montags?|lunes|lundis?|pazartesi\\p{L}{0,6}|segundas?-feiras?|lunedì|понедельник\\p{L}{0,2}",
    "月曜|(?:周|星期|礼拜)一",
  ],
  [
    "tuesdays?|dienstags?|martes|mardis?|salı\\p{L}{0,6}|terças?-feiras?|martedì|вторник\\p{L}{0,2}",
    "火曜|(?:周|星期|礼拜)二",
  ],
  [
    "wednesdays?|mittwochs?|miércoles|mercredis?|çarşamba\\p{L}{0,6}|quartas?-feiras?|mercoledì|сред[аыуе]",
    "水曜|(?:周|星期|礼拜)三",
  ],
  [
    "thursdays?|donnerstags?|jueves|jeudis?|perşembe\\p{L}{0,6}|quintas?-feiras?|giovedì|четверг\\p{L}{0,2}",
    "木曜|(?:周|星期|礼拜)四",
  ],
  [
    "fridays?|freitags?|viernes|vendredis?|cuma(?!rtesi)\\p{L}{0,6}|sextas?-feiras?|venerdì|пятниц\\p{L}{0,3}",
    "金曜|(?:周|星期|礼拜)五",
  ],
  [
    "saturdays?|samstags?|sonnabends?|sábados?|samedis?|cumartesi\\p{L}{0,6}|sabato|суббот\\p{L}{0,3}",
    "土曜|(?:周|星期|礼拜)六",
  ],
  [
    "sundays?|sonntags?|domingos?|dimanches?|pazar|pazarlar\\p{L}{0,4}|pazar gün\\p{L}{0,6}|domenic\\p{L}{1,2}|воскресень\\p{L}{1,3}",
    "日曜|(?:周|星期|礼拜)[日天]",
  ],
];
/** "may" and "march" are months behind a word that stands before a time only. */
const WHEN = "(?<=(?:in|of|from|to|until|till|since|by|every|each) )";
const MONTHS: readonly (readonly [string, string])[] = [
  ["january|januar|enero|janvier|janeiro|gennaio|январ\\p{L}{1,2}", "(?<!\\d)1月"],
  ["february|februar|febrero|février|şubat\\p{L}{0,5}|fevereiro|febbraio|феврал\\p{L}{1,2}", "(?<!\\d)2月"],
  [`${WHEN}march|märz|marzo|março|марта?`, "(?<!\\d)3月"],
  ["april|abril|avril|nisan\\p{L}{0,5}|aprile|апрел\\p{L}{1,2}", "(?<!\\d)4月"],
  [`${WHEN}may|mayıs\\p{L}{0,5}|mayo|maio|maggio`, "(?<!\\d)5月"],
  ["june|juni|junio|juin|haziran\\p{L}{0,5}|junho|giugno|июн\\p{L}{1,2}", "(?<!\\d)6月"],
  ["july|juli|julio|juillet|temmuz\\p{L}{0,5}|julho|luglio|июл\\p{L}{1,2}", "(?<!\\d)7月"],
  ["august|agosto|août|ağustos\\p{L}{0,5}|августа?", "(?<!\\d)8月"],
  ["september|septiembre|septembre|eylül\\p{L}{0,5}|setembro|settembre|сентябр\\p{L}{1,2}", "(?<!\\d)9月"],
  ["october|oktober|octubre|octobre|outubro|ottobre|октябр\\p{L}{1,2}", "10月"],
  ["november|noviembre|novembre|kasım\\p{L}{0,5}|novembro|ноябр\\p{L}{1,2}", "11月"],
  ["december|dezember|diciembre|décembre|aralık\\p{L}{0,5}|dezembro|dicembre|декабр\\p{L}{1,2}", "12月"],
];

type Calendar = {
  readonly kind: string;
  readonly size: number;
  readonly names: readonly (readonly [number, RegExp])[];
};

const calendar = (kind: string, names: readonly (readonly [string, string])[]): Calendar => ({
  ...{ kind, size: names.length },
  names: names.map(([words, spaceless], at) => [at + 1, everywhere(words, spaceless)]),
});
const WEEK = calendar("point:weekday", WEEKDAYS);
const YEAR = calendar("point:month", MONTHS);

/** Several days in a word. */
const WORKDAYS = everywhere(
  "weekdays|werktags|wochentags|unter der woche|entre semana|en semaine|hafta içi\\p{L}{0,4}|nei giorni feriali|по будням",
  "平日|工作日",
);
const WEEKEND = everywhere(
  "weekends?|wochenenden?|fin(?:es)? de semana|week-ends?|hafta sonu\\p{L}{0,4}|fi(?:m|ns) de semana|выходн\\p{L}{2,3}",
  "週末|土日|周末",
);
const EVERY_DAY = everywhere(
  "every day|each day|daily|jeden tag|täglich|todos los días|tous les jours|" +
    "her gün|todos os dias|ogni giorno|tutti i giorni|каждый день|ежедневно",
  "毎日|每天",
);
/** Every day but those that were named before. */
const OTHER_DAYS = everywhere(
  "other days|other day|übrigen tagen?|anderen tagen?|demás días|otros días|autres jours|diğer günler\\p{L}{0,3}|altri giorni|outros dias|остальные дни",
  "その他の日|其他日子",
);
/** What stands between the ends of a range. */
const RANGE =
  /^\s{0,2}(?:to|through|thru|until|till|and|bis|a|al|à|au|até|ve|по|до|から|至|到|[–~〜-])?\s{0,2}(?:le|el|o|il)?\s{0,2}$/u;
const BETWEEN = /^\s{0,2}(?:and|und|y|et|ve|e|и)\s{0,2}(?:le|el|o|il)?\s{0,2}$/u;
/** "pazartesiden cumaya": only then do two names side by side make a range. */
const FROM = /(?:[dt][ae]n)$/u;

/** How often: once only where nothing but a count can be meant. */
const TIMES: readonly (readonly [number, RegExp])[] = [
  [
    1,
    everywhere(
      "once(?= (?:a|an|per|each|every) )|(?<=(?:only|just|at most|no more than) )once|(?<!at )once(?=[.;]?$)|einmal|una vez|una volta|uma vez|une (?:seule )?fois|bir (?:kez|kere|defa)",
      "(?<![\\d])1回|一回|1度",
    ),
  ],
  [
    2,
    everywhere(
      "twice(?! as)|two times|zweimal|dos veces|due volte|duas vezes|deux fois|iki (?:kez|kere|defa)|дважды",
      "(?<![\\d])2回|二回|两次",
    ),
  ],
  [
    3,
    everywhere(
      "thrice|three times(?! (?:as|more))|dreimal|tres veces|tre volte|três vezes|trois fois|üç (?:kez|kere|defa)|трижды",
      "(?<![\\d])3回|三回|三次",
    ),
  ],
  [
    4,
    everywhere(
      "four times(?! (?:as|more))|viermal|cuatro veces|quattro volte|quatro vezes|quatre fois|dört (?:kez|kere|defa)",
      "(?<![\\d])4回",
    ),
  ],
  [
    5,
    everywhere(
      "five times(?! (?:as|more))|fünfmal|cinco veces|cinque volte|cinco vezes|cinq fois|beş (?:kez|kere|defa)",
      "(?<![\\d])5回",
    ),
  ],
  [
    6,
    everywhere(
      "six times(?! (?:as|more))|sechsmal|seis veces|sei volte|seis vezes|six fois|altı (?:kez|kere|defa)",
      "(?<![\\d])6回",
    ),
  ],
];
const COUNTED_TIMES =
  /(?<![\d.,])(\d{1,3})[ -]?(?:times(?! (?:as|more))|mal|veces|volte|vezes|fois|kez|kere|defa|раза?|回|次)(?!\p{L})/gu;

/** `source`: "daily" and "on the other days" name every day there; in an answer they name none that could be wrong. */
export function pointsIn(text: string, source: boolean): readonly Figure[] {
  const lower = text.toLowerCase();
  // Most text names none, and is not looked through for each.
  if (lower.search(ANY) < 0) return [];
  const days = new Set(daysOf(lower, WEEK));
  if (lower.search(WORKDAYS) >= 0) for (const day of [1, 2, 3, 4, 5]) days.add(day);
  if (lower.search(WEEKEND) >= 0) for (const day of [6, 7]) days.add(day);
  if (source && (lower.search(EVERY_DAY) >= 0 || lower.search(OTHER_DAYS) >= 0))
    for (const day of [1, 2, 3, 4, 5, 6, 7]) days.add(day);
  return [
    ...[...days].map((day) => point(WEEK.kind, day, lower, WEEK)),
    ...daysOf(lower, YEAR).map((month) => point(YEAR.kind, month, lower, YEAR)),
    ...timesOf(lower).map((times) => ({ ...point("point:times", times, lower, null), shown: `${times} times` })),
  ];
}

export function isOnOtherDays(text: string): boolean {
  return text.toLowerCase().search(OTHER_DAYS) >= 0;
}

/** Without the words that say how often; a day's name stays, as the name of what the text speaks of. */
export function withoutTimes(text: string): string {
  return REMOVED.reduce((left, pattern) => left.replace(pattern, " "), text);
}

/** "Monday and Thursday": the text begins where a list of days or months goes on. */
export function isListed(before: string, text: string): boolean {
  return before.toLowerCase().search(LAST) >= 0 && text.toLowerCase().search(FIRST) >= 0;
}

function point(kind: string, value: number, text: string, of: Calendar | null): Figure {
  const named = of?.names[value - 1]?.[1];
  const shown = (named === undefined ? null : text.match(named)?.[0]) ?? String(value);
  return { value: `${kind}=${value}`, digits: String(value), kind, soft: false, shown };
}

function daysOf(text: string, { names, size }: Calendar): readonly number[] {
  const found = names
    .flatMap(([day, pattern]) => [...text.matchAll(pattern)].map((match) => ({ day, at: match.index, word: match[0] })))
    .toSorted((a, b) => a.at - b.at);
  const days = new Set<number>();
  for (const [place, { day, at, word }] of found.entries()) {
    days.add(day);
    const next = found[place + 1];
    if (next === undefined) continue;
    const gap = text.slice(at + word.length, next.at);
    const isRange = gap.trim() === "" ? FROM.test(word) : RANGE.test(gap) && !BETWEEN.test(gap);
    if (isRange) for (let one = day; one !== next.day; one = (one % size) + 1) days.add(one);
  }
  return [...days];
}

function timesOf(text: string): readonly number[] {
  const written = [...text.matchAll(COUNTED_TIMES)].map((match) => Number(match[1]));
  return [
    ...new Set([...written, ...TIMES.filter(([, pattern]) => text.search(pattern) >= 0).map(([times]) => times)]),
  ];
}

const ALL = [
  ...[...WEEK.names, ...YEAR.names, ...TIMES].map(([, pattern]) => pattern),
  ...[WORKDAYS, WEEKEND, EVERY_DAY, OTHER_DAYS, COUNTED_TIMES],
];
const NAMES = [...WEEK.names, ...YEAR.names].map(([, { source }]) => source).join("|");
const LAST = new RegExp(`(?:${NAMES})\\s{0,3}$`, "u");
const FIRST = new RegExp(`^\\s{0,3}(?:(?:il|le|el|los|der|den) )?(?:${NAMES})`, "u");
const ANY = new RegExp(ALL.map(({ source }) => source).join("|"), "u");
const REMOVED = [...TIMES.map(([, pattern]) => pattern), COUNTED_TIMES].map(({ source }) => new RegExp(source, "giu"));

function everywhere(words: string, spaceless: string): RegExp {
  return new RegExp(either(words, spaceless).source, "gu");
}
