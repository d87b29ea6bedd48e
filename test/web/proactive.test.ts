/** The page of posts that the bot makes by itself. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { GuildId } from "../../src/ids.ts";
import { saveText } from "../../src/knowledge.ts";
import { formVersion } from "../../web/parts/form-version.ts";
import { CHANNEL, GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

let dashboard: Dashboard;
let operator = "";
const guild = GUILD as GuildId;
const path = `/guilds/${GUILD}/proactive`;
const form = {
  ...{ channel: CHANNEL, frequency: "daily", at: "09:30", weekday: "1", timeZone: "Europe/Istanbul" },
  ...{ quietFrom: "", quietUntil: "", topics: "Pairing sensors\n\n refunds " },
};

beforeAll(async () => {
  dashboard = await openDashboard();
  const { store, bus, cutter } = dashboard.services;
  await fillWorld(dashboard.services);
  await saveText(
    {
      guild,
      name: "Pairing",
      text: "Hold the hub's button for 3 seconds, then pull the tab out of the sensors to pair them.",
    },
    { store: store.knowledge, bus, cutter },
  );
  operator = await dashboard.signIn();
}, 60_000);
afterAll(() => dashboard.stop(), 30_000);

async function schedules() {
  return await dashboard.services.store.proactive.schedules(guild);
}

async function posts() {
  return (await dashboard.services.store.proactive.posts(guild, 10)).items;
}

describe("schedules", () => {
  test("are saved as they were written, paused and removed", async () => {
    expect((await dashboard.post(path, form, operator)).status).toBe(303);
    const [row] = await schedules();
    expect(row?.schedule).toMatchObject({ at: 570, topics: ["Pairing sensors", "refunds"], quiet: null });
    expect(row?.nextAtMs).toBeGreaterThan(Date.now());
    await dashboard.post(`${path}/${row?.id}/pause`, {}, operator);
    expect((await schedules())[0]?.paused).toBe(true);
    await dashboard.post(`${path}/${row?.id}/pause`, {}, operator);
    const changed = { ...form, quietFrom: "22:00", quietUntil: "07:00", approval: "on" };
    const version = formVersion((await schedules())[0]?.schedule);
    await dashboard.post(`${path}/${row?.id}`, { ...changed, version }, operator);
    expect((await schedules())[0]?.schedule).toMatchObject({ quiet: { from: 1_320, until: 420 }, approval: true });
  });

  test("that cannot be are refused with what to do", async () => {
    for (const [fields, words] of [
      [{ channel: "no-such-channel" }, "Choose a channel"],
      [{ at: "25:00" }, "09:30"],
      [{ quietFrom: "10:00" }, "beginning and an end"],
      [{ timeZone: "Mars" }, "no time zone"],
      [{ topics: " \n " }, "1 to 30 topics"],
      [{ at: "01:00", quietFrom: "00:00", quietUntil: "02:00" }, "leave no time"],
    ] as const) {
      const answer = await dashboard.post(path, { ...form, ...fields }, operator);
      expect([answer.status, (await answer.text()).includes(words)]).toEqual([422, true]);
    }
    expect(await schedules()).toHaveLength(1);
  });
});

describe("drafts", () => {
  test("a preview is shown, edited and sent once", async () => {
    const [row] = await schedules();
    const made = await dashboard.post(`${path}/${row?.id}/draft`, {}, operator);
    expect(made.status).toBe(303);
    const draft = (await posts()).find((post) => post.state === "draft");
    expect(await (await dashboard.get(path, operator)).text()).toContain("A draft waits for you");
    const at = `${path}/${draft?.schedule}/posts/${draft?.slotMs}`;
    const version = formVersion(draft?.text);
    const other = await dashboard.post(
      at,
      { step: "save", text: "Typed over an older draft.", version: "0" },
      operator,
    );
    expect([other.status, (await other.text()).includes("Typed over an older draft.")]).toEqual([409, true]);
    const send = { step: "send", text: "Edited by hand.", version };
    expect((await dashboard.post(at, send, operator)).status).toBe(303);
    expect((await posts())[0]).toMatchObject({ state: "posted", text: "Edited by hand." });
    const again = await dashboard.post(at, { step: "send", text: "Twice?" }, operator);
    expect([again.status, (await again.text()).includes("the draft is gone")]).toEqual([409, true]);
    expect((await posts())[0]?.text).toBe("Edited by hand.");
  });

  test("one can be discarded, and a schedule removed with its history kept", async () => {
    const [row] = await schedules();
    await dashboard.post(`${path}/${row?.id}/draft`, {}, operator);
    const draft = (await posts()).find((post) => post.state === "draft");
    if (draft !== undefined) {
      const at = `${path}/${draft.schedule}/posts/${draft.slotMs}`;
      await dashboard.post(at, { step: "discard", text: "", version: formVersion(draft.text) }, operator);
      expect((await posts())[0]?.state).toBe("discarded");
    }
    expect((await dashboard.post(`${path}/${row?.id}/delete`, {}, operator)).status).toBe(303);
    expect(await schedules()).toEqual([]);
    expect((await posts()).length).toBeGreaterThan(0);
  });
});
