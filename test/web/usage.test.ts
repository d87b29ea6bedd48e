/** Usage and plan, and the operator's accounts. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { GuildId } from "../../src/ids.ts";
import { formVersion } from "../../web/parts/form-version.ts";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

let dashboard: Dashboard;
let operator = "";
const OWNER = "200000000000000001";
const guild = GUILD as GuildId;

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  operator = await dashboard.signIn();
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

async function text(path: string, cookie = operator): Promise<string> {
  return await (await dashboard.get(path, cookie)).text();
}

describe("usage", () => {
  test("the page sums what was recorded, and the CSV holds the same", async () => {
    const days = await dashboard.services.store.usage.days(guild, 0);
    const messages = days.reduce((sum, day) => sum + day.count, 0);
    expect(messages).toBeGreaterThan(0);
    const shown = await text(`/guilds/${GUILD}/usage`);
    expect(shown).toContain("<svg");
    expect(shown).toContain("Unlimited");
    const csv = (await text(`/guilds/${GUILD}/usage/usage.csv`)).trim().split("\r\n");
    const counted = csv.slice(1).reduce((sum, line) => sum + Number(line.split(",")[5]), 0);
    expect(counted).toBe(messages);
  });

  test("limits are saved within their bounds, with an audit row, and refused with a reason", async () => {
    const path = `/guilds/${GUILD}/usage/limits`;
    const version = String((await dashboard.services.store.guilds.get(guild))?.version);
    const good = { version, memberHour: "5", channelMinute: "9", moderationShare: "40", costDayUsd: "1.5" };
    expect((await dashboard.post(path, good, operator)).status).toBe(303);
    const saved = await dashboard.services.store.guilds.get(guild);
    expect(saved?.settings.limits).toEqual({ memberHour: 5, channelMinute: 9, moderationShare: 40, costDayUsd: 1.5 });
    expect((await dashboard.services.store.guilds.audit(guild, 1))[0]?.what).toContain("limits.memberHour");
    const bad = await dashboard.post(path, { ...good, version: String(saved?.version), memberHour: "0" }, operator);
    expect(bad.status).toBe(422);
    expect(await bad.text()).toContain("out of bounds");
  });
});

describe("accounts", () => {
  test("the operator makes an account, gives it a plan and moves a server there; features follow at once", async () => {
    const account = { id: "lumen", name: "Lumen", plan: "free", timeZone: "Europe/Istanbul", owner: OWNER, mail: "" };
    expect((await dashboard.post("/accounts", account, operator)).status).toBe(303);
    const move = { server: GUILD, account: "lumen" };
    expect((await dashboard.post("/accounts/move", move, operator)).status).toBe(303);
    expect(await dashboard.services.plans.features(guild)).toEqual(new Set());
    const version = formVersion((await dashboard.services.store.accounts.get("lumen"))?.account);
    await dashboard.post("/accounts", { ...account, plan: "pro", version }, operator);
    expect((await dashboard.services.plans.features(guild)).has("takeover")).toBe(true);
    expect(await text("/accounts")).toContain("Lumen");
  });

  test("what cannot be is refused with what to do", async () => {
    const account = { id: "x", name: "X", plan: "free", timeZone: "UTC", owner: "", mail: "" };
    for (const [fields, words] of [
      [{ id: "Größe" }, "lower-case"],
      [{ plan: "gold" }, "no such plan"],
      [{ timeZone: "Mars" }, "no time zone"],
      [{ mail: "nobody" }, "no mail address"],
      [{ owner: "ada" }, "15 to 20 digits"],
    ] as const) {
      const answer = await dashboard.post("/accounts", { ...account, ...fields }, operator);
      expect([answer.status, (await answer.text()).includes(words)]).toEqual([422, true]);
    }
    expect((await dashboard.post("/accounts/plans/pro/delete", {}, operator)).status).toBe(422);
    expect((await dashboard.post("/accounts/move", { server: "1", account: "lumen" }, operator)).status).toBe(422);
  });

  test("an owner joins a server they administer, and nobody else's account", async () => {
    const { store } = dashboard.services;
    const owner = await dashboard.signIn({ id: OWNER, name: "Ada", operator: false });
    await store.people.setRole(OWNER, guild, "admin");
    await store.accounts.move(guild, "default", "test");
    const path = `/guilds/${GUILD}/usage/account`;
    expect(await text(`/guilds/${GUILD}/usage`, owner)).toContain("Lumen");
    expect((await dashboard.post(path, { account: "default" }, owner)).status).toBe(403);
    expect((await dashboard.post(path, { account: "lumen" }, owner)).status).toBe(303);
    expect((await store.accounts.of(guild)).account.id).toBe("lumen");
  });

  test("only the operator sees accounts", async () => {
    const other = await dashboard.signIn({ id: "200000000000000009", name: "Bob", operator: false });
    expect((await dashboard.get("/accounts", other)).status).toBe(404);
  });
});
