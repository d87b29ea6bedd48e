/**
 * Does a text ask something itself, or only point at what somebody else said: "can you help him?", "^", "buna cevap verir misin?",
 * "see title"? It points when, without the words that ask for help as such, hardly a word is left. Pure.
 */
import { stemsOf } from "../text/stems.ts";

/** Fewer words of its own than this are no question. */
const OWN_WORDS_MIN = 2;
const HEAD_CHARS = 30;

/** What people say around a pointer; none of it says what the question is about. */
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

export function pointsElsewhere(text: string): boolean {
  const bare = text.replace(/[\p{P}\p{S}\s]/gu, "");
  if (bare === "" || SPACELESS.test(bare)) return true;
  const lower = text.toLowerCase();
  // Most texts have words of their own among their first: the rest need not be read.
  const head = lower.slice(0, lower.indexOf(" ", HEAD_CHARS) + 1);
  return !(hasOwnWords(head) || hasOwnWords(lower));
}

function hasOwnWords(lower: string): boolean {
  const own = (language: "und" | "tr") => new Set(stemsOf(lower, language).filter((stem) => !WORDS.has(stem))).size;
  return own("und") >= OWN_WORDS_MIN && own("tr") >= OWN_WORDS_MIN;
}
