/** The operator page's facts: this process's shards and workers, beside the store's rows about all processes. */

import type { Services } from "../../src/services.ts";
import type { GatewayStatus } from "../../src/status/process.ts";
import { setsInForce } from "../../src/status/shard-sets.ts";
import type { ProcessRow } from "../../src/store/ports/processes.ts";
import type { ShardRow } from "../../src/store/ports/shards.ts";

export type ShardLine = {
  readonly application: string;
  readonly shard: number;
  /** Null: no process holds it. */
  readonly holder: string | null;
  readonly settled: number | null;
  /** Null: another process runs it, and only it knows more. */
  readonly here: GatewayStatus["shards"][number] | null;
};

export type Health = {
  readonly database: Awaited<ReturnType<Services["store"]["health"]>>;
  readonly redis: boolean;
  readonly model: string | null;
  /** Memory of this process, its workers included. */
  readonly memoryBytes: number;
  readonly lines: readonly ShardLine[];
  readonly gateway: GatewayStatus | null;
  /** All of the deployment that were heard of lately, the eldest first. */
  readonly processes: readonly ProcessRow[];
  readonly startedAtMs: number;
};

/** They report every five seconds; one that was silent for longer is gone. */
const SILENT_MS_MAX = 60_000;

export async function readHealth(
  services: Services,
  gateway: GatewayStatus | null,
  startedAtMs: number,
): Promise<Health> {
  const { store, config, llm } = services;
  const database = await store.health();
  const rows = database.ok ? setsInForce(await store.shards.list(), services.clock.now()) : [];
  return {
    database,
    redis: config.redisUrl !== null,
    model: llm?.name ?? null,
    memoryBytes: process.memoryUsage.rss(),
    lines: lines(rows, gateway, services.clock.now()),
    gateway,
    processes: database.ok ? await store.processes.list(SILENT_MS_MAX) : [],
    startedAtMs,
  };
}

/** Unhealthy ones come first. */
function lines(rows: readonly ShardRow[], gateway: GatewayStatus | null, nowMs: number): ShardLine[] {
  const known = new Map<string, ShardLine>();
  for (const { application, shard, holder, untilMs, session } of rows) {
    known.set(`${application}/${shard}`, {
      application,
      shard,
      holder: untilMs > nowMs ? holder : null,
      settled: session?.settled ?? null,
      here: null,
    });
  }
  for (const here of gateway?.shards ?? []) {
    const application = here.application ?? gateway?.application ?? "";
    const key = `${application}/${here.shard}`;
    const row = known.get(key);
    known.set(key, {
      application,
      shard: here.shard,
      holder: row?.holder ?? null,
      settled: row?.settled ?? null,
      here,
    });
  }
  const well = (line: ShardLine) => Number(line.here === null ? line.holder !== null : line.here.phase === "live");
  return [...known.values()].sort((a, b) => well(a) - well(b) || a.shard - b.shard);
}
