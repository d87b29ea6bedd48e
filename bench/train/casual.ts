/**
 * What help channels do not teach: people who talk without wanting anything, and Turkish. Clean posts of the moderation sets, and
 * Turkish requests put together from the phrases below (ours, since no labelled Turkish help channel is at hand). They are texts
 * only: nobody talks to anybody here, so the forest does not grow on them. For training, never for measuring.
 */
import { seeded } from "./linear.ts";
import { readTexts } from "./moderation-data.ts";
import type { Log, LogRow } from "./smart-data.ts";

const POSTS_MAX = 1_500;
const TURKISH_REQUESTS = 500;
/** Questions that want company, not help. */
const INVITATIONS = 400;

export async function casualLog(): Promise<Log | null> {
  const english = await readTexts(["davidson", "surge_toxicity", "janitr_x_scam"]);
  const turkish = await readTexts(["turkish_offensive"]);
  if (english === null || turkish === null) return null;
  const random = seeded(23);
  const posts = (rows: typeof english) =>
    rows
      .filter(({ label }) => label === 0)
      .map(({ text }) => text.replace(/^(?:RT )?(?:@\w+:? )+|&#?\w+;/g, "").trim())
      .filter((text) => text.length > 3 && text.length < 200 && !text.includes("?"))
      .map((text) => ({ text, order: random() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, POSTS_MAX)
      .map(({ text }) => ({ text, request: false }));
  const requests = Array.from({ length: TURKISH_REQUESTS }, () => ({ text: turkishRequest(random), request: true }));
  const small = Array.from({ length: 300 }, () => ({ text: pick(SMALL_TALK, random), request: false }));
  const invited = Array.from({ length: INVITATIONS }, () => ({ text: invitation(random), request: false }));
  const all = [...posts(english), ...posts(turkish), ...requests, ...small, ...invited]
    .map((said) => ({ ...said, order: random() }))
    .sort((a, b) => a.order - b.order);

  const rows = all.map(({ text, request }, i): LogRow => {
    const id = `casual-${i}`;
    const expected = request ? "answer_candidate" : "silent";
    return { id, channel: "casual", ts: null, author: "someone", text, expected, block: request ? id : null };
  });
  return { name: "casual", community: "irc", rows, lines: [] };
}

function turkishRequest(random: () => number): string {
  const thing = pick(THINGS, random);
  const [subject = "", object = ""] = thing.split("/");
  const text = pick(REQUESTS, random).replace("{s}", subject).replace("{o}", object);
  const opened = random() < 0.35 ? `${pick(OPENINGS, random)} ${text}` : text;
  const closed = random() < 0.25 ? `${opened} ${pick(CLOSINGS, random)}` : opened;
  // Chat is typed in a hurry: often without the question mark, sometimes without Turkish letters.
  const marked = random() < 0.5 ? closed.replace(/\?$/, "") : closed;
  return random() < 0.25 ? marked.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ı", "i") : marked;
}

function invitation(random: () => number): string {
  const [ask = "", what = ""] = (
    random() < 0.7
      ? [pick(INVITING, random), pick(PASTIMES, random)]
      : [pick(TURKISH_INVITING, random), pick(TURKISH_PASTIMES, random)]
  ) as readonly string[];
  return ask.replace("{w}", what).replace(/\?$/, random() < 0.6 ? "?" : "");
}

function pick(list: readonly string[], random: () => number): string {
  return list[Math.floor(random() * list.length)] ?? "";
}

/** Subject, and the same as an object. */
const THINGS = [
  "bot/botu",
  "sunucu/sunucuyu",
  "uygulama/uygulamayı",
  "hesabım/hesabımı",
  "şifrem/şifremi",
  "güncelleme/güncellemeyi",
  "kurulum/kurulumu",
  "ödeme/ödemeyi",
  "bildirimler/bildirimleri",
  "kamera/kamerayı",
  "mikrofon/mikrofonu",
  "bağlantı/bağlantıyı",
  "docker/docker'ı",
  "veritabanı/veritabanını",
  "api anahtarı/api anahtarını",
  "sensör/sensörü",
  "panel/paneli",
  "oyun/oyunu",
  "ekran kartı/ekran kartını",
  "site/siteyi",
  "abonelik/aboneliği",
  "rol/rolü",
  "kanal/kanalı",
  "yedek/yedeği",
  "lisans/lisansı",
] as const;

const REQUESTS = [
  "{o} nasıl kurarım?",
  "{o} nasıl açıyoruz?",
  "{o} nereden indirebilirim?",
  "{o} nasıl silerim?",
  "{s} çalışmıyor, ne yapmalıyım?",
  "{s} neden açılmıyor?",
  "{s} sürekli hata veriyor",
  "{s} hata alıyorum yardım eder misiniz",
  "{s} bir türlü bağlanmıyor",
  "{o} değiştirmek istiyorum ama bulamadım",
  "{o} sıfırlamak mümkün mü?",
  "{s} için hangi sürüm gerekiyor?",
  "{s} ücretli mi?",
  "{s} hakkında bilgisi olan var mı?",
  "{s} ile ilgili bir sorum var",
  "{o} bilen var mı?",
  "{s} güncellemeden sonra bozuldu",
  "{o} nasıl iptal edebilirim?",
  "{s} telefonda görünmüyor",
  "{o} iki cihazda kullanabilir miyim?",
  "{s} ne kadar sürüyor?",
  "{o} yükledim ama giriş yapamıyorum",
  "{s} kırmızı yanıyor ne demek?",
  "{o} nasıl yedeklerim?",
  "{s} kaç para?",
  "{s} türkçe destekliyor mu?",
  "{o} kuramadım, 403 hatası alıyorum",
  "{o} linuxta çalıştıran oldu mu?",
  "{s} nerede bulunuyor?",
  "{s} neden bu kadar yavaş?",
] as const;

const OPENINGS = [
  "selam",
  "merhaba",
  "arkadaşlar",
  "selamlar herkese",
  "beyler",
  "hocam",
  "merhaba,",
  "iyi günler,",
  "slm",
] as const;
const CLOSINGS = [
  "yardımcı olur musunuz?",
  "bilen var mı",
  "teşekkürler",
  "acil",
  "lütfen",
  "şimdiden teşekkürler",
] as const;
const SMALL_TALK = [
  "günaydın herkese",
  "selam millet",
  "naber gençler",
  "iyi geceler",
  "bugün hava çok güzel",
  "maç harikaydı",
  "akşam oyun oynayan var mı",
  "ben kaçtım görüşürüz",
  "kahve molası",
  "hahaha çok iyi",
  "yeni geldim merhaba",
  "morning all",
  "hello everyone",
  "good morning folks",
  "hi all",
  "back from lunch",
  "just got a new cat",
  "what a day",
  "finally friday",
  "good night all",
  "that game last night was amazing",
  "brb dinner",
  "anyone up for a game later?",
  "just saying hi",
  "happy new year everybody",
  "new here, hello",
  "I'm so tired today",
  "finished my exams today",
  "look what I built this weekend",
  "it's snowing here",
] as const;
const INVITING = [
  "anyone up for {w}?",
  "who wants to join for {w}?",
  "anyone into {w} here?",
  "is anybody else looking forward to {w}?",
  "how did you like {w}?",
  "what do you all think of {w}?",
  "who else stayed up for {w}?",
  "anybody doing {w} this weekend?",
  "how is everybody, ready for {w}?",
  "what's your favourite part of {w}?",
  "so, {w} tomorrow?",
  "who won {w} yesterday?",
] as const;
const PASTIMES = [
  "the concert",
  "a few rounds of chess",
  "the finale",
  "movie night",
  "game night",
  "the race",
  "hiking",
  "some coop",
  "the new album",
  "the tournament",
  "the holidays",
  "pizza",
  "the derby",
  "the sequel",
  "baking",
] as const;
const TURKISH_INVITING = [
  "{w} gelen var mı?",
  "{w} kim var?",
  "{w} nasıl buldunuz?",
  "hafta sonu {w} ne dersiniz?",
  "{w} bekleyen başka kimse var mı?",
  "naber, {w} hazır mısınız?",
] as const;
const TURKISH_PASTIMES = ["konsere", "filme", "pikniğe", "turnuvaya", "finale", "yürüyüşe", "yeni diziye"] as const;
