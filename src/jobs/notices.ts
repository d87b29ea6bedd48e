/** Sends the lines that wait for a mod-log. Each process may: a line is lent to one. */
import type { Job } from "../jobs.ts";
import type { NoticeSender } from "../notices.ts";

const LOOK_MS = 15_000;
const RUN_MS_MAX = 60_000;

export function noticesJob(notices: NoticeSender): Job {
  return {
    name: "notices",
    everyMs: LOOK_MS,
    scope: "cluster",
    deadlineMs: RUN_MS_MAX,
    run: (signal) => notices.send(signal),
  };
}
