/** This page's texts, in every language. */

import { reasonInTurkish } from "../parts/reasons-tr.ts";
import { inEveryLanguage } from "../words.ts";

/** "1 page", "2 pages": numbers arrive written out. */
const some = (count: string, one: string, many: string) => `${count} ${count === "1" ? one : many}`;

export const knowledgeWords = inEveryLanguage({
  en: {
    section: "Knowledge",
    title: "Knowledge",
    lead: "What the bot answers from. It says nothing that is not in here.",
    empty: "The knowledge base is empty",
    emptyNext: "Add your documentation, rules or FAQ below. Until then the bot has nothing to answer from.",
    total: (documents: string, passages: string) =>
      `${some(documents, "document", "documents")} in ${some(passages, "passage", "passages")}`,
    meant: (passages: string, model: string) =>
      `ranked by words and by meaning; meanings kept of ${some(passages, "passage", "passages")} (${model})`,
    kinds: { files: "Files", website: "Website", pairs: "Questions and answers", text: "Text" },
    holds: (documents: string, passages: string) =>
      `${some(documents, "document", "documents")}, ${some(passages, "passage", "passages")}`,
    excluded: (documents: string) => `${documents} left out`,
    states: {
      running: "Importing",
      failed: "Failed",
      partly: "Partly imported",
      ready: "Ready",
      stopped: (done: string, total: string) => `Stopped: ${done} of ${total}`,
    },
    progress: "Import progress",
    done: (done: string, total: string) => `${done} of ${total}`,
    /** Why something was not imported, which is told in English. */
    reason: (reason: string): string => reason,
    report: {
      title: "What was read",
      read: (read: string, unchanged: string) =>
        `${some(read, "document", "documents")} read, ${unchanged} of them unchanged.`,
      leftOut: (chars: string, share: string) =>
        `${chars} characters (${share}) were left out as the frame of pages: menus, forms, hidden text.`,
      samples:
        "Three passages as members would see them. If something is missing or garbled here, look at the page itself.",
    },
    failures: (count: number) => (count === 1 ? "1 could not be imported" : `${count} could not be imported`),
    cancel: "Stop",
    goOn: "Go on",
    remove: "Remove",
    removeNamed: (name: string) => `Remove ${name}`,
    removeAsk: (name: string) => `Remove “${name}”?`,
    removeWhat: (documents: string, passages: string) =>
      `${some(documents, "document", "documents")} and ${some(passages, "passage", "passages")} go with it, and the bot stops answering from them at once. This cannot be undone.`,
    keep: "Keep it",
    addFiles: "Add files",
    files: "Files",
    filesWhat:
      "Markdown, HTML, text, PDF, DOCX, CSV, or a ZIP of them (each of its files counts by itself); several at once, at most 20 MB each and 100 MB together. A file of the same name replaces the one before.",
    name: "Name of the source",
    uploads: "Uploads",
    base: "Web address of these files (optional)",
    baseWhat:
      "With an address, answers link to it: https://docs.example.com and first-steps.md make https://docs.example.com/first-steps.",
    upload: "Upload and import",
    started: "The import has begun. This page shows how far it is.",
    addWebsite: "Add a website",
    start: "Where to start",
    startWhat:
      "A page or a sitemap (.xml). Pages below it are read as robots.txt allows, one at a time; only public addresses.",
    pages: "Pages at most",
    depth: "Depth of links at most",
    every: "Read again",
    everyDay: "Every day",
    everyWeek: "Every week",
    everyMonth: "Every month",
    everyNever: "Only by hand",
    crawl: "Read the website",
    crawlAgain: "Read again",
    addPairs: "Add questions and answers",
    question: "Question",
    answer: "Answer",
    pairUrl: "Link (optional)",
    pairsWhat: "They come first when they match. Leave rows empty that you do not need; saving brings new ones.",
    addText: "Add a text",
    textName: "House rules",
    text: "Text",
    textWhat: "Plain text or Markdown; headings help to find the right place.",
    save: "Save",
    edit: "Edit",
    editNamed: (name: string) => `Edit ${name}`,
    editLead: "Saving replaces all of it; the bot answers from the new words at once.",
    meanwhile: {
      changed:
        "Somebody else saved this source after you opened it, so yours is not saved yet. What you typed is below; saving it now takes the place of theirs.",
      taken: "There is a text of this name already. Choose another name, or save again to take its place.",
      removed:
        "Somebody else removed this source after you opened it. What you typed is below; saving it makes the source anew.",
      others: "Saved meanwhile, and not in yours",
      now: "What is saved now",
    },
    problems: {
      website: "This address is not read. It must be a public one that starts with https:// or http://.",
      pairs: "Every pair needs a question (at most 500 characters) and an answer (at most 10,000).",
      text: "A text needs a name and at most 200,000 characters.",
      "no-files": "Choose at least one file.",
      "too-many-files": "At most 200 files at once. Use gatehouse knowledge import for whole folders.",
      gone: "The files of this upload are no longer here: they are kept for a week. Upload them again; what was imported is passed over quickly.",
      running: "An import into this source is running. Wait for its end, or choose another name.",
      full: "This server's knowledge base is full: at most 200 sources and 100,000 passages. Remove a source that is no longer needed, or import less.",
      "too-many-imports": "Ten uploads of this server are waiting already. Wait until some have been read.",
      url: "The address must start with https:// or http://.",
    },
  },
  tr: {
    section: "Bilgi tabanı",
    title: "Bilgi tabanı",
    lead: "Botun yanıt verdiği kaynaklar. Burada olmayan hiçbir şeyi söylemez.",
    empty: "Bilgi tabanı boş",
    emptyNext: "Aşağıdan belgelerini, kurallarını ya da SSS'ni ekle. O zamana kadar botun yanıt vereceği bir şey yok.",
    total: (documents: string, passages: string) => `${documents} belge, ${passages} bölüm`,
    meant: (passages: string, model: string) =>
      `kelimelere ve anlama göre sıralanıyor; anlamı saklanan bölüm: ${passages} (${model})`,
    kinds: { files: "Dosyalar", website: "Web sitesi", pairs: "Soru ve yanıtlar", text: "Metin" },
    holds: (documents: string, passages: string) => `${documents} belge, ${passages} bölüm`,
    excluded: (documents: string) => `${documents} tanesi dışarıda`,
    states: {
      running: "Aktarılıyor",
      failed: "Başarısız",
      partly: "Kısmen aktarıldı",
      ready: "Hazır",
      stopped: (done: string, total: string) => `Durduruldu: ${done} / ${total}`,
    },
    progress: "Aktarım ilerlemesi",
    done: (done: string, total: string) => `${done} / ${total}`,
    reason: reasonInTurkish,
    report: {
      title: "Ne okundu",
      read: (read: string, unchanged: string) => `${read} belge okundu, ${unchanged} tanesi değişmemiş.`,
      leftOut: (chars: string, share: string) =>
        `${chars} karakter (${share}) sayfa çerçevesi sayılıp alınmadı: menüler, formlar, gizli metin.`,
      samples: "Üyelerin göreceği hâliyle üç bölüm. Burada eksik ya da bozuk bir şey varsa sayfanın kendisine bak.",
    },
    failures: (count: number) => `${count} tanesi aktarılamadı`,
    cancel: "Durdur",
    goOn: "Kaldığı yerden sürdür",
    remove: "Kaldır",
    removeNamed: (name: string) => `Kaldır: ${name}`,
    removeAsk: (name: string) => `“${name}” kaldırılsın mı?`,
    removeWhat: (documents: string, passages: string) =>
      `${documents} belgesi ve ${passages} bölümü de gider; bot bunlardan yanıt vermeyi hemen bırakır. Geri alınamaz.`,
    keep: "Kalsın",
    addFiles: "Dosya ekle",
    files: "Dosyalar",
    filesWhat:
      "Markdown, HTML, metin, PDF, DOCX, CSV ya da bunların ZIP'i (içindeki her dosya tek tek sayılır); birden çok dosya, her biri en çok 20 MB, toplam 100 MB. Aynı adlı dosya öncekinin yerine geçer.",
    name: "Kaynağın adı",
    uploads: "Yüklenenler",
    base: "Bu dosyaların web adresi (isteğe bağlı)",
    baseWhat:
      "Adres verirsen yanıtlar oraya bağlanır: https://docs.example.com ile first-steps.md, https://docs.example.com/first-steps olur.",
    upload: "Yükle ve aktar",
    started: "Aktarım başladı. Bu sayfa ne kadar ilerlediğini gösterir.",
    addWebsite: "Web sitesi ekle",
    start: "Nereden başlansın",
    startWhat:
      "Bir sayfa ya da site haritası (.xml). Altındaki sayfalar robots.txt'nin izin verdiği kadar, tek tek okunur; yalnızca herkese açık adresler.",
    pages: "En çok sayfa",
    depth: "En çok bağlantı derinliği",
    every: "Yeniden oku",
    everyDay: "Her gün",
    everyWeek: "Her hafta",
    everyMonth: "Her ay",
    everyNever: "Yalnızca elle",
    crawl: "Siteyi oku",
    crawlAgain: "Yeniden oku",
    addPairs: "Soru ve yanıt ekle",
    question: "Soru",
    answer: "Yanıt",
    pairUrl: "Bağlantı (isteğe bağlı)",
    pairsWhat: "Eşleştiklerinde önce bunlar gelir. Gerekmeyen satırları boş bırak; kaydedince yenileri gelir.",
    addText: "Metin ekle",
    textName: "Sunucu kuralları",
    text: "Metin",
    textWhat: "Düz metin ya da Markdown; başlıklar doğru yeri bulmaya yardım eder.",
    save: "Kaydet",
    edit: "Düzenle",
    editNamed: (name: string) => `Düzenle: ${name}`,
    editLead: "Kaydetmek tümünü değiştirir; bot hemen yeni sözlerden yanıt verir.",
    meanwhile: {
      changed:
        "Sen bu kaynağı açtıktan sonra başka biri kaydetti; seninki henüz kaydedilmedi. Yazdıkların aşağıda; şimdi kaydedersen onunkinin yerine geçer.",
      taken: "Bu adda bir metin zaten var. Başka bir ad seç ya da onun yerine geçmesi için yeniden kaydet.",
      removed:
        "Sen bu kaynağı açtıktan sonra başka biri kaldırdı. Yazdıkların aşağıda; kaydedersen kaynak yeniden oluşur.",
      others: "Bu arada kaydedilen ve sende olmayanlar",
      now: "Şu anda kayıtlı olan",
    },
    problems: {
      website: "Bu adres okunmaz. https:// ya da http:// ile başlayan, herkese açık bir adres olmalı.",
      pairs: "Her çift bir soru (en çok 500 karakter) ve bir yanıt (en çok 10.000) ister.",
      text: "Bir metnin adı olmalı ve en çok 200.000 karakter içermeli.",
      "no-files": "En az bir dosya seç.",
      "too-many-files": "Bir seferde en çok 200 dosya. Klasörler için gatehouse knowledge import kullan.",
      gone: "Bu yüklemenin dosyaları artık burada değil: bir hafta saklanır. Yeniden yükle; aktarılmış olanlar hızlıca geçilir.",
      running: "Bu kaynağa bir aktarım sürüyor. Bitmesini bekle ya da başka bir ad seç.",
      full: "Bu sunucunun bilgi tabanı dolu: en çok 200 kaynak ve 100.000 bölüm. Artık gerekmeyen bir kaynağı kaldır ya da daha azını içe aktar.",
      "too-many-imports": "Bu sunucunun on yüklemesi zaten bekliyor. Bir kısmı okunana kadar bekle.",
      url: "Adres https:// ya da http:// ile başlamalı.",
    },
  },
});
