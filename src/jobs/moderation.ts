/** Moderation's later work: settles unconfirmed cases, ends raids and warnings, empties texts whose time is over. */
import type { Job } from "../jobs.ts";
import { createUpkeep } from "../moderation.ts";
import type { Services } from "../services.ts";

const SETTLE_MS = 5_000;
const WARNINGS_MS = 5_000;
const RAIDS_MS = 10_000;
const FORGET_MS = 3_600_000;

export function createModerationJobs(services: Services): readonly Job[] {
  const upkeep = createUpkeep(services);
  return [
    {
      ...{ name: "moderation-settle", everyMs: SETTLE_MS, scope: "process", deadlineMs: 120_000 },
      // Each case is claimed in the store, so that processes share the work.
      run: async () => void (await upkeep.settle()),
    },
    {
      ...{ name: "moderation-warnings", everyMs: WARNINGS_MS, scope: "process", deadlineMs: 60_000 },
      // Each is claimed in the store.
      run: async () => void (await upkeep.endWarnings()),
    },
    {
      ...{ name: "moderation-raids", everyMs: RAIDS_MS, scope: "cluster", deadlineMs: 120_000 },
      // Ending a raid twice changes nothing: a channel that is no longer slowed stays as it is.
      run: async () => void (await upkeep.endRaids()),
    },
    {
      ...{ name: "moderation-forget", everyMs: FORGET_MS, scope: "cluster", deadlineMs: 600_000 },
      run: async () => void (await upkeep.forget()),
    },
  ];
}
