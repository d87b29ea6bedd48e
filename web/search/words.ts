/** This page's texts, in every language. */
import { inEveryLanguage } from "../words.ts";

export const searchWords = inEveryLanguage({
  en: {
    section: "Search",
    title: (text: string) => (text === "" ? "Search" : `Search: ${text}`),
    field: "Search this server",
    submit: "Search",
    lead: "Conversations, moderation cases, knowledge, settings and pages of this server. Press / anywhere to come here.",
    pages: "Pages",
    settings: "Settings",
    conversations: "Conversations",
    cases: "Moderation cases",
    knowledge: "Knowledge",
    more: "Show all of them",
    further: "Nothing among the newer ones: look further back",
    nothing: "Nothing found",
    nothingNext:
      "Try fewer or other words. Conversations are found by words or their beginning from three letters on, members' names too; cases by whole words.",
  },
  tr: {
    section: "Arama",
    title: (text: string) => (text === "" ? "Arama" : `Arama: ${text}`),
    field: "Bu sunucuda ara",
    submit: "Ara",
    lead: "Bu sunucunun konuşmaları, moderasyon olayları, bilgi tabanı, ayarları ve sayfaları. Her yerde / tuşuyla buraya gelirsin.",
    pages: "Sayfalar",
    settings: "Ayarlar",
    conversations: "Konuşmalar",
    cases: "Moderasyon olayları",
    knowledge: "Bilgi tabanı",
    more: "Hepsini göster",
    further: "Daha yenilerde bir şey yok: daha eskilere bak",
    nothing: "Bir şey bulunamadı",
    nothingNext:
      "Daha az ya da başka kelimeler dene. Konuşmalar kelimelerle ya da üç harften itibaren kelime başlarıyla, üyelerin adlarıyla da bulunur; olaylar tam kelimelerle.",
  },
});
