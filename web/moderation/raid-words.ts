/** What the pages say of raid mode, in every language; part of words.ts. */
import { inEveryLanguage } from "../words.ts";

export const raidWords = inEveryLanguage({
  en: {
    raidSays: (members: number, seconds: number, channels: number) =>
      `${members} members wrote one text. Channels in slow mode of ${seconds} s: ${channels}. It ends by itself.`,
    raidDry: (members: number, seconds: number, channels: number) =>
      `Dry run: ${members} members wrote one text. Channels that would be in slow mode of ${seconds} s: ${channels}.`,
    raidEnd: "End it now",
    slowMode: "slow mode (Manage Channels; in a thread, Manage Threads)",
    raid: "Raid mode",
    raidWhat:
      "One text by many members within seconds puts its channels into slow mode for a while. Needs Manage Channels. Staff are not slowed.",
    raidMembers: "Members who write the same",
    raidWindow: "Within (seconds)",
    raidSlow: "Slow mode (seconds)",
    raidMinutes: "For (minutes)",
  },
  tr: {
    raidSays: (members, seconds, channels) =>
      `${members} üye aynı metni yazdı. Yavaş mod: ${channels} kanalda ${seconds} sn; kendiliğinden biter.`,
    raidDry: (members, seconds, channels) =>
      `Deneme: ${members} üye aynı metni yazdı. ${channels} kanalda ${seconds} sn yavaş mod açılırdı.`,
    raidEnd: "Şimdi bitir",
    slowMode: "yavaş mod (Kanalları Yönet; alt başlıkta Alt Başlıkları Yönet)",
    raid: "Baskın kipi",
    raidWhat:
      "Saniyeler içinde birçok üye aynı metni yazarsa o kanallar bir süre yavaş moda alınır. Kanalları Yönet izni gerekir. Ekip yavaşlatılmaz.",
    raidMembers: "Aynı şeyi yazan üye",
    raidWindow: "Şu sürede (saniye)",
    raidSlow: "Yavaş mod (saniye)",
    raidMinutes: "Süre (dakika)",
  },
});
