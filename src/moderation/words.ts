/** Moderation's words to members and moderators in Discord, in a guild's language. */

import type { Language, Wording } from "../i18n.ts";
import type { Action } from "../settings/form.ts";

import type { CaseRow, CaseVerdict, RaidDetail } from "../store/ports/moderation.ts";

/** The category of a newcomer whom raid mode timed out. */
export const RAID = "raid";

/** The category of a finding of the admin's own filter. */
export const OWN_FILTER = "own-filter";

const en = {
  /** Before what the person is told. */
  warning: (rule: string) => `please keep to this server's rules${rule === "" ? "." : `: ${rule}`}`,
  certainRule: "Spam and scams",
  filterRule: "This server's word filter",
  dm: {
    delete: (guild: string) => `A message of yours in **${guild}** was removed.`,
    warn: (guild: string) => `You were warned in **${guild}**.`,
    timeout: (guild: string) => `You were timed out in **${guild}**.`,
    kick: (guild: string) => `You were removed from **${guild}**.`,
    ban: (guild: string) => `You were banned from **${guild}**.`,
  },
  dmTitle: (guild: string) => `The title of your thread in **${guild}** was removed.`,
  titleRemoved: "[title removed]",
  autoMod: "done by Discord's AutoMod",
  autoModSaw: (did: string, matched: string) => `AutoMod ${did}${matched === "" ? "" : `: ${matched}`}`,
  autoModDid: {
    blocked: "blocked the message",
    alerted: "told the moderators",
    "timed-out": "timed the member out",
    quarantined: "stopped the member from interacting",
  },
  autoModRule: "A rule of Discord's AutoMod",
  until: (stamp: string) => `Until ${stamp}.`,
  rule: (text: string) => `Rule: ${text}`,
  yourMessage: (text: string) => `Your message: ${text}`,
  appeal: "Appeal",
  appealHow: "If you think that this is wrong, tell the moderators.",
  act: { delete: "delete", warn: "warn", timeout: "time out", kick: "kick", ban: "ban", none: "nothing" },
  state: {
    planned: "under way",
    applied: "done",
    failed: "failed",
    "dry-run": "dry run: nothing was done",
    review: "not sure: please look",
    held: "held back",
    undone: "undone",
  },
  case: (number: number) => `Case ${number}`,
  by: (author: string, channel: string) => `${author} in ${channel}`,
  byName: (author: string) => `${author}: a member's name`,
  restored: (author: string) => `**${author}** wrote (restored):`,
  appealAnswer: (guild: string) => `The moderators of **${guild}** answered your appeal:`,
  appealLabel: "Why was it wrong?",
  appealFrom: (author: string) => `appeal by ${author}`,
  appealNext: "Answer it on the case's page; the member gets the answer.",
  appealed: "Thank you. The moderators have your appeal.",
  appealedAlready: "The moderators have your appeal already. There is one for each case.",
  caseUnknown: "There is no such case any more.",
  notAllowed: (names: string) => `For this you need a permission in Discord that you lack here: ${names}.`,
  doneAlready: "That was done already.",
  notDone: "That did not work. Open the case on the dashboard to see why.",
  undone: "It is undone.",
  markedWrong: "Noted: this was wrong. The strike is cleared.",
  kickStays: "The kick stays: only an invitation brings the member back.",
  banLeaves: "The member is still outside: only an invitation brings them back.",
  invite: (days: number) => `Create an invitation (one use, ${days} days)`,
  /** To the member. */
  invitation: (guild: string, url: string, until: string) =>
    `You may come back to **${guild}**: ${url}\nThe link is good for one use, until ${until}.`,
  /** To whoever pressed. */
  invited: (url: string, until: string) => `The invitation, good for one use until ${until}: ${url}`,
  inviteTold: {
    told: "The member was sent it.",
    closed:
      "Discord did not let the bot write to the member: they share no server with it, or take no direct messages. Send them the link yourself.",
    unknown: "Discord did not say whether the member got it. If in doubt, send them the link yourself.",
  },
  notInvited: {
    "not-found": "There is no such case any more.",
    "not-now": "This case put nobody out of the server, so there is nobody to invite. A ban is undone first.",
    busy: "An invitation is being made right now. Look again in a moment.",
    gone: "The bot is not in the server any more, so it cannot invite anybody. Add it again first.",
    back: "The member is back already: no invitation is needed.",
    banned: "The member is banned, so an invitation would not let them in. Lift the ban first.",
    "may-not-invite":
      "The bot may not create invitations. Give its role Create Invite (Server Settings, Roles), or in one channel that everybody sees.",
    "no-channel": "The bot sees no channel to invite to. Let its role view one that newcomers see.",
    unknown:
      "Discord did not say whether it made the invitation. Look under Server Settings, Invites, before you try again.",
    "not-made":
      "Discord did not make the invitation. Look under Server Settings, Invites: a server holds 1,000. Else try again in a minute.",
  },
  reports: {
    taken: "Thank you. The moderators have your report.",
    already: "You reported this message before.",
    "too-many": "You have reported ten messages today, which is the most. Write to a moderator if it is urgent.",
  },
  reportedBy: (name: string) => `reported by ${name}`,
  reportsOff: "Reports are not set up in this server. Write to a moderator.",
  raidRule: "Raid protection: newcomers may not write for a while",
  raidSeen: (cause: RaidDetail["cause"], members: number, seconds: number) =>
    cause === "joins"
      ? `${members} members joined within ${seconds} s`
      : `${members} members wrote one text within ${seconds} s`,
  raidBegins: (cause: RaidDetail["cause"], members: number, minutes: number) =>
    `Gatehouse raid mode: ${members} members ${cause === "joins" ? "joined" : "wrote one text"}; slow mode for ${minutes} min`,
  raidTitle: "Raid",
  raidWould: "dry run: nothing was done",
  raidSlowed: (seconds: number, channels: string) => `Slow mode of ${seconds} s in ${channels}.`,
  raidTimedOut: "Newcomers are timed out until then.",
  raidWouldSlow: (seconds: number, channels: string) => `It would be: slow mode of ${seconds} s in ${channels}.`,
  raidWouldTimeOut: "Newcomers would be timed out.",
  raidUntil: (stamp: string) => `It ends by itself ${stamp}.`,
  raidEndNow: "End it now",
  raidEnded: "The raid mode is ended: slow mode is taken back, and so are the time-outs, about one a second.",
  raidOver: "There is no raid any more.",
  raidStays: "Discord did not let it be taken back. Check the bot's Manage Channels permission.",
  raidEnds: "Gatehouse raid mode has ended",
  undo: "Undo",
  wrong: "This was wrong",
  open: "Open",
};

