/** This page's texts, in every language. */
import { inEveryLanguage } from "../words.ts";

export const teamWords = inEveryLanguage({
  en: {
    section: "Team",
    title: "Team",
    lead: "Who may look into this server besides its admins. They sign in with Discord.",
    saved: "Saved. It is in force now.",
    person: "Person",
    role: "Role",
    roleOf: (name: string) => `Role of ${name}`,
    change: "Change",
    remove: "Remove",
    removeNamed: (name: string) => `Remove ${name} from the team`,
    removeAsk: (name: string) => `Remove ${name} from the team? They can then no longer look into this server.`,
    removeYes: "Yes, remove",
    fromDiscord: "by Manage Server in Discord",
    add: "Add somebody",
    roles: {
      agent: "Sees the conversations and works with them; no settings, no knowledge base.",
      viewer: "Sees conversations, decisions and the knowledge base; changes nothing.",
      admin: "Whoever has Manage Server in Discord, from their next sign-in on. Given and taken there, not here.",
    },
    noSignIn: "Sign-in with Discord is not set up, so only the operator can sign in yet.",
  },
  tr: {
    section: "Ekip",
    title: "Ekip",
    lead: "Yöneticiler dışında bu sunucuya kimler bakabilir. Discord ile giriş yaparlar.",
    saved: "Kaydedildi. Şu anda geçerli.",
    person: "Kişi",
    role: "Rol",
    roleOf: (name: string) => `Rol: ${name}`,
    change: "Değiştir",
    remove: "Çıkar",
    removeNamed: (name: string) => `Ekipten çıkar: ${name}`,
    removeAsk: (name: string) => `${name} ekipten çıkarılsın mı? Artık bu sunucuya bakamaz.`,
    removeYes: "Evet, çıkar",
    fromDiscord: "Discord'daki Sunucuyu Yönet izniyle",
    add: "Birini ekle",
    roles: {
      agent: "Konuşmaları görür ve onlarla ilgilenir; ayarları ve bilgi tabanını görmez.",
      viewer: "Konuşmaları, kararları ve bilgi tabanını görür; hiçbir şeyi değiştirmez.",
      admin:
        "Discord'da Sunucuyu Yönet izni olan herkes, bir sonraki girişinden başlayarak. Orada verilir ve alınır, burada değil.",
    },
    noSignIn: "Discord ile giriş kurulmamış; şimdilik işletmeciden başka kimse giriş yapamaz.",
  },
});
