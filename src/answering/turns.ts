/** Words that turn a statement round: not, free, twice, half, unlimited, at least, at most, before, after. Pure. */

const word = (alternatives: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, "u");
/** In text without spaces anywhere, elsewhere as whole words. */
export const either = (words: string, spaceless: string): RegExp =>
  new RegExp(`${word(words).source}|(?:${spaceless})`, "u");

const beginning = (alternatives: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})`, "u");

/** In English, Turkish, German, Spanish, French, Portuguese, Italian, Russian, Japanese and Chinese. */
const TURNS: readonly (readonly [string, RegExp])[] = [
  [
    "not",
    either(
      "not|no|never|cannot|can't|don't|doesn't|isn't|aren't|won't|didn't|wasn't|without|neither|nor|none|nobody|nothing|" +
        "değil\\p{L}{0,12}|yok\\p{L}{0,12}|asla|hiçbir|hiç|olmadan|\\p{L}{2,20}(?:maz|mez|mazlar|mezler|mıyor|miyor|muyor|müyor|amaz\\p{L}{0,12}|emez\\p{L}{0,12}|ılmaz|ilmez|ulmaz|ülmez|mamalı\\p{L}{0,12}|memeli\\p{L}{0,12})|" +
        "nicht|kein\\p{L}{0,12}|nie|niemals|ohne|niemand|nunca|sin|ningun\\p{L}{0,12}|ningún|tampoco|ne|n'\\p{L}{1,20}|pas|jamais|sans|aucun\\p{L}{0,12}|rien|" +
        "não|sem|nenhum\\p{L}{0,12}|non|senza|nessun\\p{L}{0,12}|mai|не|нет|нельзя|без|никогда|ни",
      "ません|ない|なし|なく|不可|対象外|禁止|不|没|沒|无法|無法|未|勿|非",
    ),
  ],
  [
    "free",
    either(
      "free|frei(?:e[mnrs]?)? eintritt|eintritt (?:ist )?frei|entrada libre|entrée libre|entrada livre|ingresso libero|gratis|kostenlos\\p{L}{0,12}|umsonst|ücretsiz\\p{L}{0,12}|bedava|gratuit\\p{L}{0,12}|grátis|бесплатн\\p{L}{0,12}|no (?:charge|cost|fee)s?|(?:do(?:es)?n't|do not|does not|not|never) (?:have to )?(?:pay|cost)(?: anything)?|pays? nothing|costs? nothing|no cuest\\p{L}{1,2} nada|ne coût\\p{L}{1,3} rien|kostet nichts|não custa nada|non costa nulla|ücret (?:ödemez\\p{L}{0,12}|alınmaz|yok\\p{L}{0,12})|zahl\\p{L}{1,4} nichts|zahl\\p{L}{1,4} keine gebühr|keine gebühr(?:en)?|no paga\\p{L}{0,4}|ne pai\\p{L}{1,5} (?:rien|pas)|(?:at|with) no (?:extra )?(?:charge|cost|fee)|sin (?:coste?|cargo)|sans frais|sem custos?",
      "無料|免费|免費",
    ),
  ],
  [
    "twice",
    either(
      "twice|double[ds]?|two times|iki kat\\p{L}{0,12}|iki kere|doppelt\\p{L}{0,12}|zweimal|doble|dos veces|due volte|duas vezes|iki defa|deux fois|dobro|вдвое|дважды",
      "倍",
    ),
  ],
  [
    "half",
    either(
      "half|halves|yarı(?:sı)?\\p{L}{0,12}|halb\\p{L}{0,12}|hälfte|mitad|moitié|metade|половин\\p{L}{0,12}",
      "半额|半価|半額|五折",
    ),
  ],
  [
    "everybody",
    either(
      "everybody|(?<!@)everyone|anybody|anyone|all members|herkes\\p{L}{0,6}|jede[rmn]?|alle können|alle dürfen|todos pueden|cualquiera|tout le monde|n'importe qui|chiunque|tutti possono|todos podem|qualquer um|все могут|каждый может",
      "誰でも|任何人|所有人",
    ),
  ],
  [
    "unlimited",
    either(
      "unlimited|no limits?|without limits?|sınırsız\\p{L}{0,12}|limitsiz\\p{L}{0,12}|unbegrenzt\\p{L}{0,12}|unbeschränkt\\p{L}{0,12}|ilimitad\\p{L}{0,12}|illimité\\p{L}{0,12}|неограничен\\p{L}{0,12}",
      "無制限|无限|不限",
    ),
  ],
];

/** Pairs of which one does not mean the other. */
const OPPOSITES: readonly (readonly [string, RegExp, RegExp])[] = [
  [
    "amount",
    either(
      "at least|minimum|more than|over|above|or more|en az|fazla\\p{L}{0,12}|üzeri\\p{L}{0,12}|üstü\\p{L}{0,12}|mindestens|mehr als|über|al menos|más de|mínimo|au moins|plus de|pelo menos|mais de|не менее|более|больше",
      "以上|至少|超过",
    ),
    either(
      "at most|maximum|up to|less than|under|below|or less|no more than|en fazla|en çok|altı\\p{L}{0,12}|höchstens|weniger als|bis zu|como máximo|máximo de|menos de|au plus|moins de|no máximo|не более|менее|меньше",
      "以下|未満|最多|不超过|至多",
    ),
  ],
  [
    "order",
    either("after|since|from|sonra|itibaren|nach|ab|después|a partir|après|dès|depois|после|с", "以降|から|之后|以后"),
    either("before|until|till|by|önce|kadar|vor|bis|antes|hasta|avant|jusqu\\p{L}{0,12}|até|до", "以前|まで|之前|以前"),
  ],
];

/**
 * The same, and "not" says the other of the two: "not allowed" is forbidden. Each is a word's whole beginning, so that its endings are found.
 */
const CONTRARIES: readonly (readonly [string, RegExp, RegExp])[] = [
  [
    "open",
    beginning("open(?!\\p{L})|opened|opens|açık|geöffnet|offen(?!\\p{L})|abiert|ouvert|abert|apert|открыт"),
    beginning("closed|shut(?!\\p{L})|kapalı|geschlossen|cerrad|fermé|fechad|chius|закрыт"),
  ],
  [
    "allowed",
    beginning("allowed|permitted|erlaubt|gestattet|permitid|autorisé|autorizad|permess|разрешен|разрешён|serbest"),
    beginning(
      "forbidden|prohibited|banned|verboten|untersagt|yasak|prohibid|interdit|proibid|vietat|запрещен|запрещён",
    ),
  ],
  [
    "level",
    beginning("upper|obere|üst|superior|supérieur|верхн"),
    beginning("lower|untere|alt (?:kat|güverte)|inferior|inférieur|нижн"),
  ],
  [
    "sex",
    beginning("wom[ae]n|frauen|kadın|mujer|femmes|mulher|donne|женщин"),
    beginning("m[ae]n(?!\\p{L})|männer|erkek|hombre|hommes|homens|uomini|мужчин"),
  ],
  [
    "needed",
    beginning("required|mandatory|compulsory|obligatory|zorunlu|pflicht|obligatori|obligatoire|obrigatóri|обязател"),
    beginning("optional|voluntary|isteğe bağlı|freiwillig|opcional|facultati|facoltativ|необязател"),
  ],
  [
    "side",
    beginning("left(?!\\p{L})|sol(?!\\p{L})|links|izquierd|gauche|esquerd|sinistr"),
    beginning("right(?!\\p{L})|sağ(?!\\p{L})|rechts|derech|droite|direit|destr"),
  ],
  [
    "place",
    beginning("inside|indoors?|innen|drinnen|içeri|dentro|intérieur"),
    beginning("outside|outdoors?|außen|draußen|dışarı|fuera|extérieur"),
  ],
];

/** Words by which a text takes a side: "allowed", "verbotenen". */
export function sidedWordsIn(text: string): readonly string[] {
  return text.toLowerCase().match(SIDED) ?? [];
}

export function isContrary(pair: string): boolean {
  return CONTRARIES.some(([name]) => name === pair);
}

/** A negation that belongs to the word behind it. */
const NEGATED = word("not|never|no longer|isn't|aren't|nicht|keinesfalls|no|nunca|pas|não|non|не|değil\\p{L}{0,12}");

/** "No more than two" sets a bound, and denies nothing. */
const BOUNDED = new RegExp(
  word(
    "(?:no|not) (?:more|less|fewer|later|earlier|longer) than|no later|nicht (?:mehr|weniger|länger|später) als|no (?:más|menos) (?:de|que)|pas plus (?:de|que)|non più (?:di|che)|não mais (?:de|que)|не (?:более|менее|позднее)",
  ).source,
  "gu",
);

export function turnsIn(text: string): ReadonlySet<string> {
  let left = text.toLowerCase().replace(/[’‘]/g, "'").replace(BOUNDED, " ");
  const found = new Set<string>();
  // From the last to the first: "no fee" is free and "no limit" unlimited, and the "no" in them turns nothing else round.
  for (const [name, pattern] of TURNS_EVERYWHERE.toReversed()) {
    const rest = left.replace(pattern, " ");
    if (rest === left) continue;
    found.add(name);
    left = rest;
  }
  return found;
}

const NAME =
  /(?<=[\p{L}\p{N}:,;|()*] )(?:Free|Gratis|Double|Half|Unlimited|Ücretsiz|Kostenlos|Gratuit)(?![\p{L}\p{N}])/gu;

/** "the Free plan", "Plan Free": words that are names there, and turn nothing round. */
export function namesAmongTurns(text: string): readonly string[] {
  return text.match(NAME) ?? [];
}

/** The same text with such words marked as names. */
export function withNames(text: string, names: readonly string[]): string {
  return names.reduce(
    (marked, name) => marked.replaceAll(new RegExp(`${name}(?![\\p{L}\\p{N}_])`, "gu"), `${name}_`),
    text,
  );
}

/** Without the words that turn it, and those that say how often. */
export function withoutTurns(text: string): string {
  return REMOVED.reduceRight((left, pattern) => left.replace(pattern, " "), text);
}

/** Each, of a time: "a month", "monthly", "im Monat", "ayda", "par mois", "毎月". */
const PER: readonly (readonly [string, RegExp])[] = [
  ["minute", "minute|dakika|minuto|minuta|минуту", "dakikada", "每分钟|毎分"],
  ["hour", "hour|saat|stunde|hora|heure|ora|час", "hourly|saatlik|saatte|stündlich\\p{L}{0,2}", "每小时|毎時"],
  [
    "day",
    "day|night|gün|tag|nacht|día|noche|jour|nuit|dia|giorno|день|сутки",
    "daily|nightly|günlük|günde|täglich\\p{L}{0,2}|diari\\p{L}{1,3}",
    "每天|每日|毎日|1日につき",
  ],
  [
    "week",
    "week|hafta|woche|semana|semaine|settimana|неделю",
    "weekly|haftalık|haftada|wöchentlich\\p{L}{0,2}|semanal\\p{L}{0,2}|hebdomadaire",
    "每周|毎週|週間",
  ],
  [
    "month",
    "month|ay|monat|mes|mois|mês|mese|месяц",
    "monthly|aylık|ayda|monatlich\\p{L}{0,2}|mensual\\p{L}{0,2}|mensuel\\p{L}{0,2}|mensal|mensile",
    "每月|毎月|月額",
  ],
  [
    "year",
    "year|yıl|sene|jahr|año|an|année|ano|anno|год",
    "yearly|annual\\p{L}{0,2}|yıllık|yılda|jährlich\\p{L}{0,2}|anual\\p{L}{0,2}|annuel\\p{L}{0,2}|annuale",
    "每年|毎年|年間|年額",
  ],
].map(([name = "", times = "", words = "", spaceless = ""]) => [
  name,
  either(
    `(?:a|an|per|each|every|her|im|am|pro|je|jede[nrsm]?|al|por|cada|par|chaque|à l'|ao|ogni|на|в)[ \\t](?:${times})|${words}`,
    spaceless,
  ),
]);

