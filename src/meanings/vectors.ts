/**
 * Vectors as a signed byte a dimension, and the exact search over them: every passage is compared, since a server has some thousands.
 * A byte keeps a cosine to about a hundredth and takes a quarter of the memory. Pure.
 */

export type Packed = Int8Array;

const BYTE_MAX = 127;
/** Passages compared between two pauses: some milliseconds. */
const SLICE = 1_000;

/** Scaled so that the largest number takes the whole byte: a cosine does not mind. */
export function packVector(vector: Float32Array): Packed {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  return Int8Array.from(vector, (value) => (most === 0 ? 0 : Math.round((value / most) * BYTE_MAX)));
}

/** The vectors of a knowledge base by position, one after the other; a length of 0 says that there is none. */
export type Table = {
  readonly dimensions: number;
  readonly vectors: Int8Array;
  readonly lengths: Float32Array;
};

export function createTable(passages: number, dimensions: number): Table {
  return { dimensions, vectors: new Int8Array(passages * dimensions), lengths: new Float32Array(passages) };
}

/** False where it has another number of dimensions than the table. */
export function setVector(table: Table, position: number, vector: Packed): boolean {
  if (vector.length !== table.dimensions) return false;
  table.vectors.set(vector, position * table.dimensions);
  let squares = 0;
  for (const value of vector) squares += value * value;
  table.lengths[position] = Math.sqrt(squares);
  return true;
}

export function at(table: Table, position: number): Packed {
  return table.vectors.subarray(position * table.dimensions, (position + 1) * table.dimensions);
}

/** Positions by their cosine with `question`, best first; of equals the earlier. `pause` lets the thread do other work. */
export async function searchVectors(
  { dimensions, vectors, lengths }: Table,
  question: Packed,
  most: number,
  pause: () => Promise<void>,
): Promise<readonly number[]> {
  const cosines = new Float32Array(lengths.length);
  for (let position = 0; position < lengths.length; position++) {
    if (position % SLICE === SLICE - 1) await pause();
    const length = lengths[position] ?? 0;
    if (length === 0) continue;
    const from = position * dimensions;
    let sum = 0;
    for (let i = 0; i < dimensions; i++) sum += (vectors[from + i] ?? 0) * (question[i] ?? 0);
    cosines[position] = sum / length;
  }
  return [...lengths.keys()]
    .filter((position) => (lengths[position] ?? 0) > 0)
    .sort((a, b) => (cosines[b] ?? 0) - (cosines[a] ?? 0) || a - b)
    .slice(0, most);
}
