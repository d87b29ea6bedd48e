/** The setup page of a server: each field is saved by itself, said to be, and put back; nothing of somebody else's is lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import { AppError } from "../../src/errors.ts";
import type { UserId } from "../../src/ids.ts";
import { defaultSettings } from "../../src/settings/form.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, mention, message } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);
const PATH = `/guilds/${GUILD}/setup`;
const FRAGMENT = { "sec-fetch-site": "same-origin", "hx-request": "true" };

const recording = createRecording(APPLICATION, BOT, systemClock);
let dashboard: Dashboard;
let cookie = "";
let other = "";
beforeAll(async () => {
  // View, send, read history; and Manage Server, so that both admins are some.
  const everyone = { id: GUILD, name: "@everyone", position: 0, permissions: 68_640n };
  const discord = {
    ...recording,
    directory: {
      ...recording.directory,
      guild: async () => ({ id: GUILD, name: "Lumen", ownerId: null, roles: [everyone] }) as never,
      channels: async () =>
        [
          { id: "200000000000000003", name: "announcements", type: 5, parentId: null, ownerId: null, overwrites: [] },
          { id: "200000000000000004", name: "rules", type: 0, parentId: null, ownerId: null, overwrites: [] },
          { id: "200000000000000005", name: "general", type: 0, parentId: null, ownerId: null, overwrites: [] },
          { id: CHANNEL, name: "help", type: 0, parentId: null, ownerId: null, overwrites: [] },
          {
            ...{ id: "200000000000000002", name: "mods", type: 0, parentId: null, ownerId: null },
            overwrites: [{ id: GUILD, kind: "role", allow: 0n, deny: 1_024n }],
          },
          {
            ...{ id: "200000000000000006", name: "support", type: 0, parentId: null, ownerId: null },
            overwrites: [{ id: GUILD, kind: "role", allow: 0n, deny: 2_048n }],
          },
        ] as never,
    },
  };
  dashboard = await openDashboard({ overrides: { discord: () => discord } });
  await fillWorld(dashboard.services);
  const { people } = dashboard.services.store;
  cookie = await dashboard.signIn({ id: "300000000000000042", name: "Admin", operator: false });
  other = await dashboard.signIn({ id: "300000000000000043", name: "Other", operator: false });
  await people.setRole("300000000000000042", GUILD, "admin");
  await people.setRole("300000000000000043", GUILD, "admin");
  recording.welcome({ id: BOT.userId, name: BOT.name, roles: [], timedOutUntilMs: null, joinedAtMs: null });
});
afterAll(() => dashboard.stop());
beforeEach(async () => {
  await dashboard.services.store.guilds.change(GUILD, defaultSettings, "test", "reset");
});

async function settings() {
  const found = await dashboard.services.store.guilds.get(GUILD);
  if (found === null) throw new Error("no guild");
  return found.settings;
}

const page = async (query = "") => await (await dashboard.get(`${PATH}${query}`, cookie)).text();
/** The state that a field's form is made of. */
const was = (text: string, name: string) =>
  new RegExp(`id="said-${name}"[^>]*>\\s*<input type="hidden" name="was" value="(\\w+)"`).exec(text)?.[1] ?? "";
const rowIn = (text: string) => /name="row" value="(\d+)"/.exec(text)?.[1] ?? "";
const save = (name: string, fields: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>) =>
  dashboard.post(`${PATH}/fields/${name}`, fields, cookie, headers);

