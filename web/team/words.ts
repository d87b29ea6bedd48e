/** What this page says, in every language. */
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
    removeAsk: (name: string) => `${name} can no longer look into this server.`,
    removeYes: "Yes, remove",
    fromDiscord: "by Manage Server in Discord",
    add: "Add somebody",
    addSubmit: "Add",
    id: "Discord user id",
    idWhat:
      "In Discord, switch on Developer Mode (Settings, Advanced), then right-click the person and choose Copy User ID.",
    roles: {
      agent: "Sees the conversations and works with them; no settings, no knowledge base.",
      viewer: "Sees conversations, decisions and the knowledge base; changes nothing.",
      admin: "Whoever has Manage Server in Discord, from their next sign-in on. Given and taken there, not here.",
    },
    noSignIn: "Sign-in by Discord is not set up, so nobody but the operator can come in yet.",
    problems: {
      id: "A Discord user id has 15 to 20 digits. Names do not work, since they change.",
      role: "Choose one of the roles.",
      "not-member": "Nobody with this id is a member of this server. Check the id, or let them join first.",
      fixed:
        "The roles of admins and of the operator do not come from here. An admin's goes with Manage Server in Discord.",
    },
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
    removeAsk: (name: string) => `${name} artık bu sunucuya bakamaz.`,
    removeYes: "Evet, çıkar",
    fromDiscord: "Discord'daki Sunucuyu Yönet izniyle",
    add: "Birini ekle",
    addSubmit: "Ekle",
    id: "Discord kullanıcı kimliği",
    idWhat:
      "Discord'da Geliştirici Modu'nu aç (Ayarlar, Gelişmiş), sonra kişiye sağ tıklayıp Kullanıcı Kimliğini Kopyala'yı seç.",
    roles: {
      agent: "Konuşmaları görür ve onlarla ilgilenir; ayarları ve bilgi tabanını görmez.",
      viewer: "Konuşmaları, kararları ve bilgi tabanını görür; hiçbir şeyi değiştirmez.",
      admin:
        "Discord'da Sunucuyu Yönet izni olan herkes, bir sonraki girişinden başlayarak. Orada verilir ve alınır, burada değil.",
    },
    noSignIn: "Discord ile giriş kurulmamış; şimdilik işletmeciden başka kimse giremez.",
    problems: {
      id: "Bir Discord kullanıcı kimliği 15 ile 20 arası rakamdır. Adlar değiştiği için olmaz.",
      role: "Rollerden birini seç.",
      "not-member": "Bu kimlikte biri bu sunucunun üyesi değil. Kimliği kontrol et ya da önce katılmasını iste.",
      fixed:
        "Yöneticilerin ve işletmecinin rolü buradan gelmez. Yöneticininki Discord'daki Sunucuyu Yönet izniyle gelir gider.",
    },
  },
});
