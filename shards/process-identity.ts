/**
 * The name under which a process holds its leases. Another process on the same machine can tell from it whether the holder still lives.
 *
 * `host:pid:started:random`: `host` names the machine's boot and the pid namespace, `started` tells a reused pid from the old
 * process. Where that cannot be known (another machine, another container, no /proc), the lease has to run out.
 */
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { Clock } from "../src/clock.ts";

export function newProcessIdentity(clock: Clock): string {
  return `${hostId()}:${process.pid}:${startedAt(process.pid) ?? 0}:${clock.id().slice(0, 8)}`;
}

/** True only when this is certain. */
export function isDeadProcess(holder: string): boolean {
  const [host, pidText = "", started] = holder.split(":");
  const pid = Number(pidText);
  if (host !== hostId() || !Number.isInteger(pid) || pid <= 0) return false;
  if (!exists(pid)) return true;
  const now = startedAt(pid);
  return now !== null && started !== "0" && String(now) !== started;
}

function hostId(): string {
  const parts = [
    hostname(),
    readOr(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
    readOr(() => readlinkSync("/proc/self/ns/pid")),
  ];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

/** In ticks since boot; null where there is no /proc. */
function startedAt(pid: number): number | null {
  const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The command's name may hold spaces and brackets; the fields begin behind its last bracket.
  const field = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return field === undefined || field === "" ? null : Number(field);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

function readOr(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return "";
  }
}
