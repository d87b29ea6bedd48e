/** This page's texts, in every language. */
import { inEveryLanguage } from "../words.ts";

export const setupWords = inEveryLanguage({
  en: {
    section: "Setup",
    title: "Setup",
    lead: "From a fresh start to a bot that answers. What is done is ticked; the rest says what to do.",
    states: { done: "Done", open: "To do", optional: "Optional" },
    steps: {
      application: {
        title: "Create an application at Discord",
        what: "In the Discord Developer Portal choose New Application, and put its id (General Information) into DISCORD_APPLICATION_ID.",
      },
      token: {
        title: "Give Gatehouse the bot's token",
        what: "Under Bot press Reset Token and put it into DISCORD_TOKEN. Switch on Message Content Intent there if the bot is to read every message. Then start Gatehouse again.",
      },
      key: {
        title: "Give Gatehouse the public key",
        what: "Copy it from General Information into DISCORD_PUBLIC_KEY. It is filled in by itself once the token works.",
      },
      invite: {
        title: "Add the bot to a server",
        what: "It asks for the least it needs. The server shows up on the list the moment the bot joins.",
      },
      fill: {
        title: "Set the server up",
        what: "On one page: when it speaks and where, what it knows, who helps. The address of your documentation is enough to begin.",
      },
      ask: {
        title: "Ask it something",
        what: "Try a question in the playground first, then mention the bot in a channel.",
      },
      endpoint: {
        title: "Interactions over HTTP",
        what: "Only for a deployment without a gateway process: paste this address as Interactions Endpoint URL. /ask then works without a connection; with a gateway leave it empty.",
      },
      login: {
        title: "Sign-in with Discord",
        what: "So that admins can sign in themselves: put the client secret (OAuth2) into DISCORD_CLIENT_SECRET and add this address to the redirects.",
      },
      model: {
        title: "A language model",
        what: "With GROQ_API_KEY answers are written in the asker's language; without it the best passages are quoted.",
      },
      redis: {
        title: "Redis",
        what: "One process needs none. Set REDIS_URL before you start a second one.",
      },
    },
    invite: "Add to Discord",
    fill: "Set it up",
    ask: "Try a question",
    inviteWithModeration: "Add with moderation",
    endpointUrl: "Interactions Endpoint URL",
    returnUrl: "Redirect",
    notReachable: "Discord reaches only public addresses with https: set PUBLIC_URL to yours.",
    test: "Test the endpoint",
    testPing: "A signed PING is answered",
    testForged: "A wrong signature is refused",
  },
  tr: {
    section: "Kurulum",
    title: "Kurulum",
    lead: "Sıfırdan, yanıt veren bir bota kadar. Biten adımlar işaretli; kalanlarda ne yapılacağı yazıyor.",
    states: { done: "Tamam", open: "Yapılacak", optional: "İsteğe bağlı" },
    steps: {
      application: {
        title: "Discord'da bir uygulama oluştur",
        what: "Discord Developer Portal'da New Application'ı seç ve kimliğini (General Information) DISCORD_APPLICATION_ID değerine yaz.",
      },
      token: {
        title: "Gatehouse'a botun token'ını ver",
        what: "Bot bölümünde Reset Token'a bas ve DISCORD_TOKEN değerine yaz. Bot her mesajı okuyacaksa orada Message Content Intent'i aç. Sonra Gatehouse'u yeniden başlat.",
      },
      key: {
        title: "Gatehouse'a açık anahtarı ver",
        what: "General Information'dan DISCORD_PUBLIC_KEY değerine kopyala. Token çalışınca kendiliğinden dolar.",
      },
      invite: {
        title: "Botu bir sunucuya ekle",
        what: "Yalnızca gerekli en az izni ister. Bot katıldığı anda sunucu listede görünür.",
      },
      fill: {
        title: "Sunucuyu kur",
        what: "Tek sayfada: ne zaman ve nerede konuşur, ne bilir, kim yardım eder. Başlamak için belgelerinin adresi yeter.",
      },
      ask: {
        title: "Bir şey sor",
        what: "Önce deneme alanında bir soru dene, sonra bir kanalda botu etiketle.",
      },
      endpoint: {
        title: "HTTP üzerinden etkileşimler",
        what: "Yalnızca gateway süreci olmayan kurulumlar için: bu adresi Interactions Endpoint URL olarak yapıştır. /ask o zaman bağlantısız çalışır; gateway varsa boş bırak.",
      },
      login: {
        title: "Discord ile giriş",
        what: "Yöneticiler kendileri giriş yapabilsin diye: client secret'ı (OAuth2) DISCORD_CLIENT_SECRET değerine yaz ve bu adresi yönlendirmelere ekle.",
      },
      model: {
        title: "Bir dil modeli",
        what: "GROQ_API_KEY ile yanıtlar soranın dilinde yazılır; onsuz en iyi bölümler alıntılanır.",
      },
      redis: {
        title: "Redis",
        what: "Tek süreç için gerekmez. İkincisini başlatmadan önce REDIS_URL değerini tanımla.",
      },
    },
    invite: "Discord'a ekle",
    fill: "Kur",
    ask: "Soru dene",
    inviteWithModeration: "Moderasyonla ekle",
    endpointUrl: "Interactions Endpoint URL",
    returnUrl: "Yönlendirme",
    notReachable: "Discord yalnızca https'li açık adreslere ulaşır: PUBLIC_URL değerine kendi adresini yaz.",
    test: "Uç noktayı dene",
    testPing: "İmzalı bir PING yanıtlanıyor",
    testForged: "Yanlış imza reddediliyor",
  },
});
