/**
 * `/metrics` in Prometheus' text form: what came in, how each message ended, workers, shards.
 *
 * The data path only adds to counters; this file reads them when /metrics is requested. The outcomes and
 * `gatehouse_messages_open` add up to `gatehouse_messages_total`.
 */
import { Counter, Gauge, Histogram, type MetricType, Registry } from "prom-client";
import metadata from "../package.json" with { type: "json" };
import type { ApplicationId } from "../src/ids.ts";
import { INSTANCE } from "../src/logger.ts";
import { LATENCY_BUCKETS } from "./border/ring.ts";
import type { GatewayShard } from "./gateway.ts";
import { type LimitSources, limitMetrics } from "./metrics/limits.ts";
import type { WorkerPool } from "./pool.ts";

export { type IdentifyBudget, limitsOf } from "./metrics/limits.ts";

export type ShardMetrics = Omit<GatewayShard, "fence"> & { readonly application: ApplicationId };

export type MetricsSources = {
  /** Null: this process has no gateway. */
  readonly pool: WorkerPool | null;
  readonly shards?: () => readonly ShardMetrics[];
  readonly limits?: LimitSources;
};

export type Metrics = {
  text(): Promise<string>;
  readonly contentType: string;
};

const PHASES = [
  "idle",
  "waiting",
  "connecting",
  "greeting",
  "queued",
  "identifying",
  "resuming",
  "live",
  "stopped",
] as const;

/** Powers of 2^(1/4) µs, as the data path counts: 32 µs … 14 s. */
const LATENCY_SECONDS = Array.from({ length: 76 }, (_, i) => upperBound(20 + i));

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  processMetrics(registry);
  if (sources.pool !== null) poolMetrics(registry, sources.pool);
  if (sources.shards !== undefined) shardMetrics(registry, sources.shards);
  if (sources.limits !== undefined) limitMetrics(registry, sources.limits);
  return { text: () => registry.metrics(), contentType: registry.contentType };
}

function poolMetrics(registry: Registry, pool: WorkerPool): void {
  const { metrics } = pool;
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  counter("gatehouse_dispatches_total", "Dispatches taken in", () => metrics.dispatches);
  counter("gatehouse_dispatches_ignored_total", "Dispatches that no worker wants", () => metrics.ignored);
  counter("gatehouse_messages_total", "MESSAGE_CREATE dispatches taken in", () => metrics.messagesIn);
  counter("gatehouse_interactions_total", "Interactions taken in", () => metrics.interactionsIn);
  counter("gatehouse_messages_parked_total", "Messages that killed three workers", () => metrics.parked);
  counter("gatehouse_messages_inboxed_total", "Messages held over two seconds", () => metrics.inboxed);
  new Counter({
    name: "gatehouse_outcomes_total",
    help: "Ends of messages",
    labelNames: ["kind", "reason"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { kind, reason, count } of metrics.outcomes.all()) this.inc({ kind, reason }, count);
    },
  });
  new Gauge({
    name: "gatehouse_messages_open",
    help: "Messages without an end yet",
    registers: [registry],
    collect() {
      this.set(metrics.messagesIn - metrics.outcomes.total());
    },
  });
  workerMetrics(registry, pool);
  new VerdictLatency(registry, pool);
}

function workerMetrics(registry: Registry, pool: WorkerPool): void {
  const each = (
    name: string,
    help: string,
    read: (view: ReturnType<WorkerPool["metrics"]["workers"]>[number]) => number,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ["worker"],
      registers: [registry],
      collect() {
        for (const view of pool.metrics.workers()) this.set({ worker: String(view.worker) }, read(view));
      },
    });
  each("gatehouse_worker_up", "1 when the worker takes frames", (view) => (view.state === "running" ? 1 : 0));
  each("gatehouse_worker_restarts_total", "Times the worker was replaced", (view) => view.restarts);
  each("gatehouse_worker_ring_bytes", "Bytes on their way to the worker", (view) => view.ringBytes);
  each("gatehouse_worker_ring_frames", "Frames on their way to the worker", (view) => view.ringFrames);
  each("gatehouse_worker_lanes_frames", "Frames that wait in lanes", (view) => view.lanes);
  each(
    "gatehouse_worker_heap_bytes",
    "The worker's own heap, what waits for collection included",
    (view) => view.heapBytes,
  );
  each("gatehouse_worker_held_frames", "Frames whose work goes on", (view) => view.held);
  each("gatehouse_worker_verdicts_total", "Messages of its servers that had their verdict", (view) => view.verdicts);
  each("gatehouse_worker_proven_total", "Of those, proven silent in main without the worker", (view) => view.proven);
  each(
    "gatehouse_worker_shed_events_total",
    "Events other than messages that found no room",
    (view) => view.shedEvents,
  );
}

