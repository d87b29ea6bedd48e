/** Changes and settings as a file: what is shown, taken back, put in, and refused. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, OTHER_GUILD, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);
const BASE = `/guilds/${GUILD}`;
let dashboard: Dashboard;
let cookie = "";

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn({ id: "300000000000000042", name: "Admin", operator: false });
  for (const guild of [GUILD, OTHER_GUILD]) {
    await dashboard.services.store.people.setRole("300000000000000042", guild, "admin");
  }
});
afterAll(() => dashboard.stop());

const row = async () => {
  const found = await dashboard.services.store.guilds.get(GUILD);
  if (found === null) throw new Error("no guild");
  return found;
};
const version = async () => String((await row()).version);
const save = async (fields: Readonly<Record<string, string>>) =>
  dashboard.post(`${BASE}/settings`, { version: await version(), language: "en", ...fields }, cookie);
const newest = async () => (await dashboard.services.store.guilds.audit(GUILD, 1))[0]?.id ?? "";

test("a change is shown with its difference and put back alone, once, as a change of its own", async () => {
  await save({ mode: "all", instructions: "", smart: "on" });
  const first = await newest();
  await save({ mode: "all", instructions: "<b>Be kind.</b>", smart: "on" });
  const page = await (await dashboard.get(`${BASE}/audit`, cookie)).text();
  expect(page).toContain("&lt;b&gt;Be kind.&lt;/b&gt;");
  expect(page).toContain("Admin (300000000000000042)");

  const path = `${BASE}/audit/${first}/put-back`;
  expect((await dashboard.post(path, { version: "0" }, cookie)).status).toBe(409);
  expect((await dashboard.post(path, { version: await version() }, cookie)).status).toBe(303);
  const { settings } = await row();
  expect([settings.mode, settings.instructions]).toEqual(["mention", "<b>Be kind.</b>"]);
  expect((await dashboard.post(path, { version: await version() }, cookie)).status).toBe(422);
});

test("a change of another server, of the team, or none at all cannot be put back here", async () => {
  const { store } = dashboard.services;
  const own = await newest();
  await dashboard.post(`${BASE}/team`, { person: "300000000000000077", role: "viewer" }, cookie);
  await store.people.giveRole(GUILD, { person: "300000000000000078", name: "Mira", role: "agent" }, "Admin");
  const before = await row();
  for (const [guild, id] of [
    [OTHER_GUILD, own],
    [GUILD, await newest()],
    [GUILD, "999999999"],
    [GUILD, "1e3"],
    [GUILD, "-1"],
  ]) {
    const path = `/guilds/${guild}/audit/${id}/put-back`;
    expect([id, (await dashboard.post(path, { version: await version() }, cookie)).status]).toEqual([id, 404]);
  }
  expect(await row()).toEqual(before);
  expect(await (await dashboard.get(`${BASE}/audit`, cookie)).text()).toContain("Mira: no role → Agent");
});

test("the record is paged by key", async () => {
  for (let turn = 0; turn < 35; turn++) {
    await save({
      mode: "ask",
      instructions: `turn ${turn}, which is told in more words than one line of a table holds`,
    });
  }
  const page = await (await dashboard.get(`${BASE}/audit`, cookie)).text();
  expect(page).toContain("turn 34,");
  const next = /rel="next" href="([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const older = await (await dashboard.get(next, cookie)).text();
  expect(older).toContain("turn 0,");
  expect(older).not.toContain("turn 34,");
});
