/** Who may come in: every route has its guard, and each guard holds against everybody it is there to hold against. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { GUARDS } from "../../web/guard.ts";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);

let dashboard: Dashboard;
let conversation = "";
let foreign = "";
const cookies = { operator: "", admin: "", viewer: "", agent: "", stranger: "" };

beforeAll(async () => {
  dashboard = await openDashboard();
  const world = await fillWorld(dashboard.services);
  conversation = world.conversations[0] ?? "";
  foreign = world.conversations[1] ?? "";
  cookies.operator = await dashboard.signIn();
  for (const name of ["admin", "viewer", "agent", "stranger"] as const) {
    cookies[name] = await dashboard.signIn({ id: name, name, operator: false });
    if (name !== "stranger") await dashboard.services.store.people.setRole(name, GUILD, name);
  }
  await dashboard.services.store.people.setRole("stranger", OTHER_GUILD, "admin");
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

/** A path that a route answers to, of the guild that the strangers have no role in. */
function example(path: string): string {
  return path.replace(":guild", GUILD).replace(":conversation", conversation).replace(/:\w+/g, "1");
}

/** A route's request as a page of ours makes it, or with other headers. */
function ask(
  { method, path }: { readonly method: string; readonly path: string },
  cookie = "",
  headers: Readonly<Record<string, string>> = { "sec-fetch-site": "same-origin" },
): Promise<Response> {
  const body = method === "POST" || method === "PUT" ? new URLSearchParams() : null;
  return fetch(`${dashboard.web.url}${example(path)}`, {
    method,
    redirect: "manual",
    headers: { cookie, ...headers },
    body,
  });
}

/** Event streams stay open; the head says enough. */
async function status(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  await response.body?.cancel();
  return response.status;
}

describe("every route", () => {
  test("declares a guard, and nothing is mounted past them", () => {
    expect(dashboard.web.routes.filter((route) => !GUARDS.includes(route.guard))).toEqual([]);
    const declared = dashboard.web.routes.map(({ method, path }) => `${method} ${path}`).sort();
    expect(dashboard.web.mounted.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(declared);
  });

  test("that is not for anyone sends a visitor without a session to the sign-in", async () => {
    for (const route of dashboard.web.routes) {
      if (route.guard === "anyone" || route.guard === "signature") continue;
      const response = await ask(route);
      expect([route.method, route.path, response.status]).toEqual([route.method, route.path, 303]);
      expect(response.headers.get("location")).toStartWith("/sign-in");
    }
  });

  const shutTo = async (guards: readonly string[], whom: readonly (keyof typeof cookies)[]) => {
    for (const route of dashboard.web.routes) {
      if (!guards.includes(route.guard)) continue;
      for (const name of whom) {
        const seen = [route.method, route.path, name, await status(ask(route, cookies[name]))];
        expect(seen).toEqual([route.method, route.path, name, 404]);
      }
    }
  };

  test("of a guild does not exist for those without a role in it", () =>
    shutTo(["any-role", "viewer-or-admin", "agent-or-admin", "admin"], ["stranger"]));

  test("of the operator does not exist for anybody else", () => shutTo(["operator"], ["admin", "stranger"]));

  test("that only admins may use does not exist for viewers and agents", () => shutTo(["admin"], ["viewer", "agent"]));

  test("for agents does not exist for viewers, and one for viewers not for agents", async () => {
    await shutTo(["agent-or-admin"], ["viewer"]);
    await shutTo(["viewer-or-admin"], ["agent"]);
  });

  test("that changes something refuses requests of other sites", async () => {
    const forged: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site", origin: dashboard.web.url },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { origin: "https://evil.example" },
      { origin: "null" },
      {},
    ];
    for (const route of dashboard.web.routes) {
      if (route.method === "GET" || route.guard === "signature") continue;
      for (const headers of forged) {
        const answer = await ask(route, cookies.operator, headers);
        expect([route.path, headers, answer.status]).toEqual([route.path, headers, 403]);
      }
    }
  });
});

describe("a person", () => {
  const list = `/guilds/${GUILD}/conversations`;

  test("with any role sees the guild's conversations", async () => {
    for (const cookie of [cookies.operator, cookies.admin, cookies.viewer, cookies.agent]) {
      expect(await status(dashboard.get(list, cookie))).toBe(200);
    }
  });

  test("sees on the list of servers only those with a role", async () => {
    const mine = await (await dashboard.get("/guilds", cookies.viewer)).text();
    expect(mine).toContain("Lumen Community");
    expect(mine).not.toContain("Türkçe Topluluk");
    const all = await (await dashboard.get("/guilds", cookies.operator)).text();
    expect(all).toContain("Türkçe Topluluk");
  });

  test("cannot read another guild's conversation through a guild of their own", async () => {
    const response = await dashboard.get(`/guilds/${OTHER_GUILD}/conversations/${foreign}`, cookies.stranger);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("Zeynep");
    const live = dashboard.get(`/guilds/${OTHER_GUILD}/conversations/${foreign}/live`, cookies.stranger);
    expect(await status(live)).toBe(404);
  });

  test("loses the guild with the role, at once", async () => {
    const cookie = await dashboard.signIn({ id: "leaver", name: "leaver", operator: false });
    await dashboard.services.store.people.setRole("leaver", GUILD, "admin");
    expect(await status(dashboard.get(list, cookie))).toBe(200);
    await dashboard.services.store.people.setRole("leaver", GUILD, null);
    expect(await status(dashboard.get(list, cookie))).toBe(404);
  });

  test("gets nothing from ids that are none", async () => {
    for (const id of ["0", "abc", "%2e%2e", "1'--", "9".repeat(30), `${GUILD}%00`]) {
      expect([id, await status(dashboard.get(`/guilds/${id}/conversations`, cookies.operator))]).toEqual([id, 404]);
    }
  });

  test("of an own site's origin is believed where the browser sends no Sec-Fetch-Site", async () => {
    const answer = await dashboard.post("/preferences", { theme: "dark" }, cookies.viewer, {
      origin: dashboard.web.url,
    });
    expect(answer.status).toBe(303);
  });
});
