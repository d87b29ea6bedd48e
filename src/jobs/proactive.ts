/** Posts what is due, and counts what became of it. Each process may look: the row of a slot is one process's. */
import type { Job } from "../jobs.ts";
import type { Proactive } from "../proactive.ts";

const LOOK_MS = 10_000;
const RUN_MS_MAX = 5 * 60_000;
const COUNT_MS = 10 * 60_000;

export function proactiveJobs(proactive: Proactive): readonly Job[] {
  return [
    {
      name: "proactive",
      everyMs: LOOK_MS,
      scope: "cluster",
      deadlineMs: RUN_MS_MAX,
      run: (signal) => proactive.tick(signal),
    },
    {
      name: "proactive-counts",
      everyMs: COUNT_MS,
      scope: "cluster",
      deadlineMs: RUN_MS_MAX,
      run: (signal) => proactive.lookAfter(signal),
    },
  ];
}
