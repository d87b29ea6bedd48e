/** Why something that was due for a case was not done, or failed: a sentence that says what to do, in every language. */
import type { Language, Wording } from "../i18n.ts";
import type { Action } from "../settings/form.ts";
import type { CaseRow } from "../store/ports/moderation.ts";

const en = {
  actions: { delete: "Delete", warn: "Warn", timeout: "Time out", kick: "Kick", ban: "Ban" },
  heldBack: (action: string, why: string) => `${action}: held back. ${why}`,
  failed: (action: string, why: string) => `${action}: failed. ${why}`,
  whyHeld: {
    "dry-run": "It was a dry run: nothing is done. Switch it to act for real, or do it on the case's page.",
    off: "Moderation was off.",
    "not-sure": "The verdict was not sure enough to act on. A moderator decides.",
    name: "It is a name: nothing is ever done about one by itself. Change the nickname in Discord, or deal with the member there.",
    automod: "Discord's AutoMod dealt with it already. To change that, edit its rule in Discord's server settings.",
    "no-action-on": "No action that fits is switched on. Switch one on under Rules and settings.",
    cap: "The hour's limit for this action was used up. Reset it in the log, or do it on the case's page.",
    "target-gone": "The member had left the server, so there was nobody to act on.",
    "role-order": "The member's highest role is not below the bot's. Move the bot's role up in Discord.",
    "missing-permission": "The bot lacks the permission for it. Give it to the bot's role in Discord.",
    duplicate: "It had been done for this message before.",
    unseen:
      "Discord did not say who stands where, and without that nothing is done. Do it on the case's page once it answers.",
    "own-message": "The message is the bot's own.",
    webhook: "A webhook wrote it, not a member.",
    bot: "Another bot wrote it; bots are not moderated.",
    owner: "The author owns the server; owners are never acted on.",
    administrator: "The author is an administrator; they are never acted on.",
    moderator: "The author is a moderator; they are never acted on.",
    exempt: "The author had become staff or exempt meanwhile; they are not acted on.",
    "exempt-role": "The author has an exempt role. Exempt roles stand under Rules and settings.",
    "exempt-channel": "The channel is exempt. Exempt channels stand under Rules and settings.",
    "switched-off": "The action was switched off before it was done.",
    "too-late": "Too much time had passed for it to make sense.",
    "the bot has left": "The bot had left the server.",
    timeout: "Discord did not answer in time. Look in Discord whether it happened.",
    unavailable: "Discord could not be reached. Try it by hand in Discord.",
    "rate-limited": "Discord asked for fewer requests. Do it by hand in Discord if it is still due.",
    unauthorized: "Discord did not accept the bot's token. Give the bot a new one.",
    forbidden: "Discord refused it. Check the bot's permissions and its role's place.",
    "not-found": "What it was about is gone from Discord.",
    conflict: "Somebody else changed it at the same time. Look in Discord how it stands.",
    invalid: "Discord did not understand the request. Do it by hand in Discord.",
    overloaded: "Too much was under way at once. Do it by hand in Discord if it is still due.",
    "unknown-outcome": "Nobody knows whether it happened. Look in Discord.",
  },
  other: "It could not be done. Do it by hand in Discord if it is still due.",
};

