/**
 * Short lines as people type them, in English, Turkish and German: requests (asked, told, without a verb, behind an opening) and
 * company (greetings, plans, reactions, thanks, questions about each other). Put together from the pieces below, since no labelled
 * channel in Turkish or German is at hand. For training only; what it is worth is measured on lines that were written apart.
 */
import { seeded } from "./linear.ts";

export type Spoken = { readonly text: string; readonly request: boolean; readonly language: "en" | "tr" | "de" };

type Grammar = {
  /** `{name}` takes one of the pieces of that name. */
  readonly requests: readonly string[];
  readonly company: readonly string[];
  readonly pieces: Readonly<Record<string, readonly string[]>>;
};

const LINES_A_KIND = 1_100;

export function spokenLines(seed = 31): Spoken[] {
  const random = seeded(seed);
  const make = (language: Spoken["language"], { requests, company, pieces }: Grammar): Spoken[] => {
    const one = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
    const fill = (template: string): string => {
      let text = template;
      for (let depth = 0; depth < 3; depth++) {
        text = text.replace(/\{(\w+)\}/g, (_, name: string) => one(pieces[name] ?? [""]));
      }
      text = text
        .replace(/\s+/g, " ")
        .replace(/ ([,.?!])/g, "$1")
        .trim();
      // Chat is typed in a hurry: without the mark, sometimes without capitals, sometimes without the language's own letters.
      if (random() < 0.45) text = text.replace(/\?$/, "");
      if (random() < 0.6) text = text.toLowerCase();
      if (language !== "en" && random() < 0.15)
        text = text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ı", "i");
      return text;
    };
    const lines = (templates: readonly string[], request: boolean) =>
      Array.from({ length: LINES_A_KIND }, () => ({ text: fill(one(templates)), request, language }));
    return [...lines(requests, true), ...lines(company, false)];
  };
  return [...make("en", ENGLISH), ...make("tr", TURKISH), ...make("de", GERMAN)];
}

const list = (text: string): readonly string[] => text.split("|").map((piece) => piece.trim());

const TECH = list(
  "python|docker|linux|git|node|postgres|nginx|excel|unity|react|wordpress|android|ios|blender|kubernetes|mysql|php|rust|java|photoshop|obs|vscode|ssh|windows|bash|redis|discord.js",
);
const CODE = list(
  'error 403|error 500|exit code 1|code 43|ENOENT|timeout|"access denied"|"out of memory"|segfault|TypeError: x is undefined|"connection refused"|SSL error|error 0x80070005|null pointer|"module not found"',
);

