/** The words of courtesy.ts, in the languages most spoken on Discord. Ambiguous words are left out. */

export const GREETINGS =
  "hi hello hey heya hiya yo howdy greetings sup morning afternoon evening hii hiii heyy heyyy hellooo " +
  "selam selamlar merhaba merhabalar günaydın slm mrb " +
  "hola buenas buenos boa guten dzień dobry holaa bom dia olá oi opa eai salut bonjour bonsoir coucou hallo moin servus hallöchen grüezi tag abend " +
  "ciao salve buongiorno buonasera cześć hej siema witam witaj hoi goedemorgen goedemiddag goedenavond " +
  "привет здравствуйте здравствуй приветик хай ку добрый день вечер утро привіт вітаю добрий вечір ранок " +
  "halo hai pagi siang sore malam chào alo xin " +
  "こんにちは こんばんは おはよう おはようございます やあ どうも もしもし 안녕 안녕하세요 안녕하십니까 하이 你好 您好 嗨 大家好 哈喽 早上好 晚上好 " +
  "مرحبا أهلا اهلا السلام عليكم سلام नमस्ते हाय हैलो नमस्कार";

export const THANKS =
  "thanks thank thx ty tysm cheers appreciated tyvm thankyou " +
  "teşekkür teşekkürler tşk sağol sağolun sağ eyvallah minnettarım " +
  "gracias obrigado obrigada valeu merci danke dankeschön grazie dzięki dziękuję dank bedankt dankjewel " +
  "спасибо благодарю спс дякую makasih terima kasih thankss cảm ơn ありがとう ありがとうございます ありがとうございました サンキュー " +
  "고마워 고마워요 감사합니다 감사해요 谢谢 多谢 感谢 شكرا مشكور धन्यवाद शुक्रिया";

/** Words around them that ask for nothing. */
export const FILLERS =
  "a again all alot off up why job geri am and answer are bot but cok day dude everybody everyone folks team fine for friend friends gatehouse good great guys haha " +
  "have helped helpful helps hehe hmm how i im is it its just k kk lol lmao lot lots man mate me much my nice night now of ok okay old one perfect pls please " +
  "really right s so such sure super t than that the there thing this to today too u ur very was well were what " +
  "works worked yeah yep yes you your youre cool awesome amazing wow xd got gotcha alright " +
  "akşamlar ben bir bu çok çünkü da de ederim ederiz evet geceler gibi günler harika hayırlı herkese i işe işime işimize iyi " +
  "ki olsun olun ol oldu sen sana sensin siz ya yanıt yanıtın yaradı yardımcı yardımın yardımınız cevap için tamam süper " +
  "a las los el la dias días tardes noches muy bien todo todos amigo vale mucho muchas muito muita boa boas tarde noite tudo bem pessoal " +
  "dir euch dich biçim botsun et à tous toi ça tu es le les beaucoup bien bot-là guten morgen abend zusammen du bist der die das ein eine so sehr schön vielen super " +
  "molto mille tanto bello tutti dzień dobry wieczór jest bardzo goede allemaal heel erg je bent een " +
  "всем большое ты вы очень это бот ок да круто отлично всім дуже ти це так " +
  "semua banyak sangat bạn rất nhiều kamu sekali です ね 本当に とても 진짜 정말 너무 非常 好 很 的 جدا لك يا बहुत आपका";

/** Whole phrases: none of their words says so alone. */
/** Praise is answered as thanks are. */
export const PRAISE: readonly string[] = [
  ...[
    "good bot",
    "nice bot",
    "great bot",
    "best bot",
    "good job",
    "nice job",
    "great job",
    "well done",
    "good work",
    "love you",
  ],
  ...[
    "iyi bot",
    "aferin",
    "süpersin",
    "harikasın",
    "eline sağlık",
    "ellerine sağlık",
    "buen bot",
    "bom bot",
    "guter bot",
    "bon bot",
  ],
];

