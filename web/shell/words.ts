/** Texts around every page, in every language: navigation, notices, errors. */
import { inEveryLanguage } from "../words.ts";

export const shellWords = inEveryLanguage({
  en: {
    layout: {
      skip: "Skip to content",
      menu: "Open the menu",
      search: "Search this server",
      navigation: "Main",
      switchGuild: "Switch server",
      signOut: "Sign out",
      theme: "Theme",
      themes: { auto: "Same as the system", light: "Light", dark: "Dark" },
      language: "Language",
      requestFailed: "That did not work. Check your connection and try again.",
      offline: "You are offline. What you see may be old, and nothing is saved until the connection is back.",
      cutOff: "Live updates are cut off. This page keeps trying; until then it may be out of date.",
    },
    notices: {
      noBot: {
        text: "No bot is connected yet.",
        todo: "The setup page leads there step by step. To look around first, run: npm run demo.",
      },
      extractive: {
        text: "Answers are quoted from the knowledge base, not written.",
        todo: "Set GROQ_API_KEY to have them written, in the asker's language.",
        elsewhere: "Whoever runs this bot sets GROQ_API_KEY to have them written, in the asker's language.",
      },
      noRedis: {
        text: "Short-lived state is kept in this one process.",
        todo: "That is fine for a single process. Set REDIS_URL before you start a second one.",
      },
    },
    errors: {
      notFound: "There is nothing here",
      notFoundNext: "The page does not exist, or you have no access to it.",
      unavailable: "We cannot reach our data right now",
      unavailableNext: "This usually passes within seconds. Please try again.",
      failed: "Something went wrong on our side",
      failedNext: "It is in the log. If it happens again, tell the operator this number:",
      tooLarge: "That is too large to be taken in one piece.",
      tooSlow: "The upload took too long. Please try again.",
      badForm: "The form could not be read. Please go back and try again.",
      crossSite: "This request came from another site, so nothing was done. Open the dashboard itself and try again.",
      busy: "Too much is open or being searched at once. Close tabs of the dashboard that you do not need, or try again in a minute.",
      receiving:
        "Other uploads of yours or of this server are still on their way. Wait until they are done, then send this again.",
      home: "Back to your servers",
      retry: "Try again",
    },
    setup: "Setup",
  },
  tr: {
    layout: {
      skip: "İçeriğe geç",
      menu: "Menüyü aç",
      search: "Bu sunucuda ara",
      navigation: "Ana menü",
      switchGuild: "Sunucu değiştir",
      signOut: "Çıkış yap",
      theme: "Tema",
      themes: { auto: "Sisteme göre", light: "Açık", dark: "Koyu" },
      language: "Dil",
      requestFailed: "Olmadı. Bağlantını kontrol edip yeniden dene.",
      offline: "Çevrimdışısın. Gördüklerin eski olabilir, bağlantı dönene kadar hiçbir şey kaydedilmez.",
      cutOff: "Canlı bağlantı koptu, yeniden deneniyor. O zamana kadar bu sayfa güncel olmayabilir.",
    },
    notices: {
      noBot: {
        text: "Henüz bağlı bir bot yok.",
        todo: "Kurulum sayfası adım adım gösterir. Önce göz atmak için: npm run demo.",
      },
      extractive: {
        text: "Yanıtlar yazılmıyor, bilgi tabanından alıntılanıyor.",
        todo: "Soranın dilinde yazılmaları için GROQ_API_KEY değerini tanımla.",
        elsewhere: "Soranın dilinde yazılmaları için botu işleten kişi GROQ_API_KEY'i ayarlar.",
      },
      noRedis: {
        text: "Kısa ömürlü veriler yalnızca bu süreçte tutuluyor.",
        todo: "Tek süreç için bu yeterli. İkincisini başlatmadan önce REDIS_URL değerini tanımla.",
      },
    },
    errors: {
      notFound: "Burada bir şey yok",
      notFoundNext: "Sayfa yok ya da ona erişimin yok.",
      unavailable: "Şu anda verilerimize ulaşamıyoruz",
      unavailableNext: "Genellikle birkaç saniyede geçer. Lütfen yeniden dene.",
      failed: "Bizim tarafımızda bir şeyler ters gitti",
      failedNext: "Kaydedildi. Yeniden olursa işletmeciye şu numarayı ilet:",
      tooLarge: "Bu, tek parçada alınamayacak kadar büyük.",
      tooSlow: "Yükleme çok uzun sürdü. Lütfen yeniden dene.",
      badForm: "Form okunamadı. Lütfen geri dönüp yeniden dene.",
      crossSite: "Bu istek başka bir siteden geldiği için hiçbir şey yapılmadı. Paneli açıp yeniden dene.",
      busy: "Aynı anda çok fazla sayfa açık ya da arama sürüyor. Gerekmeyen panel sekmelerini kapat ya da bir dakika sonra yeniden dene.",
      receiving:
        "Senin ya da bu sunucunun başka yüklemeleri hâlâ sürüyor. Bitmelerini bekle, sonra bunu yeniden gönder.",
      home: "Sunucularına dön",
      retry: "Yeniden dene",
    },
    setup: "Kurulum",
  },
});