const ENGLISH: Grammar = {
  pieces: {
    tech: TECH,
    code: CODE,
    thing: list(
      "the app|my account|the bot|a role|the server|my profile picture|the invoice|my subscription|the router|a backup|the camera|two accounts|the config file|a channel|the api key|an old order|the plugin|the database|my email address|the microphone|a screenshot|the log|dark mode|the printer|a webhook|the trial|the installer|the gateway|a custom domain|the timezone|my payment method|the theme|a thread|the wallet app|my avatar|the cache|a contact list",
    ),
    noun: list(
      "password|upload|login|backup|payment|refund|shipping|license|subscription|update|installation|export|api key|webhook|port|wifi|camera|bandwidth|storage|sensor|invoice|account|dashboard|gui|firmware|proxy|certificate|domain|playlist|battery|sync|trial|discount|warranty|printer|calendar",
    ),
    verb: list(
      "install|delete|change|reset|update|export|import|cancel|rename|share|disable|enable|restore|connect|move|find|set up|remove|upgrade|configure|translate|restart|link|copy|see|sort|lock|mute|pin|block",
    ),
    quality: list(
      "price|prices|limit|settings|size|status|fees|options|requirements|versions|list|history|instructions|manual|templates|shortcuts|time|address|hours|plans",
    ),
    broken: list(
      "doesn't work|does not start|keeps crashing|won't open|is stuck at 50%|shows {code}|stopped working|is very slow|isn't showing up|gives me {code}|freezes on startup|disappeared|is greyed out|never arrives|says {code}|fails with {code}|disconnects all the time|can't be found",
    ),
    since: list(
      "|||since yesterday|after the update|on my phone|on windows|when i log in|every time|since this morning|on my second monitor|in the new version",
    ),
    hello: list(
      "||||hi,|hello,|hey all,|hi everyone,|sorry,|excuse me,|good evening,|hey,|quick question:|question:|help:|{tech}:|ok so|hi guys",
    ),
    please: list("|||||please|thanks|any ideas?|anyone?|pls|thank you|thx in advance|any help appreciated"),
    event: list(
      "the concert|the race|the finale|the game|that movie|the stream|the show|the derby|your trip|the party|the new album|the exam|the interview",
    ),
    fun: list(
      "play a round|watch a movie|grab pizza|join a call|go hiking|play cards|bake something|start a band|do karaoke|see photos of my trip|come over",
    ),
    person: list("sam|mia|the boss|my mom|my brother|our neighbour|that guy|my cat|the teacher|he|she|grandpa"),
    mood: list(
      "tired|hungry|happy|bored|excited|sleepy|sick|nervous|done for today|cold|awake already|proud of you|sad",
    ),
    laugh: list("|||lol|haha|😂|lmao|:)|xd|💀|<3|omg"),
    part: list("today|tonight|this weekend|tomorrow|this morning|after work|later|at 9|on sunday"),
  },
  requests: list(
    `{hello} how do i {verb} {thing}? {please}|{hello} how can i {verb} {thing} {since}? {please}|how to {verb} {thing}|{hello} where can i {verb} {thing}?|{hello} where do i find {thing}?|can i {verb} {thing} {since}?|is it possible to {verb} {thing}?|is there a way to {verb} {thing}? {please}
    |{verb} {noun}|{verb} {noun} {since}|{noun} {quality}|{noun} {quality}?|{tech} {noun} {quality}|forgot my {noun}|forgot {noun} of my account|lost my {noun}|no {noun} {since}|wrong {noun} {since}|missing {noun}|{noun} {broken}|my {noun} {broken} {since} {please}|{thing} {broken} {since}|{hello} {thing} {broken} {since} {please}
    |{tech}: {noun} {broken}|{tech}: how to {verb} {noun}?|{hello} what does {code} mean?|{code} when i {verb} {thing}|getting {code} {since}|i get {code} {since} {please}|why is {thing} {broken}|why does {noun} say {code}?|what is the {quality} of {thing}?|how much is {thing}?|how long does {noun} take?|how many {noun}s can i have?|which {noun} do i need for {tech}?
    |does {thing} support {tech}?|does the {noun} work with {tech}?|do i need {thing} for {tech}?|what's the best {noun} for {tech}?|anyone know how to {verb} {thing}?|does anybody know why {thing} {broken}?|has anyone got {tech} working with {thing}?|can someone help me {verb} {thing}?|i need to {verb} {thing}, {please}|i want to {verb} {thing} but it {broken}|trying to {verb} {thing} but {code}|unable to {verb} {thing} {since}|can't {verb} {thing} {since}|couldn't {verb} {thing}, {code}
    |what's the difference between {noun} and {noun}?|{noun} for {tech}?|recommended {noun} for {tech}|{noun} not working {since}|{noun} invalid|{noun} expired, what now?|should i {verb} {thing} first?|when does my {noun} expire?|who do i ask about my {noun}?|are {noun}s included?|is {tech} supported?|will {thing} {verb} itself?|need help with {noun} {since}|problem with {noun} {since}|looking for {thing}`,
  ),
  company: list(
    `good morning {laugh}|good night all|hey everyone {laugh}|hi {laugh}|hello from {person}|hello? {laugh}|anyone around? {laugh}|anybody awake?|who's here {part}?|who wants to {fun} {part}?|anyone want to {fun}? {laugh}|wanna {fun} {part}?|are you coming {part}?|did you see {event}? {laugh}|did anyone watch {event}?|how was {event}?|how are you {part}?|how is {person}?|how you doing {laugh}|what are you doing {part}?|what are you eating {laugh}|what did {person} say? {laugh}|what happened at {event} {laugh}|where were you {part}?|when did {person} get so funny|why so {mood}?|why would {person} do that {laugh}|who asked {person}|who cares {laugh}|who said that {laugh}|who won {event}?|isn't it late {laugh}|is everybody {mood}?|is {person} {mood} again?|are we meeting {part}?|you {mood}?|am i the only one who is {mood}?
    |i'm so {mood} {part} {laugh}|so {mood} {laugh}|{person} is {mood} {laugh}|{person} made me laugh {laugh}|that was amazing {laugh}|that's so funny {laugh}|no way {laugh}|me too {laugh}|same here {laugh}|yeah right {laugh}|true {laugh}|of course {laugh}|exactly what {person} said|love it {laugh}|nice {laugh}|well played {laugh}|congrats on {event}!|happy birthday {person}!|welcome {person}|see you {part}|back {part}|off to bed {laugh}|gotta go {laugh}|brb {person} is calling|can't wait for {event}|{event} was great {laugh}|{event} {part}, who's in?|good luck with {event}|you too {laugh}|don't worry {laugh}|sorry {person}, was asleep {laugh}|just got home {laugh}|it's raining {part}|finally {part} {laugh}|guess what {person} did {laugh}|guess who is {mood}|can you imagine {laugh}|can you believe {event}? {laugh}
    |fixed it, thanks|works now, thank you|never mind, found it|ok that solved it {laugh}|got it, thanks a lot|all good now|it was my own fault {laugh}|solved, thanks everyone|thanks {person}|thank you so much {laugh}|you're the best {laugh}|no problem {laugh}|sounds fun {laugh}|deal {laugh}|ok {laugh}|oh ok {laugh}|hmm {laugh}|wow {laugh}|what a {event} {laugh}|what a game {laugh}|remember {event}? {laugh}|my favourite part of {event} was the end|i miss {event}|{person} would love this|told you {laugh}|you should see {person} dance {laugh}|i made cookies {part}|new haircut {part} {laugh}|have you ever fallen asleep at {event}?|do you like {event}?|do you guys even sleep {laugh}|which song is that {laugh}|what's your favourite movie?|what time is it for you?|are you a cat or a dog person?`,
  ),
};

