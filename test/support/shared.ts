/** The shared data that nobody here wrote: in GATEHOUSE_SHARED, or in ../shared beside the checkout. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Kit, needing } from "./needing.ts";
import { lacking } from "./not-run.ts";

const SHARED = Bun.env.GATEHOUSE_SHARED ?? resolve(import.meta.dir, "../../../shared");

/** A file or folder of it, and how tests that need it are registered. */
export type Shared = Kit & { readonly file: string; readonly there: boolean };

export function shared(path: string): Shared {
  const file = join(SHARED, "data", path);
  const there = existsSync(file);
  return { ...needing(there ? file : lacking("the shared data"), "the shared data"), file, there };
}
