/** Turkish. */
import type { Words } from "../i18n.ts";

export const tr: Words = {
  bot: {
    notInKnowledge: "Bunu bu sunucunun bilgi tabanında bulamadım.",
    nearestPage: "En yakın sayfa:",
    emptyKnowledge: "Henüz yanıt verebileceğim bir bilgi tabanım yok. Bir yönetici panelden ekleyebilir.",
    quoted: "Bilgi tabanında şöyle yazıyor:",
    sources: "Kaynaklar",
    source: "Kaynak",
    marked: "Bu konuşmayı ekip için işaretledim: bir kişiyle görüşmek istediğini görebilirler.",
    markedBefore: "Bu konuşma ekip için zaten işaretli. Bir kişiyle görüşmek istediğini görebilirler.",
    notTold:
      "Bir kişiyle görüşmek istediğini not ettim, ama bu sunucuda ekibe bildirim gitmiyor. Lütfen ekipten birine kendin yaz.",
    teamUntil: (time: string) => `Ekip ${time} saatine kadar burada.`,
    teamFrom: (time: string) => `Ekip şu anda burada değil; ${time} tarihinde dönecek.`,
    teamAway: "Ekibin sabit saatleri yok; biri geldiğinde yanıt verir.",
    person: "Bir kişiyle görüş",
    pressedPerson: "(“Bir kişiyle görüş” düğmesine bastı)",
    takenOver: (member: string, minutes: number, link: string) =>
      `${member} ile konuşma sende. Son mesajından ${minutes} dakika sonrasına kadar bot orada susar. Kanalda ya da panelde yanıtla: ${link}`,
    takenBy: "Bu konuşma şu anda ekipten bir başkasında.",
    notTeam: "Konuşmaları yalnızca ekip devralabilir.",
    askInServer:
      "Sorunun hangi sunucuyla ilgili olduğunu bilemiyorum. Lütfen orada bir kanalda beni etiketleyerek sor.",
    knowledgeLoading: "Bu sunucunun bilgi tabanını hâlâ okuyorum. Lütfen bir dakika sonra yeniden sor.",
    cannotReadAbove:
      'O mesajı göremiyorum: burada önceki mesajları okuma iznim yok. Sorunu kendi sözlerinle yaz ya da bir yöneticiden bu kanalda bana "Mesaj Geçmişini Oku" izni vermesini iste.',
    notSetUp: "Bu sunucu için kurulmadım. Bir yönetici beni panelin Kurulum sayfasından ekleyebilir.",
    askSomething: "Nasıl yardımcı olabilirim? Sorunu yazarken beni etiketle.",
    welcome: "Rica ederim!",
    doingWell: "İyiyim, sorduğun için teşekkürler! Sana nasıl yardımcı olabilirim?",
    insulted:
      "Yardımcı olamadığım için üzgünüm. Neye ihtiyacın olduğunu yaz ya da bir kişiyle görüşmek istediğini söyle.",
    failed: "Benim tarafımda bir şeyler ters gitti. Lütfen bir dakika sonra yeniden dene.",
    linkRemoved: "[bağlantı kaldırıldı]",
    inviteRemoved: "[davet kaldırıldı]",
    off: "Bu kanalda kapalıyım.",
    agentHolds: "Bu konuşmayla ekipten biri ilgileniyor. Sana burada yanıt verecek.",
    forgotten: "Tamam. Bu sunucuda konuştuklarımızı unuttum.",
    thanksUp: "Teşekkürler! Yardımcı olduğuna sevindim.",
    thanksDown: "Bildirdiğin için teşekkürler. Yardımcı olamadığı için üzgünüm; ekip bunu görebilir.",
    unknownCommand: "Bu komutu bilmiyorum. Eski bir sürümümden kalmış olabilir.",
    nothingToAsk: "Bu mesajda yanıtlayabileceğim bir metin yok.",
    refused: {
      quota:
        "Bu sunucunun bu ayki mesajları bitti; gelecek aya kadar yanıt veremiyorum. Bir yönetici panelde Kullanım ve plan sayfasında ayrıntıları görür.",
      "moderation-share": "Moderasyon bu aydaki payını kullandı.",
      "plan-without-discord":
        "Bu sunucunun planında Discord'da yanıt yok. Bir yönetici bunu panelde Kullanım ve plan sayfasında değiştirebilir.",
      "member-limit": "Son bir saatte bana çok soru sordun. Biraz bekleyip sonra yeniden sorar mısın?",
      "channel-limit": "Bu kanalda şu anda çok fazla soru var. Lütfen bir dakika sonra yeniden sor.",
      "cost-limit": "Bu sunucunun bugün harcayabileceğine ulaştım. Lütfen yarın yeniden sor.",
      "member-busy": "Hâlâ önceki sorularınla ilgileniyorum. Lütfen bir dakika sonra yeniden sor.",
      "server-busy": "Bu sunucuda şu anda çok fazla soru sırada bekliyor. Lütfen bir dakika sonra yeniden sor.",
    },
    helpful: "Yardımcı oldu",
    notHelpful: "Yardımcı olmadı",
    privacy: {
      kept: (turns, silences, cases) =>
        `**Bu sunucuda hakkında sakladıklarım**\n• birbirimize yazdıklarımız: ${turns} gün\n• yanıtlamayı düşündüğüm mesajların: ${silences} gün\n• moderasyonun bulduğu bir şey varsa metni: ${cases} gün\n• devam soruları için: yarım saat\n\nBir dil modeli mesajını yalnızca sana yanıt verdiğimde ya da moderasyon emin olamadığında görür. Beni ilgilendirmeyen mesajlar saklanmaz.`,
      file: "Sakladıklarını bana gönder",
      forget: "Beni unut",
      doNotRead: "Beni okuma",
      readAgain: "Beni yeniden oku",
      fileHere: "Hakkında sakladıklarım bunlar; JSON biçiminde (gunzip ile aç).",
      fileSent: "Sana özel mesajla bir dosya gönderdim.",
      fileAgain: (hours) =>
        `Dosyanı az önce istedin; özel mesajlarımızda duruyor. Yenisi ${hours} saatte bir hazırlanabilir.`,
      fileTooLarge: "Discord'da bir dosyaya sığandan fazlası var. Lütfen bu sunucunun yöneticilerinden iste.",
      cannotWrite:
        "Sana yazamıyorum. Bu sunucunun gizlilik ayarlarında özel mesajlara izin ver, sonra düğmeye yeniden bas.",
      busy: "Şu anda çok kişi dosyasını istiyor. Lütfen birkaç dakika sonra düğmeye yeniden bas.",
      forgotten:
        "Tamam. Bulunduğum bütün sunuculardaki konuşmalarımızı boşalttım. Moderasyonun verdiği kararlar, itiraz edilebildikleri için süreleri dolana dek kalır.",
      isUnread:
        "Seni okumuyorum: mesajların ne yanıtlanıyor ne de bir dil modeline gösteriliyor. Onlara yalnızca istenmeyen mesaj ve dolandırıcılığa karşı sabit kurallar bakıyor. Bunu /privacy ile değiştirebilirsin.",
      isRead: "Tamam. Sorduğunda sana yine yanıt veririm.",
      optedOut: "Seni okumamamı istedin, bu yüzden yanıt veremiyorum. Bunu /privacy ile değiştirebilirsin.",
      authorOptedOut: "Bunu yazan kişi okunmak istemiyor. Onun yerine /ask ile kendi sözlerinle sor.",
    },
  },
  notices: {
    quota: (percent: number, used: number, limit: number) =>
      percent >= 100
        ? `Hesabın bu ayki ${limit} mesajı bitti. Yanıtlar durdu; moderasyon yalnızca ön süzgeçle sürüyor. Daha büyük bir plan al ya da gelecek ayı bekle: paneldeki Kullanım ve plan sayfasına bak.`
        : `Hesap bu ay ${limit} mesajından ${used} tanesini kullandı, %${percent} sınırını geçti. Paneldeki Kullanım ve plan sayfasına bak.`,
    draft: (topic: string) =>
      `“${topic}” konulu bir gönderi yazıldı ve birinin onayını bekliyor: paneldeki Kendiliğinden sayfasına bak.`,
    channelLost: "Takvimli bir gönderinin artık kanalı yok: paneldeki Kendiliğinden sayfasına bak.",
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
    modelDown: (problem) =>
      `Yanıtlar şimdilik bilgi tabanından alıntılanıyor: ${problem}; GROQ_API_KEY ve GROQ_BASE_URL değerlerine bak.`,
    modelGone: (model, instead) =>
      instead === null
        ? `Sağlayıcı ${model} modelini sunmuyor ve yerine geçen bir model yok; GROQ_ANSWER_MODEL, GROQ_JUDGE_MODEL ve GROQ_MODERATION_MODEL değerlerine sunduğu modelleri yaz.`
        : `Sağlayıcı ${model} modelini sunmuyor; yerine ${instead} yanıt veriyor. Onu adlandıran değişkene sunulan bir model yaz.`,
    modelAbsent:
      "GROQ_API_KEY yok, bu yüzden yanıtlar bilgi tabanından alıntılanıyor; bir modelin yazması için tanımla.",
    meanings: (model) =>
      `Bölümler anlamlarına göre de sıralanıyor; gömme (embedding) sunucusu ${model} ile yanıt veriyor.`,
    meaningsDown: (problem) =>
      `Bölümler yalnızca kelimelerine göre sıralanıyor: ${problem}; EMBEDDINGS_BASE_URL, EMBEDDINGS_API_KEY ve EMBEDDINGS_MODEL değerlerine ve sunucunun çalıştığına bak.`,
    meaningsKept: (meant, passages) =>
      `${passages} bölümden ${meant} tanesinin anlamı saklanıyor; ötekiler biri soru sorunca eklenir.`,
    meaningsTooMany: (passages, most) =>
      `Bölümler yalnızca kelimelerine göre sıralanıyor: ${passages} bölüm var, anlamlar ise en çok ${most} bölüm için saklanır; kimsenin sormadığı kaynakları kaldır.`,
    botAbsent:
      "Bağlı bir bot yok; DISCORD_TOKEN değerini tanımla (Developer Portal, Bot, Reset Token) ya da önce `npm run demo` ile göz at.",
    token: (name) => `Discord botun token'ını tanıyor: ${name}.`,
    tokenRefused: (problem) =>
      `Discord'a bu token ile sorulamadı (${problem}); Developer Portal'da Bot, Reset Token altından yenisini kopyala.`,
    tokenAbsent: "Bu süreçte bu botun token'ı yok; gateway'in başlatıldığı DISCORD_TOKEN değerini tanımla.",
    discordDown: (problem) =>
      `Discord yanıt vermiyor (${problem}); bu makinenin Discord'a erişimini ve ayarlıysa DISCORD_API_BASE değerini kontrol et.`,
    intentAbsent:
      "Message Content izni verilmemiş, bu yüzden yalnızca etiketlemeler, yanıtlar, özel mesajlar ve komutlar metin taşır; Developer Portal'da Bot altından aç.",
    commands: "Eğik çizgi komutları kayıtlı.",
    commandsAbsent: "Eğik çizgi komutları henüz kayıtlı değil; gateway ya da web rolünü bir kez başlat, kaydeder.",
    commandsRefused: (why) =>
      `Discord eğik çizgi komutlarını reddetti (${why}), bu yüzden /ask yok ya da eski; Gatehouse bir sonraki başlangıcında yeniden dener. Yine reddedilirse Developer Portal'da token'ın bu uygulamaya ait olduğunu kontrol et ve parantez içindeki sözleri bildir.`,
    endpoint: (url) =>
      `Etkileşimler ${url} adresine gidiyor; gateway üzerinden gelmesi için Developer Portal'daki adresi sil.`,
    gateway: (shards) => `Gateway ${shards} shard ile bağlı.`,
    gatewayPartly: (ready, shards) =>
      `${shards} shard'dan yalnızca ${ready} tanesi Discord'a bağlı; bir dakika bekle, düzelmezse gateway'in günlüğüne bak, nedeni orada yazar.`,
    gatewayConnecting:
      "Gateway'i bir süreç çalıştırıyor, ama Discord bağlantıyı henüz kabul etmedi; bir dakika bekle, düzelmezse günlüğüne bak, nedeni orada yazar.",
    gatewayDown: "Gateway'i çalıştıran süreç yok; `gatehouse all` ya da `gatehouse gateway` ile başlat.",
    guildUnseen: "Bot bu sunucuyu görmüyor; kurulum sayfasından yeniden davet et.",
    knowledge: (passages) => `Bilgi tabanında ${passages} bölüm var.`,
    knowledgeEmpty: "Bilgi tabanı boş; `gatehouse knowledge import` ile ya da bilgi tabanı sayfasından ekle.",
    modeNeedsContent: "“Her mesaj” modu Message Content iznini gerektirir; izni aç ya da “Etiketlenince” modunu seç.",
    permissions: (channels) =>
      channels === 1
        ? "Bot tek metin kanalında gereken izinlere sahip."
        : `Bot ${channels} metin kanalının hepsinde gereken izinlere sahip.`,
    permissionsMissing: (names) => `Botun rolüne şu izinleri ver: ${names.join(", ")}.`,
    channelHidden: "Bot bu kanalı görmüyor; orada yanıt vermesi için rolüne Kanalı Görüntüle iznini ver.",
    moderationWithoutAction:
      "Moderasyon açık ama bütün eylemler kapalı, yalnızca kayıt tutar; bir eylem aç ya da bilerek böyle bırak.",
    moderationNeedsContent:
      "Moderasyon açık, ama bot yalnızca kendisini etiketleyen mesajları okuyor. Developer Portal'da Message Content iznini aç.",
    moderationRoleOrder: (roles) =>
      `Şu rollerdeki üyeler susturulamaz, çıkarılamaz ve yasaklanamaz, çünkü roller botunkinin altında değil: ${roles}. Botun rolünü bunların üstüne sürükle (Sunucu Ayarları, Roller).`,
    moderationMissingIn: (permission, channels) =>
      `Botun şu kanallarda ${permission} izni yok: ${channels}; açık olan eylem orada çalışmıyor. Bu kanalların izinlerinde botun rolüne ver.`,
    inviteMissing:
      "Bot davet oluşturamadığı için çıkarılan ya da yanlışlıkla yasaklanan kimse geri davet edilemiyor. Rolüne Davet Oluştur iznini ver.",
    moderationWell: "Botun, açık olan her eylem için gereken izni var.",
    joinsNeedMembers:
      "Moderasyon katılımları (baskın modu) ya da adları izleyecek, ama Server Members izni verilmemiş. Developer Portal'da Bot altında aç, sonra Gatehouse'u yeniden başlat.",
    joinsNeedRestart:
      "Moderasyon katılımları (baskın modu) ya da adları izleyecek, ama bot Server Members izni verilmeden önce bağlandı. Gatehouse'u yeniden başlat.",
    logChannelGone: "Moderasyonun kayıt kanalı artık yok; Moderasyon, Kurallar ve ayarlar altında başka bir kanal seç.",
    logChannelClosed: (channel, permissions) =>
      `Bot ${channel} kayıt kanalına yazamıyor; rolüne orada şu izinleri ver: ${permissions}.`,
    autoModUnseen:
      "Discord'un kendi AutoMod'unun yaptıkları kayıtta yok, çünkü Discord bunu yalnızca Sunucuyu Yönet izni olan botlara söyler; istersen botun rolüne ver.",
    moderationWithoutRules:
      "Moderasyon senin bir kuralın olmadan açık; en az bir kural yaz, yoksa yalnızca yerleşik sinyaller geçerli.",
    permission: {
      createInvite: "Davet Oluştur",
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
  /** What became of a message, for people. */
  outcomes: {
    kinds: {
      cleared: "Temiz",
      silent: "Sessiz",
      answered: "Yanıtlandı",
      moderated: "Modere edildi",
      escalated: "İletildi",
      "left-to-agent": "Temsilciye bırakıldı",
      merged: "Birleştirildi",
      refused: "Reddedildi",
      failed: "Başarısız",
      dropped: "Düşürüldü",
    },
    reasons: {
      mentioned: "bot etiketlendi",
      "replied-to-bot": "bota yanıt verildi",
      "own-thread": "botun açtığı bir alt başlıkta",
      "direct-message": "özel mesaj",
      "every-message": "burada her mesaj yanıtlanıyor",
      smart: "yardım edebiliyordu",
      "already-answered": "zaten yanıtlamıştı",
      reused: "aynı soru son bir saatte bu yanıtı almıştı: yeniden söylendi, sayılmadı",
      "own-message": "botun kendi mesajı",
      "bot-author": "bir bot yazdı",
      webhook: "bir webhook yazdı",
      "system-message": "Discord'un kendi mesajı",
      empty: "metin yoktu",
      "mode-off": "bot burada kapalı",
      "mode-ask": "burada yalnızca /ask yanıtlanıyor",
      "not-mentioned": "bot etiketlenmedi",
      "agent-holds": "bir temsilci konuşuyordu",
      "addressed-to-another": "başkasına söylendi",
      "staff-answered": "ekip zaten yanıtlamıştı",
      "answered-meanwhile": "bu arada biri yanıtladı",
      "thread-solved": "alt başlık çözüldü olarak işaretli",
      "small-talk": "sohbet",
      "another-application": "bu sunucuya bu kurulumun başka bir botu bakıyor",
      "opted-out": "yazan kişi okunmak istemiyor",
      "another-bot": "bu sunucuya bu kurulumun başka bir botu bakıyor",
      "nothing-relevant": "bilgi tabanında uyan bir şey yok",
      "model-declined": "model yardım edecek bir yol görmedi",
      known: "bilgi tabanında var",
      "not-in-knowledge": "bilgi tabanında yok",
      "no-knowledge": "bilgi tabanı boş",
      "wants-human": "bir üye bir kişiyle görüşmek istedi",
      button: "bir üye “Bir kişiyle görüş” düğmesine bastı",
      "two-failures": "bot art arda iki kez yardımcı olamadı",
      quota: "bu ayın mesajları tükendi",
      "moderation-share": "moderasyon aydaki payını kullandı",
      "plan-without-discord": "planda Discord'da yanıt yok",
      "member-limit": "üye, bu sunucunun bir saatte izin verdiğinden çok sordu",
      "channel-limit": "kanalda, bu sunucunun bir dakikada izin verdiğinden çok soru soruldu",
      "cost-limit": "günün para tavanına ulaşıldı",
      "member-busy": "üye, yanıtlanabilecek olandan daha hızlı sordu",
      "server-busy": "bu sunucunun çok fazla sorusu sırada bekliyordu",
      timeout: "çok uzun sürdü",
      unavailable: "karşı tarafa ulaşılamadı",
      "rate-limited": "aynı anda çok fazla istek",
      unauthorized: "Discord token'ı reddetti",
      forbidden: "bir izin eksik",
      "not-found": "kanal ya da mesaj artık yok",
      invalid: "Discord mesajı reddetti",
      overloaded: "aynı anda çok iş vardı",
      "unknown-outcome": "gönderilip gönderilmediği bilinmiyor",
      pressure: "daha yakından bakılamayacak kadar çok iş vardı",
      "ring-full": "aynı anda çok iş vardı",
      "asked-nothing": "bot soru olmadan çağrıldı",
      courtesy: "selam ya da teşekkür",
      "knowledge-loading": "bilgi tabanı hâlâ okunuyordu",
      "ask-in-server": "hangi sunucuyla ilgili olduğu anlaşılmadı",
      duplicate: "bir kez daha iletildi, zaten ele alınmıştı",
      "into-later": "üyenin sonraki mesajıyla birlikte ele alındı",
      "message-deleted": "mesaj bu arada silindi",
      "self-unknown": "Discord botun kim olduğunu henüz söylememişti",
      "no-outcome": "program, sonucu bildiremeden kapandı",
      poison: "programı tekrar tekrar çökertti; kayıtta duruyor",
      forgotten: "bir üye unutulmak istedi",
      bug: "bizim hatamız; kayıtta duruyor",
    },
  },
};
