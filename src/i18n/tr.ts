/** Turkish. */
import type { Words } from "../i18n.ts";
import { webTr } from "./web-tr.ts";

export const tr: Words = {
  bot: {
    notInKnowledge: "Bunu bu sunucunun bilgi tabanında bulamadım.",
    emptyKnowledge: "Henüz yanıt verebileceğim bir bilgi tabanım yok. Bir yönetici panelden ekleyebilir.",
    quoted: "Bilgi tabanında şöyle yazıyor:",
    sources: "Kaynaklar",
    source: "Kaynak",
    marked: "Bu konuşmayı ekip için işaretledim: bir kişiyle görüşmek istediğini görebilirler.",
    markedBefore: "Bu konuşma ekip için zaten işaretli. Bir kişiyle görüşmek istediğini görebilirler.",
    askInServer: "Sorunun hangi sunucuyla ilgili olduğunu bilemiyorum. Lütfen orada bir kanalda benden bahsederek sor.",
    askSomething: "Nasıl yardımcı olabilirim? Sorunla birlikte benden bahset.",
    welcome: "Rica ederim!",
    failed: "Benim tarafımda bir şeyler ters gitti. Lütfen bir dakika sonra yeniden dene.",
    linkRemoved: "[bağlantı kaldırıldı]",
    inviteRemoved: "[davet kaldırıldı]",
    off: "Bu kanalda kapalıyım.",
    agentHolds: "Bu konuşmayla ekipten biri ilgileniyor. Sana burada yanıt verecek.",
    forgotten: "Tamam. Bu sunucuda konuştuklarımızı unuttum.",
    thanks: "Teşekkürler, bu yardımcı oluyor.",
    unknownCommand: "Bu komutu bilmiyorum. Eski bir sürümümden kalmış olabilir.",
    nothingToAsk: "Bu mesajda yanıtlayabileceğim bir metin yok.",
    helpful: "Yardımcı oldu",
    notHelpful: "Yardımcı olmadı",
  },
  doctor: {
    database: (version, embedded) => `PostgreSQL ${version} yanıt veriyor${embedded ? " (gömülü)" : ""}.`,
    databaseDown: (problem) =>
      `Veritabanı yanıt vermiyor (${problem}); DATABASE_URL değerini ve sunucunun çalıştığını kontrol et.`,
    redis: "Redis yanıt veriyor.",
    redisAbsent:
      "Kısa ömürlü veriler bu süreçte tutuluyor; ikinci bir süreç başlatmadan önce REDIS_URL değerini tanımla.",
    redisDown:
      "Redis yanıt vermiyor; REDIS_URL değerini ve sunucunun çalıştığını kontrol et, o zamana kadar yanıtlar belleksiz sürer.",
    model: "Yanıtları bir model yazıyor.",
    modelAbsent:
      "GROQ_API_KEY yok, bu yüzden yanıtlar bilgi tabanından alıntılanıyor; bir modelin yazması için tanımla.",
    botAbsent:
      "Bağlı bir bot yok; DISCORD_TOKEN değerini tanımla (Developer Portal, Bot, Reset Token) ya da önce `npm run demo` ile göz at.",
    token: (name) => `Discord botun belirtecini tanıyor: ${name}.`,
    tokenRefused: (problem) =>
      `Discord'a bu belirteçle sorulamadı (${problem}); Developer Portal'da Bot, Reset Token altından yenisini kopyala.`,
    tokenAbsent: "Bu süreçte bu botun belirteci yok; ağ geçidinin başlatıldığı DISCORD_TOKEN değerini ayarla.",
    discordDown: (problem) =>
      `Discord yanıt vermiyor (${problem}); bu makinenin Discord'a erişimini ve ayarlıysa DISCORD_API_BASE değerini denetle.`,
    intentAbsent:
      "Message Content izni verilmemiş, bu yüzden yalnızca bahsetmeler, yanıtlar, özel mesajlar ve komutlar metin taşır; Developer Portal'da Bot altından aç.",
    commands: "Eğik çizgi komutları kayıtlı.",
    commandsAbsent: "Eğik çizgi komutları henüz kayıtlı değil; gateway ya da web rolünü bir kez başlat, kaydeder.",
    endpoint: (url) =>
      `Etkileşimler ${url} adresine gidiyor; gateway üzerinden gelmesi için Developer Portal'daki adresi sil.`,
    gateway: (shards) => `Gateway ${shards} parça ile çalışıyor.`,
    gatewayPartly: (held, shards) =>
      `${shards} parçadan yalnızca ${held} tanesi çalışan bir süreçte; bir gateway süreci daha başlat ya da duranın günlüğünü oku.`,
    gatewayDown: "Gateway'i tutan süreç yok; `gatehouse all` ya da `gatehouse gateway` ile başlat.",
    guildUnseen: "Bot bu sunucuyu görmüyor; kurulum sayfasından yeniden davet et.",
    knowledge: (passages) => `Bilgi tabanında ${passages} bölüm var.`,
    knowledgeEmpty: "Bilgi tabanı boş; `gatehouse knowledge import` ile ya da bilgi tabanı sayfasından ekle.",
    modeNeedsContent: "“Her mesaj” modu Message Content iznini gerektirir; izni aç ya da “Bahsedilince” modunu seç.",
    permissions: (channels) =>
      channels === 1
        ? "Bot tek metin kanalında gereken izinlere sahip."
        : `Bot ${channels} metin kanalının hepsinde gereken izinlere sahip.`,
    permissionsMissing: (names) => `Botun rolüne şu izinleri ver: ${names.join(", ")}.`,
    channelHidden: "Bot bu kanalı görmüyor; orada yanıt vermesi için rolüne Kanalı Görüntüle iznini ver.",
    moderationWithoutAction:
      "Moderasyon açık ama bütün eylemler kapalı, yalnızca kayıt tutar; bir eylem aç ya da bilerek böyle bırak.",
    moderationWithoutRules:
      "Moderasyon senin bir kuralın olmadan açık; en az bir kural yaz, yoksa yalnızca yerleşik sinyaller geçerli.",
    permission: {
      kickMembers: "Üyeleri At",
      banMembers: "Üyeleri Yasakla",
      administrator: "Yönetici",
      manageChannels: "Kanalları Yönet",
      manageGuild: "Sunucuyu Yönet",
      viewChannel: "Kanalı Görüntüle",
      sendMessages: "Mesaj Gönder",
      manageMessages: "Mesajları Yönet",
      embedLinks: "Bağlantı Yerleştir",
      attachFiles: "Dosya Ekle",
      readMessageHistory: "Mesaj Geçmişini Oku",
      manageThreads: "Alt Başlıkları Yönet",
      createPublicThreads: "Herkese Açık Alt Başlık Oluştur",
      sendMessagesInThreads: "Alt Başlıklarda Mesaj Gönder",
      moderateMembers: "Üyelere Zaman Aşımı Uygula",
    },
  },
  /** What the dashboard says. */
  web: webTr,
};
