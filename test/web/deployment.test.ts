/** An operator's overview: all servers' sums, busiest first, and the background work; nobody else's. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { deploymentWords } from "../../web/deployment/words.ts";
import { GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);
let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  await converse(dashboard.services, { guild: OTHER_GUILD, name: "Zoe", question: "x", answer: "y" });
});
afterAll(() => dashboard.stop());

test("every server's questions are summed, the busiest server first, and jobs tell how they are", async () => {
  const text = await (await dashboard.get("/overview", await dashboard.signIn())).text();
  expect(text).toContain("<dt>Questions in 30 days</dt><dd>6</dd>");
  expect(text).toContain("<dt>Answered from the knowledge base</dt><dd>50%</dd>");
  expect(text.indexOf(`/guilds/${GUILD}"`)).toBeLessThan(text.indexOf(`/guilds/${OTHER_GUILD}"`));
  for (const job of ["Websites", "Uploaded files"]) expect(text).toContain(job);
});

test("every job is called by what it does, in both languages", () => {
  const jobs = dashboard.jobs.status().map(({ name }) => name);
  expect(jobs.length).toBeGreaterThan(5);
  for (const { names } of Object.values(deploymentWords)) {
    expect(jobs.filter((name) => !Object.hasOwn(names, name))).toEqual([]);
  }
});

test("an admin of a server does not see it", async () => {
  const admin = await dashboard.signIn({ id: "admin", name: "admin", operator: false });
  await dashboard.services.store.people.setRole("admin", GUILD, "admin");
  expect((await dashboard.get("/overview", admin)).status).toBe(404);
});
