/**
 * The files a path stands for: itself, or all of a folder's that are of a kind read here. Hidden ones and `node_modules` are left
 * out; a link is followed only to what lies inside the folder it was found under.
 */
import type { Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { AppError } from "../../errors.ts";
import { promisedKind } from "../extract.ts";

/** A folder with more is not a knowledge base but a disk. */
const FILES_MAX = 50_000;
const DEPTH_MAX = 32;

export type FoundFile = {
  readonly path: string;
  /** The path below the folder that was given, with slashes; a file given by itself is called by its name. */
  readonly key: string;
  readonly bytes: number;
};

/** Sorted by key. Throws `AppError` "not-found" for a path that does not exist, "invalid" for too many files. */
export async function findFiles(paths: readonly string[]): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    const known = await stat(path).catch(() => null);
    if (known === null) throw new AppError("not-found", `There is no file or folder "${path}".`);
    if (!known.isDirectory()) {
      add(found, { path, key: basename(path), bytes: known.size });
      continue;
    }
    const root = await realpath(path);
    // Two folders may hold files of one name: then the folder's own name tells them apart.
    const prefix = paths.length > 1 ? `${basename(root)}/` : "";
    await walk(root, root, prefix, 0, new Set(), found);
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

async function walk(
  root: string,
  folder: string,
  prefix: string,
  depth: number,
  seen: Set<string>,
  found: Map<string, FoundFile>,
): Promise<void> {
  const real = await realpath(folder).catch(() => null);
  if (real === null || depth > DEPTH_MAX || seen.has(real)) return;
  seen.add(real);
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith(".") || name === "node_modules") continue;
    const path = join(folder, name);
    const known = await inside(root, path);
    if (known === null) continue;
    if (known.isDirectory()) await walk(root, path, prefix, depth + 1, seen, found);
    else if (known.isFile() && promisedKind(name) !== null) {
      add(found, { path, key: `${prefix}${relative(root, path).split(sep).join("/")}`, bytes: known.size });
    }
  }
}

/** Null for a file that is gone and for a link that leads out. */
async function inside(root: string, path: string): Promise<Stats | null> {
  const real = await realpath(path).catch(() => null);
  if (real === null || (real !== root && !real.startsWith(root + sep))) return null;
  return stat(real).catch(() => null);
}

function add(found: Map<string, FoundFile>, file: FoundFile): void {
  if (found.size >= FILES_MAX)
    throw new AppError("invalid", `There are more than ${FILES_MAX} files; import a smaller folder.`);
  found.set(file.key, file);
}
