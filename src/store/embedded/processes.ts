/** Is a process alive, and is it the one we mean? Numbers are given again, and a killed child may stay as a zombie. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Dead and zombie are the same to us. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there, but somebody else's.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return stat(pid)?.state !== "Z";
}

/** Tells a process from a later one with the same number, where the system says when it began. */
export function identity(pid: number): string {
  return `${pid}-${stat(pid)?.startedAt ?? "0"}`;
}

export function isSame(id: string): boolean {
  const pid = Number(/^\d+/.exec(id)?.[0]);
  return Number.isInteger(pid) && pid > 0 && isAlive(pid) && identity(pid) === id.split("-").slice(0, 2).join("-");
}

/** Its command line; null where the system does not tell. */
export function commandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    if (process.platform === "linux" || process.platform === "win32") return null;
    const ps = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return ps.status === 0 ? ps.stdout : null;
  }
}

/** Linux only: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. The name, in brackets, may hold anything. */
function stat(pid: number): { readonly state: string; readonly startedAt: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startedAt: fields[19] ?? "0" };
  } catch {
    return null;
  }
}
