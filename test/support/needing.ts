/**
 * Tests that need what a machine may lack. Where it is missing they are registered all the same, skipped, and counted by what
 * is missing: the run's last line says how many did not run and why. In CI nothing may be missing.
 */
import * as bun from "bun:test";
import type { Missing, NotRun } from "./not-run.ts";

type Hooks = Pick<typeof bun, "beforeAll" | "afterAll" | "beforeEach" | "afterEach">;
export type Kit = Hooks & Pick<typeof bun, "describe" | "test">;

/** Of the whole run: its files share one thread, but not their modules. */
const COUNTS = Symbol.for("gatehouse: tests that did not run");
const run = globalThis as { [COUNTS]?: Map<Missing, number> };

/** Bun's own where `value` is there; null says that it is missing. */
export function needing(value: unknown, what: Missing): Kit {
  return value === null ? { ...bun, ...NO_HOOKS, test: skipped(what) } : bun;
}

export function notRun(): NotRun {
  return [...(run[COUNTS] ?? [])];
}

const nothing = () => {};
const NO_HOOKS = { beforeAll: nothing, afterAll: nothing, beforeEach: nothing, afterEach: nothing } as unknown as Hooks;

function skipped(missing: Missing): Kit["test"] {
  const count = (tests: number) => {
    run[COUNTS] ??= new Map();
    run[COUNTS].set(missing, (run[COUNTS].get(missing) ?? 0) + tests);
  };
  const one = (name: string, work: () => void) => {
    count(1);
    bun.test.skip(name, work);
  };
  const each = (rows: readonly unknown[]) => (name: string, work: () => void) => {
    count(rows.length);
    bun.test.skip.each(rows as unknown[][])(name, work);
  };
  return Object.assign(one, { each }) as unknown as Kit["test"];
}
