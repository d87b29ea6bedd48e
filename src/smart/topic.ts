/** The rarer words of a line as a Bloom filter: two lines that share some are likely one talk. 128 bits, one reused array. */
import type { Folded } from "../text/fold.ts";

/** TOPIC_WORDS words of 32 bits. */
export type Topic = Int32Array;

export const TOPIC_WORDS = 4;
const topic: Topic = new Int32Array(TOPIC_WORDS);

const WORD_BYTES_MIN = 4;
const WORDS_MAX = 16;

/** Valid until the next line's is asked for. */
export function topicOf({ bytes, length }: Folded): Topic {
  topic.fill(0);
  let hash = 0x811c9dc5;
  let size = 0;
  let taken = 0;
  for (let i = 0; i <= length && taken < WORDS_MAX; i++) {
    const byte = i === length ? 32 : (bytes[i] ?? 32);
    if ((byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte >= 128) {
      hash = Math.imul(hash ^ byte, 0x01000193);
      size++;
      continue;
    }
    if (size >= WORD_BYTES_MIN && !COMMON.has(hash)) {
      const bit = (hash ^ (hash >>> 13)) & 127;
      topic[bit >> 5] = (topic[bit >> 5] ?? 0) | (1 << (bit & 31));
      taken++;
    }
    hash = 0x811c9dc5;
    size = 0;
  }
  return topic;
}

/** How many rarer words two lines share; the second's topic starts at `at` of `others`. */
export function shared(a: Topic, others: Int32Array, at: number): number {
  return (
    bits((a[0] ?? 0) & (others[at] ?? 0)) +
    bits((a[1] ?? 0) & (others[at + 1] ?? 0)) +
    bits((a[2] ?? 0) & (others[at + 2] ?? 0)) +
    bits((a[3] ?? 0) & (others[at + 3] ?? 0))
  );
}

function bits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const COMMON: ReadonlySet<number> = new Set(
  "about above after again against also always anyone anything around because been before being both cannot cant come could didnt does doesnt doing done dont down each else even ever every everything find first from further gets getting give goes going gonna good guess have having hello here help hows http https into isnt just keep know less like line little long look looking made make many maybe mean might more most much must need needs never next nice none nothing okay once only other over please probably problem question really right said same seems should show since some someone something sorry still such sure take tell than thank thanks that thats their them then there these they thing things think this those though through time told trying under until used using very want wanted wants well were what whats when where which while will with within without wont work working works would wouldnt wrong yeah year your youre yourself actually already another anybody everyone nobody somebody bunu bana beni benim biraz boyle bunun daha degil diye gibi hala icin ilgili kadar nasil neden olan olarak oldu olur sonra sanirim seyi simdi soru tamam varmi yani yapmak yardim"
    .split(" ")
    .map((word) => {
      let hash = 0x811c9dc5;
      for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
      return hash;
    }),
);
