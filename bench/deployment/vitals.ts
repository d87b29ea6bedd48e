/** What Linux says of a process: its own memory, and what it holds open. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export type Vitals = {
  /** Resident and not backed by a file: what the process itself took, without its program and shared memory. */
  readonly bytes: number;
  readonly descriptors: number;
  /** Those of them that are sockets. */
  readonly sockets: number;
};

/** Of several processes in sum; one that has gone counts nothing. */
export function vitalsOf(pids: readonly number[]): Vitals {
  const all = pids.map(one);
  const sum = (read: (vitals: Vitals) => number) => all.reduce((total, vitals) => total + read(vitals), 0);
  return { bytes: sum((v) => v.bytes), descriptors: sum((v) => v.descriptors), sockets: sum((v) => v.sockets) };
}

function one(pid: number): Vitals {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const links = readdirSync(`/proc/${pid}/fd`).map((name) => linkOf(`/proc/${pid}/fd/${name}`));
    return {
      bytes: Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024,
      descriptors: links.length,
      sockets: links.filter((link) => link.startsWith("socket:")).length,
    };
  } catch {
    return { bytes: 0, descriptors: 0, sockets: 0 };
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed since the folder was read.
    return "";
  }
}

export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The command's name may hold spaces and brackets; the fields begin behind its last bracket.
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** It, its children and theirs. */
export function familyOf(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), parentOf(Number(name)));
    } catch {
      // Ended since the folder was read.
    }
  }
  const family = [pid];
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}
