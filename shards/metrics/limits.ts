/** Gauges of limits and queues: the store's connections, the outbox, the knowledge indexes, Discord's refusals. */
import { Gauge, type Registry } from "prom-client";
import { AppError } from "../../src/errors.ts";
import type { Services } from "../../src/services.ts";
import type { OutboxStore } from "../../src/store/ports/outbox.ts";

export type LimitSources = {
  readonly store: () => { readonly connections: number; readonly busy: number; readonly waiting: number };
  readonly backlog: OutboxStore["backlog"];
  readonly knowledge: () => { readonly bytes: number; readonly guilds: number };
  /** Calls that Discord refused in the last 10 minutes; 10,000 ban the address. */
  readonly refusals: () => number;
};

export function limitsOf({ store, knowledge, refusals }: Services): LimitSources {
  return {
    store: () => store.load(),
    backlog: () => store.outbox.backlog(),
    knowledge: () => knowledge.stats(),
    refusals: () => refusals.count(),
  };
}

export function limitMetrics(registry: Registry, limits: LimitSources): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("gatehouse_store_connections", "Connections to PostgreSQL at most", () => limits.store().connections);
  gauge("gatehouse_store_connections_busy", "Connections in use", () => limits.store().busy);
  gauge("gatehouse_store_calls_waiting", "Calls that wait for a connection", () => limits.store().waiting);
  gauge("gatehouse_knowledge_bytes", "Bytes that knowledge indexes hold", () => limits.knowledge().bytes);
  gauge("gatehouse_knowledge_guilds", "Guilds whose index is held", () => limits.knowledge().guilds);
  gauge("gatehouse_discord_refusals", "Calls that Discord refused in 10 minutes", limits.refusals);
  outboxMetrics(registry, limits);
}

function outboxMetrics(registry: Registry, { backlog }: LimitSources): void {
  const age = new Gauge({
    name: "gatehouse_outbox_oldest_seconds",
    help: "How long the oldest due task of the outbox has waited",
    labelNames: ["kind"],
    registers: [registry],
  });
  new Gauge({
    name: "gatehouse_outbox_due",
    help: "Tasks of the outbox that are due",
    labelNames: ["kind"],
    registers: [registry],
    async collect() {
      const kinds = await backlog().catch((error: unknown) => {
        // A store that is away has its own alert; the other metrics are still told.
        if (!(error instanceof AppError)) throw error;
        return [];
      });
      this.reset();
      age.reset();
      for (const { kind, tasks, oldestMs } of kinds) {
        this.set({ kind }, tasks);
        age.set({ kind }, oldestMs / 1_000);
      }
    },
  });
}
