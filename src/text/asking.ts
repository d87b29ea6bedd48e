/**
 * A message → what of it asks, what tells the story around that, and what was pasted: code and logs. Search reads the three with
 * different weights, and a quote answers the first. Pure.
 *
 * Algorithm: fenced blocks are pasted. Of the rest, cut into sentences, those ask that end in a question mark, begin with a question
 * word, or say that somebody wants to know.
 */
import { sentences } from "./sentences.ts";

export type Told = { readonly asking: string; readonly story: string; readonly pasted: string };

const ENDS_ASKING = /[?？؟]["'”’)\]]{0,3}\s{0,5}$/;
const BEGINS_ASKING =
  /^(?:so |and |but |then |now |anyway |peki |yani |also |und |aber )?(?:how|what|why|where|when|which|who|can|could|does|do|is|are|should|nasıl|neden|niye|nerede|hangi|ne|kim|wie|was|warum|wo|wann|cómo|qué|por qué|comment|pourquoi|como|как|почему|怎么|如何|为什么|どう|なぜ)(?!\p{L})/iu;
const WANTS_TO_KNOW =
  /(?<!\p{L})(?:(?:want|need|like|love|trying) to (?:know|find out|understand)|tell me (?:how|what|why|where|when|which|if|whether)|wonder(?:ing)? (?:how|what|why|where|when|which|if|whether)|any(?:one|body) knows?|merak ed\p{L}{0,8}|bilmek ist\p{L}{0,8}|öğrenmek ist\p{L}{0,8}|acaba|(?:möchte|will|würde) (?:gerne? )?wissen|weiß (?:jemand|wer)|quisiera saber|quiero saber|je voudrais savoir|gostaria de saber)(?!\p{L})/iu;
const FENCE = /```/;
const LETTERED = /\p{L}/u;
/** A sentence's end with something behind it. */
const SEVERAL = /[.!?…。！？؟]["'”’)\]]?\s{0,5}\S/;
/** People in a hurry begin no sentence with a capital, which Unicode's rules wait for. */
const HURRIED = /(?<=\p{L}{2}[.!?…])\s(?=\p{Ll})/u;

export function asks(sentence: string): boolean {
  return ENDS_ASKING.test(sentence) || BEGINS_ASKING.test(sentence) || WANTS_TO_KNOW.test(sentence);
}

/** Each part keeps its order; a part that there is nothing of is empty. */
export function toldIn(text: string): Told {
  const asking: string[] = [];
  const story: string[] = [];
  const pasted: string[] = [];
  for (const [place, block] of text.split(FENCE).entries()) {
    if (place % 2 === 1) {
      pasted.push(block.trim());
      continue;
    }
    for (const line of block.split("\n")) {
      if (!LETTERED.test(line)) continue;
      for (const sentence of SEVERAL.test(line) ? sentences(line).flatMap((one) => one.split(HURRIED)) : [line]) {
        const said = sentence.trim();
        if (said !== "") (asks(said) ? asking : story).push(said);
      }
    }
  }
  return { asking: asking.join("\n"), story: story.join("\n"), pasted: pasted.join("\n") };
}

/** A shorter message is all question. */
const STORY_CHARS_MIN = 240;

/** The text that a quote has to answer: in a longer message the sentences that ask, if there are any; otherwise all of it. */
export function coreOf(text: string): string {
  return (text.length < STORY_CHARS_MIN ? "" : toldIn(text).asking) || text;
}

/** "is there a way to export" → "how to export": the words of the frame are not what is looked for. Linear in the text. */
export function withoutFrame(text: string): string {
  return !FRAMED.test(text) ? text : FRAMES.reduce((rest, [frame, how]) => rest.replace(frame, how), text);
}

/** One of these stands in every frame; in most texts none does. */
const FRAMED =
  /way|possib|option|method|weg|möglich|yolu|yöntemi|imk[aâ]nı|offer|provide|bietet ihr|bieten sie|sunuyorsunuz|mümkün/iu;

const FRAMES = [
  [
    /(?<!\p{L})(?:(?:is|isn't|was) there|there(?:'s| is)|do you have|know) (?:a|an|any|some|no|another) (?:easy |easier |good |better |simple |quick )?(?:way|ways|possibility|option|method) (?:to|for|of)(?!\p{L})/giu,
    "how to",
  ],
  [/(?<!\p{L})(?:is it|would it be|it's) (?:even |at all )?possible (?:for me |for us )?to(?!\p{L})/giu, "how to"],
  [
    /(?<!\p{L})(?:gibt es|gibt's|gibts|hat man) (?:da |hier )?(?:irgend)?(?:eine?n?|ne) (?:einfache |gute |einfachen |guten )?(?:möglichkeit|weg|option),?(?!\p{L})/giu,
    "wie",
  ],
  [/(?<!\p{L})(?:ist|wäre) es möglich,?(?!\p{L})/giu, "wie"],
  [/(?<!\p{L})(?:bir |kolay bir |başka bir )?(?:yolu|yöntemi|imkanı|imkânı) var ?mı(?:dır)?(?!\p{L})/giu, "nasıl"],
  // "What plans do you offer?" asks for the plans; that somebody offers them stands on no page.
  [/(?<=(?<!\p{L})(?:what|which) (?:\p{L}{1,24} ){1,3}do (?:you|they|we) )(?:offer|provide)(?!\p{L})/giu, "have"],
  [/(?<=(?<!\p{L})welche[rns]? (?:\p{L}{1,24} ){1,3})(?:bietet ihr|bieten sie)(?: denn)? an(?!\p{L})/giu, "gibt es"],
  [/(?<=(?<!\p{L})hangi (?:\p{L}{1,24} ){1,3})sunuyorsunuz(?!\p{L})/giu, "var"],
  [/(?<!\p{L})mümkün ?mü(?:dür)?(?!\p{L})/giu, "nasıl"],
] as const;
