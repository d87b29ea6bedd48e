/** The shared data that nobody here wrote: in GATEHOUSE_SHARED, or in ../shared beside the checkout. Required in CI. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const SHARED = Bun.env.GATEHOUSE_SHARED ?? resolve(import.meta.dir, "../../../shared");

/** Null, said on stdout, where it is absent. */
export function sharedFile(suite: string, path: string): string | null {
  const file = join(SHARED, "data", path);
  if (existsSync(file)) return file;
  process.stdout.write(`did not run: ${suite} (no shared data)\n`);
  if (Bun.env.CI === "true") throw new Error("CI needs the shared data");
  return null;
}
