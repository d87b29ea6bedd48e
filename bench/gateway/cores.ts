/**
 * Cores for who is measured and for who feeds: where there are four or more and `taskset` exists, the feeder has the first and subjects
 * the others, so that neither takes the other's time. With fewer cores all share them.
 */
import { availableParallelism } from "node:os";

const CORES_MIN = 4;

export function pinned(command: readonly string[], role: "feeder" | "subject"): string[] {
  const cores = availableParallelism();
  const taskset = Bun.which("taskset");
  if (taskset === null || cores < CORES_MIN) return [...command];
  return [taskset, "--cpu-list", role === "feeder" ? "0" : `1-${cores - 1}`, ...command];
}
