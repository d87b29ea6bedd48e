/** The store as moderation asks it. */
import type { PatienceWith } from "../patience.ts";
import type { Store } from "../store.ts";
import { inBatches } from "./batches.ts";

/** Cases or events of one guild in one transaction, members in one question. */
const BATCH_MAX = 100;

/** While the store is away nothing is done, and nothing is lost: cases are known by their keys. A raid's reads and writes go in batches. */
export function patient(
  { cases, alerts, guilds }: Store,
  patienceWith: PatienceWith,
): Pick<Store, "cases" | "alerts" | "guilds"> {
  return {
    guilds,
    alerts: {
      ...alerts,
      open: (guild) => patienceWith(guild).run(() => alerts.open(guild)),
      raise: (guild, alert) => patienceWith(guild).run(() => alerts.raise(guild, alert)),
    },
    cases: {
      ...cases,
      plan: inBatches((guild, some) => patienceWith(guild).run(() => cases.plan(guild, some)), BATCH_MAX),
      append: inBatches((guild, events) => patienceWith(guild).run(() => cases.append(guild, events)), BATCH_MAX),
      strikes: inBatches((guild, members) => patienceWith(guild).run(() => cases.strikes(guild, members)), BATCH_MAX),
    },
  };
}