const VERDICT = "gatehouse_verdict_seconds";
const VERDICT_HELP = "From the gateway's frame to the verdict (sampled)";

/**
 * A sample (one in eight) of the time from frame to verdict. The buckets are counted in the workers already, so this hands
 * prom-client their sums; its own Histogram would have to be fed each verdict again.
 */
class VerdictLatency extends Histogram {
  readonly #pool: WorkerPool;

  constructor(registry: Registry, pool: WorkerPool) {
    super({
      name: VERDICT,
      help: VERDICT_HELP,
      buckets: [...LATENCY_SECONDS],
      registers: [registry],
    });
    this.#pool = pool;
  }

  /** prom-client calls this instead of `get` where it exists. */
  getForPromString() {
    return this.get();
  }

  override async get() {
    const counts = new Float64Array(LATENCY_BUCKETS);
    for (const { latency } of this.#pool.metrics.workers())
      for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] ?? 0) + (latency[i] ?? 0);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const below = (seconds: number) =>
      counts.reduce((sum, count, bucket) => sum + (upperBound(bucket) <= seconds ? count : 0), 0);
    const value = (suffix: string, amount: number, labels = {}) => ({
      labels,
      value: amount,
      metricName: `${VERDICT}_${suffix}`,
      exemplar: null,
    });
    return {
      name: VERDICT,
      help: VERDICT_HELP,
      // The library's enum exists in its types only.
      type: "histogram" as unknown as MetricType,
      aggregator: "sum" as const,
      collect: () => undefined,
      values: [
        ...LATENCY_SECONDS.map((le) => value("bucket", below(le), { le })),
        value("bucket", total, { le: "+Inf" }),
        value(
          "sum",
          counts.reduce((sum, count, bucket) => sum + count * upperBound(bucket), 0),
        ),
        value("count", total),
      ],
    };
  }
}

function upperBound(bucket: number): number {
  return 2 ** (bucket / 4) / 1e6;
}

function shardMetrics(registry: Registry, shards: () => readonly ShardMetrics[]): void {
  const each = (name: string, help: string, read: (shard: ShardMetrics) => number | null) =>
    new Gauge({
      name,
      help,
      labelNames: ["application", "shard"],
      registers: [registry],
      collect() {
        this.reset();
        for (const shard of shards()) {
          const value = read(shard);
          if (value !== null) this.set({ application: shard.application, shard: String(shard.shard) }, value);
        }
      },
    });
  each("gatehouse_shard_latency_seconds", "Heartbeat to its answer", (s) =>
    s.latencyMs === null ? null : s.latencyMs / 1000,
  );
  each("gatehouse_shard_last_dispatch_seconds", "When the last dispatch came, since 1970", (s) =>
    s.lastDispatchAtMs === null ? null : s.lastDispatchAtMs / 1000,
  );
  each("gatehouse_shard_received", "Newest sequence received", (s) => s.received);
  each("gatehouse_shard_settled", "Newest sequence below which all is settled", (s) => s.settled);
  each("gatehouse_shard_identifies_total", "IDENTIFYs sent", (s) => s.counts.identifies);
  each("gatehouse_shard_resumes_total", "RESUMEs sent", (s) => s.counts.resumes);
  each("gatehouse_shard_zombies_total", "Connections cut because nobody answered", (s) => s.counts.zombies);
  new Gauge({
    name: "gatehouse_shard_phase",
    help: "1 for the phase the shard is in",
    labelNames: ["application", "shard", "phase"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { application, shard, phase } of shards()) {
        for (const name of PHASES) this.set({ application, shard: String(shard), phase: name }, phase === name ? 1 : 0);
      }
    },
  });
}

function processMetrics(registry: Registry): void {
  new Gauge({
    name: "gatehouse_process_info",
    help: "1, with the name and the version of this process",
    labelNames: ["process", "version"],
    registers: [registry],
    collect() {
      this.set({ process: INSTANCE, version: metadata.version }, 1);
    },
  });
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory of the whole process, workers included",
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: "gatehouse_main_heap_bytes",
    help: "The main thread's own heap, what waits for collection included",
    registers: [registry],
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
  new Counter({
    name: "process_cpu_seconds_total",
    help: "User and system CPU time of the whole process",
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}