const tr: Wording<typeof en> = {
  warning: (rule) => `lütfen bu sunucunun kurallarına uy${rule === "" ? "." : `: ${rule}`}`,
  certainRule: "Spam ve dolandırıcılık",
  filterRule: "Bu sunucunun kelime süzgeci",
  dm: {
    delete: (guild) => `**${guild}** sunucusunda bir mesajın kaldırıldı.`,
    warn: (guild) => `**${guild}** sunucusunda uyarıldın.`,
    timeout: (guild) => `**${guild}** sunucusunda geçici olarak susturuldun.`,
    kick: (guild) => `**${guild}** sunucusundan çıkarıldın.`,
    ban: (guild) => `**${guild}** sunucusundan yasaklandın.`,
  },
  dmTitle: (guild) => `**${guild}** sunucusunda alt başlığının adı kaldırıldı.`,
  titleRemoved: "[başlık kaldırıldı]",
  autoMod: "Discord'un AutoMod'u yaptı",
  autoModSaw: (did, matched) => `AutoMod ${did}${matched === "" ? "" : `: ${matched}`}`,
  autoModDid: {
    blocked: "mesajı engelledi",
    alerted: "moderatörlere bildirdi",
    "timed-out": "üyeyi susturdu",
    quarantined: "üyenin etkileşimini durdurdu",
  },
  autoModRule: "Discord AutoMod'unun bir kuralı",
  until: (stamp) => `Bitiş: ${stamp}.`,
  rule: (text) => `Kural: ${text}`,
  yourMessage: (text) => `Mesajın: ${text}`,
  appeal: "İtiraz et",
  appealHow: "Bunun yanlış olduğunu düşünüyorsan moderatörlere bildir.",
  act: { delete: "sil", warn: "uyar", timeout: "sustur", kick: "çıkar", ban: "yasakla", none: "hiçbir şey" },
  state: {
    planned: "sürüyor",
    applied: "yapıldı",
    failed: "başarısız",
    "dry-run": "deneme: hiçbir şey yapılmadı",
    review: "emin değil: lütfen bak",
    held: "yapılmadı",
    undone: "geri alındı",
  },
  case: (number) => `Olay ${number}`,
  by: (author, channel) => `${author}, ${channel}`,
  byName: (author) => `${author}: bir üyenin adı`,
  restored: (author) => `**${author}** yazmıştı (geri yüklendi):`,
  appealAnswer: (guild) => `**${guild}** moderatörleri itirazını yanıtladı:`,
  appealLabel: "Neden yanlıştı?",
  appealFrom: (author) => `${author} itiraz etti`,
  appealNext: "Olayın sayfasında yanıtla; yanıtın üyeye iletilir.",
  appealed: "Teşekkürler. İtirazın moderatörlere ulaştı.",
  appealedAlready: "İtirazın moderatörlerde zaten var. Bir olaya bir kez itiraz edilebilir.",
  caseUnknown: "Böyle bir olay artık yok.",
  notAllowed: (names) => `Bunun için Discord'da burada sende olmayan bir izin gerekiyor: ${names}.`,
  doneAlready: "Bu zaten yapıldı.",
  notDone: "Olmadı. Nedenini görmek için olayı panelde aç.",
  undone: "Geri alındı.",
  markedWrong: "Not edildi: bu yanlıştı. İhlal puanı silindi.",
  kickStays: "Çıkarma geri alınamaz: üye ancak bir davetle dönebilir.",
  banLeaves: "Üye hâlâ sunucunun dışında: ancak bir davetle dönebilir.",
  invite: (days) => `Davet oluştur (tek kullanımlık, ${days} gün)`,
  invitation: (guild, url, until) =>
    `**${guild}** sunucusuna geri dönebilirsin: ${url}\nBağlantı tek kullanımlıktır; son geçerlilik: ${until}.`,
  invited: (url, until) => `Davet (tek kullanımlık, son geçerlilik: ${until}): ${url}`,
  inviteTold: {
    told: "Davet üyeye gönderildi.",
    closed:
      "Discord, botun üyeye yazmasına izin vermedi: ortak sunucuları yok ya da üye özel mesaj almıyor. Bağlantıyı kendin ilet.",
    unknown: "Discord, mesajın üyeye ulaşıp ulaşmadığını söylemedi. Emin değilsen bağlantıyı kendin ilet.",
  },
  notInvited: {
    "not-found": "Böyle bir olay artık yok.",
    "not-now": "Bu olayda kimse sunucudan çıkarılmadı; davet edilecek kimse yok. Yasak varsa önce onu geri al.",
    busy: "Şu anda bir davet oluşturuluyor. Birazdan yeniden bak.",
    gone: "Bot artık sunucuda değil; kimseyi davet edemez. Önce botu yeniden ekle.",
    back: "Üye zaten dönmüş: davete gerek yok.",
    banned: "Üye yasaklı; davet onu içeri almaz. Önce yasağı kaldır.",
    "may-not-invite":
      "Bot davet oluşturamıyor. Rolüne Davet Oluştur iznini ver (Sunucu Ayarları, Roller) ya da herkesin gördüğü bir kanalda ver.",
    "no-channel":
      "Bot davet edebileceği bir kanal görmüyor. Rolüne, yeni gelenlerin gördüğü bir kanalı görme izni ver.",
    unknown:
      "Discord daveti oluşturup oluşturmadığını söylemedi. Yeniden denemeden önce Sunucu Ayarları, Davetler bölümüne bak.",
    "not-made":
      "Discord daveti oluşturmadı. Sunucu Ayarları, Davetler bölümüne bak: bir sunucuda en çok 1.000 davet olur. Sınır dolmadıysa bir dakika sonra yeniden dene.",
  },
  reports: {
    taken: "Teşekkürler. Bildirimin moderatörlere ulaştı.",
    already: "Bu mesajı daha önce bildirdin.",
    "too-many": "Bugün on mesaj bildirdin; bir günde en çok bu kadar olur. Acilse bir moderatöre yaz.",
  },
  reportedBy: (name) => `${name} bildirdi`,
  reportsOff: "Bu sunucuda bildirim kurulmamış. Bir moderatöre yaz.",
  raidRule: "Baskın koruması: yeni gelenler bir süre yazamaz",
  raidSeen: (cause, members, seconds) =>
    cause === "joins"
      ? `${seconds} sn içinde ${members} üye katıldı`
      : `${seconds} sn içinde ${members} üye aynı metni yazdı`,
  raidBegins: (cause, members, minutes) =>
    `Gatehouse baskın modu: ${members} üye ${cause === "joins" ? "katıldı" : "aynı metni yazdı"}; ${minutes} dk yavaş mod`,
  raidTitle: "Baskın",
  raidWould: "deneme: hiçbir şey yapılmadı",
  raidSlowed: (seconds, channels) => `Yavaş mod ${seconds} sn: ${channels}.`,
  raidTimedOut: "Yeni gelenler o zamana kadar susturuldu.",
  raidWouldSlow: (seconds, channels) => `Yapılacak olan: ${seconds} sn yavaş mod: ${channels}.`,
  raidWouldTimeOut: "Yeni gelenler susturulurdu.",
  raidUntil: (stamp) => `Kendiliğinden biter: ${stamp}.`,
  raidEndNow: "Şimdi bitir",
  raidEnded:
    "Baskın modu bitirildi: yavaş mod geri alındı; susturmalar da saniyede yaklaşık bir tane olmak üzere geri alınıyor.",
  raidOver: "Artık bir baskın yok.",
  raidStays: "Discord geri alınmasına izin vermedi. Botun Kanalları Yönet iznini kontrol et.",
  raidEnds: "Gatehouse baskın modu bitti",
  undo: "Geri al",
  wrong: "Bu yanlıştı",
  open: "Aç",
};

