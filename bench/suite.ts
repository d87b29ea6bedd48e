/**
 * What a bench suite is: `bench/suites/NAME.ts` exports `suite`. It measures and says what it found; run.ts shows and keeps it.
 * A suite that cannot measure throws; a goal that is missed is a result like any other.
 */

/** `value` is the middle of `runs` measurements, `min` and `max` their ends; or a figure over `runs` questions and its 95 % interval. */
export type Result = {
  readonly name: string;
  readonly value: number;
  /** "ms", "us", "bytes", "frames/s", "share" (0…1), "count"… */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
};

/** `goal` is written as people read it: "≥ 0.30", "≤ 10 ms". */
export type Goal = {
  readonly name: string;
  readonly goal: string;
  readonly value: number;
  readonly met: boolean;
};

export type SuiteOptions = {
  /** Fewer rounds and less data: a suite in under two minutes. */
  readonly quick: boolean;
  /** `--data PATH…`: the user's own data in place of the shared one. */
  readonly data: readonly string[];
  /** `--seed N`: the same seed gives the same load. */
  readonly seed: number;
  /** `--set name=value…`: what only this suite knows. */
  readonly set: Readonly<Record<string, string>>;
  /** Shown while it runs; `share` is 0…1 where it is known. */
  readonly progress: (what: string, share?: number) => void;
};

export type SuiteReport = { readonly results: readonly Result[]; readonly goals: readonly Goal[] };

/** What `--json` writes. */
export type SuiteJson = SuiteReport & { readonly suite: string; readonly commit: string; readonly machine: string };

export type Suite = {
  readonly name: string;
  readonly description: string;
  run(options: SuiteOptions): Promise<SuiteReport>;
};

/** One measurement, or several of the same thing. */
export function result(name: string, unit: string, ...values: readonly number[]): Result {
  if (values.length === 0) throw new Error(`bench: "${name}" was not measured`);
  const sorted = values.toSorted((a, b) => a - b);
  return {
    name,
    value: sorted[sorted.length >> 1] ?? Number.NaN,
    unit,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    runs: sorted.length,
  };
}

export function atLeast(name: string, least: number, value: number, unit = ""): Goal {
  return { name, goal: `≥ ${least}${unit === "" ? "" : ` ${unit}`}`, value, met: value >= least };
}

export function atMost(name: string, most: number, value: number, unit = ""): Goal {
  return { name, goal: `≤ ${most}${unit === "" ? "" : ` ${unit}`}`, value, met: value <= most };
}

/** The value below which `share` (0…1) of the values lie; nearest rank. */
export function percentile(values: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
