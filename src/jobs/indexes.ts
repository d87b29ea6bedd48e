/** Makes the indexes that migrations leave for later, over tables that are large already. Every process looks; the store lets one build. */
import type { Job } from "../jobs.ts";
import type { Services } from "../services.ts";

/** Where another process builds, or has died at it. */
const EVERY_MS = 60_000;
/** Past it the server builds on; the next run finds it at work, or done. */
const RUN_MS_MAX = 6 * 3_600_000;

export function createIndexJob({ store }: Pick<Services, "store">): Job {
  return {
    name: "indexes",
    everyMs: EVERY_MS,
    scope: "process",
    deadlineMs: RUN_MS_MAX,
    async run(signal) {
      await store.buildIndexes(signal);
    },
  };
}