const tr: Wording<typeof en> = {
  actions: { delete: "Sil", warn: "Uyar", timeout: "Sustur", kick: "Çıkar", ban: "Yasakla" },
  heldBack: (action, why) => `${action}: yapılmadı. ${why}`,
  failed: (action, why) => `${action}: başarısız. ${why}`,
  whyHeld: {
    "dry-run": "Denemeydi: hiçbir şey yapılmaz. Gerçekten uygulamaya geçir ya da olayın sayfasında kendin uygula.",
    off: "Moderasyon kapalıydı.",
    "not-sure": "Karar, harekete geçmek için yeterince kesin değildi. Moderatör karar verir.",
    name: "Bu bir ad: adlar için kendiliğinden hiçbir şey yapılmaz. Takma adı Discord'da değiştir ya da üyeyle orada ilgilen.",
    automod:
      "Discord'un AutoMod'u bunu zaten ele aldı. Değiştirmek için Discord sunucu ayarlarındaki kuralını düzenle.",
    "no-action-on": "Uygun eylemlerden hiçbiri açık değil. Kurallar ve ayarlar altında birini aç.",
    cap: "Bu eylemin saatlik sınırı dolmuştu. Kayıt sayfasında sıfırla ya da olayın sayfasında kendin uygula.",
    "target-gone": "Üye sunucudan ayrılmıştı; işlem yapılacak kimse yoktu.",
    "role-order": "Üyenin en yüksek rolü botunkinin altında değil. Discord'da botun rolünü yukarı taşı.",
    "missing-permission": "Botun bunun için izni yok. Discord'da botun rolüne bu izni ver.",
    duplicate: "Bu mesaj için daha önce yapılmıştı.",
    unseen:
      "Discord kimin hangi yetkiye sahip olduğunu bildirmedi; bu bilinmeden bir şey yapılmaz. Yanıt verince olayın sayfasında uygula.",
    "own-message": "Mesaj botun kendisinin.",
    webhook: "Bunu bir üye değil, bir webhook yazdı.",
    bot: "Bunu başka bir bot yazdı; botlar denetlenmez.",
    owner: "Yazan, sunucunun sahibi; sahibe karşı hiçbir şey yapılmaz.",
    administrator: "Yazan bir yönetici; yöneticilere karşı hiçbir şey yapılmaz.",
    moderator: "Yazan bir moderatör; moderatörlere karşı hiçbir şey yapılmaz.",
    exempt: "Yazan bu arada ekibe katıldı ya da muaf oldu; ona karşı bir şey yapılmaz.",
    "exempt-role": "Yazanın muaf bir rolü var. Muaf roller Kurallar ve ayarlar altındadır.",
    "exempt-channel": "Kanal muaf. Muaf kanallar Kurallar ve ayarlar altındadır.",
    "switched-off": "Eylem, yapılmadan önce kapatıldı.",
    "too-late": "Anlamlı olması için çok geç kalınmıştı.",
    "the bot has left": "Bot sunucudan ayrılmıştı.",
    timeout: "Discord zamanında yanıt vermedi. Yapılıp yapılmadığına Discord'da bak.",
    unavailable: "Discord'a ulaşılamadı. Discord'da elle yapmayı dene.",
    "rate-limited": "Discord daha seyrek istek gönderilmesini istedi. Hâlâ gerekiyorsa Discord'da elle yap.",
    unauthorized: "Discord botun token'ını kabul etmedi. Bota yeni bir token ver.",
    forbidden: "Discord reddetti. Botun izinlerini ve rolünün yerini kontrol et.",
    "not-found": "İlgili şey artık Discord'da yok.",
    conflict: "Aynı anda başka biri değiştirdi. Son durumuna Discord'da bak.",
    invalid: "Discord isteği anlamadı. Discord'da elle yap.",
    overloaded: "Aynı anda çok fazla iş vardı. Hâlâ gerekiyorsa Discord'da elle yap.",
    "unknown-outcome": "Yapılıp yapılmadığı bilinmiyor. Discord'da bak.",
  },
  other: "Yapılamadı. Hâlâ gerekiyorsa Discord'da elle yap.",
};

const WORDS: Readonly<Record<Language, Wording<typeof en>>> = { en, tr };

const FAILED = /^(\w+): (.+)$/;

/** Acts of a case that Discord refused, or whose outcome is unknown, beside others that were done. */
export function failedActs({ plan, problem }: Pick<CaseRow, "plan" | "problem">): readonly Action[] {
  const failed = new Set((problem ?? "").split(", ").map((part) => FAILED.exec(part)?.[1]));
  return plan.acts.filter((act) => failed.has(act));
}

/** A sentence for each reason that held acts back, for each act that failed, or for the whole case. A case's problem is a reason, or `act: reason, act: reason`. */
export function troubles({ plan, problem }: Pick<CaseRow, "plan" | "problem">, language: Language): readonly string[] {
  const say = WORDS[language];
  const { actions } = say;
  const sentences: Readonly<Record<string, string>> = say.whyHeld;
  const sentence = (why: string) => (Object.hasOwn(sentences, why) ? (sentences[why] ?? say.other) : say.other);
  // A reason that held back several acts is said once.
  const whys = [...new Set(plan.held.map(({ why }) => why))];
  const held = whys.map((why) => {
    const names = plan.held.filter((one) => one.why === why).map(({ action }) => actions[action]);
    return say.heldBack([...new Set(names)].join(", "), sentence(why));
  });
  // A case is mostly held for the same reason as its first act: say it once.
  if (problem === null || plan.held.some(({ why }) => why === problem)) return held;
  const failed = problem.split(", ").map((part) => {
    const [, act, why] = FAILED.exec(part) ?? [];
    return act !== undefined && why !== undefined && Object.hasOwn(actions, act)
      ? say.failed(actions[act as keyof typeof actions], sentence(why))
      : sentence(part);
  });
  return [...held, ...failed];
}