describe("a field of the setup page", () => {
  test("is saved by itself, says so, and is undone alone", async () => {
    const open = await page();
    const first = await save("mode", { was: was(open, "mode"), mode: "all" }, FRAGMENT);
    const said = await first.text();
    expect(said).toContain("Saved.");
    await save("instructions", { was: was(open, "instructions"), instructions: "Be brief." }, FRAGMENT);
    expect([(await settings()).mode, (await settings()).instructions]).toEqual(["all", "Be brief."]);
    const undone = await dashboard.post(`${PATH}/fields/mode/undo`, { row: rowIn(said) }, cookie, FRAGMENT);
    const step = await undone.text();
    expect(step).toContain('id="step-mode"');
    expect(step).toContain("Put back as it was.");
    expect([(await settings()).mode, (await settings()).instructions]).toEqual(["mention", "Be brief."]);
  });

  test("is saved by its button where there is no JavaScript, and leads back to its step", async () => {
    const saved = await save("language", { was: was(await page(), "language"), language: "tr" });
    const back = saved.headers.get("location") ?? "";
    expect([saved.status, back]).toEqual([303, expect.stringContaining("?saved=language&row=")]);
    expect(back).toEndWith("#step-voice");
    const shown = await page(back.slice(PATH.length).replace(/#.*/, ""));
    const undone = await dashboard.post(`${PATH}/fields/language/undo`, { row: rowIn(shown) }, cookie);
    expect(undone.status).toBe(303);
    expect((await settings()).language).toBe("en");
  });

  test("that is as it was says nothing new and writes nothing down", async () => {
    const before = await dashboard.services.store.guilds.audit(GUILD, 1);
    const same = await save("mode", { was: was(await page(), "mode"), mode: "mention" }, FRAGMENT);
    expect(same.status).toBe(204);
    expect(await dashboard.services.store.guilds.audit(GUILD, 1)).toEqual(before);
  });

  test("that somebody else changed meanwhile is not written over unseen, and is when it is sent once more", async () => {
    const open = await page();
    await dashboard.post(`${PATH}/fields/mode`, { was: was(open, "mode"), mode: "ask" }, other);
    const refused = await save("mode", { was: was(open, "mode"), mode: "all" }, FRAGMENT);
    const text = await refused.text();
    expect([refused.status, (await settings()).mode]).toEqual([422, "ask"]);
    expect(text).toContain("it is now: Only /ask");
    const again = /name="was" value="(\w+)"/.exec(text)?.[1] ?? "";
    expect((await save("mode", { was: again, mode: "all" }, FRAGMENT)).status).toBe(200);
    expect((await settings()).mode).toBe("all");
  });

  test("that makes no sense changes nothing, says why, and keeps what was typed", async () => {
    const open = await page();
    const long = "x".repeat(4_001);
    const refused = await save("instructions", { was: was(open, "instructions"), instructions: long });
    const text = await refused.text();
    expect([refused.status, text.includes("At most 4,000 characters."), text.includes(long)]).toEqual([
      422,
      true,
      true,
    ]);
    expect((await save("mode", { was: was(open, "mode"), mode: "loud" }, FRAGMENT)).status).toBe(422);
    expect((await save("nothing", {}, FRAGMENT)).status).toBe(404);
    expect(await settings()).toEqual(defaultSettings);
  });

  test("undoes all that was typed in one go, not its last piece", async () => {
    const open = await page();
    let said = await (
      await save("instructions", { was: was(open, "instructions"), instructions: "Be" }, FRAGMENT)
    ).text();
    const row = rowIn(said);
    const state = /name="was" value="(\w+)"/.exec(said)?.[1] ?? "";
    said = await (await save("instructions", { was: state, row, instructions: "Be brief." }, FRAGMENT)).text();
    expect(rowIn(said)).toBe(row);
    await dashboard.post(`${PATH}/fields/instructions/undo`, { row }, cookie, FRAGMENT);
    expect((await settings()).instructions).toBe("");
  });

  test("of channels switches those off that are not ticked, and leaves what else they have", async () => {
    const now = await settings();
    const channels = { [CHANNEL]: { smart: false } };
    await dashboard.services.store.guilds.change(GUILD, { ...now, channels }, "test", "channels");
    const off = new FormData();
    off.append("was", was(await page(), "channels"));
    off.append("shown", CHANNEL);
    await dashboard.post(`${PATH}/fields/channels`, off, cookie);
    expect((await settings()).channels).toEqual({ [CHANNEL]: { smart: false, mode: "off" } });
    const on = new FormData();
    on.append("was", was(await page(), "channels"));
    on.append("shown", CHANNEL);
    on.append("channel", CHANNEL);
    await dashboard.post(`${PATH}/fields/channels`, on, cookie);
    expect((await settings()).channels).toEqual(channels);
  });
});

describe("moderation", () => {
  test("begins in dry run with rules and the milder acts, and says which permissions it then needs", async () => {
    const saved = await save("moderation", { was: was(await page(), "moderation"), moderation: "on" }, FRAGMENT);
    const said = await saved.text();
    const { moderation } = await settings();
    expect([moderation.on, moderation.live, moderation.rules.length > 3]).toEqual([true, false, true]);
    expect(moderation.actions).toEqual({ delete: true, warn: true, timeout: true, kick: false, ban: false });
    expect(said).toContain('hx-target="#access"');
    expect(said).toMatch(/It still needs: [^<]*Manage Messages[^<]*Timeout Members/);
    expect(said).toContain(`guild_id=${GUILD}`);
  });
});

describe("the modes", () => {
  test("are shown by lines of channels that everybody sees, and never of others", async () => {
    recording.heard(
      message({
        content: "How do I pair the sensor with my hub?",
        author: { id: "300000000000000007", username: "Nova" },
      }),
    );
    recording.heard(
      message({ content: "lol that is so funny", author: { id: "300000000000000008", username: "Max" } }),
    );
    recording.heard(message({ channel_id: "200000000000000002", content: "Who of us bans the spammer today?" }));
    const seen = await (await dashboard.get(`${PATH}/discord`, cookie, FRAGMENT)).text();
    expect(seen).toContain("How do I pair the sensor with my hub?");
    expect(seen).not.toContain("bans the spammer");
    const part = (mode: string) => seen.split("<hx-partial").find((one) => one.includes(`#example-${mode}"`)) ?? "";
    expect(part("mention")).toContain("silent: the bot was not mentioned");
    expect(part("mention")).toContain("answers when it is mentioned with it");
    expect(part("all")).toContain("looks it up; answers if it knows");
    expect(part("all")).toMatch(/silent: (?!the bot was not mentioned)/);
    expect(part("ask")).toContain("answers it as /ask");
    expect(part("off")).toContain("silent: the bot is switched off here");
    // Without JavaScript the same stands on the page.
    expect(await page("?look=1")).toContain("How do I pair the sensor with my hub?");
  });

  test("take a line that mentions the bot for one that is answered", async () => {
    recording.heard(mention("what does it cost?"));
    const seen = await (await dashboard.get(`${PATH}/discord`, cookie, FRAGMENT)).text();
    const part = seen.split("<hx-partial").find((one) => one.includes('#example-mention"')) ?? "";
    expect(part).toContain("chip-green");
    expect(part).not.toContain("when it is mentioned with it");
  });
});

describe("the steps that send something", () => {
  test("begin to read an address, with or without its scheme, and refuse what is not public", async () => {
    const begun = await dashboard.post(`${PATH}/website`, { start: "docs.example.com/guide" }, cookie, FRAGMENT);
    expect(await begun.text()).toContain("The reading has begun.");
    const sources = await dashboard.services.store.knowledge.sources(GUILD);
    expect(sources.map(({ kind }) => kind)).toContain("website");
    for (const start of ["http://127.0.0.1/", "nothing at all", ""]) {
      const refused = await dashboard.post(`${PATH}/website`, { start }, cookie);
      expect([start, refused.status]).toEqual([start, 422]);
      expect(await refused.text()).toContain("This address is not read.");
    }
  });

  test("add somebody to the team, and take them out again", async () => {
    const person = "300000000000000077";
    recording.welcome({ id: person as UserId, name: "Mira", roles: [], timedOutUntilMs: null, joinedAtMs: null });
    const added = await dashboard.post(`${PATH}/team`, { person, role: "agent" }, cookie, FRAGMENT);
    expect(await added.text()).toContain("Added to the team.");
    expect(await dashboard.services.store.people.role(person, GUILD)).toBe("agent");
    await dashboard.post(`${PATH}/team/undo`, { row: person }, cookie, FRAGMENT);
    expect(await dashboard.services.store.people.role(person, GUILD)).toBeNull();
    const own = await dashboard.post(`${PATH}/team/undo`, { row: "300000000000000043" }, cookie);
    expect([own.status, await dashboard.services.store.people.role("300000000000000043", GUILD)]).toEqual([
      422,
      "admin",
    ]);
  });

  test("offer a channel where members ask and the bot speaks for the test message, never an announcement", async () => {
    const chosen = async () => {
      const [, step = ""] = (await page()).split('id="step-test"');
      return /value="(\d+)" selected/.exec(step)?.[1];
    };
    expect(await chosen()).toBe(CHANNEL);
    const silent = { ...defaultSettings, channels: { [CHANNEL]: { mode: "off" as const } } };
    await dashboard.services.store.guilds.change(GUILD, silent, "test", "channels");
    expect(await chosen()).toBe("200000000000000005");
  });

  test("say hello in a channel of this server once a minute, and in no other", async () => {
    const before = recording.sent.length;
    const sent = await (await dashboard.post(`${PATH}/test`, { channel: CHANNEL }, cookie, FRAGMENT)).text();
    expect(sent).toContain("Sent to #help.");
    expect(sent).toContain(`https://discord.com/channels/${GUILD}/${CHANNEL}/`);
    expect(recording.sent.slice(before).map(({ message: { content } }) => content)).toEqual([
      "Hello! I have just been set up and I am ready. Mention me and ask something.",
    ]);
    const foreign = await dashboard.post(`${PATH}/test`, { channel: "200000000000000099" }, cookie);
    expect([foreign.status, recording.sent.length]).toEqual([422, before + 1]);
    recording.failNext(new AppError("forbidden", "Missing Permissions"));
    const second = await dashboard.post(`${PATH}/test`, { channel: "200000000000000002" }, cookie, FRAGMENT);
    expect(await second.text()).toContain("Discord does not let it write there.");
  });
});
