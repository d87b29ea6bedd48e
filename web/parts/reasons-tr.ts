/**
 * Why something could not be read or reached, in Turkish. The reasons are written where the failure is met, in English, and kept as they
 * are; what is not in this table is shown so.
 */
const THINGS: Readonly<Record<string, string>> = {
  "a PDF": "bir PDF",
  "a zip archive": "bir zip arşivi",
  "a gzip archive": "bir gzip arşivi",
  "a zstd archive": "bir zstd arşivi",
  "a bzip2 archive": "bir bzip2 arşivi",
  "an xz archive": "bir xz arşivi",
  "a 7z archive": "bir 7z arşivi",
  "a rar archive": "bir rar arşivi",
  "a program": "bir program",
  "an image": "bir görüntü",
  "an old Office file": "eski bir Office dosyası",
  "an RTF file": "bir RTF dosyası",
};

const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^not a kind of file that is read here.*$/,
    "burada okunan bir dosya türü değil (Markdown, HTML, metin, PDF, DOCX, CSV ya da bunların ZIP'i)",
  ],
  [
    /^This server's knowledge base is full: at most (\d+) passages\..*$/,
    "Bu sunucunun bilgi tabanı dolu: en çok $1 bölüm. Artık gerekmeyen bir kaynağı kaldır ya da daha azını içe aktar.",
  ],
  [
    /^This server's knowledge base is full: at most (\d+) sources\..*$/,
    "Bu sunucunun bilgi tabanı dolu: en çok $1 kaynak. Artık gerekmeyen bir kaynağı kaldır.",
  ],
  [/^the file is empty$/, "dosya boş"],
  [
    /^(\d+) of its files are of a kind that is not read here \((.*)\)$/,
    "dosyalarından $1 tanesi burada okunmayan türden ($2)",
  ],
  [
    /^reading it was begun twice and never came to an end; import its files one by one$/,
    "okunmasına iki kez başlandı, hiç bitmedi; dosyalarını tek tek içe aktar",
  ],
  [
    /^reading it was begun twice and never came to an end, because the process was killed each time; start it again, .*$/,
    "okunmasına iki kez başlandı, hiç bitmedi: işlem her seferinde öldürüldü; daha az sayfayla ya da başka bir başlangıç adresiyle yeniden başlat",
  ],
  [
    /^This server's knowledge base is full: at most (\d+) MB of text\..*$/,
    "Bu sunucunun bilgi tabanı dolu: en çok $1 MB metin. Artık gerekmeyen bir kaynağı kaldır ya da daha azını içe aktar.",
  ],
  [/^the file is larger than (\d+) MB$/, "dosya $1 MB'tan büyük"],
  [/^there is no text in it$/, "içinde metin yok"],
  [/^there is more than (\d+) million characters of text in it$/, "içinde $1 milyon karakterden fazla metin var"],
  [
    /^the PDF has no text: scanned pages need text recognition first$/,
    "PDF'te metin yok: taranmış sayfalara önce metin tanıma gerekir",
  ],
  [/^the PDF has more than (\d+) pages$/, "PDF $1 sayfadan uzun"],
  [
    /^the document's XML declares entities, which no word processor does$/,
    "belgenin XML'i varlık tanımlıyor; hiçbir kelime işlemci bunu yapmaz",
  ],
  [/^the file is a zip archive, but no Word document$/, "dosya bir zip arşivi, ama Word belgesi değil"],
  [/^the name says (\w+), the content does not$/, "adı $1 diyor, içeriği öyle değil"],
  [/^the page has no elements: it is not HTML$/, "sayfada hiç öğe yok: HTML değil"],
  [/^the page has more than (\d+) elements$/, "sayfada $1 öğeden fazlası var"],
  [/^the page nests its elements deeper than (\d+)$/, "sayfanın öğeleri $1 düzeyden derin"],
  [/^the page is larger than (\d+) MB$/, "sayfa $1 MB'tan büyük"],
  [/^the table has no rows below its head$/, "tabloda başlığın altında satır yok"],
  [/^the table has more than (\d+) columns$/, "tabloda $1 sütundan fazlası var"],
  [/^the table has more than (\d+) rows$/, "tabloda $1 satırdan fazlası var"],
  [/^there is nothing in the archive that is read here$/, "arşivde burada okunan bir şey yok"],
  [/^the archive holds more than (\d+) files$/, "arşivde $1 dosyadan fazlası var"],
  [/^it holds more than (\d+) entries$/, "içinde $1 girdiden fazlası var"],
  [/^it unpacks to more than (\d+) MB$/, "açılınca $1 MB'ı aşıyor"],
  [/^it unpacks to far more than it should, or is damaged$/, "olması gerekenden çok büyük açılıyor ya da bozuk"],
  [
    /^an entry (?:is not of the size it claims|unpacks to more than it claims, or is damaged)$/,
    "bir girdi söylediği boyutta değil ya da bozuk",
  ],
  [/^it is damaged: .*$/, "dosya bozuk"],
  [/^(?:it uses a packing|its packing ".*") (?:that )?is not read here$/, "sıkıştırma biçimi burada okunmuyor"],
  [/^it cannot be read: the reader gave up on it$/, "okunamıyor: okuyucu vazgeçti"],
  [/^it cannot be read(?:: (.*))?$/s, "okunamıyor $1"],
  [/^reading it took longer than (\d+) s$/, "okunması $1 saniyeden uzun sürdü"],
  [/^reading it took more than (\d+) MB of memory$/, "okunması $1 MB'tan fazla bellek istedi"],
  [/^its robots\.txt asks not to read it$/, "robots.txt okunmamasını istiyor"],
  [/^its robots\.txt answers (\d+)$/, "robots.txt isteğine $1 yanıtı geldi"],
  [/^it answers (\d+)$/, "sunucusu $1 yanıtını verdi"],
  [/^it is larger than (\d+) MB$/, "$1 MB'tan büyük"],
  [/^it cannot be reached: (.*)$/s, "ulaşılamıyor: $1"],
  [/^its name does not resolve$/, "adı çözümlenmiyor"],
  [/^nobody answers there$/, "orada kimse yanıt vermiyor"],
  [/^no answer within (\d+) s$/, "$1 saniye içinde yanıt gelmedi"],
  [/^it redirects$/, "başka bir adrese yönlendiriyor"],
  [/^the answer breaks off$/, "yanıt yarıda kesildi"],
  [/^it redirects to another site or folder$/, "başka bir siteye ya da klasöre yönlendiriyor"],
  [/^it redirects more than (\d+) times$/, "$1 kezden fazla yönlendiriyor"],
  [
    /^the (?:address|name) (?:is not public|is not a public one|leads to an address that is not public)$/,
    "adres herkese açık değil",
  ],
];

export function reasonInTurkish(reason: string): string {
  const mixed = /^the name says ([\w ]+), the content is (.+)$/.exec(reason);
  const thing = THINGS[mixed?.[2] ?? ""];
  if (mixed !== null && thing !== undefined) return `adı ${mixed[1]} diyor, içeriği ${thing}`;
  for (const [pattern, turkish] of REASONS) {
    if (pattern.test(reason)) return reason.replace(pattern, turkish).trim();
  }
  return reason;
}
