/** What the pages say of raid mode, in every language; part of words.ts. */
import { inEveryLanguage } from "../words.ts";

export const raidWords = inEveryLanguage({
  en: {
    raidSeen: {
      flood: (members: number, seconds: number) => `${members} members wrote one text within ${seconds} s`,
      joins: (members: number, seconds: number) => `${members} members joined within ${seconds} s`,
    },
    raidSlowMode: (seconds: number, channels: number) =>
      `slow mode of ${seconds} s in ${channels === 1 ? "1 channel" : `${channels} channels`}`,
    raidTimeOuts: "newcomers timed out",
    raidSays: (seen: string, does: string) => `${seen}: ${does}. It ends by itself.`,
    raidDry: (seen: string, does: string) => `Dry run: ${seen}. It would be: ${does === "" ? "nothing" : does}.`,
    raidEnd: "End it now",
    slowMode: "slow mode (Manage Channels; in a thread, Manage Threads)",
    raid: "Raid mode",
    raidWhat: "Holds a raid off for a set time and ends by itself, with one alert. It begins in a dry run of its own.",
    raidFloods: "Floods",
    raidFloodsWhat: "One text by many members within seconds.",
    raidJoins: "Joins",
    raidJoinsWhat: "Many new members within a minute or so. Needs the Server Members intent.",
    raidJoinsMin: "New members",
    raidSlows: "Slow mode",
    raidSlowsWhat:
      "Where the flood is; at joins, where everybody may write. Needs Manage Channels. Staff are not slowed.",
    raidTimesOut: "Time out newcomers",
    raidTimesOutWhat:
      "Who joined in the raid, or takes part and joined within a day, cannot write until its end. Needs Time out Members.",
    raidDryRun: "Raid mode: a dry run, it only says when a raid would be held off.",
    raidActs: "Raid mode acts for real.",
    raidActForRealAsk: "From the next raid on, channels are slowed or newcomers timed out, as it is set.",
    raidMembers: "Members who write the same",
    raidWindow: "Within (seconds)",
    raidSlow: "Slow mode (seconds)",
    raidMinutes: "For (minutes)",
  },
  tr: {
    raidSeen: {
      flood: (members, seconds) => `${seconds} sn içinde ${members} üye aynı metni yazdı`,
      joins: (members, seconds) => `${seconds} sn içinde ${members} üye katıldı`,
    },
    raidSlowMode: (seconds, channels) => `${channels} kanalda ${seconds} sn yavaş mod`,
    raidTimeOuts: "yeni gelenlere susturma",
    raidSays: (seen, does) => `${seen}: ${does}. Kendiliğinden biter.`,
    raidDry: (seen, does) => `Deneme: ${seen}. Yapılacak olan: ${does === "" ? "hiçbir şey" : does}.`,
    raidEnd: "Şimdi bitir",
    slowMode: "yavaş mod (Kanalları Yönet; alt başlıkta Alt Başlıkları Yönet)",
    raid: "Baskın modu",
    raidWhat:
      "Bir baskını belirli bir süre durdurur, tek uyarı verir ve kendiliğinden biter. Kendi denemesiyle başlar.",
    raidFloods: "Mesaj yağmuru",
    raidFloodsWhat: "Saniyeler içinde birçok üyeden aynı metin.",
    raidJoins: "Katılımlar",
    raidJoinsWhat: "Kısa sürede çok sayıda yeni üye. Server Members izni gerekir.",
    raidJoinsMin: "Yeni üye",
    raidSlows: "Yavaş mod",
    raidSlowsWhat:
      "Yağmurun olduğu kanallarda; katılımlarda herkesin yazabildiği kanallarda. Kanalları Yönet izni gerekir. Ekip yavaşlatılmaz.",
    raidTimesOut: "Yeni gelenleri sustur",
    raidTimesOutWhat:
      "Baskında katılan ya da baskına katılıp son bir günde gelmiş olan üye, baskın bitene kadar yazamaz. Üyelere Zaman Aşımı Uygula izni gerekir.",
    raidDryRun: "Baskın modu: deneme, yalnızca bir baskının ne zaman durdurulacağını söylüyor.",
    raidActs: "Baskın modu gerçekten uyguluyor.",
    raidActForRealAsk:
      "Sonraki baskından itibaren, ayarlandığı gibi kanallar yavaşlatılır ya da yeni gelenler susturulur.",
    raidMembers: "Aynı şeyi yazan üye",
    raidWindow: "Şu sürede (saniye)",
    raidSlow: "Yavaş mod (saniye)",
    raidMinutes: "Süre (dakika)",
  },
});