const everywhere = (pattern: RegExp) => new RegExp(pattern.source, "giu");
const TURNS_EVERYWHERE = TURNS.map(([name, pattern]) => [name, everywhere(pattern)] as const);
const REMOVED = [
  ...PER.map(([, pattern]) => everywhere(pattern)),
  ...OPPOSITES.flatMap(([, up, down]) => [everywhere(up), everywhere(down)]),
  ...TURNS_EVERYWHERE.map(([, pattern]) => pattern),
];

const SIDED = new RegExp(
  CONTRARIES.flatMap(([, one, other]) => [one, other])
    .map(({ source }) => `(?:${source})\\p{L}{0,12}`)
    .join("|"),
  "gu",
);

/** Where a clause stands, on each question to which it gives one answer only: "amount" over or under, "order" before or after, "per" month. */
export function sidesIn(text: string): ReadonlyMap<string, string> {
  const lower = text.toLowerCase();
  const sides = new Map<string, string>();
  for (const [name, up, down] of OPPOSITES) {
    const [isUp, isDown] = [up.test(lower), down.test(lower)];
    if (isUp !== isDown) sides.set(name, isUp ? "up" : "down");
  }
  for (const [name, one, other] of CONTRARIES) {
    const [isOne, isOther] = [one.test(lower), other.test(lower)];
    if (isOne !== isOther) sides.set(name, isOne !== NEGATED.test(lower) ? "one" : "other");
  }
  const per = PER.filter(([, pattern]) => pattern.test(lower));
  if (per.length === 1) sides.set("per", per[0]?.[0] ?? "");
  return sides;
}
