/** This page's texts, in every language. */
import { inEveryLanguage } from "../words.ts";

export const auditWords = inEveryLanguage({
  en: {
    section: "Changes",
    title: "Changes",
    lead: "Who changed what in this server, newest first.",
    empty: "Nothing has been changed yet",
    emptyNext: "Every change of the settings and of the team is written down here, with who made it.",
    putBack: "Put back",
    putBackAsk: "What this change made becomes as it was before it. Later changes of other settings stay.",
    putBackYes: "Yes, put back",
    done: "Put back. It is in force now, and written down as a change of its own.",
    problems: {
      "changed-meanwhile": "Somebody changed the settings meanwhile. Look at the newest changes first, then try again.",
      "does-not-fit":
        "The settings have another form by now, so this change cannot be put back by itself. Change it by hand.",
      same: "It is as it was already: there was nothing to put back.",
    },
  },
  tr: {
    section: "Değişiklikler",
    title: "Değişiklikler",
    lead: "Bu sunucuda kim neyi değiştirdi, en yenisi üstte.",
    empty: "Henüz bir şey değişmedi",
    emptyNext: "Ayarlardaki ve ekipteki her değişiklik, yapanıyla birlikte buraya yazılır.",
    putBack: "Geri al",
    putBackAsk: "Bu değişikliğin dokunduğu ayarlar öncesine döner. Başka ayarlardaki sonraki değişiklikler kalır.",
    putBackYes: "Evet, geri al",
    done: "Geri alındı. Şu anda geçerli ve kendisi de bir değişiklik olarak yazıldı.",
    problems: {
      "changed-meanwhile": "Bu arada biri ayarları değiştirdi. Önce en yeni değişikliklere bak, sonra yeniden dene.",
      "does-not-fit":
        "Ayarların biçimi artık farklı, bu yüzden bu değişiklik kendiliğinden geri alınamaz. Elle değiştir.",
      same: "Zaten eski hâlinde: geri alınacak bir şey yoktu.",
    },
  },
});
