/** What the operator sees and what machines ask: shards of this process and of others, alive, ready, metrics. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { GatewayStatus } from "../../src/status/process.ts";
import type { ProcessRole } from "../../src/store/ports/processes.ts";
import { startWeb } from "../../web/server.ts";
import { APPLICATION } from "../support/build.ts";
import { type Dashboard, openDashboard } from "../support/dashboard.ts";
import { gatewayStatus } from "../support/gateway-status.ts";

setDefaultTimeout(60_000);

let dashboard: Dashboard;
let gateway: GatewayStatus | null = null;
let cookie = "";
beforeAll(async () => {
  dashboard = await openDashboard({
    web: { gateway: () => gateway, metrics: async () => "gatehouse_up 1\n", metricsType: "text/plain; version=0.0.4" },
  });
  cookie = await dashboard.signIn();
});
afterAll(() => dashboard.stop());

describe("the operator's page", () => {
  test("says what to do where there are no shards", async () => {
    expect(await (await dashboard.get("/operator", cookie)).text()).toContain("Start a gateway");
  });

  test("shows this process's shards with their phase, and another's by its lease", async () => {
    gateway = gatewayStatus(["live", "resuming"]);
    await dashboard.services.store.shards.lease(APPLICATION, 2, 3, "a1b2c3d4e5f6:4711:900:abcd", 60_000);
    const page = await (await dashboard.get("/operator", cookie)).text();
    for (const seen of ["2 / 3", "Live", "Resuming", "In another process", "4711 on a1b2c3", "41 ms"]) {
      expect(page).toContain(seen);
    }
    // What is not well comes first.
    expect(page.indexOf(`shard-${APPLICATION}-1`)).toBeLessThan(page.indexOf(`shard-${APPLICATION}-0`));
  });

  test("says until when no session may begin, so that nobody starts the process again in vain", async () => {
    const told = gatewayStatus(["waiting"]);
    const waitsUntilMs = Date.now() + 9 * 60_000;
    for (const [waitsFor, said] of [
      ["breaker", "Five sessions began in ten minutes"],
      ["budget", "Most of the day"],
    ] as const) {
      gateway = { ...told, shards: told.shards.map((shard) => ({ ...shard, waitsFor, waitsUntilMs })) };
      const page = await (await dashboard.get("/operator", cookie)).text();
      expect([page.includes(said), page.includes("in 9 minutes")]).toEqual([true, true]);
    }
    gateway = told;
    expect(await (await dashboard.get("/operator", cookie)).text()).not.toContain("may begin");
    gateway = gatewayStatus(["live", "resuming"]);
  });

  test("sends itself again when a shard changes", async () => {
    const stream = await dashboard.get("/operator/live", cookie);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const read = async (until: string) => {
      while (!text.includes(until)) text += (await reader?.read())?.value ?? "";
      return text;
    };
    await read("Resuming");
    gateway = gatewayStatus(["live", "live"]);
    text = "";
    await dashboard.services.bus.publish({ type: "shard-changed", application: APPLICATION, shard: 1 });
    expect(await read("3 / 3")).not.toContain("Resuming");
    await reader?.cancel();
  });

  test("shows every process with what it runs, and asks before one is drained", async () => {
    const { processes } = dashboard.services.store;
    const report = (holder: string, roles: readonly ProcessRole[]) =>
      processes.report({
        ...{ holder, instance: `host-${holder}:7`, roles, version: "1.2.3", startedAtMs: 1_000 },
        ...{ memoryBytes: 300 * 1_048_576, shards: 4, shardsLive: 3, open: 2 },
      });
    await report("a:1", ["gateway", "web"]);
    await report("b:1", ["web", "jobs"]);
    const page = async () => await (await dashboard.get("/operator", cookie)).text();
    for (const seen of ["host-a:1:7", "Discord connection, Dashboard", "3 / 4", "300 MB", "1.2.3"])
      expect(await page()).toContain(seen);
    // What nobody else would do is said before.
    const [link = ""] = /\/operator\/drain\/a[^"]+/.exec(await page()) ?? [];
    const question = await (await dashboard.get(link, cookie)).text();
    expect(question).toContain("Drain host-a:1:7?");
    expect(question).toContain("the bot hears nothing");
    expect(question).not.toContain("keep this one up");
    expect((await dashboard.post(link, {}, cookie)).status).toBe(303);
    expect(await page()).toContain("Draining");
    expect((await report("a:1", ["gateway", "web"])).drainAsked).toBe(true);
    for (const send of ["get", "post"] as const) {
      const unknown =
        send === "get" ? dashboard.get("/operator/drain/c", cookie) : dashboard.post("/operator/drain/c", {}, cookie);
      expect((await unknown).status).toBe(404);
    }
    await Promise.all([processes.leave("a:1"), processes.leave("b:1")]);
  });

  test("ends its stream with the session", async () => {
    const session = await dashboard.signIn({ id: "second", name: "Second", operator: true });
    const stream = await dashboard.get("/operator/live", session);
    await dashboard.post("/sign-out", {}, session);
    // Ends by itself, or this waits for ever.
    expect(await stream.text()).toStartWith(": open");
  });
});

describe("machines", () => {
  test("are told that the process is alive, whoever asks", async () => {
    const response = await dashboard.get("/healthz");
    expect([response.status, await response.text()]).toEqual([200, "ok\n"]);
  });

  test("are told that it is ready while the database answers and a shard is live", async () => {
    gateway = gatewayStatus(["live", "resuming"]);
    const ready = await dashboard.get("/readyz");
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { ready: true, database: "up", shards: { live: 1, all: 2 }, waiting: [{ shard: 1, for: "next-try", inS: 20 }] },
    ]);
    gateway = gatewayStatus(["connecting"]);
    expect((await dashboard.get("/readyz")).status).toBe(503);
    gateway = null;
    expect((await dashboard.get("/readyz")).status).toBe(200);
    const { store } = dashboard.services;
    const { health } = store;
    store.health = async () => ({ ok: false, problem: "postgres://secret@host is away" });
    const away = await dashboard.get("/readyz");
    expect([away.status, (await away.text()).includes("secret")]).toEqual([503, false]);
    store.health = health;
  });

  test("get the metrics in their own media type", async () => {
    const response = await dashboard.get("/metrics");
    expect([response.status, await response.text()]).toEqual([200, "gatehouse_up 1\n"]);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4");
  });

  test("find only their own doors in a process without a web role", async () => {
    const bare = await startWeb(dashboard.services, {
      jobs: dashboard.jobs,
      customBots: dashboard.customBots,
      host: "127.0.0.1",
      port: 0,
      pages: false,
    });
    try {
      expect((await fetch(`http://127.0.0.1:${bare.port}/healthz`)).status).toBe(200);
      for (const path of ["/", "/sign-in", "/guilds", "/metrics"]) {
        expect([path, (await fetch(`http://127.0.0.1:${bare.port}${path}`)).status]).toEqual([path, 404]);
      }
    } finally {
      await bare.stop();
    }
  });
});
