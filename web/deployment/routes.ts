/** Sums over all servers are kept for a minute, and used while they are read anew: they read every server's rows of a month. */
import { createKept } from "../../src/kept.ts";
import { type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { deploymentPage } from "./view.ts";

const DAYS_MS = 30 * 86_400_000;
const AGES = { freshMs: 60_000, usedMsMax: 600_000 };
const SERVERS_MAX = 200;

export function deploymentRoutes({ services, jobs }: Kit): readonly Route[] {
  const { store, clock } = services;
  const figures = createKept(() => store.figures.deployment(clock.now() - DAYS_MS, SERVERS_MAX), AGES, clock);

  return [
    route("operator", "GET", "/overview", async (visit) => deploymentPage(visit, await figures(), jobs.status())),
  ];
}
