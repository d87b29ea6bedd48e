/** Each signal in words for an admin: `{saw}` is the piece of text or the count that raised it. */
export type SignalLanguage = "en" | "tr";

const SIGNAL_WORDS = {
  "scam-domain": ["Links to a known scam site: {saw}", "Bilinen bir dolandırıcılık sitesine bağlantı: {saw}"],
  "look-alike-domain": ["Links to a site that imitates another: {saw}", "Başka bir siteyi taklit eden bağlantı: {saw}"],
  "suspect-domain": ["Links to a site whose name looks like a trap: {saw}", "Adı tuzağa benzeyen bir bağlantı: {saw}"],
  "invite-link": ["Invites to another server: {saw}", "Başka bir sunucuya davet: {saw}"],
  shortener: ["A shortened link that hides its target: {saw}", "Hedefini gizleyen kısa bağlantı: {saw}"],
  "address-link": ["Links to a bare address: {saw}", "Çıplak bir IP adresine bağlantı: {saw}"],
  "user-info-link": [
    "A link whose real host stands behind an @: {saw}",
    "Gerçek adresi @ işaretinin ardında olan bağlantı: {saw}",
  ],
  "masked-link": [
    "Shows one site and leads to another: {saw}",
    "Bir site gösterip başka siteye götüren bağlantı: {saw}",
  ],
  "script-link": ["A link that runs a script: {saw}", "Betik çalıştıran bağlantı: {saw}"],
  "gift-lure": ["Offers a free gift: “{saw}”", "Bedava hediye vaat ediyor: “{saw}”"],
  "crypto-lure": [
    "Talks of coins or wallets as scams do: “{saw}”",
    "Dolandırıcılar gibi kripto veya cüzdandan söz ediyor: “{saw}”",
  ],
  "wallet-lure": [
    "Wants a wallet connected, checked or paid into: “{saw}”",
    "Cüzdan bağlatmak, doğrulatmak veya para yatırtmak istiyor: “{saw}”",
  ],
  "money-lure": [
    "Promises money or help with lost money: “{saw}”",
    "Para veya kayıp parayı kurtarmayı vaat ediyor: “{saw}”",
  ],
  "adult-lure": ["Adult content: “{saw}”", "Yetişkin içeriği: “{saw}”"],
  "adult-ad": ["Advertises adult content: “{saw}”", "Yetişkin içeriği reklamı: “{saw}”"],
  "betting-lure": ["Betting or casino: “{saw}”", "Bahis veya kumarhane: “{saw}”"],
  "casino-code": ["A casino with a code or free money: “{saw}”", "Kod veya bedava para sunan kumarhane: “{saw}”"],
  "profit-share": ["Promises profits for a share of them: “{saw}”", "Kazançtan pay karşılığı kâr vaat ediyor: “{saw}”"],
  "easy-money": ["Easy money by private message: “{saw}”", "Özel mesajla kolay para: “{saw}”"],
  "ticket-sale": ["Sells tickets for a payment in advance: “{saw}”", "Peşin ödemeyle bilet satıyor: “{saw}”"],
  "goods-sale": ["Sells accounts or services: “{saw}”", "Hesap veya hizmet satıyor: “{saw}”"],
  "strange-program": [
    "Wants a program installed or tried: “{saw}”",
    "Bir program kurdurmak veya denetmek istiyor: “{saw}”",
  ],
  "cheat-offer": ["Offers cheats or cracked software: “{saw}”", "Hile veya kırılmış yazılım sunuyor: “{saw}”"],
  "scan-to-verify": ["Wants a QR code scanned: “{saw}”", "QR kod okutmak istiyor: “{saw}”"],
  "false-staff": [
    "Speaks as staff and threatens an account: “{saw}”",
    "Yetkili gibi konuşup hesapla tehdit ediyor: “{saw}”",
  ],
  "reported-you": [
    "Says they reported somebody by mistake: “{saw}”",
    "Birini yanlışlıkla şikâyet ettiğini söylüyor: “{saw}”",
  ],
  "code-request": ["Asks for a confirmation code: “{saw}”", "Doğrulama kodu istiyor: “{saw}”"],
  "see-yourself": ["Lures to a link with “is this you?”: “{saw}”", "“Bu sen misin?” diye bağlantıya çekiyor: “{saw}”"],
  "vote-request": ["Asks to log in and vote somewhere: “{saw}”", "Bir yerde giriş yapıp oy vermeyi istiyor: “{saw}”"],
  "trade-request": ["Asks for a trade by link: “{saw}”", "Bağlantıyla takas istiyor: “{saw}”"],
  "spelled-link": ["Spells a link out to hide it: “{saw}”", "Bağlantıyı gizlemek için yazıyla yazıyor: “{saw}”"],
  "hidden-lure": ["Hides a lure by spacing or signs: “{saw}”", "Yemi boşluk veya işaretlerle gizliyor: “{saw}”"],
  "hidden-insult": [
    "Hides an insult by spacing or signs: “{saw}”",
    "Hakareti boşluk veya işaretlerle gizliyor: “{saw}”",
  ],
  urgency: ["Hurries the reader: “{saw}”", "Okuyanı acele ettiriyor: “{saw}”"],
  everyone: ["Pings everybody: {saw}", "Herkesi etiketliyor: {saw}"],
  "mass-mention": ["Mentions {saw} members or roles", "{saw} üye veya rolü etiketliyor"],
  flood: ["{saw} messages within 10 seconds", "10 saniyede {saw} mesaj"],
  repeat: ["Wrote the same text {saw} times within a minute", "Aynı metni bir dakikada {saw} kez yazdı"],
  raid: ["{saw} members or more wrote the same text within a minute", "En az {saw} üye bir dakikada aynı metni yazdı"],
  capitals: ["{saw} % capital letters", "%{saw} büyük harf"],
  zalgo: ["{saw} stacked marks that break the page", "Sayfayı bozan {saw} üst üste işaret"],
  "emoji-flood": ["{saw} emoji", "{saw} emoji"],
  "character-flood": ["One character {saw} times in a row", "Bir karakter art arda {saw} kez"],
  "line-flood": ["{saw} lines or more", "En az {saw} satır"],
  slur: ["A slur: “{saw}”", "Aşağılayıcı söz: “{saw}”"],
  threat: ["A threat: “{saw}”", "Tehdit: “{saw}”"],
  insult: ["An insult: “{saw}”", "Hakaret: “{saw}”"],
  "own-word": ["On this server's word list: “{saw}”", "Bu sunucunun kelime listesinde: “{saw}”"],
  "own-pattern": ["Matches this server's pattern: {saw}", "Bu sunucunun kalıbına uyuyor: {saw}"],
  "staff-name": ["A name that passes for staff: “{saw}”", "Yetkili gibi görünen bir ad: “{saw}”"],
  "group-hatred": [
    "Wishes harm to a group of people, or praises it: “{saw}”",
    "Bir topluluğun zarar görmesini istiyor ya da bunu övüyor: “{saw}”",
  ],
  "hateful-name": [
    "A name that speaks of hatred or violence: “{saw}”",
    "Nefret veya şiddet çağrıştıran bir ad: “{saw}”",
  ],
  "learned-abuse": ["Reads like abuse ({saw} of 100)", "Hakaret gibi okunuyor (100 üzerinden {saw})"],
  "learned-scam": ["Reads like a scam ({saw} of 100)", "Dolandırıcılık gibi okunuyor (100 üzerinden {saw})"],
  "new-account": ["Hours since the account was made: {saw}", "Hesabın açılmasından beri geçen saat: {saw}"],
  "new-member": ["Hours since joining: {saw}", "Katılalı geçen saat: {saw}"],
} as const satisfies Readonly<Record<string, readonly [en: string, tr: string]>>;

