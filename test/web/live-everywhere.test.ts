/** One live list over all servers: each person's own, told by events, and nothing of a server they may not watch. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { BOT, GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, OTHER_GUILD, openDashboard, outcome } from "../support/dashboard.ts";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  const { services } = dashboard;
  const wants = outcome({ kind: "escalated", reason: "wants-human" });
  await converse(services, {
    guild: OTHER_GUILD,
    member: "1",
    name: "Deniz",
    question: "Biri var mı?",
    outcome: wants,
  });
  await converse(services, { guild: OTHER_GUILD, member: "2", name: "Ece", question: "selam", answer: "Selam!" });
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

async function person(id: string, roles: Readonly<Record<string, "agent" | "admin" | "viewer">>) {
  const cookie = await dashboard.signIn({ id, name: id, operator: false });
  for (const [guild, role] of Object.entries(roles)) {
    await dashboard.services.store.people.setRole(id, guild as typeof GUILD, role);
  }
  return cookie;
}
const read = async (cookie: string) => await (await dashboard.get("/live", cookie)).text();

test("an operator's list has every server's conversations, whoever waits on top, each with its server's name", async () => {
  const page = await read(await dashboard.signIn());
  for (const text of [
    "Lumen Community",
    "Türkçe Topluluk",
    "Ada",
    "Ece",
    "Deniz",
    "members are waiting for a person",
  ]) {
    expect(page).toContain(text);
  }
  expect(page.indexOf("Priya")).toBeLessThan(page.indexOf("Ada"));
  expect(page.indexOf("Deniz")).toBeLessThan(page.indexOf("Ece"));
  expect(page).toMatch(new RegExp(`/guilds/${OTHER_GUILD}/live/[0-9a-f]{32}`));
});

test("a mention of the bot is its name, in either language", async () => {
  const question = `<@${BOT.userId}> who are you, <@300000000000000077>?`;
  await converse(dashboard.services, { guild: OTHER_GUILD, member: "3", name: "Can", question });
  const cookie = await dashboard.signIn();
  expect(await read(cookie)).toContain(`@${BOT.name} who are you, @member?`);
  expect(await read(`${cookie}; gatehouse-language=tr`)).toContain(`@${BOT.name} who are you, @üye?`);
});

test("an agent's list has the servers where they are agent or admin, and no viewer's", async () => {
  const page = await read(await person("agent", { [GUILD]: "agent", [OTHER_GUILD]: "viewer" }));
  expect(page).toContain("Ada");
  expect(page).not.toContain("Ece");
  const both = await read(await person("both", { [GUILD]: "agent", [OTHER_GUILD]: "admin" }));
  expect(both).toContain("Ada");
  expect(both).toContain("Ece");
  const none = await read(await person("viewer", { [GUILD]: "viewer" }));
  expect(none).toContain("There is no server that you may watch");
  expect(none).not.toContain("Ada");
});

test("a server whose plan has no live monitor is in nobody's list", async () => {
  const { store, bus } = dashboard.services;
  await store.accounts.save({
    ...{ id: "small", name: "Small", plan: "starter", timeZone: "UTC", owner: null, mail: null },
  });
  await store.accounts.move(OTHER_GUILD, "small", "test");
  await bus.publish({ type: "account-changed", account: "small" });
  await Bun.sleep(0);
  expect(await read(await person("starter", { [OTHER_GUILD]: "agent" }))).toContain("no server that you may watch");
  expect(await read(await dashboard.signIn())).not.toContain("Ece");
  await store.accounts.move(OTHER_GUILD, "default", "test");
  await bus.publish({ type: "account-changed", account: "default" });
});

test("the list is told of its own servers by events, and of a new role in another", async () => {
  const cookie = await person("watcher", { [GUILD]: "agent" });
  const stream = await dashboard.get("/live/stream", cookie);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const until = async (wanted: string) => {
    while (!text.includes(wanted)) text += (await reader?.read())?.value ?? "";
  };
  await until("Ada");
  await converse(dashboard.services, { guild: OTHER_GUILD, member: "3", name: "Kaan", question: "x", answer: "y" });
  await converse(dashboard.services, { member: "4", name: "Nora", question: "x", answer: "y" });
  await until("Nora");
  expect(text).not.toContain("Kaan");
  await dashboard.services.store.people.setRole("watcher", OTHER_GUILD, "agent");
  await dashboard.services.bus.publish({ type: "access-changed", person: "watcher" });
  await until("Kaan");
  await reader?.cancel();
});
