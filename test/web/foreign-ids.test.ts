/**
 * Nobody reaches another server's rows, whatever id they put where. Read from the route table and the database, so that a new
 * page or table is held to it by being there: every actor at every server's routes, then every id of a foreign server in
 * every place of a path, and in every field of every form and query.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import postgres from "postgres";
import type { Route } from "../../web/guard.ts";
import { GUILD } from "../support/build.ts";
import { converse, type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";

// Some thousand pages, one after the other: a minute on a free core.
setDefaultTimeout(600_000);
const NOWHERE = "100000000000000003";
const ADMIN = "300000000000000042";
/** Stands in every text of the other server. */
const CANARY = "canary-of-the-other-server";
const ACTORS = ["nobody", "stranger", "viewer", "agent", "admin", "operator"] as const;
/** Ids of Discord's people, not of rows: an id that has no role here is no secret and has no row to reach. */
const PEOPLE = [":person", ":member"];
/** Holds a digit: "help", "open" and "warn" are words, and the same in every server. */
const ID = /^(?=\D*\d)[\w:-]{1,80}$/;
/** Words of ours, no ids: the same in every server. */
const WORDS = [":field"];

let dashboard: Dashboard;
let sql: ReturnType<typeof postgres>;
const cookies: Record<(typeof ACTORS)[number], string> = {
  ...{ nobody: "", stranger: "", viewer: "", agent: "", admin: "", operator: "" },
};
let tables: readonly string[] = [];
let foreignIds: readonly string[] = [];

beforeAll(async () => {
  dashboard = await openDashboard();
  const { services } = dashboard;
  const { store } = services;
  await fillWorld(services);
  sql = postgres(services.config.databaseUrl ?? "", { max: 2 });
  cookies.operator = await dashboard.signIn();
  for (const role of ["viewer", "agent", "admin"] as const) {
    const id = role === "admin" ? ADMIN : role;
    cookies[role] = await dashboard.signIn({ id, name: role, operator: false });
    await store.people.setRole(id, GUILD, role);
  }
  cookies.stranger = await dashboard.signIn({ id: "stranger", name: "stranger", operator: false });
  await store.people.setRole("stranger", OTHER_GUILD, "admin");

  // Something of every kind in the other server.
  await converse(services, { guild: OTHER_GUILD, name: CANARY, question: CANARY, answer: CANARY });
  for (const kind of ["files", "website", "pairs", "text"] as const) {
    const config = kind === "pairs" ? { pairs: [] } : kind === "text" ? { text: CANARY, url: null } : {};
    await store.knowledge.saveSource(OTHER_GUILD, { kind, name: `${CANARY} ${kind}`, config });
  }
  const other = await store.guilds.get(OTHER_GUILD);
  if (other === null) throw new Error("no other guild");
  await store.guilds.change(OTHER_GUILD, { ...other.settings, instructions: CANARY }, CANARY, "instructions");
  await store.people.giveRole(OTHER_GUILD, { person: "300000000000000099", name: CANARY, role: "agent" }, CANARY);
  await store.cases.plan(OTHER_GUILD, [
    {
      ...{ key: "case-1", channel: "200000000000000001", channelName: "help", message: "600000000000000001" },
      ...{
        author: "300000000000000098",
        authorName: CANARY,
        atMs: services.clock.now(),
        evidence: CANARY,
        context: [],
      },
      ...{ rule: { n: 1, text: CANARY }, action: "warn", state: "review", problem: null, strike: null },
      verdict: {
        ...{ source: "model", signals: [], category: "spam", severity: "low", confidence: 0.9 },
        ...{ reason: CANARY, model: null, costUsd: 0 },
      },
      plan: { acts: ["warn"], held: [] },
    },
  ] as never);

  tables = (
    await sql<{ table_name: string }[]>`
      select table_name from information_schema.columns
      where table_schema = 'public' and column_name = 'guild_id' order by table_name`
  ).map(({ table_name }) => table_name);
  const found = new Set<string>();
  for (const table of tables) {
    for (const row of await sql`select * from ${sql(table)} where guild_id = ${OTHER_GUILD}`) {
      for (const value of Object.values(row)) {
        const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
        if (typeof text === "string" && ID.test(text) && text !== CANARY) found.add(text);
      }
    }
  }
  foreignIds = [...found];
}, 60_000);
afterAll(async () => {
  await sql.end();
  await dashboard.stop();
});

