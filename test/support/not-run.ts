/** What a machine may lack, and how many tests did not run for it. */

export type Missing =
  | "Redis"
  | "Chromium"
  | "the shared data"
  | "the bench's peers"
  | "curl and bash"
  | "Landlock"
  | "the project's history";

/** Null, for who found something missing; throws in CI, where nothing may be. */
export function lacking(what: Missing): null {
  if (Bun.env.CI === "true") throw new Error(`CI needs ${what}`);
  return null;
}

/** Where a run's preload leaves its counts for whoever started it. */
export const NOT_RUN_FILE = "GATEHOUSE_NOT_RUN_FILE";

export type NotRun = readonly (readonly [what: string, tests: number])[];

/** `22 tests did not run: 18 need Redis, 4 need the shared data.` */
export function notRunLine(counts: NotRun): string {
  const all = counts.reduce((sum, [, tests]) => sum + tests, 0);
  if (all === 0) return "0 tests did not run.";
  const parts = counts.map(([what, tests]) => `${tests} ${tests === 1 ? "needs" : "need"} ${what}`);
  return `${all} ${all === 1 ? "test" : "tests"} did not run: ${parts.join(", ")}.`;
}
