/**
 * Why the team was not told, in the reader's words: reasons are kept in English, as they were met, some of them in the words of a
 * mail server or of Discord. What came from outside stands beside the words, for whoever has to look it up; what no row knows is
 * shown as it is.
 */
import type { Language } from "../../src/i18n.ts";
import { reasonInTurkish } from "../parts/reasons-tr.ts";

/** Null: the reason says it already. */
type Words = Readonly<Record<Language, string | null>>;

const REASONS: readonly (readonly [RegExp, Words])[] = [
  [/^it answered (\d+)$/, { en: null, tr: "adres $1 durum koduyla yanıt verdi" }],
  [/^the process ended$/, { en: null, tr: "gönderilirken Gatehouse kapandı" }],
  [/^not taken: (.+)$/s, { en: null, tr: "posta sunucusunun kabul etmediği adresler: $1" }],
  [/^no channel$/, { en: null, tr: "kanal seçilmemiş" }],
  [/^SMTP_URL is not set$/, { en: null, tr: "SMTP_URL ayarlı değil" }],
  [/^this is no e-mail address$/, { en: null, tr: "bu bir e-posta adresi değil" }],
  [
    /Missing (?:Permissions|Access) \(\d+\)$/,
    { en: "the bot may not write in that channel", tr: "botun o kanala yazma izni yok" },
  ],
  [/Unknown Channel \(\d+\)$/, { en: "the channel is gone", tr: "kanal artık yok" }],
  [
    /^[\w-]+: (?:Discord cannot be reached|the (?:connection|call) to Discord failed.*)$/,
    { en: "Discord could not be reached", tr: "Discord'a ulaşılamadı" },
  ],
  [
    /^[\w-]+: Discord answered (\d+)$/,
    { en: "Discord answered with status $1", tr: "Discord $1 durum koduyla yanıt verdi" },
  ],
  [
    /^(?:Invalid login|Missing credentials)\b|^535\b/,
    {
      en: "the mail server refused the user name or password in SMTP_URL",
      tr: "posta sunucusu SMTP_URL'deki kullanıcı adını ya da parolayı kabul etmedi",
    },
  ],
  [/\b(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)\b/, { en: "nobody answers there", tr: "orada kimse yanıt vermiyor" }],
  [/\b(?:ENOTFOUND|EAI_AGAIN|EDNS)\b/, { en: "the server's name is not known", tr: "sunucunun adı bulunamıyor" }],
  [
    /^(?:Connection timeout|Greeting never received|Timeout)\b|\bETIMEDOUT\b/i,
    { en: "the server did not answer in time", tr: "sunucu zamanında yanıt vermedi" },
  ],
  [
    /^(?:Connection closed unexpectedly|Unexpected socket close)|\bECONNRESET\b/,
    { en: "the connection broke off", tr: "bağlantı koptu" },
  ],
  [
    /STARTTLS|certificate|\bTLS\b/i,
    { en: "no safe connection to the server came about", tr: "sunucuyla güvenli bağlantı kurulamadı" },
  ],
  [
    /^55[0-4]\b/,
    {
      en: "the mail server refused the letter or its address",
      tr: "posta sunucusu iletiyi ya da adresini kabul etmedi",
    },
  ],
  [/^4\d\d\b/, { en: "the mail server could not take it just now", tr: "posta sunucusu şu anda alamadı" }],
];

/** `the bot may not write in that channel (post-message: Missing Permissions (50013))` */
export function reasonToldIn(language: Language, reason: string): string {
  const [pattern, words] = REASONS.find(([known]) => known.test(reason)) ?? [];
  const filled = words?.[language]?.replace("$1", pattern?.exec(reason)?.[1] ?? "");
  const text = filled ?? (language === "tr" ? reasonInTurkish(reason) : reason);
  return text === reason ? reason : `${text} (${reason})`;
}
