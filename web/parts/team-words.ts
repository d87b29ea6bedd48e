/** What is said where somebody is added to a server's team, in every language: the team's page and the setup's. */
import { inEveryLanguage } from "../words.ts";

export const teamFormWords = inEveryLanguage({
  en: {
    whoIsMeant: (typed: string) => `Who is “${typed}”?`,
    addNamed: (name: string) => `Add ${name} to the team`,
    addSubmit: "Add",
    id: "Name or Discord user id",
    idExample: "mira or 123456789012345678",
    idWhat: "The beginning of a name is enough: you choose from the members it fits. An id names one person exactly.",
    problems: {
      id: "Names cannot be looked up just now. Enter a Discord user id, which has 15 to 20 digits: with Developer Mode on (Settings, Advanced), right-click the person and choose Copy User ID.",
      "nobody-named": "No member's name begins so. Check the spelling, or enter their Discord user id.",
      role: "Choose one of the roles.",
      "not-member": "Nobody with this id is a member of this server. Check the id, or let them join first.",
      fixed:
        "The roles of admins and of the operator do not come from here. An admin's goes with Manage Server in Discord.",
    },
  },
  tr: {
    whoIsMeant: (typed: string) => `“${typed}” kim?`,
    addNamed: (name: string) => `Ekibe ekle: ${name}`,
    addSubmit: "Ekle",
    id: "Ad ya da Discord kullanıcı kimliği",
    idExample: "mira ya da 123456789012345678",
    idWhat: "Adın başı yeter: uyan üyeler arasından seçersin. Kimlik tek bir kişiyi gösterir.",
    problems: {
      id: "Adlar şu anda aranamıyor. 15-20 rakamlı Discord kullanıcı kimliğini gir: Geliştirici Modu açıkken (Ayarlar, Gelişmiş) kişiye sağ tıklayıp Kullanıcı Kimliğini Kopyala'yı seç.",
      "nobody-named": "Adı böyle başlayan bir üye yok. Yazımı kontrol et ya da Discord kullanıcı kimliğini gir.",
      role: "Rollerden birini seç.",
      "not-member": "Bu kimlikte biri bu sunucunun üyesi değil. Kimliği kontrol et ya da önce katılmasını iste.",
      fixed:
        "Yöneticilerin ve işletmecinin rolü buradan gelmez. Yöneticininki Discord'daki Sunucuyu Yönet izniyle gelir gider.",
    },
  },
});
