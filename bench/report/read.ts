/** The JSON that `bun run bench --json` wrote, one suite or several a file, checked; of a suite given twice the later wins. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { SuiteJson } from "../suite.ts";

/** JSON knows no NaN and no infinity: what could not be measured is null there. */
const NUMBER = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const SUITE = z.object({
  suite: z.string(),
  commit: z.string(),
  machine: z.string(),
  results: z.array(
    z.object({
      name: z.string(),
      value: NUMBER,
      unit: z.string(),
      min: NUMBER,
      max: NUMBER,
      runs: z.number(),
    }),
  ),
  goals: z.array(z.object({ name: z.string(), goal: z.string(), value: NUMBER, met: z.boolean() })),
});

/** Throws an Error that names the file. */
export async function readReports(files: readonly string[]): Promise<readonly SuiteJson[]> {
  const suites = new Map<string, SuiteJson>();
  for (const file of files) {
    for (const suite of await readOne(file)) suites.set(suite.suite, suite);
  }
  return [...suites.values()];
}

async function readOne(file: string): Promise<readonly SuiteJson[]> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const read = z.union([SUITE.transform((suite) => [suite]), z.array(SUITE)]).safeParse(value);
  if (!read.success)
    throw new Error(`${file} is not what \`bun run bench --json\` writes: ${z.prettifyError(read.error)}`);
  return read.data;
}
