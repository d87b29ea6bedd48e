import { expect, test } from "bun:test";
import type { Services } from "../../src/services.ts";
import type { GatewayStatus, Wait } from "../../src/status/process.ts";
import { machineRoutes } from "../../web/machine.ts";
import { HttpRefusal } from "../../web/refusal.ts";
import type { Visit } from "../../web/visit.ts";
import { gatewayStatus } from "../support/gateway-status.ts";

async function scrape(metricsToken: string | null, authorization?: string): Promise<string> {
  const services = { config: { web: { metricsToken } } } as unknown as Services;
  const metrics = async () => ({ text: "up 1\n", type: "text/plain" });
  const routes = machineRoutes({ services, gateway: () => null, metrics, startedAtMs: 0, draining: () => false });
  const route = routes.find(({ path }) => path === "/metrics");
  const headers = authorization === undefined ? {} : { authorization };
  try {
    const answer = await route?.answer({ request: new Request("http://localhost/metrics", { headers }) } as Visit);
    return answer instanceof Response ? await answer.text() : "no response";
  } catch (error) {
    return error instanceof HttpRefusal ? error.kind : String(error);
  }
}

test("without a token metrics are open; with one they are there for whoever brings it", async () => {
  expect(await scrape(null)).toBe("up 1\n");
  expect(await scrape("secret", "Bearer secret")).toBe("up 1\n");
  for (const wrong of [undefined, "Bearer other", "secret", "Bearer secret2", ""]) {
    expect(await scrape("secret", wrong)).toBe("not-found");
  }
});

/** What `/readyz` says of a gateway. */
async function readyz(gateway: GatewayStatus | null, draining = false): Promise<{ status: number; told: unknown }> {
  const clock = { now: () => NOW_MS };
  const services = { store: { health: async () => ({ ok: true }) }, clock } as unknown as Services;
  const machine = { services, gateway: () => gateway, metrics: null, startedAtMs: 0, draining: () => draining };
  const route = machineRoutes(machine).find(({ path }) => path === "/readyz");
  const answer = (await route?.answer({} as Visit)) as Response;
  return { status: answer.status, told: await answer.json() };
}

const NOW_MS = 1_700_000_000_000;

function statusOf(shards: readonly Partial<GatewayStatus["shards"][number]>[], waitsFor: Wait | null): GatewayStatus {
  const told = gatewayStatus(shards.map(() => "live"));
  return { ...told, waitsFor, shards: told.shards.map((shard, i) => ({ ...shard, ...shards[i] })) };
}

test("a process is ready once the session of a live shard is saved: until then a crash would lose what it hears", async () => {
  const unsaved = { resumable: false, waitsFor: "save" } as const;
  expect((await readyz(statusOf([unsaved], null))).status).toBe(503);
  expect(await readyz(statusOf([{}], null))).toEqual({
    status: 200,
    told: { ready: true, database: "up", shards: { live: 1, all: 1 } },
  });
  // One that drains is sent nobody any more, whatever it still runs.
  expect((await readyz(statusOf([{}], null), true)).status).toBe(503);
});

test("a shard that is not live says what it waits for, and for how long at most", async () => {
  const breaker = { phase: "waiting", waitsFor: "breaker", waitsUntilMs: NOW_MS + 611_001 } as const;
  const turn = { phase: "queued", waitsFor: "turn", waitsUntilMs: null } as const;
  const late = { phase: "waiting", waitsFor: "next-try", waitsUntilMs: NOW_MS - 5, application: "2" } as const;
  expect(await readyz(statusOf([breaker, {}, turn, late], null))).toEqual({
    status: 200,
    told: {
      ready: true,
      database: "up",
      shards: { live: 1, all: 4 },
      waiting: [
        { shard: 0, for: "breaker", inS: 612 },
        { shard: 2, for: "turn", inS: null },
        { application: "2", shard: 3, for: "next-try", inS: 0 },
      ],
    },
  });
  const many = await readyz(statusOf(Array(1_000).fill(turn), null));
  expect((many.told as { waiting: unknown[] }).waiting).toHaveLength(10);
});

test("a gateway is not ready before it knows its shards; one whose shards others run is", async () => {
  for (const waitsFor of ["workers", "discord"] as const) {
    const told = { ready: false, database: "up", shards: { live: 0, all: 0 }, waiting: [{ for: waitsFor, inS: null }] };
    expect(await readyz(statusOf([], waitsFor))).toEqual({ status: 503, told });
  }
  for (const waitsFor of ["lease", "operator"] as const) {
    const { status, told } = await readyz(statusOf([], waitsFor));
    expect([status, told]).toEqual([200, expect.objectContaining({ waiting: [{ for: waitsFor, inS: null }] })]);
  }
  expect((await readyz(null)).told).toEqual({ ready: true, database: "up", shards: { live: 0, all: 0 } });
});
