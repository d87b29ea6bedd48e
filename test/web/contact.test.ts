/** `POST /api/v1/answers`: keys, form, limits, sources, and that a key of one server finds nothing of another. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createAgents } from "../../src/agents.ts";
import type { GuildId, UserId } from "../../src/ids.ts";
import { saveText } from "../../src/knowledge.ts";
import { createMemory } from "../../src/memory.ts";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";

let dashboard: Dashboard;
let operator = "";
let key = "";
const page = `/guilds/${GUILD}/contact`;

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  const { store, bus, cutter } = dashboard.services;
  for (const [guild, text] of [
    [GUILD, "Hold the hub's button for 3 seconds, then pull the tab out of the sensor to pair it."],
    [OTHER_GUILD, "The safe's secret word is swordfish and nobody else may know it."],
  ] as const) {
    await saveText(
      { guild: guild as GuildId, name: "Docs", text, url: "https://docs.example/pair" },
      { store: store.knowledge, bus, cutter },
    );
  }
  operator = await dashboard.signIn();
  key = await makeKey("Help page");
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

async function makeKey(name: string): Promise<string> {
  const made = await dashboard.post(`${page}/keys`, { name }, operator);
  return secretIn(await made.text());
}

function secretIn(text: string): string {
  return /<code>(gh_[\w-]+)<\/code>/.exec(text)?.[1] ?? "";
}

async function ask(body: unknown, headers: Readonly<Record<string, string>> = {}, secret = key) {
  const response = await fetch(`${dashboard.web.url}/api/v1/answers`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

const PAIR = { question: "How do I pair a sensor with the hub button?", user: { id: "ada", name: "Ada" } };

describe("answers by key", () => {
  test("come with their sources, the rate in headers, and stand in conversations and usage", async () => {
    const { store } = dashboard.services;
    const { status, headers, body } = await ask(PAIR);
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: "answered", reason: "known", conversation: "default" });
    expect(body.answer).toContain("3 seconds");
    expect(body.sources).toEqual([{ n: 1, title: expect.any(String), url: "https://docs.example/pair" }]);
    expect(Number(headers.get("ratelimit-remaining"))).toBeLessThan(60);
    const { items } = await store.conversations.list(
      GUILD as GuildId,
      { text: "pair a sensor with the hub button" },
      5,
    );
    expect(items[0]).toMatchObject({ memberName: "Ada", channelName: "Help page", turns: 2 });
    const rows = await store.usage.rows("default", "2000-01-01", "2100-01-01");
    expect(rows.filter(({ contact }) => contact === "api")).toMatchObject([{ kind: "answer", count: 1 }]);
  });

  test("are the same and counted once for the same Idempotency-Key, and refused for another body under it", async () => {
    const count = async () => {
      const rows = await dashboard.services.store.usage.rows("default", "2000-01-01", "2100-01-01");
      return rows.filter(({ contact }) => contact === "api").reduce((sum, row) => sum + row.count, 0);
    };
    const before = await count();
    const first = await ask(PAIR, { "idempotency-key": "one" });
    const again = await ask(PAIR, { "idempotency-key": "one" });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await count()).toBe(before + 1);
    const other = await ask({ question: "Something else?" }, { "idempotency-key": "one" });
    expect([other.status, other.body.type]).toEqual([409, "urn:gatehouse:problem:idempotency-key"]);
  });

  test("never hold what another server's knowledge base says", async () => {
    const { body } = await ask({ question: "What is the safe's secret word?" });
    expect(JSON.stringify(body)).not.toContain("swordfish");
    expect(body.reason).toBe("not-in-knowledge");
  });

  test("stop while an agent holds the conversation, and say so", async () => {
    const { store } = dashboard.services;
    await ask({ ...PAIR, conversation: "held" });
    const { items } = await store.conversations.list(
      GUILD as GuildId,
      { text: "pair a sensor with the hub button" },
      1,
    );
    await store.conversations.takeover(GUILD as GuildId, items[0]?.id ?? "", {
      type: "claim",
      agent: "400000000000000001" as UserId,
    });
    const { body } = await ask({ ...PAIR, conversation: "held" });
    expect(body).toMatchObject({ outcome: "left-to-agent", reason: "agent-holds", sources: [] });
  });

  test("an agent's words come in at the client's own talk, and at nobody else's", async () => {
    const { services } = dashboard;
    const asked = { ...PAIR, conversation: "taken" };
    await ask(asked);
    const { items } = await services.store.conversations.list(GUILD as GuildId, { text: "with the hub button" }, 1);
    const agents = createAgents({ ...services, memory: createMemory(services.hot, services.logger) });
    const agent = { id: "400000000000000001" as UserId, name: "Zeynep" };
    const said = { text: "Let me look at your hub.", file: null, form: "1" };
    expect(await agents.say(GUILD as GuildId, items[0]?.id ?? "", agent, said)).toMatchObject({ said: true });
    const read = async (user: string, secret = key) => {
      const path = `/api/v1/conversations?conversation=taken&user=${user}`;
      const response = await dashboard.get(path, undefined, { authorization: `Bearer ${secret}` });
      return (await response.json()) as { held: boolean; turns: { role: string; text: string }[] };
    };
    const mine = await read("ada");
    expect(mine.held).toBe(true);
    expect(mine.turns.map(({ role }) => role)).toEqual(["member", "bot", "agent"]);
    expect(mine.turns.at(-1)?.text).toContain("Let me look at your hub.");
    expect(await read("bob")).toEqual({ held: false, turns: [] });
    expect(await read("ada", await makeKey("Another"))).toEqual({ held: false, turns: [] });
  });

  test("a wrong request is told what is wrong, as application/problem+json", async () => {
    for (const [body, headers, secret, status, type] of [
      [PAIR, {}, "gh_nobody-has-this-key-0000000", 401, "key"],
      [PAIR, {}, "", 401, "key"],
      ["{", {}, key, 400, "body"],
      [{ question: "" }, {}, key, 400, "body"],
      [{ question: "x".repeat(2_001) }, {}, key, 400, "body"],
      [{ question: "x", surprise: 1 }, {}, key, 400, "body"],
      [PAIR, { "idempotency-key": "x".repeat(201) }, key, 400, "body"],
      ["x".repeat(20_000), {}, key, 413, "body"],
    ] as const) {
      const answer = await ask(body, headers, secret);
      expect([answer.status, answer.body.type]).toEqual([status, `urn:gatehouse:problem:${type}`]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.body.status).toBe(status);
    }
  });

  test("what the plan does not hold any more is 402, with what to do", async () => {
    const { store, bus } = dashboard.services;
    const plan = { id: "empty", name: "Empty", priceUsd: 0, messages: 0, features: ["discord"], position: 9 } as const;
    await store.accounts.savePlan(plan);
    await store.accounts.save({ id: "empty", name: "E", plan: "empty", timeZone: "UTC", owner: null, mail: null });
    await store.accounts.move(GUILD as GuildId, "empty", "test");
    await bus.publish({ type: "account-changed", account: "empty" });
    const { status, body } = await ask(PAIR);
    expect([status, body.type]).toEqual([402, "urn:gatehouse:problem:quota"]);
    expect(body.detail).toContain("used up");
    await store.accounts.move(GUILD as GuildId, "default", "test");
    await bus.publish({ type: "account-changed", account: "default" });
  });

  test("more than the key's rate is 429 with Retry-After", async () => {
    const fast = await makeKey("Fast");
    const statuses = await Promise.all(
      Array.from({ length: 62 }, async () => (await ask({ question: "hi" }, {}, fast)).status),
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2);
  });
});

describe("keys", () => {
  test("only a hash is kept; the secret is shown once", async () => {
    expect(key).toMatch(/^gh_[\w-]{40,}$/);
    expect(await (await dashboard.get(page, operator)).text()).not.toContain(key);
    const keys = await dashboard.services.store.contact.keys(GUILD as GuildId);
    expect(JSON.stringify(keys)).not.toContain(key);
    expect(keys.some(({ lastUsedAtMs }) => lastUsedAtMs !== null)).toBe(true);
  });

  test("a replaced one works beside the new one, a revoked one not at all", async () => {
    const old = await makeKey("Turning");
    const id = (await dashboard.services.store.contact.keys(GUILD as GuildId)).find(
      ({ name }) => name === "Turning",
    )?.id;
    const fresh = secretIn(await (await dashboard.post(`${page}/keys/${id}/rotate`, {}, operator)).text());
    expect(fresh).not.toBe(old);
    expect((await ask({ question: "hi" }, {}, old)).status).toBe(200);
    expect((await ask({ question: "hi" }, {}, fresh)).status).toBe(200);
    expect((await dashboard.post(`${page}/keys/${id}/delete`, {}, operator)).status).toBe(303);
    expect((await ask({ question: "hi" }, {}, old)).status).toBe(401);
  });

  test("of another server's page are not found", async () => {
    const [first] = await dashboard.services.store.contact.keys(GUILD as GuildId);
    const other = `/guilds/${OTHER_GUILD}/contact/keys/${first?.id}/delete`;
    expect((await dashboard.post(other, {}, operator)).status).toBe(404);
  });
});

test("the description names the endpoint and is open to read", async () => {
  const found = await (await fetch(`${dashboard.web.url}/api/v1/openapi.json`)).json();
  expect(Object.keys(found.paths)).toEqual(["/api/v1/conversations", "/api/v1/answers"]);
});
