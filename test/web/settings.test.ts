/** Settings: what a form says is in force at once and written down; what makes no sense changes nothing. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { News } from "../../src/bus.ts";
import { CHANNEL, GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);
const PATH = `/guilds/${GUILD}/settings`;

let dashboard: Dashboard;
let cookie = "";
beforeAll(async () => {
  dashboard = await openDashboard();
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn({ id: "300000000000000042", name: "Admin", operator: false });
  await dashboard.services.store.people.setRole("300000000000000042", GUILD, "admin");
});
afterAll(() => dashboard.stop());

async function row() {
  const found = await dashboard.services.store.guilds.get(GUILD);
  if (found === null) throw new Error("no guild");
  return found;
}

async function save(fields: Readonly<Record<string, string>>, path = PATH): Promise<Response> {
  return dashboard.post(path, { version: String((await row()).version), ...fields }, cookie);
}

const DEFAULTS = { mode: "mention", language: "en", instructions: "", smart: "on" };

describe("settings", () => {
  test("are saved, told to the workers, and written down with who changed them", async () => {
    const heard: News[] = [];
    const stop = dashboard.services.bus.subscribe((news) => heard.push(news));
    const response = await save({ ...DEFAULTS, mode: "all", instructions: "Be brief.\r\nBe kind.", awareness: "on" });
    stop();
    expect([response.status, response.headers.get("location")]).toEqual([303, `${PATH}?saved=1`]);
    const { settings } = await row();
    expect([settings.mode, settings.instructions, settings.awareness, settings.smart]).toEqual([
      "all",
      "Be brief.\nBe kind.",
      true,
      true,
    ]);
    expect(heard).toContainEqual({ type: "guild-changed", guild: GUILD });
    const page = await (await dashboard.get(`${PATH}?saved=1`, cookie)).text();
    expect(page).toContain("Saved. It is in force now.");
    expect(page).toContain("Admin (300000000000000042)");
    expect(page).toMatch(/Response mode<\/dt>\s*<dd><del[^>]*>.*On mention<\/del>.*Every message<\/ins>/);
  });

  test("that are the same write nothing down", async () => {
    const before = await row();
    const { mode, language, instructions } = before.settings;
    await save({ mode, language, instructions, smart: "on", awareness: "on" });
    expect((await row()).version).toBe(before.version);
  });

  test("hold how long things are kept, within bounds", async () => {
    const page = await (await dashboard.get(PATH, cookie)).text();
    expect(page).toMatch(/name="turnsDays"[^>]*value="180"/);
    const days = { ...DEFAULTS, turnsDays: "90", silencesDays: "7", leftDays: "1" };
    expect((await save(days)).status).toBe(303);
    expect((await row()).settings.retention).toEqual({ turnsDays: 90, silencesDays: 7, leftDays: 1 });
    for (const turnsDays of ["0", "3651", "-1", "1e3", "a", ""]) {
      const refused = await save({ ...days, turnsDays });
      expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining("correct it and save")]);
    }
    expect((await row()).settings.retention.turnsDays).toBe(90);
  });

  test("that make no sense change nothing and say why", async () => {
    const before = await row();
    for (const fields of [
      { ...DEFAULTS, mode: "loud" },
      { ...DEFAULTS, language: "xx" },
      { ...DEFAULTS, instructions: "x".repeat(4_001) },
      {},
    ]) {
      const response = await save(fields);
      expect(response.status).toBe(422);
      expect(await response.text()).toContain('role="alert"');
    }
    expect(await row()).toEqual(before);
  });

  test("that somebody else changed meanwhile are not written over", async () => {
    const { version } = await row();
    await save({ ...DEFAULTS, mode: "ask" });
    const late = await dashboard.post(PATH, { ...DEFAULTS, mode: "off", version: String(version) }, cookie);
    expect(late.status).toBe(409);
    expect((await row()).settings.mode).toBe("ask");
  });
});

describe("a channel", () => {
  const path = `${PATH}/channels`;

  test("may do otherwise than the server, in part, and go back", async () => {
    await save({ channel: CHANNEL, mode: "all", smart: "off", awareness: "" }, path);
    expect((await row()).settings.channels).toEqual({ [CHANNEL]: { mode: "all", smart: false } });
    expect(await (await dashboard.get(PATH, cookie)).text()).toContain("#help");
    await save({ channel: CHANNEL }, path);
    expect((await row()).settings.channels).toEqual({});
  });

  test("is changed where it stands, and keeps what was typed there when it was changed meanwhile", async () => {
    const path = `${PATH}/channels`;
    await save({ channel: CHANNEL, mode: "all", smart: "off" }, path);
    const fields = (page: string) =>
      ["mode", "smart", "awareness"].map(
        (name) =>
          new RegExp(`<select name="${name}" form="channel-${CHANNEL}"[^>]*>.*?<option value="(\\w+)" selected>`).exec(
            page.replace(/<\/select>/g, "\n"),
          )?.[1] ?? "",
      );
    expect(fields(await (await dashboard.get(PATH, cookie)).text())).toEqual(["all", "off", ""]);
    const stale = String((await row()).version);
    await save({ channel: CHANNEL, mode: "off", smart: "", awareness: "on" }, path);
    expect((await row()).settings.channels).toEqual({ [CHANNEL]: { mode: "off", awareness: true } });
    const late = await dashboard.post(
      path,
      { version: stale, channel: CHANNEL, mode: "ask", smart: "on", awareness: "" },
      cookie,
    );
    expect([late.status, fields(await late.text())]).toEqual([409, ["ask", "on", ""]]);
    await save({ channel: CHANNEL }, path);
    expect((await row()).settings.channels).toEqual({});
  });

  test("that is none is refused, whatever it is called", async () => {
    for (const channel of ["", "help", "1".repeat(30), "__proto__", "constructor"]) {
      expect([channel, (await save({ channel, mode: "all" }, path)).status]).toEqual([channel, 422]);
    }
    expect((await row()).settings.channels).toEqual({});
  });
});
