/** The list of conversations before there are any: it says what to do first, to those who can do it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { GuildId } from "../../src/ids.ts";
import { APPLICATION, GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

const FRESH = "100000000000000009" as GuildId;
const path = `/guilds/${FRESH}/conversations`;
let dashboard: Dashboard;
let operator = "";

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  await dashboard.services.store.guilds.join(FRESH, APPLICATION, "Fresh", null);
  operator = await dashboard.signIn();
});
afterAll(() => dashboard.stop());

const page = async (at: string, cookie = operator) => (await dashboard.get(at, cookie)).text();

test("with an empty knowledge base it leads there, but not whoever may not fill it", async () => {
  expect(await page(path)).toContain(`<a href="/guilds/${FRESH}/knowledge">Fill the knowledge base</a>`);
  const agent = await dashboard.signIn({ id: "agent", name: "agent", operator: false });
  await dashboard.services.store.people.setRole("agent", FRESH, "agent");
  expect(await page(path, agent)).toContain("Mention the bot in a channel");
});

test("a search that finds nothing says just that", async () => {
  expect(await page(`${path}?q=nothing`)).toContain("Show all conversations");
});

test("is left as soon as something was said", async () => {
  await converse(dashboard.services, { guild: FRESH, name: "Ada", question: "hello", answer: "Hi." });
  expect(await page(path)).not.toContain("Fill the knowledge base");
  expect(await page(`/guilds/${GUILD}/conversations`)).toContain("Priya");
});
