/** Routes for machines, with or without a dashboard: alive, ready, metrics. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Services } from "../src/services.ts";
import type { GatewayStatus, Wait } from "../src/status/process.ts";
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

/** A bot has thousands of shards at most; the first few tell what the matter is. */
const WAITING_MAX = 10;

/** Also in a process that has no dashboard. */
export function machineRoutes(machine: Machine): readonly Route[] {
  return [
    route("anyone", "GET", "/healthz", () => new Response("ok\n", { headers: { "content-type": "text/plain" } })),

    route("anyone", "GET", "/readyz", async () => {
      const database = await machine.services.store.health();
      const gateway = machine.gateway();
      const shards = gateway?.shards ?? [];
      const alive = shards.filter(({ phase, resumable }) => phase === "live" && resumable).length;
      const draining = machine.draining();
      const starting = gateway?.waitsFor === "workers" || gateway?.waitsFor === "discord";
      const ready = !draining && database.ok && !starting && (shards.length === 0 || alive > 0);
      const waiting = gateway === null ? [] : waitsOf(gateway, machine.services.clock.now());
      // Only the operator may read the database's error.
      return Response.json(
        {
          ready,
          ...(draining && { draining }),
          database: database.ok ? "up" : "down",
          shards: { live: alive, all: shards.length },
          ...(waiting.length > 0 && { waiting }),
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

type Waiting = {
  readonly application?: string;
  /** Left out: the whole gateway, which has no shards. */
  readonly shard?: number;
  readonly for: Wait;
  /** Null: nobody knows. */
  readonly inS: number | null;
};

/** What keeps shards from being live, and for how long at most. */
function waitsOf({ waitsFor, shards }: GatewayStatus, nowMs: number): readonly Waiting[] {
  if (shards.length === 0 && waitsFor !== null) return [{ for: waitsFor, inS: null }];
  const waiting: Waiting[] = [];
  for (const { application, shard, waitsFor: what, waitsUntilMs } of shards) {
    if (what === null || waiting.length === WAITING_MAX) continue;
    const inS = waitsUntilMs === null ? null : Math.ceil(Math.max(0, waitsUntilMs - nowMs) / 1_000);
    waiting.push({ ...(application === undefined ? {} : { application }), shard, for: what, inS });
  }
  return waiting;
}

/** Open where no token is set: then the proxy keeps it from outside. */
function mayScrape(request: Request, token: string | null): boolean {
  if (token === null) return true;
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(request.headers.get("authorization") ?? ""), hash(`Bearer ${token}`));
}
