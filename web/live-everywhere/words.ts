/** This page's texts, in every language. */
import { inEveryLanguage } from "../words.ts";

export const liveEverywhereWords = inEveryLanguage({
  en: {
    section: "Live",
    title: "Live in all servers",
    lead: "Who is talking right now, in every server that you may watch. Whoever waits for a person is on top.",
    empty: "Nobody is talking right now",
    emptyNext: "A conversation appears here as soon as a member of one of your servers asks the bot something.",
    nowhere: "There is no server that you may watch",
    nowhereNext:
      "Watching takes the role of an agent or an admin in a server whose plan has the live monitor. Ask an admin of your server for it.",
  },
  tr: {
    section: "Canlı",
    title: "Tüm sunucularda canlı",
    lead: "İzleyebildiğin her sunucuda şu anda kimin konuştuğu. Ekibi bekleyenler en üstte.",
    empty: "Şu anda kimse konuşmuyor",
    emptyNext: "Sunucularından birinde bir üye bota bir şey sorduğu anda konuşma burada görünür.",
    nowhere: "İzleyebileceğin bir sunucu yok",
    nowhereNext:
      "İzlemek için, planında canlı izleme olan bir sunucuda temsilci ya da yönetici rolü gerekir. Sunucunun bir yöneticisinden iste.",
  },
});
