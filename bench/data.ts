/** Where the shared data sets are: `GATEHOUSE_SHARED`, or the folder `shared` beside the checkout. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Null where the data is absent: who asks says that it did not run. */
export function sharedData(...path: readonly string[]): string | null {
  const root = process.env.GATEHOUSE_SHARED ?? resolve(import.meta.dir, "..", "..", "shared");
  const found = join(root, "data", ...path);
  return existsSync(found) ? found : null;
}

/** The objects of a JSON-lines file, blank lines left out. */
export async function readJsonLines<T>(path: string): Promise<T[]> {
  const text = await Bun.file(path).text();
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as T);
}
