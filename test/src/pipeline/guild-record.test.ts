import { describe, expect, test } from "bun:test";
import { createDirectory } from "../../../src/directory.ts";
import type { ApplicationId, GuildId } from "../../../src/ids.ts";
import type { Message } from "../../../src/message.ts";
import { createGuildRecords, type GuildRecord, type GuildRecords } from "../../../src/pipeline/guild-record.ts";
import { guildSettingsSchema } from "../../../src/settings/form.ts";
import type { GuildRow } from "../../../src/store/ports/guilds.ts";
import {
  APPLICATION,
  BOT,
  BOT_ROLE,
  CHANNEL,
  GUILD,
  guildPayload,
  mention,
  message,
  snowflake,
} from "../../support/build.ts";
import { createClock, createStoreDouble } from "../../support/doubles.ts";
import { openHouse } from "../../support/house.ts";

const OTHER = "100000000000000002" as GuildId;
const FILTER = { words: ["pineapple"], patterns: [], mentionsMax: null, allowedDomains: [] };
const moderation = (filter: Partial<typeof FILTER> = {}, on = true) =>
  guildSettingsSchema.shape.moderation.parse({ on, filter: { ...FILTER, ...filter } });

function open(bounds?: Parameters<typeof createGuildRecords>[1]) {
  const clock = createClock();
  const rows = createStoreDouble(clock, APPLICATION).rows;
  const peeks: GuildId[] = [];
  const peek = (guild: GuildId) => {
    peeks.push(guild);
    return rows.get(guild);
  };
  const guilds: GuildRecords = createGuildRecords({ settings: { peek }, botOf: () => ({ directory }), clock }, bounds);
  const directory = createDirectory(BOT, { changed: guilds.changed, allChanged: guilds.allChanged, opened() {} });
  const put = (guild: GuildId, fields: Partial<GuildRow> & { readonly settings: GuildRow["settings"] }) => {
    const addressing = { botRole: null, ownThreads: [] };
    const row = {
      guild,
      application: APPLICATION,
      account: "a",
      name: "Lumen",
      version: 1,
      joinedAtMs: 0,
      leftAtMs: null,
    };
    rows.set(guild, { ...row, addressing, ...fields });
    guilds.changed(guild);
  };
  const find = (guild: GuildId = GUILD) => guilds.find(APPLICATION, guild) as GuildRecord;
  return { clock, rows, peeks, guilds, directory, put, find };
}

const settings = (fields: object = {}) => guildSettingsSchema.parse(fields);

