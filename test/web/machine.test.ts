import { expect, test } from "bun:test";
import type { Services } from "../../src/services.ts";
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

test("a process is ready once the session of a live shard is saved: until then a crash would lose what it hears", async () => {
  const ready = async (resumable: boolean, draining = false) => {
    const services = { store: { health: async () => ({ ok: true }) } } as unknown as Services;
    const told = gatewayStatus(["live"]);
    const shards = told.shards.map((shard) => ({ ...shard, resumable }));
    const gateway = () => ({ ...told, shards });
    const machine = { services, gateway, metrics: null, startedAtMs: 0, draining: () => draining };
    const route = machineRoutes(machine).find(({ path }) => path === "/readyz");
    const answer = (await route?.answer({} as Visit)) as Response;
    return answer.status;
  };
  expect([await ready(false), await ready(true)]).toEqual([503, 200]);
  // One that drains is sent nobody any more, whatever it still runs.
  expect(await ready(true, true)).toBe(503);
});
