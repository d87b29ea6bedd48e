/** Sign-in by Discord against the simulated one: state and PKCE hold, Manage Server makes an admin, and only there. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { startSimulator } from "../../bench/simulator/simulator.ts";
import { systemClock } from "../../src/clock.ts";
import { createRest } from "../../src/discord/rest.ts";
import type { ApplicationId, GuildId } from "../../src/ids.ts";
import { type Dashboard, openDashboard } from "../support/dashboard.ts";
import { silentLogger } from "../support/doubles.ts";
import { requireLawful } from "../support/lawful.ts";

setDefaultTimeout(60_000);

const simulator = startSimulator();
const bot = simulator.bots[0];
if (bot === undefined) throw new Error("the simulator has no bot");
const application = bot.applicationId as string as ApplicationId;

const rest = createRest({
  application,
  token: bot.token,
  apiBase: simulator.api,
  clock: systemClock,
  logger: silentLogger,
});

let dashboard: Dashboard;
let mine = "";
let theirs = "";
let ada = "";
let bob = "";

beforeAll(async () => {
  dashboard = await openDashboard({
    overrides: { discord: () => rest },
    environment: {
      DISCORD_API_BASE: simulator.api,
      DISCORD_APPLICATION_ID: bot.applicationId,
      DISCORD_CLIENT_SECRET: bot.clientSecret,
    },
  });
  const first = simulator.actions.createGuild({ name: "Mine" }).guild;
  const second = simulator.actions.createGuild({ name: "Theirs" }).guild;
  const without = simulator.actions.createGuild({ name: "Without the bot" }).guild;
  [mine, theirs] = [first.id, second.id];
  const manager = simulator.actions.createRole(first.id, { name: "Manager", permissions: 32n, position: 3 });
  const chief = simulator.actions.createRole(without.id, { name: "Chief", permissions: 8n, position: 3 });
  ada = simulator.actions.addMember(first.id, { username: "ada", roles: [manager.id] }).userId;
  simulator.actions.addMember(second.id, { userId: ada, username: "ada" });
  simulator.actions.addMember(without.id, { userId: ada, username: "ada", roles: [chief.id] });
  bob = simulator.actions.addMember(second.id, { username: "bob" }).userId;
  await dashboard.services.store.guilds.join(first.id as string as GuildId, application, "Mine", null);
  await dashboard.services.store.guilds.join(second.id as string as GuildId, application, "Theirs", null);
});
afterAll(async () => {
  await dashboard.stop();
  rest.close();
  await simulator.stop();
  await requireLawful(simulator);
});

/** Out to Discord, consent, and back; `tamper` changes what the browser brings back. */
async function signIn(
  userId: string,
  options: {
    readonly deny?: boolean;
    readonly next?: string;
    readonly tamper?: (back: URL) => void;
    readonly cookie?: string;
  } = {},
): Promise<Response> {
  const out = await dashboard.get(`/sign-in/discord${options.next ? `?next=${encodeURIComponent(options.next)}` : ""}`);
  const way = options.cookie ?? out.headers.get("set-cookie")?.split(";")[0] ?? "";
  simulator.services.oauth.consent = { userId: userId as never, ...(options.deny ? { deny: true } : {}) };
  const page = await fetch(out.headers.get("location") ?? "", { redirect: "manual" });
  const back = new URL(page.headers.get("location") ?? "");
  options.tamper?.(back);
  return dashboard.get(back.pathname + back.search, way);
}

const session = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((value) => value.split(";")[0] ?? "")
    .find((value) => value.startsWith("gatehouse-session=")) ?? "";

describe("sign-in by Discord", () => {
  test("is offered on the sign-in page", async () => {
    expect(await (await dashboard.get("/sign-in")).text()).toContain('href="/sign-in/discord"');
  });

  test("makes an admin where one has Manage Server and the bot is in, and nowhere else", async () => {
    const response = await signIn(ada, { next: `/guilds/${mine}/settings` });
    expect([response.status, response.headers.get("location")]).toEqual([303, `/guilds/${mine}/settings`]);
    const cookie = session(response);
    const servers = await (await dashboard.get("/guilds", cookie)).text();
    expect(servers).toContain("Mine");
    expect(servers).not.toMatch(/Theirs|Without the bot/);
    expect((await dashboard.get(`/guilds/${mine}/settings`, cookie)).status).toBe(200);
    expect((await dashboard.get(`/guilds/${theirs}/settings`, cookie)).status).toBe(404);
    expect((await dashboard.get("/operator", cookie)).status).toBe(404);
  });

  test("lets nobody in who manages nothing, but whoever was given a role by hand", async () => {
    const refused = await signIn(bob);
    expect([refused.status, session(refused)]).toEqual([403, ""]);
    expect(await refused.text()).toContain("You do not manage a server");
    await dashboard.services.store.people.setRole(bob, theirs as GuildId, "agent");
    expect((await signIn(bob)).status).toBe(303);
    expect(await dashboard.services.store.people.role(bob, theirs as GuildId)).toBe("agent");
  });

  test("takes back with the next sign-in what Discord took away", async () => {
    await dashboard.services.store.people.setRole(ada, theirs as GuildId, "admin");
    await signIn(ada);
    expect(await dashboard.services.store.people.role(ada, theirs as GuildId)).toBeNull();
    expect(await dashboard.services.store.people.role(ada, mine as GuildId)).toBe("admin");
  });

  test("refuses a way back that this browser did not start, and leads nobody astray", async () => {
    const changed = (name: string, value: string) => (back: URL) => back.searchParams.set(name, value);
    for (const options of [
      { tamper: changed("state", "A".repeat(43)) },
      { tamper: changed("code", "stolen") },
      { tamper: changed("code", "../x") },
      { cookie: `gatehouse-way=${"A".repeat(86)}` },
      { cookie: "" },
      { deny: true },
    ]) {
      const response = await signIn(ada, options);
      expect([options, response.status >= 400 && response.status < 500, session(response)]).toEqual([
        options,
        true,
        "",
      ]);
    }
    for (const next of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
      expect((await signIn(ada, { next })).headers.get("location")).toBe("/guilds");
    }
  });
});

