/** Runs before the first test file. At the end of all it leaves how many tests did not run to who started the run, or says so itself. */
import { afterAll } from "bun:test";
import { writeFileSync } from "node:fs";
import { notRun } from "./needing.ts";
import { NOT_RUN_FILE, notRunLine } from "./not-run.ts";

afterAll(() => {
  const file = Bun.env[NOT_RUN_FILE];
  if (file === undefined) process.stderr.write(`\n${notRunLine(notRun())}\n`);
  else writeFileSync(file, JSON.stringify(notRun()));
});
