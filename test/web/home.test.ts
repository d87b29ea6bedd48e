/** A server's first page: who waits comes first, sums are of this server alone, and a newcomer is led to the next step. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { ChannelId, MessageId, UserId } from "../../src/ids.ts";
import { CHANNEL, GUILD, MEMBER, snowflake } from "../support/build.ts";
import { type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);
let dashboard: Dashboard;
const cookies = { admin: "", agent: "" };

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  for (const role of ["admin", "agent"] as const) {
    cookies[role] = await dashboard.signIn({ id: role, name: role, operator: false });
    await dashboard.services.store.people.setRole(role, GUILD, role);
  }
  await dashboard.services.store.people.setRole("admin", OTHER_GUILD, "admin");
  const message = snowflake() as MessageId;
  await dashboard.services.store.cases.plan(GUILD, [
    {
      ...{ key: message, message, channel: CHANNEL as ChannelId, channelName: "help", author: MEMBER as UserId },
      ...{ authorName: "Ada", atMs: Date.now(), evidence: "keygen", context: [], rule: null },
      verdict: {
        ...{
          source: "certain",
          signals: [{ name: "own-word", saw: "keygen" }],
          category: "spam",
          severity: "medium",
          confidence: 1,
        },
        ...{ reason: "own-word", model: null, costUsd: 0 },
      },
      ...{ action: "delete", plan: { acts: ["delete"], held: [] }, state: "planned", problem: null },
      strike: { weight: 1, expiresAtMs: null },
    },
  ]);
});
afterAll(() => dashboard.stop());

const home = async (cookie: string, guild: string = GUILD) =>
  await (await dashboard.get(`/guilds/${guild}`, cookie)).text();

test("whoever wants a person stands first, with a link to the conversation", async () => {
  const text = await home(cookies.agent);
  expect(text).toContain("Priya wants to talk to a person");
  expect(text.indexOf("Priya wants")).toBeLessThan(text.indexOf(">Today<"));
});

test("questions are counted, with what was answered, and the numbers stand in a table behind the chart", async () => {
  const text = await home(cookies.admin);
  const tile = /<dt>Questions<\/dt><dd>(\d+)<\/dd>/.exec(text)?.[1];
  // Two known, one not in the knowledge base, one escalated, one failed.
  expect(tile).toBe("5");
  expect(text).toContain("40%");
  expect(text).toContain("As a table");
  expect(text).not.toContain("style=");
});

test("what models cost is for admins, the rest for the whole team", async () => {
  expect(await home(cookies.admin)).toContain("Model cost");
  expect(await home(cookies.agent)).not.toContain("Model cost");
});

test("a failed import is shown until it works", async () => {
  const { store } = dashboard.services;
  const { id } = await store.knowledge.saveSource(GUILD, { kind: "files", name: "Old manual", config: {} });
  const failures = [{ what: "the import", reason: "the disk is full" }];
  await store.knowledge.setProgress(GUILD, id, "failed", { done: 0, total: 1, failures });
  expect(await home(cookies.admin)).toContain("“Old manual” could not be imported");
  await store.knowledge.setProgress(GUILD, id, "idle", { done: 1, total: 1, failures: [] });
  expect(await home(cookies.admin)).not.toContain("Old manual");
});

test("a server where nobody has asked shows the next steps, and nothing of another server", async () => {
  const text = await home(cookies.admin, OTHER_GUILD);
  expect(text).toContain("Fill the knowledge base");
  expect(text).not.toContain("Priya");
  expect(/<dt>Questions<\/dt><dd>(\d+)<\/dd>/.exec(text)?.[1]).toBe("0");
});

test("the doctor's findings come as a part, and without JavaScript as the doctor's page", async () => {
  const path = `/guilds/${GUILD}/home/findings`;
  const part = await dashboard.get(path, cookies.admin, { "hx-request": "true" });
  expect([part.status, (await part.text()).includes('id="home-findings"')]).toEqual([200, true]);
  const plain = await dashboard.get(path, cookies.admin);
  expect(plain.headers.get("location")).toBe(`/guilds/${GUILD}/doctor`);
});

test("cases that no rule stands behind are called so, not left without a name", async () => {
  expect(await home(cookies.admin)).toContain(">no rule: found by the filter or in a raid</a>");
});