const TURKISH: Grammar = {
  pieces: {
    tech: TECH,
    code: [...CODE, "403 hatası", "erişim engellendi", "bağlantı reddedildi", "geçersiz anahtar"],
    thing: list(
      "botu|hesabımı|sunucuyu|rolü|kanalı|faturayı|aboneliğimi|yönlendiriciyi|yedeği|kamerayı|uygulamayı|api anahtarını|eklentiyi|veritabanını|mail adresimi|mikrofonu|ekran görüntüsünü|karanlık modu|yazıcıyı|webhook'u|deneme sürümünü|lisansı|alan adını|ödeme yöntemini|temayı|bildirimleri|önbelleği|profil resmimi|siparişimi|şifremi",
    ),
    noun: list(
      "şifre|yükleme|giriş|yedek|ödeme|iade|kargo|lisans|abonelik|güncelleme|kurulum|dışa aktarma|api anahtarı|port|wifi|kamera|bant genişliği|depolama|sensör|fatura|hesap|panel|arayüz|sertifika|alan adı|pil|senkron|indirim|garanti|yazıcı|takvim|otel|uçuş|üyelik|tur",
    ),
    verb: list(
      "siliyorum|değiştiriyorum|sıfırlıyorum|güncelliyorum|taşıyorum|iptal ediyorum|kapatıyorum|açıyorum|bağlıyorum|kuruyorum|kaldırıyorum|buluyorum|paylaşıyorum|kopyalıyorum|geri alıyorum|ayarlıyorum|yükseltiyorum",
    ),
    able: list(
      "silebilirim|değiştirebilirim|sıfırlarım|güncellerim|taşıyabilirim|iptal edebilirim|kapatırım|açarım|bağlarım|kurarım|kaldırırım|bulabilirim|paylaşırım|geri alırım|ayarlarım",
    ),
    to: list(
      "silme|değiştirme|sıfırlama|güncelleme|taşıma|iptal etme|kapatma|açma|bağlama|kurma|kaldırma|paylaşma|geri alma|sınırlama|ayarlama",
    ),
    quality: list(
      "fiyatı|fiyatları|sınırı|ayarları|boyutu|durumu|ücreti|seçenekleri|gereksinimleri|sürümleri|listesi|geçmişi|kılavuzu|şablonu|süresi|adresi|saatleri|planları",
    ),
    broken: list(
      "çalışmıyor|açılmıyor|sürekli çöküyor|yarıda kaldı|{code} veriyor|durdu|çok yavaş|görünmüyor|donuyor|kayboldu|gelmiyor|{code} diyor|bağlanmıyor|tanımıyor|yüklenmiyor|kopuyor|gri kalıyor",
    ),
    since: list(
      "|||dünden beri|güncellemeden sonra|telefonda|windows'ta|giriş yapınca|her seferinde|sabahtan beri|yeni sürümde",
    ),
    hello: list(
      "||||selam,|merhaba,|arkadaşlar|hocam|iyi günler,|slm|pardon,|bir şey soracağım,|soru:|yardım:|{tech}:|beyler|kolay gelsin,",
    ),
    please: list("|||||lütfen|teşekkürler|bilen var mı?|yardımcı olur musunuz?|acil|şimdiden sağ olun|fikri olan?"),
    event: list("konser|yarış|final|maç|film|yayın|dizi|derbi|tatilin|parti|yeni albüm|sınav|mülakat|düğün"),
    fun: list(
      "oyun oynayan|film izleyen|pizza yiyen|sese gelen|yürüyüşe çıkan|kart oynayan|konsere giden|maç yapan|kahveye gelen|yemek yapan",
    ),
    person: list("ali|ayşe|patron|annem|abim|komşu|şu çocuk|kedim|hoca|dedem|kuzen|mert"),
    mood: list(
      "yorgunum|açım|mutluyum|sıkıldım|heyecanlıyım|uykum var|hastayım|gerginim|bittim|üşüdüm|uyandım|üzgünüm",
    ),
    laugh: list("|||ya|haha|😂|kanka|:)|abi|💀|<3|sjsj|valla|be"),
    part: list("bugün|akşam|hafta sonu|yarın|sabah|iş çıkışı|sonra|9'da|pazar günü|gece"),
  },
  requests: list(
    `{hello} {thing} nasıl {verb}? {please}|{hello} {thing} nasıl {able}? {please}|{hello} {thing} nereden {able}?|{thing} {to} mümkün mü?|{thing} {to} var mı|{noun} {to}|{thing} {to}|{noun} {quality}|{noun} {quality}?|{tech} {noun} {quality}|{noun} {broken} {since} {please}|{hello} {noun} {broken} {since} {please}|{noun} unuttum|{noun} kayboldu|{noun} yok {since}|{noun} yanlış diyor|{tech}: {noun} {broken}|{tech}: {thing} nasıl {verb}?|{hello} {code} ne demek?|{code} alıyorum {since} {please}|{since} {code} alıyorum|{thing} açınca {code}|neden {noun} {broken}?|{noun} neden {broken}?|{noun} ne kadar?|{noun} kaç para?|{noun} ne kadar sürer?|kaç {noun} olabiliyor?|{tech} için hangi {noun} lazım?
    |{noun} {tech} destekliyor mu?|{tech} ile çalışır mı?|{thing} için {noun} gerekiyor mu?|{tech} için en iyi {noun} hangisi?|{thing} bilen var mı?|{thing} nasıl yapılır bilen var mı|{thing} değiştirmek istiyorum ama {noun} {broken}|{thing} {able} mı?|{thing} bulamıyorum {since}|{thing} yapamadım {code}|{thing} açamıyorum {since}|{noun} ile {noun} arasındaki fark nedir?|{noun} önerisi olan var mı|{noun} geçersiz|{noun} süresi doldu ne yapmalıyım?|önce {thing} mi kurmalıyım?|{noun} ne zaman bitiyor?|{noun} için kime yazıyorum?|{noun} dahil mi?|{noun} ücretli mi?|{noun} konusunda yardım lazım|{noun} ile ilgili sorun yaşıyorum {since}|{noun} arıyorum {tech} için|{noun} hakkında bilgi alabilir miyim|{noun} {since} {broken}, ne yapmam gerek?`,
  ),
  company: list(
    `günaydın {laugh}|iyi geceler herkese|selam {laugh}|merhaba gençler|kimse yok mu {laugh}|uyuyan var mı {laugh}|{part} {fun} var mı?|{fun} var mı {laugh}|{part} {fun} kim?|geliyor musun {part}?|{event} izledin mi? {laugh}|{event} izleyen oldu mu?|{event} nasıldı?|nasılsın {part}?|{person} nasıl?|ne yapıyorsun {part}?|ne yiyorsun {laugh}|{person} ne dedi? {laugh}|{event} ne oldu {laugh}|neredeydin {part}?|niye öyle yaptı {person} {laugh}|{person} sordu mu {laugh}|sana ne {laugh}|kim demiş onu {laugh}|{event} kim kazandı?|geç olmadı mı {laugh}|herkes iyi mi?|{part} buluşuyor muyuz?|bir tek ben mi {mood}?
    |çok {mood} {laugh}|{mood} {part} {laugh}|{person} beni güldürdü {laugh}|harikaydı {laugh}|çok komik {laugh}|yok canım {laugh}|ben de {laugh}|aynen {laugh}|tabii ki {laugh}|{person} de öyle diyor|bayıldım {laugh}|güzel {laugh}|iyi oynadın {laugh}|{event} hayırlı olsun!|doğum günün kutlu olsun {person}!|hoş geldin {person}|görüşürüz {part}|döndüm {laugh}|yatıyorum {laugh}|kaçtım ben {laugh}|{person} arıyor geliyorum|{event} sabırsızlanıyorum|{event} çok iyiydi {laugh}|{event} için bol şans|sana da {laugh}|boş ver {laugh}|kusura bakma uyuyakalmışım {laugh}|eve geldim {laugh}|yağmur yağıyor {part}|nihayet {part} {laugh}|{person} ne yaptı tahmin et {laugh}|düşünebiliyor musun {laugh}|{event} inanılmazdı {laugh}
    |düzelttim teşekkürler|şimdi çalışıyor sağ olun|boşverin buldum|tamam oldu {laugh}|anladım çok sağ ol|sorun kalmadı|benim hatammış {laugh}|çözüldü herkese teşekkürler|teşekkürler {person}|eyvallah {laugh}|adamsın {laugh}|önemli değil {laugh}|eğlenceli olur {laugh}|anlaştık {laugh}|tamam {laugh}|hmm {laugh}|vay {laugh}|ne {event} ama {laugh}|hatırlıyor musun {event} {laugh}|{event} en sevdiğim yeri sonuydu|{event} özledim|{person} buna bayılır|demiştim {laugh}|{person} dans ederken görmen lazım {laugh}|kurabiye yaptım {part}|saçımı kestirdim {laugh}|hiç {event} uyuyakaldın mı?|{event} sever misin?|siz hiç uyumuyor musunuz {laugh}|bu hangi şarkı {laugh}|en sevdiğin film ne?|orada saat kaç?|kedi mi köpek mi?`,
  ),
};

