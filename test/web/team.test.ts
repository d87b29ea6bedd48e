/** The team: an admin gives agents and viewers their roles, by Discord's ids, and each change is written down. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import type { UserId } from "../../src/ids.ts";
import { APPLICATION, BOT, GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

const TEAM = `/guilds/${GUILD}/team`;
const MIRA = "300000000000000501";
const STRANGER = "300000000000000502";
const CHIEF = "300000000000000503";

let dashboard: Dashboard;
let chief = "";

beforeAll(async () => {
  const discord = createRecording(APPLICATION, BOT, systemClock);
  const members: typeof discord.members = {
    ...discord.members,
    get: async (_, user: UserId) =>
      [MIRA, CHIEF].includes(user)
        ? { id: user, name: user === MIRA ? "Mira <b>" : "Chief", roles: [], timedOutUntilMs: null, joinedAtMs: null }
        : null,
    search: async (_, name) =>
      [
        { id: MIRA, name: "Mira <b>" },
        { id: "300000000000000505", name: "Miranda" },
      ]
        .filter((one) => one.name.toLowerCase().startsWith(name.toLowerCase()))
        .map((one) => ({ ...one, id: one.id as UserId, roles: [], timedOutUntilMs: null, joinedAtMs: null })),
  };
  dashboard = await openDashboard({ overrides: { discord: () => ({ ...discord, members }) } });
  await fillWorld(dashboard.services);
  chief = await dashboard.signIn({ id: CHIEF, name: "Chief", operator: false });
  await dashboard.services.store.people.setRole(CHIEF, GUILD, "admin");
});
afterAll(() => dashboard.stop());

const role = (person: string) => dashboard.services.store.people.role(person, GUILD);

test("somebody is added by id, changed and removed, and the changes say by whom", async () => {
  const mira = await dashboard.signIn({ id: MIRA, name: "Mira", operator: false });
  const conversations = () => dashboard.get(`/guilds/${GUILD}/conversations`, mira);
  expect((await conversations()).status).toBe(404);
  const added = await dashboard.post(TEAM, { person: `<@${MIRA}>`, role: "agent" }, chief);
  expect([added.status, added.headers.get("location")]).toEqual([303, `${TEAM}?saved=1`]);
  expect((await conversations()).status).toBe(200);
  expect((await dashboard.get(TEAM, mira)).status).toBe(404);
  await dashboard.post(TEAM, { person: MIRA, role: "viewer" }, chief);
  expect(await role(MIRA)).toBe("viewer");
  await dashboard.post(`${TEAM}/${MIRA}/delete`, {}, chief);
  expect((await conversations()).status).toBe(404);
  const settings = await (await dashboard.get(`/guilds/${GUILD}/settings`, chief)).text();
  for (const change of ["no role → Agent", "Agent → Viewer", "Viewer → no role"]) {
    expect(settings).toContain(`Mira: ${change}`);
  }
  expect(settings).toContain(`Chief (${CHIEF})`);
});

test("a name is looked up, and whoever is meant is chosen from the members it fits", async () => {
  const asked = await dashboard.post(TEAM, { person: "@mira", role: "viewer" }, chief);
  const page = await asked.text();
  expect(asked.status).toBe(200);
  for (const shown of ["Who is “@mira”?", "Miranda", "Mira &lt;b&gt;", `name="person" value="${MIRA}"`])
    expect(page).toContain(shown);
  expect(await role(MIRA)).toBeNull();
  expect((await dashboard.post(TEAM, { person: MIRA, role: "viewer" }, chief)).status).toBe(303);
  expect(await (await dashboard.get(TEAM, chief)).text()).toContain("Remove Mira from the team?");
  await dashboard.post(`${TEAM}/${MIRA}/delete`, {}, chief);
});

test("what is refused says why, loses nothing typed and changes nothing", async () => {
  for (const [person, wanted, says] of [
    ["4711", "agent", "15 to 20 digits"],
    ["zoe", "agent", "name begins so"],
    [STRANGER, "agent", "Nobody with this id is a member"],
    [MIRA, "admin", "Choose one of the roles"],
    ["<b>", "viewer", "&lt;b&gt;"],
  ] as const) {
    const response = await dashboard.post(TEAM, { person, role: wanted }, chief);
    expect([person, response.status]).toEqual([person, 422]);
    expect(await response.text()).toContain(says);
  }
  const own = await dashboard.post(`${TEAM}/${CHIEF}/delete`, {}, chief);
  expect([own.status, await role(CHIEF)]).toEqual([422, "admin"]);
  expect(await role(STRANGER)).toBeNull();
});

test("a name from Discord is shown as text, before its bearer ever signed in", async () => {
  await dashboard.services.store.people.giveRole(GUILD, { person: STRANGER, name: "Eve <i>", role: "agent" }, "Ada");
  const page = await (await dashboard.get(TEAM, chief)).text();
  expect(page).toContain("Eve &lt;i&gt;");
  expect(page).toContain("Sign-in with Discord is not set up");
});

test("only admins give roles", async () => {
  const agent = await dashboard.signIn({ id: "300000000000000504", name: "Agent", operator: false });
  await dashboard.services.store.people.setRole("300000000000000504", GUILD, "agent");
  const response = await dashboard.post(TEAM, { person: MIRA, role: "viewer" }, agent);
  expect([response.status, await role(MIRA)]).toEqual([404, null]);
});
