/**
 * What changed between two runs, and whether that is more than noise. Pure.
 *
 * A measurement is a range: its runs' minimum and maximum, or, of a single run, the value and an assumed share around it.
 * Ranges that overlap say nothing; ranges apart, and far enough to matter, are a change; which way is better follows from
 * the goal of that name, else from the unit.
 */
import type { Goal, Result, SuiteJson } from "../suite.ts";

export type Direction = "higher" | "lower" | null;
export type Change = "better" | "worse" | "other" | "same" | "new" | "gone";

export type Compared = {
  readonly now: Result | null;
  readonly before: Result | null;
  readonly change: Change;
  /** now ÷ before; null where there is nothing to divide. */
  readonly ratio: number | null;
};

export type ComparedGoal = {
  readonly goal: Goal;
  readonly before: Goal | null;
  readonly change: "kept" | "won" | "lost";
};

export type ComparedSuite = {
  readonly suite: string;
  readonly now: SuiteJson;
  readonly before: SuiteJson | null;
  readonly results: readonly Compared[];
  readonly goals: readonly ComparedGoal[];
  /** Figures of another machine compare machines, not commits. */
  readonly otherMachine: boolean;
};

/** A smaller change does not matter, however sure it is. */
const RELEVANT_SHARE = 0.02;
/** What one run of a time or a rate is taken to be off by; a count or a share of the same data comes out the same again. */
const SINGLE_TIMING_SHARE = 0.1;
const SINGLE_OTHER_SHARE = 0.005;

const TIMES = /^(?:ns|us|µs|ms|s|min)$/;
const SIZES = /^(?:bytes|[KMG]i?B)$/;
const RATES = /\/s$|^×$|a second/;
const BAD = /false|alarm|wrong|error|lost|dropped|shed|missed|void|refused|failed|unanswered|slowest|worst/i;

export function compareSuites(now: readonly SuiteJson[], before: readonly SuiteJson[]): readonly ComparedSuite[] {
  return now.map((suite) => {
    const earlier = before.find((other) => other.suite === suite.suite) ?? null;
    return {
      suite: suite.suite,
      now: suite,
      before: earlier,
      results: compareResults(suite, earlier),
      goals: suite.goals.map((goal) => compareGoal(goal, earlier)),
      otherMachine: earlier !== null && earlier.machine !== suite.machine,
    };
  });
}

/** Which way is better; null where neither is. */
export function directionOf({ name, unit }: Pick<Result, "name" | "unit">, goals: readonly Goal[]): Direction {
  const goal = goals.find((other) => other.name === name)?.goal;
  if (goal?.startsWith("≥")) return "higher";
  if (goal?.startsWith("≤")) return "lower";
  if (TIMES.test(unit) || SIZES.test(unit)) return "lower";
  if (RATES.test(unit)) return "higher";
  if (BAD.test(name)) return "lower";
  return unit === "share" && !/share of a core/.test(name) ? "higher" : null;
}

export function changeBetween(now: Result, before: Result, direction: Direction): Change {
  const ranges = [rangeOf(now), rangeOf(before)] as const;
  if (ranges.some(({ min, max }) => !Number.isFinite(min) || !Number.isFinite(max))) return "other";
  const [a, b] = ranges;
  const apart = a.min > b.max || b.min > a.max;
  const size = Math.max(Math.abs(now.value), Math.abs(before.value));
  if (!apart || Math.abs(now.value - before.value) <= size * RELEVANT_SHARE) return "same";
  if (direction === null) return "other";
  return now.value > before.value === (direction === "higher") ? "better" : "worse";
}

function compareResults(now: SuiteJson, before: SuiteJson | null): readonly Compared[] {
  const earlier = new Map(before?.results.map((result) => [result.name, result]));
  const goals = [...now.goals, ...(before?.goals ?? [])];
  const here = now.results.map((result): Compared => {
    const other = earlier.get(result.name);
    earlier.delete(result.name);
    // A name that means another unit now is another figure.
    if (other === undefined || other.unit !== result.unit) {
      return { now: result, before: null, change: before === null ? "same" : "new", ratio: null };
    }
    const ratio = other.value === 0 || !Number.isFinite(other.value) ? null : result.value / other.value;
    return { now: result, before: other, change: changeBetween(result, other, directionOf(result, goals)), ratio };
  });
  const gone = [...earlier.values()].map(
    (result): Compared => ({ now: null, before: result, change: "gone", ratio: null }),
  );
  return [...here, ...gone];
}

function compareGoal(goal: Goal, before: SuiteJson | null): ComparedGoal {
  const earlier = before?.goals.find((other) => other.name === goal.name) ?? null;
  // A goal that was set anew was neither met nor missed before.
  if (earlier === null || earlier.goal !== goal.goal || earlier.met === goal.met) {
    return { goal, before: earlier, change: "kept" };
  }
  return { goal, before: earlier, change: goal.met ? "won" : "lost" };
}

function rangeOf({ value, min, max, runs, unit }: Result): { readonly min: number; readonly max: number } {
  if (runs > 1) return { min, max };
  const timing = TIMES.test(unit) || RATES.test(unit) || SIZES.test(unit);
  const off = Math.abs(value) * (timing ? SINGLE_TIMING_SHARE : SINGLE_OTHER_SHARE);
  return { min: value - off, max: value + off };
}
