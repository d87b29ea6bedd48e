/** Logistic regression over a few features, the first of them 1: L2, full-batch gradient descent over standardised columns. Seconds. */

export type Labelled = { readonly x: readonly number[]; readonly y: 0 | 1; readonly weight: number };

const STEPS = 3_000;
const RATE = 1;

/** Weights for the features as they are; `ridge` for standardised ones. The rows' weights together are taken for 1. */
export function fitLogistic(rows: readonly Labelled[], ridge: number): number[] {
  const [first] = rows;
  if (first === undefined) return [];
  const all = rows.reduce((sum, { weight }) => sum + weight, 0);
  const columns = first.x.map((_, i) => rows.map((r) => r.x[i] ?? 0));
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / rows.length;
  const means = columns.map((column, i) => (i === 0 ? 0 : mean(column)));
  const spreads = columns.map((column, i) =>
    i === 0 ? 1 : Math.sqrt(mean(column.map((v) => (v - (means[i] ?? 0)) ** 2))) || 1,
  );
  const scaled = rows.map((r) => r.x.map((v, i) => (v - (means[i] ?? 0)) / (spreads[i] ?? 1)));
  const w = first.x.map(() => 0);
  for (let step = 0; step < STEPS; step++) {
    const gradient = w.map(() => 0);
    for (const [r, x] of scaled.entries()) {
      const error = ((rows[r]?.weight ?? 0) / all) * (chanceOf(x, w) - (rows[r]?.y ?? 0));
      for (const [i, v] of x.entries()) gradient[i] = (gradient[i] ?? 0) + error * v;
    }
    for (const i of w.keys()) w[i] = (w[i] ?? 0) - RATE * ((gradient[i] ?? 0) + (i === 0 ? 0 : ridge * (w[i] ?? 0)));
  }
  const unscaled = w.map((v, i) => v / (spreads[i] ?? 1));
  unscaled[0] = (w[0] ?? 0) - unscaled.reduce((sum, v, i) => (i === 0 ? sum : sum + v * (means[i] ?? 0)), 0);
  return unscaled;
}

export function chanceOf(x: readonly number[], weights: readonly number[]): number {
  return 1 / (1 + Math.exp(-x.reduce((sum, v, i) => sum + v * (weights[i] ?? 0), 0)));
}
