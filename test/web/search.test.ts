/** Search across a server: what each role may see, with links that lead to the thing, and nothing of another server. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";
import { until } from "../support/until.ts";

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
  await converse(dashboard.services, {
    guild: OTHER_GUILD,
    name: "Zoe",
    question: "zigbee secrets of the other server",
  });
  const text = "# Zigbee\n\nZigbee coordinators of other makers are supported since version 4.";
  await dashboard.post(`/guilds/${GUILD}/knowledge/texts`, { name: "Radios", text }, cookies.admin);
  await until(
    async () => (await dashboard.services.knowledge.retrieve(GUILD, "zigbee coordinators", 1)).passages.length > 0,
  );
});
afterAll(() => dashboard.stop());

const found = async (q: string, cookie: string) =>
  await (await dashboard.get(`/guilds/${GUILD}/search?q=${encodeURIComponent(q)}`, cookie)).text();

test("a word is found in conversations and in the knowledge base, each with its link", async () => {
  const text = await found("zigbee", cookies.admin);
  expect(text).toContain("marcus_the_very_long_name_that_never_ends");
  expect(text).toMatch(/conversations\/[0-9a-f]{32}/);
  expect(text).toContain("coordinators of other makers");
  expect(text).not.toContain("secrets of the other server");
});

test("a hit shows the words that were looked for, not what came after them, and leads to where they stand", async () => {
  const before = "The old one went back to the shop. ".repeat(12);
  const asked = `${before}Which samovar is the best?`;
  const id = await converse(dashboard.services, {
    member: "4713",
    name: "Sam",
    question: asked,
    answer: "None of them.",
  });
  const text = await found("samovar", cookies.agent);
  expect(text).toContain("Which <mark>samovar</mark> is the best?");
  expect(text).not.toContain("None of them.");
  expect(text).toMatch(new RegExp(`conversations/${id}\\?all=1#turn-\\d+`));
  expect(await found("zigbee", cookies.admin)).toContain("<mark>Zigbee</mark> coordinators of other makers");
});

test("settings and pages are found by their names, in the reader's language", async () => {
  expect(await found("smart", cookies.admin)).toContain(`href="/guilds/${GUILD}/settings"`);
  const turkish = await dashboard.get(`/guilds/${GUILD}/search?q=AYAR`, `${cookies.admin}; gatehouse-language=tr`);
  expect(await turkish.text()).toContain(`href="/guilds/${GUILD}/settings"`);
});

test("an agent finds conversations alone: no knowledge, no settings", async () => {
  const text = await found("zigbee", cookies.agent);
  expect(text).toContain("marcus_the_very_long_name_that_never_ends");
  expect(text).not.toContain("coordinators of other makers");
  expect(await found("smart", cookies.agent)).toContain("Nothing found");
});

test("what is looked for is text", async () => {
  for (const q of [
    "<script>alert(1)</script>",
    `"><img src=x onerror=alert(1)>`,
    "%",
    "_",
    "\\",
    "'",
    "x".repeat(5_000),
  ]) {
    const text = await found(q, cookies.admin);
    expect([q.slice(0, 40), /<script>alert|<img src=x/.test(text)]).toEqual([q.slice(0, 40), false]);
  }
});
