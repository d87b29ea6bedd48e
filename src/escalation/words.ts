/** Words for the team, in its own language. */
import type { LANGUAGES } from "../settings/form.ts";
import type { EscalationReason } from "../store/ports/escalations.ts";

type Language = (typeof LANGUAGES)[number];

type EscalationWords = {
  readonly subject: (member: string, guild: string) => string;
  readonly reminder: (member: string, minutes: number) => string;
  readonly lead: (member: string, guild: string, channel: string) => string;
  readonly waits: (minutes: number) => string;
  readonly reasons: { readonly [reason in EscalationReason]: string };
  readonly reason: string;
  readonly summary: string;
  readonly lastTurns: string;
  readonly roles: { readonly member: string; readonly bot: string; readonly agent: string };
  readonly open: string;
  readonly takeOver: string;
  readonly why: (guild: string) => string;
  readonly test: { readonly subject: (guild: string) => string; readonly text: string };
};

export const ESCALATION_WORDS: { readonly [language in Language]: EscalationWords } = {
  en: {
    subject: (member, guild) => `${member} asks for a person in ${guild}`,
    reminder: (member, minutes) => `${member} has waited ${minutes} minutes for a person`,
    lead: (member, guild, channel) => `${member} would like to talk to a person in ${guild}${channel}.`,
    waits: (minutes) => `Nobody has taken the conversation for ${minutes} minutes.`,
    reasons: {
      asked: "The member asked for a person.",
      button: "The member pressed “Talk to a person”.",
      failures: "The bot could not help twice in a row.",
    },
    reason: "Reason",
    summary: "Summary",
    lastTurns: "Last messages",
    roles: { member: "Member", bot: "Bot", agent: "Team" },
    open: "Open the conversation",
    takeOver: "Take over",
    why: (guild) =>
      `You get this because your address stands in the settings of ${guild}, under Live, Team and escalation. It is sent at most once an hour for each member.`,
    test: {
      subject: (guild) => `A test mail from ${guild}`,
      text: "Mail from Gatehouse arrives like this. There is nothing you need to do.",
    },
  },
  tr: {
    subject: (member, guild) => `${member}, ${guild} sunucusunda bir kişiyle görüşmek istiyor`,
    reminder: (member, minutes) => `${member} ${minutes} dakikadır bir kişi bekliyor`,
    lead: (member, guild, channel) => `${member}, ${guild}${channel} içinde bir kişiyle görüşmek istiyor.`,
    waits: (minutes) => `Konuşmayı ${minutes} dakikadır kimse devralmadı.`,
    reasons: {
      asked: "Üye bir kişiyle görüşmek istedi.",
      button: "Üye “Bir kişiyle görüş” düğmesine bastı.",
      failures: "Bot art arda iki kez yardımcı olamadı.",
    },
    reason: "Neden",
    summary: "Özet",
    lastTurns: "Son mesajlar",
    roles: { member: "Üye", bot: "Bot", agent: "Ekip" },
    open: "Konuşmayı aç",
    takeOver: "Devral",
    why: (guild) =>
      `Adresin ${guild} sunucusunun “Canlı, Ekip ve yönlendirme” ayarlarında kayıtlı olduğu için bunu alıyorsun. Üye başına saatte en çok bir kez gönderilir.`,
    test: {
      subject: (guild) => `${guild} sunucusundan deneme e-postası`,
      text: "Gatehouse'tan gelen e-posta böyle görünür. Bir şey yapman gerekmiyor.",
    },
  },
};
