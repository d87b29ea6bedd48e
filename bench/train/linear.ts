/**
 * Trains a hashed 3–5-gram linear model: logistic regression by AdaGrad over the very grams that src/text/grams.ts scores,
 * then each weight rounded to one signed byte. Seeded: the same rows in the same order give the same weights.
 */
import { eachGram, GRAM_BYTES_MAX, type GramModel, type PackedGrams } from "../../src/text/grams.ts";

export type Sample = {
  /** Hashes of its grams, all 32 bits. */
  readonly grams: Int32Array;
  /** How many there were before rare ones were left out; as many as there are unless said. */
  readonly size?: number;
  readonly label: 0 | 1;
  readonly weight: number;
};

export type TrainOptions = {
  readonly bits: number;
  readonly epochs: number;
  readonly rate: number;
  /** Pull towards 0 a step. */
  readonly decay: number;
  readonly seed: number;
};

export function gramsOf(bytes: Uint8Array, from: number, to: number): Int32Array {
  const grams = new Int32Array(3 * (Math.min(to - from, GRAM_BYTES_MAX) + 1));
  let n = 0;
  eachGram(bytes, from, to, (hash) => {
    grams[n++] = hash;
  });
  return grams;
}

export function trainGrams(samples: readonly Sample[], options: TrainOptions): PackedGrams {
  const size = 1 << options.bits;
  const mask = size - 1;
  const weights = new Float64Array(size);
  const squares = new Float64Array(size).fill(1e-3);
  let bias = 0;
  let biasSquares = 1e-3;
  const order = Int32Array.from(samples.keys());
  const random = seeded(options.seed);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    for (const index of order) {
      const sample = samples[index];
      if (sample === undefined) continue;
      const { grams, label, weight, size = grams.length } = sample;
      const norm = 1 / Math.sqrt(size);
      let sum = 0;
      for (const gram of grams) sum += weights[gram & mask] ?? 0;
      const error = (1 / (1 + Math.exp(-(bias + sum * norm))) - label) * weight;
      biasSquares += error * error;
      bias -= (options.rate * error) / Math.sqrt(biasSquares);
      const step = error * norm;
      for (const gram of grams) {
        const at = gram & mask;
        const gradient = step + options.decay * (weights[at] ?? 0);
        squares[at] = (squares[at] ?? 0) + gradient * gradient;
        weights[at] = (weights[at] ?? 0) - (options.rate * gradient) / Math.sqrt(squares[at] ?? 1);
      }
    }
  }
  return quantised(weights, bias, options.bits);
}

/** The few heaviest weights are cut off, so that the many light ones keep their shape in 255 steps. */
function quantised(weights: Float64Array, bias: number, bits: number): PackedGrams {
  const sizes = Float64Array.from(weights, Math.abs).sort();
  const scale = (sizes[Math.floor(sizes.length * 0.9995)] ?? 1) / 127 || 1;
  const bytes = Int8Array.from(weights, (w) => Math.max(-127, Math.min(127, Math.round(w / scale))));
  return {
    bias: Number(bias.toFixed(4)),
    scale: Number(scale.toPrecision(6)),
    bits,
    weights: Buffer.from(bytes.buffer).toString("base64"),
  };
}

/** The packed model's logit for grams already hashed. */
export function scoreGrams({ bias, scale, bits, weights }: GramModel, grams: Int32Array): number {
  const mask = (1 << bits) - 1;
  let sum = 0;
  for (const gram of grams) sum += weights[gram & mask] ?? 0;
  return bias + (sum * scale) / Math.sqrt(grams.length);
}

/** mulberry32 */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
}