/** All rows of a guild, in every table that has guilds. */
async function rowsOf(guild: string): Promise<string> {
  const all = [];
  for (const table of tables) all.push([table, await sql`select * from ${sql(table)} where guild_id = ${guild}`]);
  return JSON.stringify(all, (_, value) => (typeof value === "bigint" ? String(value) : value));
}

async function ask(
  method: Route["method"],
  path: string,
  cookie: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const body = method === "POST" || method === "PUT" ? new URLSearchParams(fields) : null;
  const headers = { cookie, "sec-fetch-site": "same-origin" };
  const response = await fetch(dashboard.web.url + path, { method, redirect: "manual", headers, body });
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    await response.body?.cancel();
    return { status: response.status, text: "" };
  }
  return { status: response.status, text: await response.text() };
}

const guildRoutes = () => dashboard.web.routes.filter(({ path }) => path.includes("/:guild"));
const filled = (path: string, guild: string, id: string) => path.replace(":guild", guild).replace(/:\w+/g, id);

describe("another server", () => {
  test("there are ids to try, from every table that something was put into", () => {
    expect(foreignIds.length).toBeGreaterThan(20);
    expect(tables.length).toBeGreaterThan(10);
  });

  test("does not exist for those without a role in it, at any route, and nothing happens to it", async () => {
    const before = await rowsOf(OTHER_GUILD);
    for (const { method, path } of guildRoutes()) {
      for (const guild of [OTHER_GUILD, NOWHERE]) {
        for (const actor of ACTORS) {
          if ((actor === "stranger" || actor === "operator") && guild === OTHER_GUILD) continue;
          const { status, text } = await ask(method, filled(path, guild, "1"), cookies[actor]);
          const expected = actor === "nobody" ? 303 : 404;
          expect([method, path, guild, actor, status]).toEqual([method, path, guild, actor, expected]);
          expect(text).not.toContain(CANARY);
        }
      }
    }
    expect(await rowsOf(OTHER_GUILD)).toBe(before);
  });

  test("is not reached through one's own by its ids in a path: 404, and nothing happens to it", async () => {
    const before = await rowsOf(OTHER_GUILD);
    for (const { method, path } of guildRoutes()) {
      const places = [...path.matchAll(/:\w+/g)].map(([place]) => place).filter((place) => place !== ":guild");
      if (places.length === 0 || places.some((place) => [...PEOPLE, ...WORDS].includes(place))) continue;
      for (const id of foreignIds) {
        const at = filled(path, GUILD, encodeURIComponent(id));
        const { status, text } = await ask(method, at, cookies.admin);
        // A form may be refused for its other fields before its id is looked up; nothing is shown or done either way.
        const allowed = method === "GET" ? [404] : [404, 400, 403, 409, 422];
        expect([method, at, allowed.includes(status) || status]).toEqual([method, at, true]);
        expect([at, text.includes(CANARY)]).toEqual([at, false]);
      }
    }
    expect(await rowsOf(OTHER_GUILD)).toBe(before);
  });

  test("is not reached by its ids in any field of any form or query: nothing of it is shown, nothing happens to it", async () => {
    const names = new Set<string>();
    for (const { method, path } of guildRoutes()) {
      if (method !== "GET" || path.replace("/:guild", "").includes(":")) continue;
      const { text } = await ask("GET", filled(path, GUILD, ""), cookies.admin);
      for (const [, name = ""] of text.matchAll(/<(?:input|select|textarea)[^>]* name="([^"]+)"/g)) names.add(name);
    }
    expect(names.size).toBeGreaterThan(15);
    const version = String((await dashboard.services.store.guilds.get(GUILD))?.version);
    const before = await rowsOf(OTHER_GUILD);
    for (const { method, path } of guildRoutes()) {
      if (path.replace("/:guild", "").includes(":")) continue;
      for (const id of foreignIds) {
        const fields = { ...Object.fromEntries([...names].map((name) => [name, id])), version };
        const query = method === "GET" ? `?${new URLSearchParams(fields)}` : "";
        const { status, text } = await ask(method, filled(path, GUILD, "") + query, cookies.admin, fields);
        expect([method, path, id, status < 500]).toEqual([method, path, id, true]);
        expect([path, id, text.includes(CANARY)]).toEqual([path, id, false]);
      }
    }
    expect(await rowsOf(OTHER_GUILD)).toBe(before);
  });
});
