/** Gauges of limits and queues: connections, the outbox, imports, live pages, and what Discord and the model still allow. */
import { Gauge, type Registry } from "prom-client";
import { AppError } from "../../src/errors.ts";
import type { ApplicationId } from "../../src/ids.ts";
import type { Jobs } from "../../src/jobs.ts";
import type { ModelLevel } from "../../src/llm.ts";
import type { MainServices } from "../../src/services.ts";
import type { OutboxStore } from "../../src/store/ports/outbox.ts";

export type IdentifyBudget = { readonly application: ApplicationId; readonly left: number; readonly total: number };

export type LimitSources = {
  readonly store: () => { readonly connections: number; readonly busy: number; readonly waiting: number };
  readonly backlog: OutboxStore["backlog"];
  readonly knowledge: () => { readonly bytes: number; readonly guilds: number };
  /** Calls that Discord refused in the last 10 minutes; 10,000 ban the address. */
  readonly refusals: () => number;
  readonly model: () => Promise<readonly ModelLevel[]>;
  readonly jobs: Pick<Jobs, "status"> & { readonly imports: Pick<Jobs["imports"], "waiting"> };
  readonly identifies: () => readonly IdentifyBudget[];
  /** Null: this process shows no pages. */
  readonly streams: (() => number) | null;
};

export function limitsOf(
  { store, knowledge, refusals, modelLevels }: MainServices,
  process: Pick<LimitSources, "jobs" | "identifies" | "streams">,
): LimitSources {
  return {
    ...process,
    model: modelLevels,
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
  if (limits.streams !== null) gauge("gatehouse_live_streams", "Live pages that are open", limits.streams);
  const byKind = table(registry, ["kind"]);
  const backlog = together(limits.backlog);
  byKind("gatehouse_outbox_due", "Tasks of the outbox that are due", async () =>
    (await backlog()).map(({ kind, tasks }) => [{ kind }, tasks]),
  );
  byKind("gatehouse_outbox_oldest_seconds", "How long the oldest due task of the outbox has waited", async () =>
    (await backlog()).map(({ kind, oldestMs }) => [{ kind }, oldestMs / 1_000]),
  );
  table(registry, ["job"])("gatehouse_job_failures", "Failures of a background job since it last worked", async () =>
    limits.jobs.status().map(({ name, failures }) => [{ job: name }, failures]),
  );
  table(registry, [])("gatehouse_imports_waiting", "Uploads that are not imported yet", async () => [
    [{}, await limits.jobs.imports.waiting()],
  ]);
  allowanceMetrics(registry, limits);
}

/** What others allow us, and how much of it is left. */
function allowanceMetrics(registry: Registry, { identifies, model }: LimitSources): void {
  const byBot = table(registry, ["application"]);
  byBot("gatehouse_identifies_left", "Sessions that may still begin before Discord counts anew", async () =>
    identifies().map(({ application, left }) => [{ application }, left]),
  );
  byBot("gatehouse_identifies_limit", "Sessions that may begin in a day", async () =>
    identifies().map(({ application, total }) => [{ application }, total]),
  );
  const byModel = table(registry, ["model", "of"]);
  const levels = together(model);
  byModel("gatehouse_model_left", "What is left of a model's limit, in all processes", async () =>
    (await levels()).map(({ model: name, of, left }) => [{ model: name, of }, left]),
  );
  byModel("gatehouse_model_limit", "A model's limit: requests a day, tokens a minute", async () =>
    (await levels()).map(({ model: name, of, limit }) => [{ model: name, of }, limit]),
  );
}

type Rows = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

/** Makes gauges whose values are read anew, all of them, at every look. */
function table(registry: Registry, labelNames: readonly string[]) {
  return (name: string, help: string, read: () => Promise<Rows>) =>
    new Gauge({
      ...{ name, help, labelNames: [...labelNames], registers: [registry] },
      async collect() {
        // A store that is away has its own alert; the other metrics are still told.
        const rows = await read().catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
          return [];
        });
        this.reset();
        for (const [labels, value] of rows) this.set(labels, value);
      },
    });
}

/** Two metrics of one look read once: they are collected side by side. */
function together<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null;
  return () => {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  };
}
