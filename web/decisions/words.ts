/** What this page says, in every language. */
import { inEveryLanguage } from "../words.ts";

export const decisionWords = inEveryLanguage({
  en: {
    section: "Why was it silent?",
    title: "Why was it silent?",
    lead: "What the bot left alone, and why. Choose another outcome to see what became of the rest.",
    notes: {
      mention:
        "The bot answers here when it is mentioned or replied to. Messages that do neither are passed over and not listed.",
      ask: "The bot answers here on /ask alone. Other messages are passed over; those that mention somebody are listed.",
      off: "The bot is switched off in this server. Messages that mention somebody are listed.",
      all: "The bot answers every message here. What it passes over is listed with the reason.",
      smart:
        "The bot reads every message and speaks where it can help. Its silences are listed with the reason: in a busy minute only a sample, but always those that a model decided.",
      channels: "Channels with settings of their own go by those.",
    },
    show: "Show the message",
    emptySilent: "It has not been silent yet",
    emptySilentNext: "As soon as it leaves a message alone, this list says which and why.",
    conversation: "Conversation",
    gone: "The message is gone, or the bot may not read it any more.",
    noText: "(no text)",
    open: "Open in Discord",
    when: "When",
    what: "Outcome",
    why: "Why",
    time: "Time",
    tokens: "tokens",
    anything: "Any outcome",
    empty: "Nothing has been decided yet",
    emptyNext: "As soon as members write where the bot can read, each decision shows up here with its reason.",
  },
  tr: {
    section: "Neden sustu?",
    title: "Neden sustu?",
    lead: "Botun yanıtlamadığı mesajlar ve nedenleri. Ötekilerin ne olduğunu görmek için başka bir sonuç seç.",
    notes: {
      mention: "Bot burada etiketlenince ya da yanıtlanınca konuşur. İkisi de olmayan mesajlar geçilir ve listelenmez.",
      ask: "Bot burada yalnızca /ask komutunu yanıtlar. Öteki mesajlar geçilir; birini etiketleyenler listelenir.",
      off: "Bot bu sunucuda kapalı. Birini etiketleyen mesajlar listelenir.",
      all: "Bot burada her mesajı yanıtlar. Geçtikleri nedeniyle listelenir.",
      smart:
        "Bot her mesajı okur, yardım edebileceği yerde konuşur. Sustukları nedeniyle listelenir: yoğun dakikalarda yalnızca bir örneği, modelin karar verdiklerinin ise tümü.",
      channels: "Kendi ayarı olan kanallar ona göre davranır.",
    },
    show: "Mesajı göster",
    emptySilent: "Henüz hiç susmadı",
    emptySilentNext: "Bir mesajı yanıtlamadığında hangisi olduğu ve nedeni burada görünür.",
    conversation: "Konuşma",
    gone: "Mesaj silinmiş ya da bot onu artık okuyamıyor.",
    noText: "(metin yok)",
    open: "Discord'da aç",
    when: "Ne zaman",
    what: "Sonuç",
    why: "Neden",
    time: "Süre",
    tokens: "token",
    anything: "Her sonuç",
    empty: "Henüz bir karar yok",
    emptyNext: "Üyeler botun okuyabildiği bir yere yazar yazmaz her karar nedeniyle burada görünür.",
  },
});
