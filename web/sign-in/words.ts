/** This page's texts, in every language. */
import { inEveryLanguage } from "../words.ts";

export const signInWords = inEveryLanguage({
  en: {
    section: "Sign in",
    withDiscord: "Sign in with Discord",
    or: "or, on the machine that runs Gatehouse",
    add: "Add the bot to a server",
    arriving: "The bot is on its way",
    arrivingWhat: "It joins your server in a moment, and its setup opens by itself.",
    arrivingLate:
      "It has not joined your server yet. Look whether it is in the member list there; if it is, whoever runs Gatehouse should see whether it is connected.",
    lookAgain: "Look again",
    stepConsole: "Find the one-time link that Gatehouse printed on its console when it started.",
    stepOpen: "Open it in this browser. It looks like",
    enter: "Sign in",
    enterWhat: "This link signs this browser in once, as the operator of this deployment.",
    stepAgain: "It works once. Starting Gatehouse again prints a new one.",
    problems: {
      link: "This link has been used, or it is too old. Each one works once.",
      discord: "Discord did not confirm the sign-in. Please try again.",
      "no-guilds": "You do not manage a server that this bot is in.",
      busy: "Too many people are signing in right now. Please try again in a minute.",
    },
  },
  tr: {
    section: "Giriş yap",
    withDiscord: "Discord ile giriş yap",
    or: "ya da Gatehouse'u çalıştıran makinede",
    add: "Botu bir sunucuya ekle",
    arriving: "Bot yolda",
    arrivingWhat: "Birazdan sunucuna katılır ve kurulumu kendiliğinden açılır.",
    arrivingLate:
      "Henüz sunucuna katılmadı. Oradaki üye listesinde mi, bak; oradaysa Gatehouse'u çalıştıran kişi bağlı olup olmadığına bakmalı.",
    lookAgain: "Yeniden bak",
    stepConsole: "Gatehouse'un başlarken konsola yazdığı tek kullanımlık bağlantıyı bul.",
    stepOpen: "Bu tarayıcıda aç. Şuna benzer:",
    enter: "Giriş yap",
    enterWhat: "Bu bağlantı, bu tarayıcıyı bu kurulumun işletmecisi olarak bir kez içeri alır.",
    stepAgain: "Bir kez çalışır. Gatehouse yeniden başlarken yenisini yazar.",
    problems: {
      link: "Bu bağlantı kullanılmış ya da süresi dolmuş. Her bağlantı bir kez çalışır.",
      discord: "Discord girişi onaylamadı. Lütfen yeniden dene.",
      "no-guilds": "Bu botun bulunduğu bir sunucuyu yönetmiyorsun.",
      busy: "Şu anda çok fazla kişi giriş yapıyor. Lütfen bir dakika sonra yeniden dene.",
    },
  },
});
