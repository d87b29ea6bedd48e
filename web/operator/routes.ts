/** For whoever runs the deployment: its shards, workers and stores, live. */
import type { Route } from "../guard.ts";
import { route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { readHealth } from "./status.ts";
import { operatorPage, operatorPart } from "./view.ts";

/** Latency and last dispatch change without news. */
const REFRESH_MS = 2_000;

export function operatorRoutes({ machine, live }: Kit): readonly Route[] {
  const health = () => readHealth(machine.services, machine.gateway(), machine.startedAtMs);
  return [
    route("operator", "GET", "/operator", async (visit) => operatorPage(visit, await health())),
    route("operator", "GET", "/operator/live", (visit) =>
      live.stream("operator", visit, {
        concerns: (news) => news.type === "shard-changed",
        render: async (reader) => operatorPart(reader, await health()),
        everyMs: REFRESH_MS,
      }),
    ),
  ];
}
