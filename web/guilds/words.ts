/** This page's texts, in every language. */
import { inEveryLanguage } from "../words.ts";

export const guildWords = inEveryLanguage({
  en: {
    section: "Servers",
    title: "Your servers",
    lead: "Choose a server to see how it is doing and to set up its bot.",
    add: "Add to Discord",
    search: "Find a server",
    joined: "bot joined",
    left: "Bot has left",
    empty: "No servers yet",
    emptyOperator: "Add the bot to a Discord server; it shows up here the moment it joins.",
    emptyPerson: "Add the bot to a server of yours, or ask an admin of a server to give you a role.",
    nothingFound: "No server has that name",
    nothingFoundNext: "Try fewer letters, or paste the server's id.",
    found: (count: number, more: boolean) =>
      `${count}${more ? " or more" : ""} ${count === 1 ? "server" : "servers"} found`,
    first: "First page",
    next: "More servers",
  },
  tr: {
    section: "Sunucular",
    title: "Sunucuların",
    lead: "Durumunu görmek ve botunu ayarlamak için bir sunucu seç.",
    add: "Discord'a ekle",
    search: "Sunucu bul",
    joined: "bot katıldı:",
    left: "Bot ayrıldı",
    empty: "Henüz sunucu yok",
    emptyOperator: "Botu bir Discord sunucusuna ekle; katıldığı anda burada görünür.",
    emptyPerson: "Botu bir sunucuna ekle ya da bir sunucunun yöneticisinden sana bir rol vermesini iste.",
    nothingFound: "Bu adda bir sunucu yok",
    nothingFoundNext: "Daha az harf dene ya da sunucunun kimliğini yapıştır.",
    found: (count: number, more: boolean) => `${count}${more ? " ya da daha çok" : ""} sunucu bulundu`,
    first: "İlk sayfa",
    next: "Daha fazla sunucu",
  },
});
