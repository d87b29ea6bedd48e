/**
 * A member wants a person: the model notices it in any language; without one, or before it is asked, these phrases do in
 * eight languages, few on purpose. Pure. Marking a conversation is the store's (`escalated` as an outcome), once an hour.
 */

/** Asked again sooner, a conversation is marked already. */
export const ESCALATION_MS = 60 * 60_000;

export type Escalation = "marked" | "marked-before";

/** Of somebody who wants a person. `markedAtMs` null: never before. */
export function escalation(markedAtMs: number | null, nowMs: number): Escalation {
  return markedAtMs !== null && nowMs - markedAtMs < ESCALATION_MS ? "marked-before" : "marked";
}

/** Only what can hardly mean anything else: a wish, in the first person or as an order, for a human being. */
export function asksForPerson(text: string): boolean {
  // Every phrase names somebody; most of a channel's lines end here.
  if (!SOMEBODY_NAMED.test(text)) return false;
  const folded = text
    .slice(0, CHARS_MAX)
    .replace(/[ıİ]/g, "i")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’']/g, "'");
  return PHRASES.some((phrase) => phrase.test(folded));
}

/** Without `u`: half the time, and it is held against every candidate. */
const SOMEBODY_NAMED =
  /human|person|people|agent|operator|representative|moderator|admin|staff|team|someone|somebody|insan|ki[sş]i|ger[cç]ek|destek|deste[gğ]|yetkili|temsilci|moderat|operat|ekip|ekib|alguien|algu[eé]m|pessoa|humano|atendente|humain|conseiller|quelqu|mensch|mitarbeiter|jemand|qualcuno|umano|человек|операт|модерат|админ|кем-/i;

/** A wish for a person stands near the beginning. */
const CHARS_MAX = 600;

const SOMEBODY =
  "(?:a|an|some|any|the|your|one of the|one of your)?\\s*(?:(?:real|actual|live|human|support|staff|team)\\s+)*" +
  "(?:human(?: being)?s?|persons?|people|agents?|operators?|representatives?|moderators?|admins?|staff(?: members?)?|team members?|" +
  "(?:someone|somebody) (?:real|human|from (?:the )?(?:staff|team|support)))\\b";
const WISH =
  "(?:(?<!do )(?<!should )(?<!would )\\bi (?:just |really )?(?:want|need|have|wish|'d like|would like|wanna|would rather|'d rather) ?(?:to )?|" +
  "\\bi'd (?:like|rather|prefer) (?:to )?|\\b(?:can|could|may) i (?:please )?|\\blet me |\\bplease (?:let me )?)";

const PHRASES: readonly RegExp[] = [
  new RegExp(`${WISH}(?:talk|speak|chat) (?:to|with) ${SOMEBODY}`),
  new RegExp(`\\b(?:connect|transfer|forward|hand|put) (?:me|this)(?: over| through)? (?:to|with) ${SOMEBODY}`),
  new RegExp(`\\b(?:get|give) me ${SOMEBODY}`),
  /^\W*(?:i want |i need )?(?:a )?(?:real |live |actual )?(?:human|person|agent)(?:,? (?:please|pls|now))*\W*$/,
  // Turkish; folded: no dots, no cedillas, no circumflexes.
  /\b(?:insan|gercek (?:bir )?(?:insan|kisi|biri)|canli (?:bir )?(?:insan|kisi|temsilci|destek)|yetkili|temsilci|operator|musteri temsilcisi|moderator|ekipten bir[a-z]*)[a-z']*(?: (?:biri|bir kisi|kisi)[a-z']*)? (?:ile )?(?:konus|gorus|baglan)(?:m[ae]k (?:istiyorum|isterim|isterdim)|[ae]bilir mi|m[ae]m (?:lazim|gerek)|[ae]yim)/,
  /\bbeni (?:bir )?(?:gercek (?:bir )?|canli (?:bir )?)?(?:insana|kisiye|yetkiliye|temsilciye|operatore|moderatore|ekibe|canli destege|musteri temsilcisine)[a-z]* (?:bagla|aktar|yonlendir)/,
  /^\W*(?:bana )?(?:bir )?(?:gercek (?:bir )?|canli (?:bir )?)?(?:insan|yetkili|temsilci|canli destek|musteri temsilcisi) (?:istiyorum|lazim|lutfen)\W*$/,
  // Folded: no accents, and no breve over the Russian й.
  /\b(?:quiero|quisiera|necesito|puedo|me gustaria) hablar con (?:(?:un|una|alguna?|el|la|algun) )?(?:persona|ser humano|humano|agente|moderador|admin\w*|operador|representante|alguien)/,
  /\b(?:quero|queria|gostaria de|preciso|posso) falar com (?:(?:um|uma|alguma?|o|a) )?(?:pessoa|ser humano|humano|atendente|agente|moderador|admin\w*|alguem)/,
  /\b(?:je (?:veux|voudrais|souhaite|peux)|j'aimerais|puis-je) parler (?:a|avec) (?:(?:un|une|le|la) )?(?:vraie? )?(?:personne|humain|etre humain|agent|moderateur|conseiller|admin\w*|quelqu'un)/,
  /\b(?:ich (?:will|mochte|muss|wurde gern(?:e)?)|kann ich) (?:bitte )?(?:gern(?:e)? )?mit (?:(?:einem|einer|jemandem) )?(?:(?:echten|richtigen) )?(?:mensch(?:en)?|person|mitarbeiter(?:in)?|moderator|admin|jemandem|jemand) (?:aus dem team )?(?:sprechen|reden|schreiben)/,
  /\b(?:voglio|vorrei|posso) parlare con (?:(?:un|una|qualche) ?)?(?:persona|essere umano|umano|operatore|agente|moderatore|admin\w*|qualcuno)/,
  /(?:хочу|можно|могу|надо|нужно) (?:поговорить|связаться|пообщаться) с (?:(?:живым|реальным|настоящим) )?(?:человеком|оператором|модератором|админ|кем-то|кем-нибудь)/,
];
