/** What several pages say, in every language: roles, modes, lists and filters. */
import { inEveryLanguage } from "../words.ts";

export const commonWords = inEveryLanguage({
  en: {
    roles: { operator: "Operator", admin: "Admin", agent: "Agent", viewer: "Viewer" },
    noRole: "no role",
    /** Whoever is mentioned and not known by name. */
    mentions: { member: "member", role: "role", channel: "channel" },
    filter: "Filter",
    channel: "Channel",
    allChannels: "All channels",
    pages: "Pages",
    older: "Older",
    newest: "Newest",
    nothingFound: "Nothing matches these filters",
    tokens: (read: string, written: string) => `${read} → ${written} tokens`,
    tokensUsed: "Tokens",
    sources: "Sources",
    chart: {
      table: "As a table",
      day: "Day",
      total: (sum: string, days: number) => `${sum} in ${days === 1 ? "1 day" : `${days} days`}`,
      described: (title: string, sum: string) => `${title}, by day: ${sum} in all. The numbers are in the table below.`,
    },
    modes: {
      mention: { name: "On mention", what: "Answers when it is mentioned or replied to." },
      all: { name: "Every message", what: "Reads every message, and speaks where it can help." },
      ask: { name: "Only /ask", what: "Answers the /ask command and nothing else." },
      off: { name: "Off", what: "Never answers. Moderation still runs." },
    },
  },
  tr: {
    roles: { operator: "İşletmeci", admin: "Yönetici", agent: "Temsilci", viewer: "İzleyici" },
    noRole: "rol yok",
    mentions: { member: "üye", role: "rol", channel: "kanal" },
    filter: "Süz",
    channel: "Kanal",
    allChannels: "Tüm kanallar",
    pages: "Sayfalar",
    older: "Daha eski",
    newest: "En yeni",
    nothingFound: "Bu süzgeçlere uyan bir şey yok",
    tokens: (read: string, written: string) => `${read} → ${written} token`,
    tokensUsed: "Token",
    sources: "Kaynaklar",
    chart: {
      table: "Tablo olarak",
      day: "Gün",
      total: (sum: string, days: number) => `${days} günde ${sum}`,
      described: (title: string, sum: string) => `${title}, güne göre: toplam ${sum}. Sayılar aşağıdaki tabloda.`,
    },
    modes: {
      mention: { name: "Etiketlenince", what: "Etiketlenince ya da yanıtlanınca yanıt verir." },
      all: { name: "Her mesaj", what: "Her mesajı okur, yardım edebileceği yerde konuşur." },
      ask: { name: "Yalnızca /ask", what: "Yalnızca /ask komutuna yanıt verir." },
      off: { name: "Kapalı", what: "Hiç yanıt vermez. Moderasyon çalışmaya devam eder." },
    },
  },
});
