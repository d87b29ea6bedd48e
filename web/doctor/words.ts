/** This page's texts, in every language. */
import { inEveryLanguage } from "../words.ts";

export const doctorWords = inEveryLanguage({
  en: {
    section: "Doctor",
    title: "Doctor",
    lead: "What the bot needs in this server, and what is missing.",
    again: "Look again",
    permissions: "Give permissions",
    permissionsWhat: "Opens Discord with exactly the permissions that what is switched on needs",
    looking: "Asking Discord …",
    heard: (findings: number, problems: number) =>
      `${findings} ${findings === 1 ? "finding" : "findings"}, ${problems} of them broken`,
    look: "Show what the doctor finds",
    well: (count: number) => (count === 1 ? "1 thing is as it should be" : `${count} things are as they should be`),
    nothing: "Nothing to report",
    nothingNext: "Everything that concerns this server is as it should be.",
    states: { ok: "OK", warning: "Could be better", problem: "Broken" },
  },
  tr: {
    section: "Doktor",
    title: "Doktor",
    lead: "Botun bu sunucuda neye ihtiyacı var ve ne eksik.",
    again: "Yeniden bak",
    permissions: "İzinleri ver",
    permissionsWhat: "Açık olanların gerektirdiği izinlerle, fazlası olmadan, Discord'u açar",
    looking: "Discord'a soruluyor …",
    heard: (findings: number, problems: number) => `${findings} bulgu, ${problems} tanesi bozuk`,
    look: "Doktorun bulgularını göster",
    well: (count: number) => `${count} şey olması gerektiği gibi`,
    nothing: "Bildirilecek bir şey yok",
    nothingNext: "Bu sunucuyla ilgili her şey olması gerektiği gibi.",
    states: { ok: "İyi", warning: "Daha iyi olabilir", problem: "Bozuk" },
  },
});