export type SignalName = keyof typeof SIGNAL_WORDS;

/** Plain text: escape it before it is shown. A name that a later version wrote is shown as it is. */
export function signalInWords(
  { name, saw }: { readonly name: string; readonly saw: string },
  language: SignalLanguage,
): string {
  const words = (SIGNAL_WORDS as Readonly<Record<string, readonly [string, string]>>)[name];
  return words === undefined ? `${name}: ${saw}` : words[language === "tr" ? 1 : 0].replace("{saw}", () => saw);
}

/** Why a word or pattern was not taken, for the form that it was typed in. */
const REFUSAL_WORDS = {
  empty: ["It is empty, or holds no letter or digit.", "Boş ya da hiç harf veya rakam içermiyor."],
  "too-long": [
    "It is too long: at most 60 characters a word, 200 a pattern.",
    "Çok uzun: kelime en fazla 60, kalıp en fazla 200 karakter.",
  ],
  "matches-everything": [
    "It matches every message. Ask for at least one character.",
    "Her mesaja uyuyor. En az bir karakter isteyin.",
  ],
  "looks-around": [
    "It looks ahead or behind, (?=…) or (?<=…). Patterns here read a text once; write it without.",
    "İleriye veya geriye bakıyor: (?=…) ya da (?<=…). Buradaki kalıplar metni bir kez okur; onsuz yazın.",
  ],
  "refers-back": [
    "It refers back, like \\1. Patterns here read a text once; write it without.",
    "\\1 gibi geriye gönderme içeriyor. Buradaki kalıplar metni bir kez okur; onsuz yazın.",
  ],
  "too-large": [
    "It repeats too much to be checked on every message. Use smaller counts.",
    "Her mesajda denenemeyecek kadar çok yineleme içeriyor. Daha küçük sayılar kullanın.",
  ],
  "no-domain": [
    "It is no domain. Write one like example.com, without a path.",
    "Bu bir alan adı değil. example.com gibi, yolu olmadan yazın.",
  ],
  syntax: ["It is no valid pattern: {detail}.", "Geçerli bir kalıp değil: {detail}."],
} as const;

