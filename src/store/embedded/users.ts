/**
 * Which processes use a cluster: the last one out stops it, and only one at a time starts or stops.
 * Files beside the cluster; what a killed process left is recognised by its process being gone.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { identity, isSame } from "./processes.ts";

const LOCK_WAIT_MS_MAX = 60_000;
const LOCK_LOOK_MS = 20;

/** Runs `work` while no other process starts or stops this cluster. */
export async function alone<T>(cluster: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const lock = `${cluster}.lock`;
  const mine = `${identity(process.pid)}-${clock.id()}`;
  for (const until = clock.now() + LOCK_WAIT_MS_MAX; !taken(lock, mine); ) {
    if (clock.now() > until) {
      throw new AppError("unavailable", `another process has been starting ${cluster} for a minute; remove ${lock}`);
    }
    await clock.sleep(LOCK_LOOK_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes the lock without waiting for it; null while another process has it. */
export function hold(lock: string, clock: Clock): (() => void) | null {
  const mine = `${identity(process.pid)}-${clock.id()}`;
  // The first try may only find out that who had it is gone.
  if (!taken(lock, mine) && !taken(lock, mine)) return null;
  return () => rmSync(lock, { force: true });
}

/** Says that this process uses the cluster, until the returned function is called. */
export function register(cluster: string, clock: Clock): () => void {
  const folder = `${cluster}.users`;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${identity(process.pid)}-${clock.id()}`);
  writeFileSync(file, "");
  return () => rmSync(file, { force: true });
}

/** How many use it; those that are gone are forgotten. */
export function countUsers(cluster: string): number {
  const folder = `${cluster}.users`;
  mkdirSync(folder, { recursive: true });
  const users = readdirSync(folder);
  const gone = users.filter((user) => !isSame(user));
  for (const user of gone) rmSync(join(folder, user), { force: true });
  return users.length - gone.length;
}

function taken(lock: string, mine: string): boolean {
  try {
    writeFileSync(lock, mine, { flag: "wx" });
    // Somebody who took our file for a left one would have put their own in its place.
    return readFileSync(lock, "utf8") === mine;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const holder = read(lock);
  if (holder !== null && holder !== "" && !isSame(holder)) rmSync(lock, { force: true });
  return false;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
