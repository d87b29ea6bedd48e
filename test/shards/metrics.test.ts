import { expect, test } from "bun:test";
import metadata from "../../package.json" with { type: "json" };
import { createMetrics } from "../../shards/metrics.ts";
import { WorkerPool } from "../../shards/pool.ts";
import { AppError } from "../../src/errors.ts";
import { createLogger } from "../../src/logger.ts";
import { Scene } from "./support/scene.ts";

function value(text: string, line: string): number {
  const found = text.split("\n").find((row) => row.startsWith(`${line} `));
  if (found === undefined) throw new Error(`no line ${line} in:\n${text}`);
  return Number(found.slice(line.length + 1));
}

test("what came in, what ended and what is open add up", async () => {
  const { pool } = new Scene();
  expect(pool).toBeInstanceOf(WorkerPool);
  pool.metrics.messagesIn = 10;
  pool.metrics.outcomes.of("silent", "not-mentioned").count = 7;
  pool.metrics.outcomes.of("dropped", "ring-full").count = 1;
  const text = await createMetrics({ pool }).text();
  expect(value(text, "gatehouse_messages_total")).toBe(10);
  expect(value(text, 'gatehouse_outcomes_total{kind="silent",reason="not-mentioned"}')).toBe(7);
  expect(value(text, "gatehouse_messages_open")).toBe(2);
  expect(value(text, 'gatehouse_verdict_seconds_bucket{le="+Inf"}')).toBe(0);
});

test("a process says its name and version, the name as its log lines have it", async () => {
  const text = await createMetrics({ pool: null }).text();
  const [, name = "", version = ""] =
    /gatehouse_process_info\{process="([^"]+)",version="([^"]+)"\} 1/.exec(text) ?? [];
  const lines: { readonly instance?: string }[] = [];
  createLogger({ level: "info", format: "json", write: (line) => lines.push(JSON.parse(line)) }).info(
    {},
    "message-settled",
  );
  expect([name, version]).toEqual([lines[0]?.instance as string, metadata.version]);
  expect(name).toEndWith(`:${process.pid}`);
});

test("each shard shows the one phase it is in", async () => {
  const counts = {
    connects: 1,
    identifies: 1,
    resumes: 0,
    resumed: 0,
    zombies: 0,
    duplicates: 0,
    strays: 0,
    malformed: 0,
    unknown: 0,
    gaps: 0,
  };
  const shard = {
    shard: 3,
    phase: "live",
    sinceMs: 0,
    waitsFor: null,
    waitsUntilMs: null,
    latencyMs: 40,
    lastDispatchAtMs: null,
    received: 9,
    settled: 8,
  } as const;
  const application = "980000000000000001" as never;
  const shards = () => [{ ...shard, application, resumable: true, attempts: 0, counts }];
  const text = await createMetrics({ pool: null, shards }).text();
  const labels = `application="980000000000000001",shard="3"`;
  expect(value(text, `gatehouse_shard_phase{${labels},phase="live"}`)).toBe(1);
  expect(value(text, `gatehouse_shard_phase{${labels},phase="resuming"}`)).toBe(0);
  expect(value(text, `gatehouse_shard_settled{${labels}}`)).toBe(8);
  expect(text).not.toContain("gatehouse_shard_last_dispatch_seconds{");
});

test("what is left of sessions and of the model's limits, of tasks, uploads, jobs and open pages is told", async () => {
  const limits = {
    store: () => ({ connections: 4, busy: 1, waiting: 0 }),
    backlog: async () => [{ kind: "mail", tasks: 2, oldestMs: 90_000 }],
    knowledge: () => ({ bytes: 1, guilds: 1 }),
    refusals: () => 0,
    model: async () => [{ model: "openai/gpt-oss-120b", of: "tokens", limit: 8_000, left: 512 }],
    jobs: {
      status: () => [{ name: "crawls", running: false, lastEndedAtMs: null, failures: 3 }],
      imports: { waiting: async () => 7 },
    },
    identifies: () => [{ application: "980000000000000001" as never, left: 936, total: 1_000 }],
    streams: () => 42,
  };
  const text = await createMetrics({ pool: null, limits }).text();
  expect(value(text, 'gatehouse_identifies_left{application="980000000000000001"}')).toBe(936);
  expect(value(text, 'gatehouse_identifies_limit{application="980000000000000001"}')).toBe(1_000);
  expect(value(text, 'gatehouse_model_left{model="openai/gpt-oss-120b",of="tokens"}')).toBe(512);
  expect(value(text, 'gatehouse_model_limit{model="openai/gpt-oss-120b",of="tokens"}')).toBe(8_000);
  expect(value(text, "gatehouse_imports_waiting")).toBe(7);
  expect(value(text, 'gatehouse_job_failures{job="crawls"}')).toBe(3);
  expect(value(text, "gatehouse_live_streams")).toBe(42);
  // At the first look already: what is read for two metrics is there for both.
  expect(value(text, 'gatehouse_outbox_due{kind="mail"}')).toBe(2);
  expect(value(text, 'gatehouse_outbox_oldest_seconds{kind="mail"}')).toBe(90);
  const away = () => Promise.reject(new AppError("unavailable", "Redis is away"));
  const without = await createMetrics({ pool: null, limits: { ...limits, model: away, streams: null } }).text();
  expect(value(without, "gatehouse_imports_waiting")).toBe(7);
  expect(without).not.toContain("gatehouse_live_streams");
});
