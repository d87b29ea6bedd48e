/**
 * Words that people asking for help and people writing help use for one thing. Short on purpose and about no product: verbs of
 * doing and breaking, names of parts everybody has, abbreviations that are written out in one place and not in the other.
 */

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  en: [
    "delete remove drop erase uninstall",
    "stop cancel terminate kill abort shutdown end quit",
    "start launch boot run begin",
    "create make add new generate",
    "change edit modify update adjust set",
    "upgrade update migrate",
    "install setup deploy",
    "configure config configuration settings setting options preferences customize",
    "error failure exception problem issue bug",
    "crash freeze hang die dead",
    "broken fail failing failed",
    "fix repair solve resolve troubleshoot",
    "show display view list print see",
    "get fetch retrieve read obtain",
    "save store persist keep",
    "load import read open",
    "export download dump",
    "limit restrict maximum max cap quota",
    "minimum min",
    "increase raise grow scale",
    "decrease reduce lower shrink",
    "connect connection link pair attach",
    "disconnect unlink detach offline",
    "enable activate switch",
    "disable deactivate",
    "price cost pricing fee pay",
    "buy purchase order",
    "refund return money",
    "invoice bill billing receipt",
    "account profile user",
    "password passphrase credentials login",
    "login signin sign-in log-in",
    "logout signout",
    "email e-mail mail",
    "phone mobile smartphone",
    "directory folder",
    "repository repo",
    "documentation docs manual guide",
    "example sample demo tutorial",
    "log logs logging",
    "monitor watch observe metrics",
    "parameter argument option flag",
    "function method",
    "variable env environment",
    "environment env",
    "database db",
    "kubernetes k8s",
    "application app",
    "package library module dependency",
    "picture image photo screenshot",
    "video movie clip",
    "sound audio",
    "wifi wireless wlan wi-fi",
    "internet network online",
    "command cli terminal shell console",
    "gui ui interface dashboard",
    "memory ram",
    "processor cpu",
    "graphics gpu",
    "disk drive storage",
    "slow performance speed fast",
    "requirement prerequisite supported compatible",
    "version release",
    "difference compare versus vs",
    "permission access rights role",
    "schedule cron timer",
    "notification alert",
    "several multiple many",
  ],
  tr: [
    "sil kaldır çıkar",
    "durdur iptal kapat bitir",
    "başlat çalıştır aç",
    "ekle oluştur yarat yeni",
    "değiştir düzenle güncelle ayarla",
    "kur kurulum yükle",
    "ayar seçenek yapılandırma",
    "hata sorun arıza problem",
    "bozuk çalışmıyor",
    "düzelt onar çöz",
    "göster görüntüle listele",
    "fiyat ücret ödeme",
    "iade geri para",
    "fatura makbuz",
    "hesap profil kullanıcı",
    "şifre parola",
    "giriş oturum",
    "e-posta mail posta eposta",
    "telefon cep mobil",
    "klasör dizin",
    "uygulama app program",
    "internet ağ wifi bağlantı",
    "yavaş hız performans",
    "sınır limit kota",
    "bildirim uyarı alarm",
    "sürüm versiyon",
    "izin yetki rol",
  ],
};

const tables = new Map<string, ReadonlyMap<string, readonly string[]>>();

/** Other words for a term, as terms; `toTerm` makes a word the term it is looked up by. */
export function synonymsOf(term: string, language: string, toTerm: (word: string) => string): readonly string[] {
  let table = tables.get(language);
  if (table === undefined) {
    const made = new Map<string, string[]>();
    for (const group of GROUPS[language] ?? []) {
      const terms = [...new Set(group.split(" ").map(toTerm))];
      for (const one of terms) made.set(one, [...(made.get(one) ?? []), ...terms.filter((other) => other !== one)]);
    }
    table = made;
    tables.set(language, table);
  }
  return table.get(term) ?? [];
}
