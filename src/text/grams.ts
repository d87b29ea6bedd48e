/**
 * A linear model over hashed character n-grams: each gram's hash picks a weight of one signed byte; a text's score is the sum
 * over the square root of the number of grams, so that length alone says nothing. Trained by bench/train; called by risk, domains. (phrases.ts
 * scores hashed words and phrases with the same kind of model.)
 */

export type GramModel = {
  readonly bias: number;
  /** The logit that a stored weight of 1 stands for. */
  readonly scale: number;
  readonly bits: number;
  readonly weights: Int8Array;
};

/** As it stands in a `.weights.json`. */
export type PackedGrams = {
  readonly bias: number;
  readonly scale: number;
  readonly bits: number;
  readonly weights: string;
};

export function unpackGrams(packed: PackedGrams): GramModel {
  const bytes = Buffer.from(packed.weights, "base64");
  if (bytes.length !== 1 << packed.bits) throw new Error("the weights do not have the size that they say");
  return { ...packed, weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** More of a text than this changes no score: a wall of text is judged by its beginning. */
export const GRAM_BYTES_MAX = 2_000;

/**
 * Calls `each` with the hash (32 bits) of every 3-, 4- and 5-gram of `bytes[from, to)`; the caller takes the bits it has.
 * The byte before `from` and after `to` count as spaces. Training runs this; scoring runs the same loop unrolled below.
 */
export function eachGram(bytes: Uint8Array, from: number, to: number, each: (hash: number) => void): void {
  const end = Math.min(to, from + GRAM_BYTES_MAX);
  let a = 32;
  let b = 32;
  let c = 32;
  let d = 32;
  for (let i = from; i <= end; i++) {
    const e = i === end ? 32 : (bytes[i] ?? 32);
    const three = hash3(c, d, e);
    const four = Math.imul(three ^ (b + 0x9e37), 0x85ebca6b);
    const five = Math.imul(four ^ (a + 0x79b9), 0xc2b2ae35);
    each(three ^ (three >>> 15));
    each(four ^ (four >>> 14));
    each(five ^ (five >>> 13));
    a = b;
    b = c;
    c = d;
    d = e;
  }
}

/** The model's logit for `bytes[from, to)`. */
export function gramScore(
  { bias, scale, bits, weights }: GramModel,
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  const mask = (1 << bits) - 1;
  const end = Math.min(to, from + GRAM_BYTES_MAX);
  let a = 32;
  let b = 32;
  let c = 32;
  let d = 32;
  let sum = 0;
  for (let i = from; i <= end; i++) {
    const e = i === end ? 32 : (bytes[i] ?? 32);
    const three = hash3(c, d, e);
    const four = Math.imul(three ^ (b + 0x9e37), 0x85ebca6b);
    const five = Math.imul(four ^ (a + 0x79b9), 0xc2b2ae35);
    sum +=
      (weights[(three ^ (three >>> 15)) & mask] ?? 0) +
      (weights[(four ^ (four >>> 14)) & mask] ?? 0) +
      (weights[(five ^ (five >>> 13)) & mask] ?? 0);
    a = b;
    b = c;
    c = d;
    d = e;
  }
  return bias + (sum * scale) / Math.sqrt(3 * (end - from + 1));
}

const pair = { first: 0, second: 0 };

/** Two models' logits for the same bytes in one pass: hashing is half of the work. Reused: valid until the next call. */
export function gramScores(
  first: GramModel,
  second: GramModel,
  bytes: Uint8Array,
  from: number,
  to: number,
): { readonly first: number; readonly second: number } {
  const firstWeights = first.weights;
  const secondWeights = second.weights;
  const firstMask = (1 << first.bits) - 1;
  const secondMask = (1 << second.bits) - 1;
  const end = Math.min(to, from + GRAM_BYTES_MAX);
  let a = 32;
  let b = 32;
  let c = 32;
  let d = 32;
  let firstSum = 0;
  let secondSum = 0;
  for (let i = from; i <= end; i++) {
    const e = i === end ? 32 : (bytes[i] ?? 32);
    const three = hash3(c, d, e);
    const four = Math.imul(three ^ (b + 0x9e37), 0x85ebca6b);
    const five = Math.imul(four ^ (a + 0x79b9), 0xc2b2ae35);
    const x = three ^ (three >>> 15);
    const y = four ^ (four >>> 14);
    const z = five ^ (five >>> 13);
    firstSum +=
      (firstWeights[x & firstMask] ?? 0) + (firstWeights[y & firstMask] ?? 0) + (firstWeights[z & firstMask] ?? 0);
    secondSum +=
      (secondWeights[x & secondMask] ?? 0) +
      (secondWeights[y & secondMask] ?? 0) +
      (secondWeights[z & secondMask] ?? 0);
    a = b;
    b = c;
    c = d;
    d = e;
  }
  const norm = Math.sqrt(3 * (end - from + 1));
  pair.first = first.bias + (firstSum * first.scale) / norm;
  pair.second = second.bias + (secondSum * second.scale) / norm;
  return pair;
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function hash3(c: number, d: number, e: number): number {
  return Math.imul((c << 16) | (d << 8) | e, 0x9e3779b1);
}
