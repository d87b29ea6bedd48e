/** The project as it was before its newest migration: what runs beside this version while that is deployed. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryFolder } from "./folder.ts";

const ROOT = resolve(import.meta.dir, "../..");

export type PreviousVersion = {
  /** Its `shards/main.ts`. */
  readonly main: string;
  readonly migrations: number;
  remove(): void;
};

/** Null where the folder has no history: a copy without `.git`, or a clone of the newest commit alone. */
export async function openPreviousVersion(): Promise<PreviousVersion | null> {
  const migrated = await git("log", "-1", "--diff-filter=A", "--format=%H", "--", "drizzle/migrations/*.sql");
  if (migrated === null || migrated === "") return null;
  const before = await git("rev-parse", "--verify", "--quiet", `${migrated}^`);
  if (before === null || before === "") return null;
  const folder = temporaryFolder("previous-version");
  const house = join(folder.path, "gatehouse");
  mkdirSync(house);
  const parts = ["package.json", "bunfig.toml", "drizzle", "src", "shards", "web", "bench"];
  const archive = Bun.spawn(["git", "archive", before, ...parts], { cwd: ROOT, stdout: "pipe" });
  const unpacked = Bun.spawn(["tar", "-x", "-C", house], { stdin: archive.stdout });
  if ((await unpacked.exited) !== 0 || (await archive.exited) !== 0) throw new Error(`${before} cannot be unpacked`);
  // Of this version: between two commits few of them differ.
  symlinkSync(join(ROOT, "node_modules"), join(house, "node_modules"));
  const names = await git("ls-tree", "--name-only", before, "drizzle/migrations/");
  const migrations = (names ?? "").split("\n").filter((name) => name.endsWith(".sql")).length;
  return { main: join(house, "shards/main.ts"), migrations, remove: () => folder.remove() };
}

async function git(...args: readonly string[]): Promise<string | null> {
  const child = Bun.spawn(["git", ...args], { cwd: ROOT, stdout: "pipe", stderr: "ignore" });
  const text = await new Response(child.stdout).text();
  return (await child.exited) === 0 ? text.trim() : null;
}
