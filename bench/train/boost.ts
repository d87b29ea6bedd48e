/**
 * Grows a forest for src/smart/trees.ts: gradient boosting with second-order gains over histograms (as XGBoost and LightGBM
 * do), logistic loss, full trees of one depth, rows sampled for each tree. Seeded.
 */
import type { Forest } from "../../src/smart/trees.ts";
import { seeded } from "./linear.ts";

export type BoostOptions = {
  readonly trees: number;
  readonly depth: number;
  readonly rate: number;
  /** Pull of leaves towards 0. */
  readonly ridge: number;
  /** A split leaves at least this much second derivative on each side. */
  readonly leafMin: number;
  readonly rowShare: number;
  readonly columnShare: number;
  readonly seed: number;
};

const BINS = 64;

export function growForest(
  rows: readonly Float64Array[],
  labels: Uint8Array,
  weights: Float64Array,
  options: BoostOptions,
): Forest {
  const { depth } = options;
  const columns = rows[0]?.length ?? 0;
  const edges = Array.from({ length: columns }, (_, column) => edgesOf(rows, column));
  const binned = edges.map((edge, column) => Uint8Array.from(rows, (row) => binOf(edge, row[column] ?? 0)));
  const random = seeded(options.seed);
  const inner = (1 << depth) - 1;
  const features = new Uint8Array(options.trees * inner);
  const thresholds = new Float32Array(options.trees * inner).fill(Number.POSITIVE_INFINITY);
  const leaves = new Float32Array(options.trees * (inner + 1));

  const positive = labels.reduce((sum, label, i) => sum + label * (weights[i] ?? 0), 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const bias = Math.log(positive / (total - positive));
  const logits = new Float64Array(rows.length).fill(bias);
  const gradient = new Float64Array(rows.length);
  const hessian = new Float64Array(rows.length);
  const node = new Int32Array(rows.length);

  for (let tree = 0; tree < options.trees; tree++) {
    for (let i = 0; i < rows.length; i++) {
      const p = 1 / (1 + Math.exp(-(logits[i] ?? 0)));
      gradient[i] = (p - (labels[i] ?? 0)) * (weights[i] ?? 0);
      hessian[i] = Math.max(1e-6, p * (1 - p) * (weights[i] ?? 0));
    }
    const used: number[] = [];
    for (let i = 0; i < rows.length; i++) if (random() < options.rowShare) used.push(i);
    const usedColumns = edges.flatMap((edge, c) => (edge.length > 0 && random() < options.columnShare ? [c] : []));
    node.fill(0);

    for (let level = 0; level < depth; level++) {
      const first = (1 << level) - 1;
      const count = 1 << level;
      const best = bestSplits(used, node, first, count, usedColumns, binned, gradient, hessian, options);
      for (let k = 0; k < count; k++) {
        const split = best[k];
        if (split === undefined || split.gain <= 0) continue;
        features[tree * inner + first + k] = split.column;
        thresholds[tree * inner + first + k] = edges[split.column]?.[split.bin] ?? Number.POSITIVE_INFINITY;
      }
      for (let i = 0; i < rows.length; i++) {
        const at = node[i] ?? 0;
        const split = best[at - first];
        const right = split !== undefined && split.gain > 0 && (binned[split.column]?.[i] ?? 0) > split.bin ? 1 : 0;
        node[i] = 2 * at + 1 + right;
      }
    }

    const sums = new Float64Array((inner + 1) * 2);
    for (const i of used) {
      const leaf = (node[i] ?? 0) - inner;
      sums[leaf * 2] = (sums[leaf * 2] ?? 0) + (gradient[i] ?? 0);
      sums[leaf * 2 + 1] = (sums[leaf * 2 + 1] ?? 0) + (hessian[i] ?? 0);
    }
    for (let leaf = 0; leaf <= inner; leaf++) {
      leaves[tree * (inner + 1) + leaf] =
        (-options.rate * (sums[leaf * 2] ?? 0)) / ((sums[leaf * 2 + 1] ?? 0) + options.ridge);
    }
    for (let i = 0; i < rows.length; i++) {
      logits[i] = (logits[i] ?? 0) + (leaves[tree * (inner + 1) + (node[i] ?? 0) - inner] ?? 0);
    }
  }
  return { depth, bias, features, thresholds, leaves };
}

type Split = { gain: number; column: number; bin: number };

function bestSplits(
  used: readonly number[],
  node: Int32Array,
  first: number,
  count: number,
  columns: readonly number[],
  binned: readonly Uint8Array[],
  gradient: Float64Array,
  hessian: Float64Array,
  { ridge, leafMin }: BoostOptions,
): Split[] {
  const best: Split[] = Array.from({ length: count }, () => ({ gain: 0, column: 0, bin: BINS }));
  const g = new Float64Array(count * BINS);
  const h = new Float64Array(count * BINS);
  for (const column of columns) {
    const bins = binned[column] ?? new Uint8Array();
    g.fill(0);
    h.fill(0);
    for (const i of used) {
      const at = ((node[i] ?? 0) - first) * BINS + (bins[i] ?? 0);
      g[at] = (g[at] ?? 0) + (gradient[i] ?? 0);
      h[at] = (h[at] ?? 0) + (hessian[i] ?? 0);
    }
    for (let k = 0; k < count; k++) {
      let allG = 0;
      let allH = 0;
      for (let bin = 0; bin < BINS; bin++) {
        allG += g[k * BINS + bin] ?? 0;
        allH += h[k * BINS + bin] ?? 0;
      }
      const whole = (allG * allG) / (allH + ridge);
      let leftG = 0;
      let leftH = 0;
      for (let bin = 0; bin < BINS - 1; bin++) {
        leftG += g[k * BINS + bin] ?? 0;
        leftH += h[k * BINS + bin] ?? 0;
        if (leftH < leafMin || allH - leftH < leafMin) continue;
        const rightG = allG - leftG;
        const gain = (leftG * leftG) / (leftH + ridge) + (rightG * rightG) / (allH - leftH + ridge) - whole;
        const found = best[k];
        if (found !== undefined && gain > found.gain + 1e-9) Object.assign(found, { gain, column, bin });
      }
    }
  }
  return best;
}

/** Thresholds between bins: the quantiles, each once. A value at or below edge k is in bin k or lower. */
function edgesOf(rows: readonly Float64Array[], column: number): Float32Array {
  const values = Float64Array.from(rows, (row) => row[column] ?? 0).sort();
  const edges = new Set<number>();
  for (let k = 1; k < BINS; k++) edges.add(Math.fround(values[Math.floor((k * values.length) / BINS)] ?? 0));
  const largest = Math.fround(values.at(-1) ?? 0);
  return Float32Array.from([...edges].filter((edge) => edge < largest).sort((a, b) => a - b));
}

function binOf(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
