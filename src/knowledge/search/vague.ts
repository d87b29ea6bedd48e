/** Words of trouble that say nothing of what is in trouble: who says only these asks about everything and nothing. */
import { fold } from "./fold.ts";

const VAGUE: Readonly<Record<string, string>> = {
  en: `work works working worked problem problems issue issues error errors broke broken break breaks fail fails failed failing wrong fix fixed
    use used using try happen happens happened happening stop stopped start still now today anymore again keep keeps do make makes run runs
    weird stuck trouble bug bugs bugged crash bad same never always`,
  tr: `çalışmıyor çalışmadı çalışmaz çalışıyor çalış bozuk bozuldu hata hatası sorun sorunu problem olmuyor olmadı oluyor düzelmedi düzelt açılmıyor
    açılmadı yapamadım yapamıyorum yapamadı hala hâlâ bugün şimdi gitmiyor gelmiyor`,
  de: `funktioniert funktionieren geht klappt läuft fehler problem probleme kaputt immer noch heute jetzt falsch gehen`,
  es: `funciona funcionan funcionar problema problemas error errores falla fallo va roto mal hoy ahora sigue todavía`,
  fr: `marche marchent fonctionne fonctionnent problème problèmes erreur bug cassé toujours aujourd'hui maintenant`,
  pt: `funciona funcionam problema problemas erro erros falha quebrado hoje agora ainda`,
  it: `funziona funzionano problema problemi errore errori rotto oggi ora ancora`,
  ru: `работает работают ошибка ошибки проблема проблемы сломалось сломался сегодня сейчас опять`,
  ja: `動か ない かな 動き きま ませ せん 使え えな 問題 エラ ラー でき きな 作動`,
  zh: `不行 不能 能用 用了 坏了 问题 出错 错了 错误 没用 用不 不了 不好 好使`,
};
const ALL: ReadonlySet<string> = new Set(Object.values(VAGUE).flatMap((words) => words.split(/\s+/).map(fold)));

/** In any language: two words are too few to tell it by. */
export function saysNothing(word: string): boolean {
  return ALL.has(fold(word));
}
