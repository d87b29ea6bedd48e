/** The list of conversations before there are any: it says what to do first, to those who can do it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { GuildId } from "../../src/ids.ts";
import type { Outcome } from "../../src/record.ts";
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

const outcomeOf = (kind: Outcome["kind"], reason: string): Outcome => ({
  ...{ kind, reason, ms: 5, model: null, tokensIn: 0, tokensOut: 0, costUsd: 0 },
});
const page = async (at: string, cookie = operator) => (await dashboard.get(at, cookie)).text();

test("with an empty knowledge base it leads there, but not whoever may not fill it", async () => {
  expect(await page(path)).toContain(`<a href="/guilds/${FRESH}/knowledge">Fill the knowledge base</a>`);
  const agent = await dashboard.signIn({ id: "agent", name: "agent", operator: false });
  await dashboard.services.store.people.setRole("agent", FRESH, "agent");
  expect(await page(path, agent)).toContain("Mention the bot in a channel");
});

test("without a model everybody reads who can change that, in their language", async () => {
  const admin = await dashboard.signIn({ id: "chief", name: "chief", operator: false });
  await dashboard.services.store.people.setRole("chief", FRESH, "admin");
  expect(await page(path)).toContain("Set GROQ_API_KEY to have them written");
  expect(await page(path, admin)).toContain("Whoever runs this bot sets GROQ_API_KEY");
  expect(await page(path, `${admin}; gatehouse-language=tr`)).toContain("botu işleten kişi GROQ_API_KEY");
});

test("a search that finds nothing says just that", async () => {
  const found = await page(`${path}?q=nothing`);
  expect(found).toContain("Show all conversations");
  expect(found).toContain("their beginning from three letters on.");
  expect(await page(`${path}?state=resolved`)).not.toContain("their beginning from three letters on.");
});

test("is left as soon as something was said", async () => {
  await converse(dashboard.services, { guild: FRESH, name: "Ada", question: "hello", answer: "Hi." });
  expect(await page(path)).not.toContain("Fill the knowledge base");
  expect(await page(`/guilds/${GUILD}/conversations`)).toContain("Priya");
});

test("a row is a question with its answer, a search shows where it hit, and leads to that turn", async () => {
  const at = `/guilds/${GUILD}/conversations`;
  const say = { name: "Hit", question: "Where is the <b>zebra</b> crossing?", answer: "Behind the Zebra house." };
  const id = await converse(dashboard.services, { ...say, member: "4711" });
  const list = await page(at);
  expect(list).toContain("→ Behind the Zebra house.");
  expect(list).toContain(`${at}/${id}#newest`);
  const found = await page(`${at}?q=zebra`);
  expect(found).toContain("Behind the <mark>Zebra</mark> house.");
  const turn = new RegExp(`${id}\\?all=1#(turn-\\d+)`).exec(found)?.[1] ?? "none";
  expect(await page(`${at}/${id}?all=1`)).toContain(`id="${turn}"`);
});

test("what the bot did not know, what did not help and who wants a person are states with filters of their own", async () => {
  const { store } = dashboard.services;
  const at = `/guilds/${GUILD}/conversations`;
  const ask = (member: string, outcome: ReturnType<typeof outcomeOf>) =>
    converse(dashboard.services, { member, name: `M${member}`, question: "What?", answer: "That.", outcome });
  const [missed, disliked, wanting] = [
    await ask("501", outcomeOf("answered", "not-in-knowledge")),
    await ask("502", outcomeOf("answered", "known")),
    await ask("503", outcomeOf("escalated", "wants-human")),
  ];
  const answer = (await store.conversations.get(GUILD, disliked))?.turns.find(({ role }) => role === "bot")?.message;
  await store.conversations.feedback(GUILD, answer as never, "down");
  for (const [state, id, chip] of [
    ["not-found", missed, "Not found"],
    ["disliked", disliked, "Not helpful"],
    ["escalated", wanting, "Wants a person"],
  ] as const) {
    const found = await page(`${at}?state=${state}`);
    const others = [missed, disliked, wanting].filter((other) => other !== id);
    expect([state, found.includes(id), others.some((other) => found.includes(other))]).toEqual([state, true, false]);
    expect(await page(`${at}/${id}`)).toContain(chip);
  }

  expect((await dashboard.post(`${at}/${wanting}/resolve`, {}, operator)).status).toBe(303);
  expect(await page(`${at}?state=escalated`)).not.toContain(wanting);
  expect(await page(`${at}?state=resolved`)).toContain(wanting);
  expect(await page(`${at}/${wanting}`)).not.toContain("/resolve");
});