export function refusalInWords(
  refusal: { readonly refused: keyof typeof REFUSAL_WORDS; readonly detail?: string },
  language: SignalLanguage,
): string {
  const at = language === "tr" ? 1 : 0;
  return REFUSAL_WORDS[refusal.refused][at].replace("{detail}", () => syntaxInWords(refusal.detail ?? "", at));
}

/** RE2's own reasons, by its words: `error parsing regexp: missing closing ): \`(\``. */
const SYNTAX_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  "missing closing )": ["a closing ) is missing", "kapanan ) eksik"],
  "missing closing ]": ["a closing ] is missing", "kapanan ] eksik"],
  "unexpected )": ["there is a ) without its (", "( olmadan ) var"],
  "invalid character class range": [
    "these characters in [ ] are no range or class",
    "[ ] içindeki bu karakterler bir aralık ya da sınıf değil",
  ],
  "invalid escape sequence": [
    "this backslash stands before nothing it can mean; write \\ for one",
    "bu ters bölünün ardındaki bir anlam taşımıyor; ters bölü için \\ yazın",
  ],
  "trailing backslash at end of expression": ["it ends with a backslash", "ters bölüyle bitiyor"],
  "invalid named capture": ["the group's name is wrong", "grubun adı yanlış"],
  "duplicate capture group name": ["two groups have the same name", "iki grubun adı aynı"],
  "invalid or unsupported Perl syntax": [
    "RE2 does not know what begins like this",
    "RE2 böyle başlayan bir yazımı bilmiyor",
  ],
  "invalid nested repetition operator": [
    "two signs of repetition stand side by side",
    "iki yineleme işareti yan yana duruyor",
  ],
  "missing argument to repetition operator": [
    "there is nothing before this sign of repetition",
    "bu yineleme işaretinden önce bir şey yok",
  ],
  "expression nests too deeply": ["too many brackets stand in one another", "çok fazla ayraç iç içe"],
};

function syntaxInWords(detail: string, at: 0 | 1): string {
  const [, kind = "", what] = /^error parsing regexp: ([^`]*?)(?:: `([^`]*)`)?$/.exec(detail) ?? [];
  const say = SYNTAX_WORDS[kind]?.[at];
  if (say === undefined) return detail;
  // RE2 was told to ignore capitals by a prefix that nobody wrote.
  const piece = what?.replace(/^\(\?i\)/, "") ?? "";
  return piece === "" ? say : `${say}: ${piece}`;
}