describe("a guild's record", () => {
  test("is the same one, without a look at the settings, until something changes", () => {
    const { peeks, put, find } = open();
    put(GUILD, { settings: settings() });
    const first = find();
    for (let i = 0; i < 5; i++) expect(find()).toBe(first);
    expect(peeks).toEqual([GUILD]);
    put(GUILD, { settings: settings({ mode: "all" }) });
    expect(find()).not.toBe(first);
    expect(find().row.settings.mode).toBe("all");
  });

  test("asks each second whether its settings are due to be read again", async () => {
    const { peeks, put, find, clock } = open();
    put(GUILD, { settings: settings() });
    const first = find();
    await clock.advance(999);
    find();
    expect(peeks).toHaveLength(1);
    await clock.advance(1);
    expect(find()).toBe(first);
    expect(peeks).toHaveLength(2);
  });

  test("is told apart from a guild that is not loaded, that the bot is not in, and that is another bot's", () => {
    const { rows, put, find, guilds } = open();
    expect(find()).toBeUndefined();
    rows.set(GUILD, null as unknown as GuildRow);
    expect(find() as unknown).toBeNull();
    put(GUILD, { settings: settings(), application: "7" as ApplicationId });
    expect(find() as unknown).toBe("another-bots");
    put(GUILD, { settings: settings() });
    expect(find().row.application).toBe(APPLICATION);
    expect(guilds.find("7" as ApplicationId, GUILD)).toBe("another-bots");
  });

  test("knows what names the bot: as it was kept, as the gateway tells, and as it changes", () => {
    const { put, find, directory } = open();
    put(GUILD, { settings: settings(), addressing: { botRole: BOT_ROLE, ownThreads: [] } });
    expect([find().known, find().needles]).toEqual([false, [BOT.userId, BOT_ROLE]]);
    const role = snowflake();
    const named = { id: role, name: "G", position: 1, permissions: "0", tags: { bot_id: BOT.userId } };
    directory.observe("GUILD_CREATE", guildPayload({ roles: [named] }));
    expect([find().known, find().needles]).toEqual([true, [BOT.userId, role]]);
    directory.observe("GUILD_ROLE_DELETE", { guild_id: GUILD, role_id: role });
    expect(find().needles).toEqual([BOT.userId]);
    directory.setSelf({ userId: "500000000000000077" as typeof BOT.userId, name: "Other" });
    expect(find().needles).toEqual(["500000000000000077"]);
    directory.observe("GUILD_DELETE", { id: GUILD });
    expect(find().known).toBe(false);
  });

  test("compiles its filter once, however often settings are read, anew when it changes, and none where moderation is off", () => {
    const { put, find } = open();
    put(GUILD, { settings: settings({ moderation: moderation() }) });
    const first = find().filter;
    expect(first.words.map(({ written }) => written)).toEqual(["pineapple"]);
    put(GUILD, { settings: settings({ mode: "all", moderation: moderation() }) });
    expect(find().filter).toBe(first);
    put(GUILD, { settings: settings({ moderation: moderation({ words: ["ananas"] }) }) });
    expect(find().filter.words.map(({ written }) => written)).toEqual(["ananas"]);
    put(GUILD, { settings: settings({ moderation: moderation({}, false) }) });
    expect(find().filter.words).toEqual([]);
    put(GUILD, { settings: settings({ moderation: moderation() }) });
    expect(find().filter.words.map(({ written }) => written)).toEqual(["pineapple"]);
  });

  test("keeps what the prefilter remembers when its settings change, and shares nothing with another guild's", () => {
    const { put, find } = open();
    const line = message() as Message;
    for (const guild of [GUILD, OTHER]) put(guild, { settings: settings({ moderation: moderation() }) });
    expect([find().memory().rate(line), find().memory().rate(line)]).toEqual([1, 2]);
    put(GUILD, { settings: settings({ mode: "all", moderation: moderation({ words: ["ananas"] }) }) });
    expect(find().memory().rate(line)).toBe(3);
    expect(find(OTHER).memory().rate(line)).toBe(1);
    expect(find(OTHER).filter).not.toBe(find().filter);
    expect([find().row.guild, find(OTHER).row.guild]).toEqual([GUILD, OTHER]);
  });

  test("forgets what the prefilter remembers of whoever was silent longest, and stays the same record", async () => {
    const { put, find, clock } = open({ memoriesMax: 2 });
    const guilds = ["1", "2", "3"].map((n) => `10000000000000001${n}` as GuildId);
    for (const guild of guilds) put(guild, { settings: settings({ moderation: moderation() }) });
    const [first = GUILD, second = GUILD, third = GUILD] = guilds;
    const record = find(first);
    const memories = [first, second].map((guild) => find(guild).memory());
    await clock.advance(1_000);
    find(second);
    find(third).memory();
    expect(find(second).memory()).toBe(memories[1] as ReturnType<GuildRecord["memory"]>);
    expect(find(first)).toBe(record);
    expect(record.memory()).not.toBe(memories[0] as ReturnType<GuildRecord["memory"]>);
  });

  test("compiles its filter anew where others' words took the room since it spoke", async () => {
    const { put, find } = open({ wordsMax: 4 });
    const guilds = ["1", "2", "3", "4", "5"].map((n) => `10000000000000001${n}` as GuildId);
    for (const guild of guilds) put(guild, { settings: settings({ moderation: moderation() }) });
    const filters = guilds.map((guild) => find(guild).filter);
    const again = guilds.map((guild) => ({ guild, is: filters.shift() })).reverse();
    expect(again.map(({ guild, is }) => find(guild).filter === is)).toEqual([true, true, true, false, false]);
    for (const guild of guilds) expect(find(guild).filter.words.map(({ written }) => written)).toEqual(["pineapple"]);
  });

  test("gives way where others speak and it does not; one that goes on speaking stays", async () => {
    const { put, find, clock } = open({ guildsMax: 2 });
    const guilds = ["1", "2", "3", "4"].map((n) => `10000000000000001${n}` as GuildId);
    for (const guild of [GUILD, ...guilds]) put(guild, { settings: settings() });
    const busy = find().memory();
    const [first = GUILD] = guilds;
    const silent = find(first).memory();
    for (const guild of guilds) {
      find(guild);
      await clock.advance(1_000);
      expect(find().memory()).toBe(busy);
    }
    expect(find(first).memory()).not.toBe(silent);
  });
});

