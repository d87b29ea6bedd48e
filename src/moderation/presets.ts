/** Rules to start from, as a community would write them: each one's subject and the hardest act it may lead to. */

import type { Language } from "../i18n.ts";
import type { Rule } from "../settings/form.ts";

type Preset = {
  readonly kind: NonNullable<Rule["kind"]>;
  readonly action: Rule["action"];
  readonly text: Readonly<Record<Language, string>>;
};

const PRESETS: readonly Preset[] = [
  {
    ...{ kind: "spam", action: "ban" },
    text: {
      en: "No spam and no scams: no fake giveaways, no links that steal accounts, no get-rich offers, no flooding.",
      tr: "Spam ve dolandırıcılık yasak: sahte çekiliş, hesap çalan bağlantı, kolay para vaadi ve mesaj yağmuru paylaşmayın.",
    },
  },
  {
    ...{ kind: "nsfw", action: "timeout" },
    text: {
      en: "No sexual or gory content, and no links to it.",
      tr: "Cinsel veya kanlı içerik ve bunlara giden bağlantılar yasak.",
    },
  },
  {
    ...{ kind: "harassment", action: "kick" },
    text: {
      en: "No insults, threats or harassment of anybody. Disagree with the point, not with the person.",
      tr: "Kimseye hakaret, tehdit veya taciz yok. Kişiyi değil, düşünceyi eleştirin.",
    },
  },
  {
    ...{ kind: "hate", action: "ban" },
    text: {
      en: "No hate against people for what they are: origin, religion, sex, orientation, disability.",
      tr: "Kimseye köken, din, cinsiyet, yönelim veya engeli yüzünden nefret söylemi yok.",
    },
  },
  {
    ...{ kind: "promotion", action: "warn" },
    text: {
      en: "No self-promotion and no invitations to other servers without a moderator's consent.",
      tr: "Moderatör izni olmadan reklam ve başka sunuculara davet yok.",
    },
  },
  {
    ...{ kind: "off-topic", action: "warn" },
    text: { en: "Keep to the channel's topic.", tr: "Kanalın konusuna bağlı kalın." },
  },
  {
    ...{ kind: "personal-data", action: "timeout" },
    text: {
      en: "Do not post anybody's personal data: addresses, phone numbers, real names, passwords, keys.",
      tr: "Kimsenin kişisel verisini paylaşmayın: adres, telefon, gerçek ad, parola, anahtar.",
    },
  },
];

export function rulePresets(language: Language): readonly Omit<Rule, "n">[] {
  return PRESETS.map(({ kind, action, text }) => ({ kind, action, text: text[language], on: true }));
}

/** Gives numbers to rules that have none, above all that were ever given here. */
export function numbered(rules: readonly Rule[]): Rule[] {
  let last = Math.max(0, ...rules.map(({ n }) => n));
  return rules.map((one) => (one.n > 0 ? one : { ...one, n: ++last }));
}