describe("adding the bot", () => {
  /** Out to Discord and back; `guild`: the one that is chosen there. */
  async function add(
    userId: string,
    guild: string,
    query: string,
    cookie = "",
  ): Promise<{ asked: URL; back: Response }> {
    const out = await dashboard.get(`/sign-in/discord/add${query}`, cookie);
    const asked = new URL(out.headers.get("location") ?? "");
    const way = out.headers.get("set-cookie")?.split(";")[0] ?? "";
    simulator.services.oauth.consent = { userId: userId as never, guildId: guild as never };
    const page = await fetch(asked, { redirect: "manual" });
    const back = new URL(page.headers.get("location") ?? "");
    return { asked, back: await dashboard.get(back.pathname + back.search, [way, cookie].filter(Boolean).join("; ")) };
  }
  const { guild: fresh } = simulator.actions.createGuild({ name: "Fresh" });
  const chief = simulator.actions.createRole(fresh.id, { name: "Chief", permissions: 32n, position: 3 });
  const nova = simulator.actions.addMember(fresh.id, { username: "nova", roles: [chief.id] }).userId;
  const permissions = (url: URL) => url.searchParams.get("permissions");

  test("signs in on the way, waits for the bot, and lands on that server with the first step done", async () => {
    const { asked, back } = await add(nova, fresh.id, "");
    expect([permissions(asked), asked.searchParams.get("scope")]).toEqual([
      "309237730304",
      "identify guilds bot applications.commands",
    ]);
    expect([back.status, back.headers.get("location")]).toEqual([303, `/sign-in/discord/added/${fresh.id}`]);
    const cookie = session(back);
    const waiting = await dashboard.get(`/sign-in/discord/added/${fresh.id}`, cookie);
    expect([waiting.status, waiting.headers.get("refresh")]).toEqual([
      200,
      `1; url=/sign-in/discord/added/${fresh.id}?tries=1`,
    ]);
    const late = await dashboard.get(`/sign-in/discord/added/${fresh.id}?tries=30`, cookie);
    expect([late.headers.get("refresh"), (await late.text()).includes("Look again")]).toEqual([null, true]);
    await dashboard.services.store.guilds.join(fresh.id as string as GuildId, application, "Fresh", null);
    const there = await dashboard.get(`/sign-in/discord/added/${fresh.id}?tries=2`, cookie);
    expect([there.status, there.headers.get("location")]).toEqual([303, `/guilds/${fresh.id}/setup`]);
    const setup = await (await dashboard.get(`/guilds/${fresh.id}/setup`, cookie)).text();
    expect(setup).toMatch(/class="step step-done" id="step-added"/);
    expect(setup).toContain("The bot is in Fresh");
  });

  test("asks for what is switched on in a server, for whoever may see that, and for the least otherwise", async () => {
    const { guilds } = dashboard.services.store;
    const row = await guilds.get(mine as GuildId);
    if (row === null) throw new Error("no guild");
    const moderation = {
      ...row.settings.moderation,
      on: true,
      actions: { ...row.settings.moderation.actions, kick: true },
    };
    await guilds.change(mine as GuildId, { ...row.settings, moderation }, "test", "moderation");
    const cookie = session(await signIn(ada));
    const asked = async (query: string, cookie = "") =>
      permissions(new URL((await dashboard.get(`/sign-in/discord/add${query}`, cookie)).headers.get("location") ?? ""));
    expect(await asked(`?guild=${mine}`, cookie)).toBe(String(309_237_730_304n | 2n));
    expect(await asked(`?guild=${mine}`)).toBe("309237730304");
    expect(await asked("?moderation=1")).toBe("1408749366278");
  });

  test("leaves the operator who they are, and gives nobody a server that they do not manage", async () => {
    const operator = await dashboard.signIn();
    const { back } = await add(nova, fresh.id, "", operator);
    expect([back.status, session(back)]).toEqual([303, ""]);
    const forged = await signIn(bob, { tamper: (url) => url.searchParams.set("guild_id", fresh.id) });
    expect(forged.headers.get("location")).toBe("/guilds");
    const lost = await dashboard.get(`/sign-in/discord/added/${fresh.id}`, session(forged));
    expect([lost.status, lost.headers.get("location")]).toEqual([200, null]);
    expect((await dashboard.get(`/guilds/${fresh.id}/setup`, session(forged))).status).toBe(404);
  });
});