describe("on a message's way", () => {
  const say = (text: string, fields: object = {}) => message({ content: text, ...fields });

  test("what the dashboard saves is in force as soon as it is read, in that guild alone", async () => {
    const joined = [GUILD, OTHER];
    const { handle, store, bus, clock } = await openHouse({ joined, settings: { mode: "off" } });
    const reasons = async () => {
      const elsewhere = await handle(say("hello there", { guild_id: OTHER, channel_id: "200000000000000009" }));
      return [(await handle(say("hello there"))).reason, elsewhere.reason];
    };
    expect(await reasons()).toEqual(["mode-off", "mode-off"]);
    store.configure(GUILD, { mode: "mention" });
    expect(await reasons()).toEqual(["mode-off", "mode-off"]);
    await bus.publish({ type: "guild-changed", guild: GUILD });
    await clock.advance(0);
    expect(await reasons()).toEqual(["not-mentioned", "mode-off"]);
  });

  test("settings that are due by age are read while messages come", async () => {
    const { handle, store, clock } = await openHouse({ settings: { mode: "off" } });
    expect((await handle(say("hello there"))).reason).toBe("mode-off");
    store.configure(GUILD, { mode: "mention" });
    await clock.advance(22_000);
    await handle(say("hello there"));
    await clock.advance(0);
    expect((await handle(say("hello there"))).reason).toBe("not-mentioned");
  });

  test("a role that Discord makes for the bot names it from the next message on", async () => {
    const { handle, pipeline } = await openHouse();
    const role = snowflake();
    const named = () =>
      handle(
        mention("How do I pair a sensor?", {
          mentions: [],
          mention_roles: [role],
          content: `<@&${role}> How do I pair a sensor?`,
        }),
      );
    expect((await named()).kind).toBe("silent");
    const made = { id: role, name: "Bot", position: 1, permissions: "0", tags: { bot_id: BOT.userId } };
    await pipeline.observe(APPLICATION, "GUILD_ROLE_CREATE", { guild_id: GUILD, role: made });
    expect((await named()).kind).toBe("answered");
  });

  test("a guild that the bot leaves is read no more, and again once it is back", async () => {
    const { handle, pipeline, store } = await openHouse({ settings: { mode: "off" } });
    expect((await handle(say("hello there"))).reason).toBe("mode-off");
    await pipeline.observe(APPLICATION, "GUILD_DELETE", { id: GUILD });
    store.configure(GUILD, { mode: "ask" });
    await pipeline.observe(
      APPLICATION,
      "GUILD_CREATE",
      guildPayload({ channels: [{ id: CHANNEL, name: "help", type: 0 }] }),
    );
    expect((await handle(say("hello there"))).reason).toBe("mode-ask");
  });
});
