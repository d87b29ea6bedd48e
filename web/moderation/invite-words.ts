/** What a case page says about an invitation, in every language; part of words.ts. */
import { inEveryLanguage } from "../words.ts";

export const inviteWords = inEveryLanguage({
  en: {
    inviteBack: "Invite the member back",
    inviteAfterKick: "A kick cannot be undone. An invitation lets the member come back.",
    inviteAfterBan: "The ban is lifted, and the member is still outside. An invitation lets them come back.",
    inviteAsk: "The bot makes a link in Discord that one person can use, and tries to send it to the member.",
    inviteYes: "Yes, create it",
    inviteAnother: "Create another invitation",
    inviteLink: "Invitation",
    inviteUntil: "Good for one use; over",
    inviteOver: "The last invitation's time was over",
    inviteSending: "It is being sent to the member. Look again in a moment.",
  },
  tr: {
    inviteBack: "Üyeyi geri davet et",
    inviteAfterKick: "Çıkarma geri alınamaz. Üye bir davetle dönebilir.",
    inviteAfterBan: "Yasak kaldırıldı, ama üye hâlâ sunucunun dışında. Bir davetle dönebilir.",
    inviteAsk: "Bot, Discord'da tek kişinin kullanabileceği bir bağlantı oluşturur ve üyeye göndermeyi dener.",
    inviteYes: "Evet, oluştur",
    inviteAnother: "Yeni bir davet oluştur",
    inviteLink: "Davet bağlantısı",
    inviteUntil: "Tek kullanımlık; geçerlilik sonu:",
    inviteOver: "Son davetin süresi doldu:",
    inviteSending: "Üyeye gönderiliyor. Birazdan yeniden bak.",
  },
});
