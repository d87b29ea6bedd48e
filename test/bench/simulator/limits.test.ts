/**
 * Rate limits and faults of REST.
 * https://discord.com/developers/docs/topics/rate-limits
 */
import { afterEach, describe, expect, test } from "bun:test";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../bench/simulator/simulator.ts";
import { rest } from "./client.ts";

let simulator: Simulator;
let channelId: string;
const start = (options: SimulatorOptions = {}) => {
  simulator = startSimulator(options);
  channelId = simulator.actions.createGuild({ name: "Test" }).channel.id;
};
const post = (content: string) => rest(simulator, "POST", `/channels/${channelId}/messages`, { content });
const messages = () => simulator.world.channels.get(channelId)?.messages.size;

afterEach(() => simulator.stop());

describe("buckets (topics/rate-limits#header-format)", () => {
  test("headers count down; the sixth message in five seconds is a 429 of scope user, and works after it", async () => {
    let nowMs = Date.now();
    start({ now: () => nowMs });
    const first = await post("1");
    expect(first.headers.get("x-ratelimit-limit")).toBe("5");
    expect(first.headers.get("x-ratelimit-remaining")).toBe("4");
    expect(first.headers.get("x-ratelimit-bucket")).toMatch(/^[0-9a-f]{32}$/);
    for (const content of ["2", "3", "4", "5"]) await post(content);
    const refused = await post("6");
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({ message: "You are being rate limited.", retry_after: 5, global: false });
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(refused.headers.get("x-ratelimit-scope")).toBe("user");
    nowMs += 5000;
    expect((await post("7")).status).toBe(200);
    expect(messages()).toBe(6);
  });

  test("ten times faster the same limits are met, and are over in a tenth of the time", async () => {
    let nowMs = Date.now();
    start({ now: () => nowMs, limits: { timesFaster: 10 } });
    for (const content of ["1", "2", "3", "4", "5"]) expect((await post(content)).status).toBe(200);
    expect((await post("6")).body).toMatchObject({ retry_after: 0.5 });
    nowMs += 499;
    expect((await post("7")).status).toBe(429);
    nowMs += 1;
    expect((await post("8")).status).toBe(200);
    nowMs += 1_000;
    const all = Array.from({ length: 60 }, (_, n) => rest(simulator, "GET", `/users/${n}`));
    const refused = (await Promise.all(all)).find((answer) => answer.headers.get("x-ratelimit-scope") === "global");
    expect(refused?.body).toMatchObject({ retry_after: 0.1 });
  });

  test("another channel has a bucket of its own, of the same hash", async () => {
    start();
    const other = simulator.actions.createChannel([...simulator.world.guilds.keys()][0] ?? "", { name: "other" });
    const a = await post("1");
    const b = await rest(simulator, "POST", `/channels/${other.id}/messages`, { content: "1" });
    expect(b.headers.get("x-ratelimit-remaining")).toBe("4");
    expect(b.headers.get("x-ratelimit-bucket")).toBe(a.headers.get("x-ratelimit-bucket"));
  });

  test("more than 50 requests in a second are a global 429", async () => {
    const nowMs = Date.now();
    start({ now: () => nowMs });
    const answers = await Promise.all(Array.from({ length: 51 }, (_, n) => rest(simulator, "GET", `/users/${n}`)));
    const refused = answers.filter((answer) => answer.headers.get("x-ratelimit-scope") === "global");
    expect(refused).toHaveLength(1);
    expect(refused[0]?.body).toMatchObject({ global: true });
    expect(refused[0]?.headers.get("x-ratelimit-global")).toBe("true");
  });

  test("too many invalid requests ban the address: a 429 without Discord's headers", async () => {
    start({ limits: { invalidMax: 3, enforced: false } });
    for (let n = 0; n < 3; n += 1)
      await rest(simulator, "GET", "/users/@me", undefined, { authorization: "Bot wrong" });
    const banned = await rest(simulator, "GET", "/users/@me");
    expect([banned.status, banned.body]).toEqual([429, "error code: 1015"]);
    expect(banned.headers.get("x-ratelimit-scope")).toBeNull();
    expect(Number(banned.headers.get("retry-after"))).toBeGreaterThan(500);
  });
});

describe("faults on demand", () => {
  const route = "/channels/:channel/messages";
  const add = (kind: string, extra: object = {}) =>
    simulator.services.faults.add({ target: "rest", kind: kind as "reset", route, method: "POST", times: 1, ...extra });

  test("lost-reply: it is done, the answer never comes", async () => {
    start();
    add("lost-reply");
    await expect(post("done")).rejects.toThrow();
    expect(messages()).toBe(1);
    expect((await post("next")).status).toBe(200);
  });

  test("reset: nothing is done", async () => {
    start();
    add("reset");
    await expect(post("lost")).rejects.toThrow();
    expect(messages()).toBe(0);
  });

  test("status: an edge's answer that is no JSON", async () => {
    start();
    add("status", { status: 503 });
    const { status, body } = await post("x");
    expect([status, typeof body]).toEqual([503, "string"]);
  });

  test("each kind of 429 can be asked for", async () => {
    start();
    for (const scope of ["user", "global", "shared"] as const) {
      add("rate-limit", { scope, ms: 1500 });
      const { status, headers, body } = await post("x");
      expect([status, headers.get("x-ratelimit-scope"), body.retry_after, body.global]).toEqual([
        429,
        scope,
        1.5,
        scope === "global",
      ]);
    }
    add("rate-limit", { scope: "bare", ms: 1500 });
    expect((await post("x")).body).toBe("error code: 1015");
  });

  test("black-hole: no answer until the client gives up", async () => {
    start();
    add("black-hole");
    const request = fetch(`${simulator.api}/v10/channels/${channelId}/messages`, {
      method: "POST",
      body: "{}",
      headers: { authorization: `Bot ${simulator.bots[0]?.token}` },
      signal: AbortSignal.timeout(150),
    });
    await expect(request).rejects.toThrow();
    expect(messages()).toBe(0);
  });

  test("slow-body and latency arrive late, and whole", async () => {
    start();
    for (const kind of ["latency", "slow-body"]) {
      add(kind, { ms: 80 });
      const startedMs = performance.now();
      expect((await post("late")).body.content).toBe("late");
      expect(performance.now() - startedMs).toBeGreaterThanOrEqual(75);
    }
  });
});

test("latency goes with any other fault: late, and then lost", async () => {
  start();
  const place = { target: "rest", route: "/channels/:channel/messages", method: "POST", times: 1 } as const;
  simulator.services.faults.add({ ...place, kind: "latency", ms: 60 });
  simulator.services.faults.add({ ...place, kind: "lost-reply" });
  const startedAtMs = performance.now();
  await expect(post("done")).rejects.toThrow();
  expect([performance.now() - startedAtMs >= 59, messages()]).toEqual([true, 1]);
});

test("the ledger holds every request with what was answered, and no token", async () => {
  start();
  await post("recorded");
  const [entry] = simulator.services.ledger.list({
    kind: "request",
    method: "POST",
    route: "/channels/:channel/messages",
  });
  expect(entry).toMatchObject({
    path: `/channels/${channelId}/messages`,
    body: { content: "recorded" },
    status: 200,
    response: { content: "recorded" },
    applicationId: simulator.bots[0]?.applicationId,
  });
  expect(JSON.stringify(entry)).not.toContain(simulator.bots[0]?.token ?? "-");
});
