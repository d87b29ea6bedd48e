/** For whoever runs the deployment: its shards, workers and stores, live. */
import type { Route } from "../guard.ts";
import { route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { HttpRefusal } from "../refusal.ts";
import { redirect } from "../respond.ts";
import { readHealth } from "./status.ts";
import { drainPage, operatorPage, operatorPart } from "./view.ts";

/** Latency and last dispatch change without news. */
const REFRESH_MS = 2_000;

export function operatorRoutes({ machine, live }: Kit): readonly Route[] {
  const health = () => readHealth(machine.services, machine.gateway(), machine.startedAtMs);
  return [
    route("operator", "GET", "/operator", async (visit) => operatorPage(visit, await health())),
    route("operator", "GET", "/operator/drain/:process", async (visit) => {
      const all = (await health()).processes;
      const one = all.find(({ holder }) => holder === visit.params.process);
      if (one === undefined) throw new HttpRefusal("not-found");
      return drainPage(
        visit,
        one,
        all.filter((other) => other !== one && other.drainAskedAtMs === null),
      );
    }),
    route("operator", "POST", "/operator/drain/:process", async (visit) => {
      const asked = await machine.services.store.processes.askToDrain(visit.params.process ?? "");
      if (!asked) throw new HttpRefusal("not-found");
      machine.services.logger.info({ process: visit.params.process, by: visit.person.id }, "drain-asked");
      return redirect(visit, "/operator");
    }),
    route("operator", "GET", "/operator/live", (visit) =>
      live.stream("operator", visit, {
        concerns: (news) => news.type === "shard-changed",
        render: async (reader) => operatorPart(reader, await health()),
        everyMs: REFRESH_MS,
      }),
    ),
  ];
}
