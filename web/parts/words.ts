/** Texts of several pages, in every language: roles, modes, lists and filters. */
import { inEveryLanguage } from "../words.ts";

export const commonWords = inEveryLanguage({
  en: {
    roles: { operator: "Operator", admin: "Admin", agent: "Agent", viewer: "Viewer" },
    noRole: "no role",
    thisDeployment: "This deployment",
    /** A mentioned person whose name is unknown. */
    picked: { none: "none", ids: "Ids, separated by blanks." },
    mentions: { member: "member", role: "role", channel: "channel" },
    /** Conversations as they happen. */
    live: {
      waiting: (count: number) =>
        count === 1 ? "1 member is waiting for a person" : `${count} members are waiting for a person`,
      speaks: { bot: "Bot", agent: (name: string) => `${name} has it`, nobody: "Nobody yet" },
      waits: "Asked for a person",
      unread: "New",
      typing: (name: string) => `${name} is typing…`,
    },
    /** A day in a field of text. */
    dayForm: "YYYY-MM-DD",
    noDay: (typed: string) => `“${typed}” is no day and does not limit the list: write it as 2026-11-28.`,
    filter: "Filter",
    copy: "Copy",
    copied: "Copied",
    channel: "Channel",
    allChannels: "All channels",
    pages: "Pages",
    older: "Older",
    newest: "Newest",
    nothingFound: "Nothing matches these filters",
    tokens: (read: string, written: string) => `${read} → ${written} tokens`,
    tokensUsed: "Tokens",
    sources: "Sources",
    meanwhile: {
      settings:
        "Somebody else saved the settings after you opened this page. Nothing of yours is saved yet; what you typed is still below.",
      saving: "If you save now, this changes:",
      same: "What you typed is the same as what is in force now.",
    },
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
    thisDeployment: "Bu kurulum",
    picked: { none: "yok", ids: "Boşlukla ayrılmış kimlikler." },
    mentions: { member: "üye", role: "rol", channel: "kanal" },
    live: {
      waiting: (count: number) => `${count} üye ekibi bekliyor`,
      speaks: { bot: "Bot", agent: (name: string) => `${name} ilgileniyor`, nobody: "Henüz kimse" },
      waits: "Ekibi çağırdı:",
      unread: "Yeni",
      typing: (name: string) => `${name} yazıyor…`,
    },
    dayForm: "GG.AA.YYYY",
    noDay: (typed: string) => `“${typed}” bir gün değil, liste onunla sınırlanmadı: 28.11.2026 biçiminde yaz.`,
    filter: "Süz",
    copy: "Kopyala",
    copied: "Kopyalandı",
    channel: "Kanal",
    allChannels: "Tüm kanallar",
    pages: "Sayfalar",
    older: "Daha eski",
    newest: "En yeni",
    nothingFound: "Bu süzgeçlere uyan bir şey yok",
    tokens: (read: string, written: string) => `${read} → ${written} token`,
    tokensUsed: "Token",
    sources: "Kaynaklar",
    meanwhile: {
      settings:
        "Sen bu sayfayı açtıktan sonra başka biri ayarları kaydetti. Seninkiler henüz kaydedilmedi; yazdıkların aşağıda duruyor.",
      saving: "Şimdi kaydedersen şunlar değişir:",
      same: "Yazdıkların şu anda geçerli olanlarla aynı.",
    },
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
