/** Counts of outcomes by kind and reason. One object per pair, so that counting in the data path is one addition. */
import type { OutcomeKind } from "../src/record.ts";

export type OutcomeCount = { readonly kind: OutcomeKind; readonly reason: string; count: number };

/** Reasons are a fixed set of words. If a bug produced new ones without end, they must not fill the memory. */
const REASONS_MAX = 1_000;

export class OutcomeCounts {
  readonly #counts = new Map<string, OutcomeCount>();

  of(kind: OutcomeKind, reason: string): OutcomeCount {
    const name = `${kind}/${reason}`;
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    if (this.#counts.size >= REASONS_MAX && reason !== "other") return this.of(kind, "other");
    const count: OutcomeCount = { kind, reason, count: 0 };
    this.#counts.set(name, count);
    return count;
  }

  all(): readonly OutcomeCount[] {
    return [...this.#counts.values()];
  }

  total(): number {
    let sum = 0;
    for (const { count } of this.#counts.values()) sum += count;
    return sum;
  }
}
