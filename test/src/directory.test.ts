import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createDirectory } from "../../src/directory.ts";
import type { ChannelId, GuildId, RoleId, UserId } from "../../src/ids.ts";
import { PERMISSIONS } from "../../src/permissions.ts";
import { BOT, BOT_ROLE, CHANNEL, GUILD, guildPayload, snowflake } from "../support/build.ts";

describe("the directory", () => {
  test("knows a guild's name, the bot's ids in it and what the bot may do in a channel", () => {
    const directory = createDirectory(BOT);
    expect(directory.observe("GUILD_CREATE", guildPayload())).toMatchObject({
      type: "guild-joined",
      guild: GUILD,
      name: "Lumen",
      locale: "en-US",
    });
    expect(directory.guildName(GUILD)).toBe("Lumen");
    expect(directory.needles(GUILD)).toEqual([BOT.userId, BOT_ROLE]);
    const bits = directory.permissions(GUILD, CHANNEL) ?? 0n;
    expect(bits & PERMISSIONS.sendMessages).toBe(PERMISSIONS.sendMessages);
    expect(bits & PERMISSIONS.banMembers).toBe(0n);
  });

  test("learns who the bot is from READY", () => {
    const directory = createDirectory();
    expect(directory.self()).toBeNull();
    directory.observe("READY", { user: { id: BOT.userId, username: "Gatehouse" } });
    expect(directory.self()).toEqual(BOT);
  });

  test("follows roles, overwrites and its own member", () => {
    const directory = createDirectory(BOT);
    directory.observe("GUILD_CREATE", guildPayload());
    const may = () => ((directory.permissions(GUILD, CHANNEL) ?? 0n) & PERMISSIONS.sendMessages) !== 0n;
    const deny = { id: GUILD, type: 0, allow: "0", deny: String(PERMISSIONS.sendMessages) };
    directory.observe("CHANNEL_UPDATE", {
      id: CHANNEL,
      guild_id: GUILD,
      name: "help",
      type: 0,
      permission_overwrites: [deny],
    });
    expect(may()).toBe(false);
    const allow = { id: BOT_ROLE, type: 0, allow: String(PERMISSIONS.sendMessages), deny: "0" };
    directory.observe("CHANNEL_UPDATE", {
      id: CHANNEL,
      guild_id: GUILD,
      name: "help",
      type: 0,
      permission_overwrites: [deny, allow],
    });
    expect(may()).toBe(true);
    directory.observe("GUILD_MEMBER_UPDATE", { guild_id: GUILD, user: { id: BOT.userId }, roles: [] });
    expect(may()).toBe(false);
    directory.observe("GUILD_MEMBER_UPDATE", { guild_id: GUILD, user: { id: "3" }, roles: [BOT_ROLE] });
    expect(may()).toBe(false);
  });

  test("knows its own threads until they are gone, and which are solved", () => {
    const directory = createDirectory(BOT);
    directory.observe(
      "GUILD_CREATE",
      guildPayload({
        channels: [{ id: CHANNEL, type: 15, name: "forum", available_tags: [{ id: "70", name: "Solved" }] }],
      }),
    );
    const id = snowflake() as ChannelId;
    const thread = { id, guild_id: GUILD, type: 11, parent_id: CHANNEL, owner_id: BOT.userId, name: "pairing" };
    directory.observe("THREAD_CREATE", thread);
    expect([directory.ownThread(id), directory.threadSolved(id)]).toEqual([true, false]);
    directory.observe("THREAD_UPDATE", { ...thread, applied_tags: ["70"] });
    expect(directory.threadSolved(id)).toBe(true);
    directory.observe("THREAD_DELETE", { id, guild_id: GUILD });
    expect([directory.ownThread(id), directory.threadSolved(id)]).toEqual([false, false]);
  });

  test("an outage keeps a guild, leaving drops it", () => {
    const directory = createDirectory(BOT);
    directory.observe("GUILD_CREATE", guildPayload());
    expect(directory.observe("GUILD_DELETE", { id: GUILD, unavailable: true })).toBeNull();
    expect(directory.knows(GUILD)).toBe(true);
    expect(directory.observe("GUILD_DELETE", { id: GUILD })).toEqual({ type: "guild-left", guild: GUILD });
    expect(directory.knows(GUILD)).toBe(false);
  });

  test("tells staff from members", () => {
    const directory = createDirectory(BOT);
    const mod = { id: "900", name: "Mod", position: 3, permissions: String(PERMISSIONS.manageMessages) };
    directory.observe("GUILD_CREATE", guildPayload({ roles: [...(guildPayload().roles as object[]), mod] }));
    expect(directory.staff(GUILD, "5" as UserId, ["900" as RoleId])).toBe(true);
    expect(directory.staff(GUILD, "5" as UserId, [])).toBe(false);
    expect(directory.staff(GUILD, "300000000000000999" as UserId, [])).toBe(true);
  });

  test("tells staff by the roles and the owner of now", () => {
    const directory = createDirectory(BOT);
    directory.observe("GUILD_CREATE", guildPayload());
    const staff = (user: string, ...roles: string[]) => directory.staff(GUILD, user as UserId, roles as RoleId[]);
    const role = (permissions: bigint) => ({
      guild_id: GUILD,
      role: { id: "900", name: "Mod", position: 3, permissions: String(permissions) },
    });
    expect(staff("5", "900")).toBe(false);
    directory.observe("GUILD_ROLE_CREATE", role(PERMISSIONS.manageMessages));
    expect(staff("5", "900")).toBe(true);
    directory.observe("GUILD_ROLE_UPDATE", role(PERMISSIONS.sendMessages));
    expect(staff("5", "900")).toBe(false);
    directory.observe("GUILD_ROLE_UPDATE", role(PERMISSIONS.administrator));
    expect(staff("5", "900")).toBe(true);
    directory.observe("GUILD_ROLE_DELETE", { guild_id: GUILD, role_id: "900" });
    expect(staff("5", "900")).toBe(false);
    directory.observe("GUILD_UPDATE", { id: GUILD, name: "Lumen", owner_id: "5" });
    expect(staff("5")).toBe(true);
    const everyone = { id: GUILD, name: "@everyone", position: 0, permissions: String(PERMISSIONS.kickMembers) };
    directory.observe("GUILD_ROLE_UPDATE", { guild_id: GUILD, role: everyone });
    expect(staff("6")).toBe(true);
    directory.observe("GUILD_DELETE", { id: GUILD });
    expect(staff("5")).toBe(false);
    directory.observe("GUILD_CREATE", guildPayload());
    expect(staff("5")).toBe(false);
  });

  test("keeps what changed in a guild while hundreds of others are in use", () => {
    const directory = createDirectory(BOT);
    directory.observe("GUILD_CREATE", guildPayload());
    directory.observe("CHANNEL_UPDATE", { id: CHANNEL, guild_id: GUILD, name: "renamed", type: 0 });
    const others = Array.from({ length: 300 }, (_, n) => String(10_000 + n) as GuildId);
    for (const id of others) directory.observe("GUILD_CREATE", guildPayload({ id }));
    for (let times = 0; times < 2; times++) {
      for (const id of others) directory.guildName(id);
      expect(directory.channel(GUILD, CHANNEL)?.name).toBe("renamed");
    }
    directory.observe("CHANNEL_UPDATE", { id: CHANNEL, guild_id: GUILD, name: "again", type: 0 });
    for (const id of others) directory.guildName(id);
    expect(directory.channel(GUILD, CHANNEL)?.name).toBe("again");
  });

  test("packs a guild small and finds it again whole", () => {
    const directory = createDirectory(BOT);
    const roles = Array.from({ length: 20 }, (_, n) => ({
      id: String(1_000 + n),
      name: `Rolle ğ ${n}`,
      position: n,
      permissions: "66560",
    }));
    const channels = Array.from({ length: 20 }, (_, n) => ({ id: String(2_000 + n), name: `kanal-ü-${n}`, type: 0 }));
    for (let n = 0; n < 400; n++)
      directory.observe("GUILD_CREATE", guildPayload({ id: String(10_000 + n), roles, channels, name: `Guild ${n}` }));
    expect(directory.stats().packedChars / 400).toBeLessThan(3_000);
    for (const n of [0, 199, 399]) {
      const guild = String(10_000 + n) as GuildId;
      expect(directory.guildName(guild)).toBe(`Guild ${n}`);
      expect(directory.channel(guild, "2007" as ChannelId)?.name).toBe("kanal-ü-7");
    }
  });

  test("hears of channels and threads that come, change and go", () => {
    const directory = createDirectory(BOT);
    directory.observe("GUILD_CREATE", guildPayload({ channels: [] }));
    const hear = (type: string, fields: object) => directory.observe(type, { guild_id: GUILD, ...fields });
    const nameOf = (id: string) => directory.channel(GUILD, id as ChannelId)?.name;
    hear("CHANNEL_CREATE", { id: "7", type: 0, name: "new" });
    expect(nameOf("7")).toBe("new");
    hear("CHANNEL_UPDATE", { id: "7", type: 0, name: "renamed" });
    expect(nameOf("7")).toBe("renamed");
    hear("CHANNEL_DELETE", { id: "7", type: 0 });
    expect(nameOf("7")).toBeUndefined();
    hear("THREAD_CREATE", { id: "8", type: 11, name: "thread" });
    expect(nameOf("8")).toBe("thread");
    hear("THREAD_UPDATE", { id: "8", type: 11, name: "solved" });
    expect(nameOf("8")).toBe("solved");
    hear("THREAD_DELETE", { id: "8", type: 11 });
    expect(nameOf("8")).toBeUndefined();
    hear("THREAD_LIST_SYNC", { threads: [{ id: "9", type: 11, name: "synced" }] });
    expect(nameOf("9")).toBe("synced");
  });

  test("tells the channels of a guild at rest as it tells those of one in use", () => {
    const others = Array.from({ length: 130 }, (_, n) => String(10_000 + n) as GuildId);
    const ids = ["7", "70", CHANNEL, GUILD] as ChannelId[];
    const channel = fc.record({
      ...{ id: fc.constantFrom(...ids), guild_id: fc.constant(GUILD), name: fc.string() },
      ...{ type: fc.constantFrom(0, 11), parent_id: fc.constantFrom(CHANNEL, null) },
    });
    const type = fc.constantFrom(
      "CHANNEL_CREATE",
      "CHANNEL_UPDATE",
      "CHANNEL_DELETE",
      "THREAD_UPDATE",
      "MESSAGE_UPDATE",
    );
    const guild = fc.record({ id: fc.constant(GUILD), channels: fc.array(channel) }).map((data) => guildPayload(data));
    const event = fc.oneof(
      { weight: 9, arbitrary: fc.tuple(type, channel) },
      { weight: 1, arbitrary: fc.tuple(fc.constant("GUILD_CREATE"), guild) },
    );
    const restless = createDirectory(BOT);
    for (const other of others) restless.observe("GUILD_CREATE", guildPayload({ id: other }));
    fc.assert(
      fc.property(fc.array(event, { minLength: 5, maxLength: 12 }), (events) => {
        const calm = createDirectory(BOT);
        for (const directory of [calm, restless]) directory.observe("GUILD_CREATE", guildPayload());
        for (const [kind, data] of events) {
          for (const directory of [calm, restless]) directory.observe(kind, data);
          for (const other of others) restless.guildName(other);
          for (const one of ids) expect(restless.channel(GUILD, one)).toEqual(calm.channel(GUILD, one));
          calm.guildName(GUILD);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("is not disturbed by anything", () => {
    const directory = createDirectory(BOT);
    directory.observe("GUILD_CREATE", guildPayload());
    const type = fc.constantFrom(
      "GUILD_CREATE",
      "GUILD_UPDATE",
      "GUILD_ROLE_CREATE",
      "CHANNEL_UPDATE",
      "THREAD_LIST_SYNC",
      "GUILD_MEMBER_UPDATE",
      "READY",
      "NEW_THING",
    );
    const data = fc.oneof(
      fc.anything(),
      fc.record({
        id: fc.constant(GUILD),
        guild_id: fc.constant(GUILD),
        roles: fc.anything(),
        channels: fc.anything(),
        threads: fc.anything(),
        role: fc.anything(),
        user: fc.anything(),
        name: fc.anything(),
      }),
    );
    fc.assert(
      fc.property(type, data, (t, d) => void directory.observe(t, d)),
      { numRuns: 500 },
    );
  });
});
