/** Settings as a file in the dashboard: out, in after the difference was shown, and refused with what is wrong. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);
const BASE = `/guilds/${GUILD}`;
let dashboard: Dashboard;
let cookie = "";

beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn({ id: "300000000000000042", name: "Admin", operator: false });
  await dashboard.services.store.people.setRole("300000000000000042", GUILD, "admin");
});
afterAll(() => dashboard.stop());

const row = async () => {
  const found = await dashboard.services.store.guilds.get(GUILD);
  if (found === null) throw new Error("no guild");
  return found;
};
const version = async () => String((await row()).version);

test("settings go out as a file and come in again, after the difference was shown", async () => {
  const download = await dashboard.get(`${BASE}/settings/file/download`, cookie);
  expect(download.headers.get("content-disposition")).toContain("attachment");
  const text = (await download.text()).replace("mode: mention", "mode: all");
  const before = await row();
  const form = new FormData();
  form.set("file", new File([text], "settings.yaml"));
  const preview = await (await dashboard.post(`${BASE}/settings/file/preview`, form, cookie)).text();
  expect(preview).toContain("This would change");
  expect(await row()).toEqual(before);
  const stale = await dashboard.post(`${BASE}/settings/file`, { text, version: "0" }, cookie);
  expect(stale.status).toBe(409);
  const saved = await dashboard.post(`${BASE}/settings/file`, { text, version: await version() }, cookie);
  expect(saved.status).toBe(303);
  expect((await row()).settings).toEqual({ ...before.settings, mode: "all" });
});

test("a file that is none is refused and says what is wrong with it", async () => {
  const before = await row();
  for (const [text, said] of [
    ["moed: all", "<code>moed</code>"],
    ["mode: loud", "<code>mode</code>"],
    ["- a", "must be YAML"],
    ["", "Choose a file"],
  ] as const) {
    const answer = await dashboard.post(`${BASE}/settings/file/preview`, { text }, cookie);
    expect([text, answer.status, (await answer.text()).includes(said)]).toEqual([text, 422, true]);
  }
  expect(await row()).toEqual(before);
});
