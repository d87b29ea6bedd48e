/** What is shipped for operators, held against what the code has: metrics, variables, probes, versions. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { createMetrics } from "../../shards/metrics.ts";
import type { ApplicationId } from "../../src/ids.ts";
import { Scene } from "./support/scene.ts";

const FOLDER = join(import.meta.dir, "../../shards/deploy");
const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");

type Rule = {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly action: string };
};
type Container = {
  readonly securityContext: Record<string, unknown>;
  readonly readinessProbe: { readonly httpGet: { readonly path: string } };
  readonly livenessProbe: { readonly httpGet: { readonly path: string } };
};
type Kubernetes = {
  readonly kind: string;
  readonly spec: { readonly template?: { readonly spec: { readonly containers: readonly Container[] } } };
};

/** Every metric that a process can tell. */
async function metricNames(): Promise<ReadonlySet<string>> {
  const counts = {
    ...{ connects: 0, identifies: 0, resumes: 0, resumed: 0, zombies: 0 },
    ...{ duplicates: 0, strays: 0, malformed: 0, unknown: 0, gaps: 0 },
  };
  const shard = {
    ...{ shard: 0, phase: "live" as const, sinceMs: 0, latencyMs: 1, lastDispatchAtMs: 1, received: 1, settled: 1 },
    ...{ waitsFor: null, waitsUntilMs: null },
    ...{ resumable: true, attempts: 0, counts, application: "1" as ApplicationId },
  } as const;
  const text = await createMetrics({
    pool: new Scene().pool,
    shards: () => [shard],
    limits: {
      store: () => ({ connections: 4, busy: 1, waiting: 0 }),
      backlog: async () => [{ kind: "mail", tasks: 1, oldestMs: 1_000 }],
      knowledge: () => ({ bytes: 1, guilds: 1 }),
      refusals: () => 0,
      model: async () => [{ model: "m", of: "tokens", limit: 100, left: 1 }],
      jobs: { status: () => [], imports: { waiting: async () => 0 } },
      identifies: () => [],
      streams: () => 0,
    },
  }).text();
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name));
}

function metricsIn(expression: string): readonly string[] {
  return [...expression.matchAll(/\b(?:gatehouse|process)_\w+/g)].map(([name]) =>
    name.replace(/_(?:bucket|sum|count)$/, ""),
  );
}

test("every alert asks for metrics that exist and says what to do", async () => {
  const names = await metricNames();
  const { groups } = Bun.YAML.parse(read("alerts.yaml")) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(10);
  for (const { alert, expr, annotations } of rules) {
    expect(metricsIn(expr).length).toBeGreaterThan(0);
    expect([alert, metricsIn(expr).filter((name) => !names.has(name))]).toEqual([alert, []]);
    expect(annotations.summary).toEndWith(".");
    expect(annotations.action).toEndWith(".");
  }
});

test("every panel of the dashboard asks for metrics that exist", async () => {
  const names = await metricNames();
  const { panels } = JSON.parse(read("grafana.json")) as {
    readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
  };
  for (const { title, targets } of panels) {
    const asked = targets.flatMap(({ expr }) => metricsIn(expr));
    expect([title, asked.length > 0, asked.filter((name) => !names.has(name))]).toEqual([title, true, []]);
  }
});

test("variables in the files are variables that the program reads", () => {
  const known = new Set(readFileSync(join(FOLDER, "../../.env.example"), "utf8").match(/^[A-Z_]+(?==)/gm));
  for (const name of ["LOG_FORMAT", "NODE_ENV", "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"]) known.add(name);
  const files = ["Dockerfile", "compose.yaml", "kubernetes.yaml", "gatehouse.service", "alerts.yaml"];
  const asked = files.flatMap((file) => [
    ...read(file).matchAll(/\b(?:DISCORD|GATEHOUSE|DATABASE|REDIS|POSTGRES|LOG|NODE)_[A-Z_]+\b/g),
  ]);
  expect(asked.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
});

test("the image has the pinned Bun, runs as nobody in particular and writes only where it says", () => {
  const dockerfile = read("Dockerfile");
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  expect(new Set(bases)).toEqual(new Set([`oven/bun:${manifest.dependencies.bun}-slim`]));
  expect(dockerfile).toContain("--frozen-lockfile --production");
  expect(dockerfile).toMatch(/^USER bun$/m);
  expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  expect(dockerfile).toContain("/healthz");
});

test("the compose file starts in the order of health, on read-only file systems", () => {
  const { services } = Bun.YAML.parse(read("compose.yaml")) as {
    readonly services: Readonly<Record<string, Record<string, unknown>>>;
  };
  expect(Object.keys(services).sort()).toEqual(["gateway", "postgres", "redis", "web"]);
  for (const name of ["gateway", "web"]) {
    expect(services[name]).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      depends_on: { postgres: { condition: "service_healthy" }, redis: { condition: "service_healthy" } },
    });
  }
  for (const name of ["postgres", "redis"]) {
    expect(services[name]?.healthcheck).toBeDefined();
    expect(String(services[name]?.image)).toMatch(/:\d+\.\d+/);
  }
});

test("every pod has its probes and cannot write to its own files", () => {
  const documents = Bun.YAML.parse(read("kubernetes.yaml")) as readonly Kubernetes[];
  expect(documents.map(({ kind }) => kind)).toContain("PodDisruptionBudget");
  const containers = documents.flatMap(({ spec }) => spec.template?.spec.containers ?? []);
  expect(containers).toHaveLength(2);
  for (const { livenessProbe, readinessProbe, securityContext } of containers) {
    expect([livenessProbe.httpGet.path, readinessProbe.httpGet.path]).toEqual(["/healthz", "/readyz"]);
    expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
  }
});