const GERMAN: Grammar = {
  pieces: {
    tech: TECH,
    code: [...CODE, "Fehler 403", "Zugriff verweigert", "Verbindung abgelehnt", "ungültiger Schlüssel"],
    thing: list(
      "die App|mein Konto|den Bot|eine Rolle|den Server|mein Profilbild|die Rechnung|mein Abo|den Router|ein Backup|die Kamera|zwei Konten|die Konfiguration|einen Kanal|den API-Schlüssel|eine alte Bestellung|das Plugin|die Datenbank|meine Mailadresse|das Mikrofon|einen Screenshot|das Log|den Dunkelmodus|den Drucker|einen Webhook|die Testversion|den Installer|eine eigene Domain|die Zeitzone|die Zahlungsart|das Thema|den Cache",
    ),
    noun: list(
      "Passwort|Upload|Login|Backup|Zahlung|Rückerstattung|Versand|Lizenz|Abo|Update|Installation|Export|API-Schlüssel|Webhook|Port|WLAN|Kamera|Bandbreite|Speicher|Sensor|Rechnung|Konto|Dashboard|Oberfläche|Firmware|Proxy|Zertifikat|Domain|Akku|Sync|Testversion|Rabatt|Garantie|Drucker|Kalender|Tarif",
    ),
    verb: list(
      "installieren|löschen|ändern|zurücksetzen|aktualisieren|exportieren|importieren|kündigen|umbenennen|teilen|abschalten|einschalten|wiederherstellen|verbinden|umziehen|finden|einrichten|entfernen|sperren|anheften|übersetzen|verknüpfen|kopieren|drucken",
    ),
    quality: list(
      "Preis|Preise|Grenze|Einstellungen|Größe|Status|Kosten|Optionen|Voraussetzungen|Versionen|Liste|Verlauf|Anleitung|Vorlagen|Dauer|Adresse|Zeiten|Pläne",
    ),
    broken: list(
      "geht nicht|startet nicht|stürzt ständig ab|öffnet nicht|hängt bei 50 %|zeigt {code}|funktioniert nicht mehr|ist sehr langsam|taucht nicht auf|meldet {code}|friert beim Start ein|ist weg|ist ausgegraut|kommt nicht an|sagt {code}|bricht mit {code} ab|verliert die Verbindung|wird nicht gefunden",
    ),
    since: list(
      "|||seit gestern|nach dem Update|am Handy|unter Windows|beim Anmelden|jedes Mal|seit heute Morgen|in der neuen Version",
    ),
    hello: list(
      "||||hi,|hallo,|moin,|hallo zusammen,|sorry,|guten Abend,|hey,|kurze Frage:|Frage:|Hilfe:|{tech}:|servus,|mal eine Frage,",
    ),
    please: list("|||||bitte|danke|jemand eine Idee?|weiß das wer?|danke schon mal|bin für jede Hilfe dankbar|hilfe"),
    event: list(
      "das Konzert|das Rennen|das Finale|das Spiel|der Film|der Stream|die Serie|das Derby|dein Urlaub|die Party|das neue Album|die Prüfung|das Gespräch",
    ),
    fun: list(
      "eine Runde spielen|einen Film schauen|Pizza essen|in den Call kommen|wandern gehen|Karten spielen|was backen|Karaoke singen|ins Kino|Fotos sehen|vorbeikommen",
    ),
    person: list("sam|mia|der Chef|meine Mama|mein Bruder|der Nachbar|der Typ|meine Katze|die Lehrerin|er|sie|Opa"),
    mood: list(
      "müde|hungrig|glücklich|gelangweilt|aufgeregt|krank|nervös|fertig für heute|kalt|schon wach|stolz auf dich|traurig",
    ),
    laugh: list("|||lol|haha|😂|digga|:)|xd|💀|<3|ey|alter"),
    part: list("heute|heute Abend|am Wochenende|morgen|heute früh|nach der Arbeit|später|um 9|am Sonntag"),
  },
  requests: list(
    `{hello} wie kann ich {thing} {verb}? {please}|{hello} wie {thing} {verb} {since}? {please}|{hello} wo kann ich {thing} {verb}?|{hello} wo finde ich {thing}?|kann ich {thing} {verb} {since}?|kann man {thing} {verb}?|ist es möglich {thing} zu {verb}?|gibt es einen Weg {thing} zu {verb}? {please}|{noun} {verb}|{thing} {verb}|{noun} {quality}|{noun} {quality}?|{tech} {noun} {quality}|{noun} vergessen|{noun} verloren|kein {noun} {since}|falsches {noun} {since}|{noun} fehlt|{noun} {broken}|mein {noun} {broken} {since} {please}|{thing} {broken} {since}|{hello} {noun} {broken} {since} {please}|{tech}: {noun} {broken}|{tech}: wie {noun} {verb}?|{hello} was bedeutet {code}?|{code} wenn ich {thing} {verb} will|bekomme {code} {since}|ich kriege {code} {since} {please}|warum {noun} {broken}?|wieso kommt {code}?
    |was kostet {noun}?|wie hoch ist {noun}?|wie lange dauert {noun}?|wie viele {noun} darf ich haben?|welches {noun} brauche ich für {tech}?|geht das mit {tech}?|unterstützt {noun} auch {tech}?|brauche ich {thing} für {tech}?|was ist das beste {noun} für {tech}?|weiß jemand wie ich {thing} {verb} kann?|weiß wer warum {noun} {broken}?|hat jemand {tech} damit zum laufen gekriegt?|kann mir jemand helfen {thing} zu {verb}?|ich muss {thing} {verb}, {please}|ich will {thing} {verb} aber {noun} {broken}|ich versuche {thing} zu {verb} aber {code}|kann {thing} nicht {verb} {since}|konnte {thing} nicht {verb}, {code}|Unterschied zwischen {noun} und {noun}?|{noun} für {tech}?|empfohlenes {noun} für {tech}|{noun} ungültig|{noun} abgelaufen, was nun?|soll ich erst {thing} {verb}?|wann läuft mein {noun} ab?|an wen wende ich mich wegen {noun}?|ist {noun} dabei?|Problem mit {noun} {since}|brauche Hilfe bei {noun} {since}|suche {noun} für {tech}`,
  ),
  company: list(
    `guten Morgen {laugh}|gute Nacht alle|hallo Leute {laugh}|hi {laugh}|Grüße von {person}|hallo? {laugh}|ist wer wach? {laugh}|noch wer da {part}?|wer ist {part} dabei?|wer will {part} {fun}?|hat wer Bock auf {event}? {laugh}|wollen wir {fun} {part}?|kommst du {part}?|hast du {event} gesehen? {laugh}|hat wer {event} geschaut?|wie war {event}?|wie gehts dir {part}?|wie gehts {person}?|was machst du {part}?|was isst du {laugh}|was hat {person} gesagt? {laugh}|was war bei {event} los {laugh}|wo warst du {part}?|warum so {mood}?|warum macht {person} sowas {laugh}|wer fragt {laugh}|wen juckts {laugh}|wer hat das gesagt {laugh}|wer hat {event} gewonnen?|ist es nicht spät {laugh}|sind alle {mood}?|treffen wir uns {part}?|bist du {mood}?|bin nur ich {mood}?
    |ich bin so {mood} {part} {laugh}|so {mood} {laugh}|{person} ist {mood} {laugh}|{person} hat mich zum lachen gebracht {laugh}|das war der hammer {laugh}|zu lustig {laugh}|auf keinen Fall {laugh}|ich auch {laugh}|gleichfalls {laugh}|ja klar {laugh}|stimmt {laugh}|natürlich {laugh}|genau was {person} sagt|liebs {laugh}|nice {laugh}|gut gespielt {laugh}|Glückwunsch zu {event}!|alles Gute zum Geburtstag {person}!|willkommen {person}|bis {part}|bin wieder da {laugh}|ab ins Bett {laugh}|muss los {laugh}|{person} ruft an bin gleich da|freu mich auf {event}|{event} war super {laugh}|viel Erfolg für {event}|dir auch {laugh}|kein Stress {laugh}|sorry hab gepennt {laugh}|bin daheim {laugh}|es regnet {part}|endlich {part} {laugh}|rate mal was {person} gemacht hat {laugh}|stell dir vor {laugh}
    |hab ich gefixt, danke|läuft jetzt, danke dir|egal, habs gefunden|ok passt jetzt {laugh}|verstanden, danke|alles gut jetzt|war mein Fehler {laugh}|erledigt, danke an alle|danke {person}|vielen Dank {laugh}|du bist der beste {laugh}|kein Problem {laugh}|klingt lustig {laugh}|abgemacht {laugh}|ok {laugh}|achso {laugh}|hmm {laugh}|wow {laugh}|was ein {event} {laugh}|weißt du noch, {event}? {laugh}|am besten war das Ende von {event}|ich vermisse {event}|{person} würde das lieben|sag ich doch {laugh}|du müsstest {person} tanzen sehen {laugh}|hab Kekse gebacken {part}|neue Frisur {laugh}|bist du schon mal bei {event} eingeschlafen?|magst du {event}?|schlaft ihr eigentlich nie {laugh}|welches Lied ist das {laugh}|was ist dein Lieblingsfilm?|wie spät ist es bei dir?|Katze oder Hund?`,
  ),
};
