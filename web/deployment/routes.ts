/** Sums over all servers are kept for a minute: they read every server's rows of a month. */
import type { DeploymentFigure } from "../../src/store/ports/figures.ts";
import { type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { deploymentPage } from "./view.ts";

const DAYS_MS = 30 * 86_400_000;
const FRESH_MS = 60_000;
const SERVERS_MAX = 200;

export function deploymentRoutes({ services, jobs }: Kit): readonly Route[] {
  const { store, clock } = services;
  let kept: { readonly untilMs: number; readonly rows: readonly DeploymentFigure[] } | null = null;

  async function figures(): Promise<readonly DeploymentFigure[]> {
    const nowMs = clock.now();
    if (kept !== null && kept.untilMs > nowMs) return kept.rows;
    const rows = await store.figures.deployment(nowMs - DAYS_MS, SERVERS_MAX);
    kept = { untilMs: nowMs + FRESH_MS, rows };
    return rows;
  }

  return [
    route("operator", "GET", "/overview", async (visit) => deploymentPage(visit, await figures(), jobs.status())),
  ];
}
