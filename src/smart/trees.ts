/**
 * A forest of small regression trees, summed to a logit: what bench/train/boost.ts grew. Trees are full binary trees of one
 * depth, kept as flat arrays: at each inner node one feature against one threshold, at each leaf one value.
 */

export type Forest = {
  readonly depth: number;
  readonly bias: number;
  /** (2^depth − 1) a tree, breadth first. A value at or below the threshold goes left. */
  readonly features: Uint8Array;
  readonly thresholds: Float32Array;
  /** 2^depth a tree. */
  readonly leaves: Float32Array;
};

/** As it stands in a `.weights.json`: little-endian bytes in base64. */
export type PackedForest = {
  readonly depth: number;
  readonly bias: number;
  readonly features: string;
  readonly thresholds: string;
  readonly leaves: string;
};

export function unpackForest({ depth, bias, features, thresholds, leaves }: PackedForest): Forest {
  const floats = (text: string) => {
    const bytes = Buffer.from(text, "base64");
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  };
  const forest = {
    depth,
    bias,
    features: new Uint8Array(Buffer.from(features, "base64")),
    thresholds: floats(thresholds),
    leaves: floats(leaves),
  };
  const trees = forest.leaves.length / (1 << depth);
  if (forest.features.length !== trees * ((1 << depth) - 1) || forest.thresholds.length !== forest.features.length) {
    throw new Error("the forest's parts do not fit together");
  }
  return forest;
}

export function packForest({ depth, bias, features, thresholds, leaves }: Forest): PackedForest {
  const text = (array: Uint8Array | Float32Array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
  return { depth, bias, features: text(features), thresholds: text(thresholds), leaves: text(leaves) };
}

export function forestScore({ depth, bias, features, thresholds, leaves }: Forest, row: Float64Array): number {
  const inner = (1 << depth) - 1;
  const outer = inner + 1;
  const trees = leaves.length / outer;
  let sum = bias;
  for (let tree = 0; tree < trees; tree++) {
    const base = tree * inner;
    let node = 0;
    for (let level = 0; level < depth; level++) {
      const right = (row[features[base + node] ?? 0] ?? 0) > (thresholds[base + node] ?? 0) ? 1 : 0;
      node = 2 * node + 1 + right;
    }
    sum += leaves[tree * outer + node - inner] ?? 0;
  }
  return sum;
}
