/**
 * Which account of the system runs PostgreSQL, and where it can keep its data. PostgreSQL refuses to run as root; root's
 * processes lend it to `postgres` or `nobody`, who may not reach a data folder below a closed home.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";

export type OsAccount = {
  readonly name: string;
  /** For node's spawn; nothing when it is ourselves. */
  readonly spawn: { readonly uid?: number; readonly gid?: number };
};

const OURSELVES: OsAccount = { name: "", spawn: {} };

/** Where root keeps the data of projects that the other account cannot reach. */
const SYSTEM_FOLDER = "/var/lib/gatehouse";

/** A cluster's folder and the account that owns it. Both are the same at every start. */
export function findHome(dataDir: string, logger: Logger): { readonly cluster: string; readonly account: OsAccount } {
  mkdirSync(dataDir, { recursive: true });
  const cluster = join(dataDir, "postgres");
  if (process.getuid?.() !== 0) return { cluster, account: OURSELVES };

  const owner = ownerOf(cluster) ?? servant();
  if (reaches(owner, dataDir)) return { cluster, account: owner };

  const folder = join(SYSTEM_FOLDER, createHash("sha256").update(dataDir).digest("hex").slice(0, 16));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new AppError(
      "unavailable",
      `the account ${owner.name} runs PostgreSQL and reaches neither ${dataDir} nor ${folder}. Set GATEHOUSE_DATA_DIR to a folder it reaches, or DATABASE_URL`,
      { cause },
    );
  }
  const elsewhere = join(folder, "postgres");
  logger.info({ account: owner.name, unreachable: dataDir, cluster: elsewhere }, "embedded-data-elsewhere");
  return { cluster: elsewhere, account: ownerOf(elsewhere) ?? owner };
}

/** Makes an empty folder that belongs to the account alone. */
export function makeFolder(path: string, account: OsAccount): void {
  mkdirSync(path, { mode: 0o700 });
  chmodSync(path, 0o700);
  if (account.spawn.uid !== undefined && account.spawn.gid !== undefined) {
    chownSync(path, account.spawn.uid, account.spawn.gid);
  }
}

function ownerOf(cluster: string): OsAccount | null {
  if (!existsSync(cluster)) return null;
  const { uid, gid } = statSync(cluster);
  return uid === 0 ? null : { name: String(uid), spawn: { uid, gid } };
}

function servant(): OsAccount {
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (Number(uid) > 0 && Number(gid) > 0) return { name, spawn: { uid: Number(uid), gid: Number(gid) } };
  }
  throw new AppError(
    "unavailable",
    "PostgreSQL does not run as root, and there is neither an account `postgres` nor `nobody`. Start as another user, or set DATABASE_URL",
  );
}

function reaches(account: OsAccount, folder: string): boolean {
  const trial = spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...account.spawn, cwd: "/" });
  return trial.status === 0;
}
