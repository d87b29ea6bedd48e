/**
 * How sure a figure over a number of questions is: 95 % intervals. A share's by Wilson's score ("Probable inference", JASA 22,
 * 1927), a mean's by the percentile bootstrap (Efron, 1979) with a fixed seed, so that the same figures give the same interval.
 */
import type { Result } from "./suite.ts";

const Z = 1.96;
const ROUNDS = 1_000;

type Interval = readonly [low: number, high: number];

/** A share of `n` questions; the result's ends are the interval's. */
export function shareOf(name: string, share: number, n: number): Result {
  const [min, max] = wilson(share, n);
  return { name, value: share, unit: "share", min, max, runs: n };
}

/** The mean of one value a question; the result's ends are the interval's. */
export function meanOf(name: string, values: readonly number[]): Result {
  const [min, max] = bootstrap(values);
  return { name, value: mean(values), unit: "share", min, max, runs: values.length };
}

export function wilson(share: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const scale = 1 + Z ** 2 / n;
  const middle = (share + Z ** 2 / (2 * n)) / scale;
  const half = (Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2))) / scale;
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

function bootstrap(values: readonly number[]): Interval {
  if (values.length === 0) return [0, 0];
  let state = 1;
  const means = Float64Array.from({ length: ROUNDS }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      // Numerical Recipes' linear congruential generator: its high bits are even enough to draw with.
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      sum += values[Math.floor((state / 2 ** 32) * values.length)] ?? 0;
    }
    return sum / values.length;
  }).sort();
  return [means[Math.floor(ROUNDS * 0.025)] ?? 0, means[Math.ceil(ROUNDS * 0.975) - 1] ?? 0];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