export const HOW_ARE_YOU: readonly string[] = [
  ...["how are you", "how are you doing", "how r u", "how are u", "how you doing", "how is it going", "hows it going"],
  ...[
    "how are things",
    "how do you do",
    "hru",
    "whats up",
    "what is up",
    "wassup",
    "whatsup",
    "how is your day",
    "hows your day",
  ],
  ...[
    "are you ok",
    "are you okay",
    "you good",
    "u good",
    "hows everything",
    "how have you been",
    "are you there",
    "u there",
  ],
  ...["you there", "anyone there", "are you alive", "whats new", "are you well"],
  ...[
    "nasılsın",
    "nasılsınız",
    "naber",
    "ne haber",
    "nasıl gidiyor",
    "ne var ne yok",
    "iyi misin",
    "iyi misiniz",
    "napıyorsun",
  ],
  ...["ne yapıyorsun", "orda mısın", "orada mısın", "nbr", "n'aber"],
  ...[
    "cómo estás",
    "cómo está",
    "qué tal",
    "cómo te va",
    "qué onda",
    "cómo andas",
    "tudo bem",
    "como vai",
    "como você está",
  ],
  ...[
    "como vc ta",
    "tudo bom",
    "beleza",
    "ça va",
    "comment ça va",
    "comment vas tu",
    "comment allez vous",
    "tu vas bien",
  ],
  ...[
    "wie geht es dir",
    "wie gehts",
    "wie geht's dir",
    "wie gehts dir",
    "wie läufts",
    "alles klar",
    "alles gut",
    "was geht",
  ],
  ...[
    "come stai",
    "come va",
    "tutto bene",
    "jak się masz",
    "co tam",
    "jak leci",
    "co słychać",
    "hoe gaat het",
    "hoe gaat ie",
  ],
  ...[
    "как дела",
    "как ты",
    "как сам",
    "как поживаешь",
    "як справи",
    "як ти",
    "apa kabar",
    "gimana kabarnya",
    "bạn khỏe không",
  ],
  ...[
    "bạn có khỏe không",
    "元気ですか",
    "元気",
    "お元気ですか",
    "잘 지내",
    "잘 지내요",
    "잘 지내세요",
    "어떻게 지내",
    "你好吗",
    "你怎么样",
    "最近怎么样",
  ],
  ...["كيف حالك", "كيفك", "आप कैसे हैं", "कैसे हो", "kaise ho", "kya haal hai"],
];

/** Said to somebody, hardly ever about a thing that is asked about; that every other word is known makes sure of it. */
export const INSULTS =
  "stupid idiot idiotic useless dumb dumbass moron moronic trash garbage suck sucks suckass fuck fucking fucker fuckin fck fk stfu crap crappy shit shitty " +
  "bitch asshole worthless pathetic loser hate worst terrible horrible awful retard retarded bullshit kys clown shut useles bastard annoying " +
  "aptal aptalsın salak salaksın malsın gerizekalı gerizekalısın zekalı saçma berbat rezil yaramaz yaramıyorsun yaramazsın kötü amk aq mk siktir git sus çöp dangalak beyinsiz " +
  "estúpido estúpida tonto inútil idiota imbécil basura mierda callate pendejo burro lixo merda calaboca nulle débile stupide connard merde inutile tagueule " +
  "dumm blöd blöder scheiße scheiß scheiss nutzlos arschloch müll doof halts maul stupido scemo inutile cretino głupi bezużyteczny kurwa gówno debil waardeloos klootzak " +
  "тупой тупая бесполезный дурак идиот дебил сука блять заткнись говно дурень тупий марний bodoh goblok tolol anjing ngu ngốc " +
  "バカ 馬鹿 ばか クソ 役立たず 死ね 바보 멍청이 쓸모없어 병신 笨蛋 傻逼 垃圾 没用 غبي أحمق बेवकूफ गधा";