const WORDS: Readonly<Record<Language, Wording<typeof en>>> = { en, tr };

export type ModerationWords = Wording<typeof en>;

export function moderationWords(language: Language): ModerationWords {
  return WORDS[language];
}

/** A title that the bot gave when it took another away. */
export function isTitleRemoved(title: string): boolean {
  return Object.values(WORDS).some(({ titleRemoved }) => titleRemoved === title);
}

/** Prefix of the keys of cases about members' names, and the reason why nothing was done about them. */
export const NAME_KEY = "name:";
export const NAME = "name";

/** About what a member is called, not about what they wrote. */
export function isOfName({ key }: Pick<CaseRow, "key">): boolean {
  return key.startsWith(NAME_KEY);
}

/** A case's rule; without one, the prefilter's finding. Empty for a report. */
export function ruleText({ rule, verdict }: Pick<CaseRow, "rule" | "verdict">, say: ModerationWords): string {
  if (rule !== null) return rule.text;
  // A member's report names no rule.
  if (verdict.source === "report") return "";
  if (verdict.category === RAID) return say.raidRule;
  if (verdict.source === "automod") return say.autoModRule;
  return verdict.category === OWN_FILTER ? say.filterRule : say.certainRule;
}

/** The reason, in the reader's language; a model's text stays as it is. */
export function reasonOf({ reason, found }: Pick<CaseVerdict, "reason" | "found">, language: Language): string {
  const say = WORDS[language];
  switch (found?.kind) {
    case "raid":
      return say.raidSeen(found.cause, found.members, found.seconds);
    case "automod":
      return say.autoModSaw(found.did.map((one) => say.autoModDid[one]).join(", "), found.matched);
    case "report":
      return say.reportedBy(found.by);
    default:
      return reason;
  }
}

/** Found by the admin's own words or patterns alone: no scam, and no rule about spam is broken by it. */
export function isOwnFilter(signals: CaseVerdict["signals"]): boolean {
  return (
    signals.some(({ name }) => /^own-/.test(name)) && !signals.some(({ name }) => /scam|look-alike|lure/.test(name))
  );
}

/** The line of Discord's audit log: at most 512 characters. */
export function auditReason(number: number, action: Action, rule: string, reason: string): string {
  return `Gatehouse case ${number}: ${action}${rule === "" ? "" : ` · ${rule}`}${reason === "" ? "" : ` · ${reason}`}`.slice(
    0,
    512,
  );
}
