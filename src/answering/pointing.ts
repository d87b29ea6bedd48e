/**
 * Does a text ask something itself, or only point at what somebody else said: "can you help him?", "^", "buna cevap verir misin?",
 * "see title"? It points when, without the words that ask for help as such, hardly a word is left. Pure.
 */
import { stemsOf, stemsOfWord, wholeWords, wordsIn } from "../text/stems.ts";
import { courtesyIn } from "./courtesy.ts";
import { asksForPerson } from "./escalation.ts";

/** Fewer words of its own than this are no question where something is pointed at as well. */
const OWN_WORDS_MIN = 2;
const HEAD_CHARS = 30;

/** Words around a pointer that do not name the subject. */
const WORDS = new Set(
  (
    "answer answers reply respond response assist assistance explain look see check above below title subject topic message post " +
    "question questions guy user person people member friend ask asks asked asking same here bot please pls plz could work works " +
    "working problem issue tell them someone somebody anybody care handle take read idea ideas thoughts thought think solve solution fix " +
    "advice support urgent quick quickly maybe also too said says say wrote writes mean means meant " +
    "cevap cevapla cevaplar cevaplayabilir yanıt yanıtla yanıtlar verir verirmisin ver misin mısın musun müsün misiniz yardım yardımcı eder " +
    "edebilir ederim olur olabilir ol bak bakar bakabilir şuna buna ona bunu şunu onu arkadaşa arkadaş kişi soru sorusu soruya sorduğu " +
    "başlık başlığa başlıkta konu yukarı yukarıda yukarıdaki aynı çöz çözer lütfen rica ediyorum söyler söyle anlat açıkla " +
    "kannst könnt könnte bitte ihm ihr ihnen helfen hilf hilfe antworte antworten beantworte beantworten antwort frage fragen titel oben dazu " +
    "schau mal das dies dieser weiß jemand hat gesagt problem " +
    "puedes puede podrías ayudar ayudarle ayudarlo ayuda responde responder respuesta pregunta título arriba esto este alguien favor mira " +
    "peux peut pouvez aider aide réponds répondre réponse question titre dessus ceci quelqu'un plaît regarde " +
    "pode ajudar ajuda responder responda pergunta isso acima título alguém favor " +
    "помоги помогите помочь ответь ответьте ответить можешь можете вопрос заголовок выше это этому ему ей пожалуйста кто нибудь посмотри"
  )
    .split(" ")
    .flatMap((word) => [word, ...stemsOf(word, "und"), ...stemsOf(word, "tr")]),
);

/** Questions in scripts without spaces that say only "help": compared whole, after the marks are gone. */
const SPACELESS =
  /^(?:(?:これ|この質問|上|彼|彼女)?(?:に|を)?(?:答えて|教えて|助けて|見て)(?:ください|くれる|あげて)?|(?:请|能|可以)?(?:帮|回答|看看?|解答)(?:一下|下|他|她|这个|这个问题|上面|吗)*|(?:이거|이것|위에?|저분)?(?:좀)?(?:도와|답해|대답해|봐)(?:줘|주세요|줄래)?)$/u;

const MARKS = /[\p{P}\p{S}\s]/gu;
const SAYS = /[^\p{P}\p{S}\s]/u;

/** Said without a word: "^", an arrow, "???". A row of other emoji points at nothing. */
const ARROW = /[\^?？↑⬆☝👆🔝⤴]/u;
/** Something is shown, or somebody else spoken of: with this, one word more is no question of its own. */
const SHOWS = wholeWords(
  "this|that|these|those|it|above|him|her|them|he|she|they|same|too|title|up|bu\\p{L}{0,3}|şu\\p{L}{0,3}|ona?|onu|onun|aynı|yukarıda\\p{L}{0,2}|başlık\\p{L}{0,3}|" +
    "das|dies\\p{L}{0,2}|ihm|ihr|ihnen|oben|esto|este|arriba|ceci|ça|lui|dessus|isso|acima|ele|ela|это\\p{L}{0,2}|ему|ей|выше",
);
/** "it doesn't work": a complaint is about one's own matter. */
const COMPLAINS = wholeWords(
  "works?|working|problems?|issues?|broken|çalış\\p{L}*|sorun\\p{L}*|bozuk|funktioniert|geht|kaputt|funciona|marche|fonctionne|работает",
);
/** Unless it is another's: "same problem here", "he has a problem". */
const ANOTHERS = wholeWords(
  "same|too|him|her|them|he|she|they|somebody|someone|guy|user|aynı|auch|ihm|ihr|ihnen|también|aussi|também|тоже",
);

export function pointsElsewhere(text: string): boolean {
  if (text.trim() === "") return true;
  if (!SAYS.test(text)) return ARROW.test(text);
  const lower = text.toLowerCase();
  // Most texts have words of their own among their first: the rest need not be read.
  const head = lower.slice(0, lower.indexOf(" ", HEAD_CHARS) + 1);
  if (ownWords(head) >= OWN_WORDS_MIN || courtesyIn(text) !== null || asksForPerson(text)) return false;
  if (SPACELESS.test(text.replace(MARKS, ""))) return true;
  const own = ownWords(lower);
  return own === 0 || (own < OWN_WORDS_MIN && SHOWS.test(text));
}

/** How many different words of its own there are, in whichever of the two languages there are fewer; no more than OWN_WORDS_MIN are counted. */
function ownWords(lower: string): number {
  const words = wordsIn(lower);
  const own = new Set<string>();
  const count = (language: "und" | "tr"): number => {
    own.clear();
    for (const word of words) {
      for (const stem of stemsOfWord(word, language)) if (!WORDS.has(stem)) own.add(stem);
      if (own.size >= OWN_WORDS_MIN) return OWN_WORDS_MIN;
    }
    return own.size;
  };
  return Math.min(count("und"), count("tr"));
}

/** May it point at what somebody else said, rather than at the asker's own words? */
export function pointsAtOthers(text: string): boolean {
  return !COMPLAINS.test(text) || ANOTHERS.test(text);
}
