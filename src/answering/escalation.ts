/**
 * A member wants a person: the model notices it in any language; without one, or before it is asked, these phrases do in
 * English and Turkish, few on purpose. Pure. Marking a conversation is the store's (`escalated` as an outcome), once an hour.
 */

/** Asked again sooner, a conversation is marked already. */
export const ESCALATION_MS = 60 * 60_000;

export type Escalation = "marked" | "marked-before";

export function escalation(wantsHuman: boolean, markedAtMs: number | null, nowMs: number): Escalation | null {
  if (!wantsHuman) return null;
  return markedAtMs !== null && nowMs - markedAtMs < ESCALATION_MS ? "marked-before" : "marked";
}

/** Only what can hardly mean anything else: a wish, in the first person or as an order, for a human being. */
export function asksForPerson(text: string): boolean {
  const folded = text
    .slice(0, CHARS_MAX)
    .replace(/[ıİ]/g, "i")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’']/g, "'");
  return PHRASES.some((phrase) => phrase.test(folded));
}

/** Who wants a person says so soon. */
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
  /\b(?:insan|gercek (?:bir )?(?:insan|kisi)|canli (?:bir )?(?:insan|kisi|temsilci|destek)|yetkili|temsilci|operator|musteri temsilcisi|moderator|ekipten bir[a-z]*)[a-z']*(?: (?:biri|bir kisi|kisi)[a-z']*)? (?:ile )?(?:konus|gorus|baglan)(?:m[ae]k (?:istiyorum|isterim|isterdim)|[ae]bilir mi|m[ae]m (?:lazim|gerek)|[ae]yim)/,
  /\bbeni (?:bir )?(?:gercek (?:bir )?|canli (?:bir )?)?(?:insana|kisiye|yetkiliye|temsilciye|operatore|moderatore|ekibe|canli destege|musteri temsilcisine)[a-z]* (?:bagla|aktar|yonlendir)/,
  /^\W*(?:bana )?(?:bir )?(?:gercek (?:bir )?|canli (?:bir )?)?(?:insan|yetkili|temsilci|canli destek|musteri temsilcisi) (?:istiyorum|lazim|lutfen)\W*$/,
];
