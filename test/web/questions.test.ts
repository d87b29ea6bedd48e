/** What nobody could answer: grouped, answered, and closed by its answer; the check set says what a change broke. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, openDashboard, outcome } from "../support/dashboard.ts";
import { until } from "../support/until.ts";

let dashboard: Dashboard;
let cookie = "";
const base = `/guilds/${GUILD}/questions`;

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

const read = async (path: string) => await (await dashboard.get(path, cookie)).text();
const post = (path: string, fields: Record<string, string> = {}) =>
  fetch(`${dashboard.web.url}${path}`, {
    ...{ method: "POST", redirect: "manual", body: new URLSearchParams(fields) },
    headers: { cookie, "sec-fetch-site": "same-origin" },
  });

test("a question that nobody could answer is listed, answered there, closed by its answer, and checked from then on", async () => {
  const { services } = dashboard;
  const missing = outcome({ reason: "not-in-knowledge" });
  const sorry = "I couldn't find that.";
  await converse(services, {
    ...{ name: "Eve", member: "300000000000000077", answer: sorry, outcome: missing },
    question: "does it work with zigbee 4 coordinators of other vendors",
  });
  const page = await read(base);
  expect(page).toContain("asked 2 times");
  const question = "Does it work with Zigbee 4 coordinators from other vendors?";
  const answer = "Yes, with every Zigbee 4 coordinator, whatever its vendor.";
  expect((await post(`${base}/answers`, { question, answer, check: "on" })).status).toBe(303);
  await until(async () => (await read(base)).includes("Nothing is open"));
  expect((await post(`${base}/checks/run`)).status).toBe(303);
  expect(await read(base)).toContain("Passes");
  const [source] = await services.store.knowledge.sources(GUILD);
  await services.store.knowledge.removeSource(GUILD, source?.id ?? "");
  await services.bus.publish({ type: "knowledge-changed", guild: GUILD });
  await until(async () => {
    await post(`${base}/checks/run`);
    return (await services.store.checks.list(GUILD))[0]?.passed === false;
  });
  expect(await read(base)).toContain("Broke");
  const [check] = await services.store.checks.list(GUILD);
  await post(`${base}/checks/${check?.id}/delete`);
  expect(await services.store.checks.list(GUILD)).toEqual([]);
});

test("an answer without its form is refused, and a check that finds nothing today is too", async () => {
  expect((await post(`${base}/answers`, { question: "", answer: "x" })).status).toBe(422);
  expect((await post(`${base}/checks`, { question: "zzz qqq" })).status).toBe(422);
});

test("a check may ask for words in the answer or for none at all, and the page says what a model's last run came to", async () => {
  const { store } = dashboard.services;
  const question = "How do I pair a sensor?";
  await post(`${base}/answers`, { question, answer: "Hold the button for 3 seconds." });
  await until(async () => (await post(`${base}/checks`, { question, says: "3 seconds" })).status === 303);
  expect((await post(`${base}/checks`, { question: "Is there a shop on Mars?", absent: "on" })).status).toBe(303);
  const [pair, mars] = await store.checks.list(GUILD);
  expect([pair?.says, mars?.expected]).toEqual(["3 seconds", null]);
  const before = await read(base);
  expect(before).toContain("must say “3 seconds”");
  expect(before).not.toContain("By the model");
  await store.checks.judged(GUILD, pair?.id ?? "", { fault: "fact-missing", model: "openai/gpt-oss-120b", prompts: 7 });
  const page = await read(base);
  expect(page).toContain("Does not say it");
  expect(page).toContain("openai/gpt-oss-120b, prompts version 7");
  expect((await post(`${base}/checks`, { question: "zzz qqq", says: "kept" })).status).toBe(422);
});
