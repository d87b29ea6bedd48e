/** Routes for machines, with or without a dashboard: alive, ready, metrics. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Services } from "../src/services.ts";
import type { GatewayStatus } from "../src/status/process.ts";
import { type Route, route } from "./guard.ts";
import { HttpRefusal } from "./refusal.ts";

export type Machine = {
  readonly services: Services;
  readonly gateway: () => GatewayStatus | null;
  readonly metrics: (() => Promise<{ readonly text: string; readonly type: string }>) | null;
  readonly startedAtMs: number;
  /** It is draining: a load balancer sends nobody here any more. */
  readonly draining: () => boolean;
};

/** Also in a process that has no dashboard. */
export function machineRoutes(machine: Machine): readonly Route[] {
  return [
    route("anyone", "GET", "/healthz", () => new Response("ok\n", { headers: { "content-type": "text/plain" } })),

    route("anyone", "GET", "/readyz", async () => {
      const database = await machine.services.store.health();
      const shards = machine.gateway()?.shards ?? [];
      const alive = shards.filter(({ phase, resumable }) => phase === "live" && resumable).length;
      const draining = machine.draining();
      const ready = !draining && database.ok && (shards.length === 0 || alive > 0);
      // Only the operator may read the database's error.
      return Response.json(
        {
          ready,
          ...(draining && { draining }),
          database: database.ok ? "up" : "down",
          shards: { live: alive, all: shards.length },
        },
        { status: ready ? 200 : 503 },
      );
    }),

    route("anyone", "GET", "/metrics", async (visit) => {
      // To a stranger it is not there.
      if (!mayScrape(visit.request, machine.services.config.web.metricsToken)) throw new HttpRefusal("not-found");
      if (machine.metrics === null) throw new HttpRefusal("not-found");
      const { text, type } = await machine.metrics();
      return new Response(text, { headers: { "content-type": type } });
    }),
  ];
}

/** Open where no token is set: then the proxy keeps it from outside. */
function mayScrape(request: Request, token: string | null): boolean {
  if (token === null) return true;
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(request.headers.get("authorization") ?? ""), hash(`Bearer ${token}`));
}
