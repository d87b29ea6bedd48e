/**
 * Moderation: permissions and role order, time-out, kick, ban, roles, the audit log with its reasons.
 * https://discord.com/developers/docs/resources/guild
 * https://discord.com/developers/docs/topics/permissions
 */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { PermissionFlagsBits as P } from "discord-api-types/v10";
import { type Simulator, startSimulator } from "../../../bench/simulator/simulator.ts";
import type { Channel, Guild, Role } from "../../../bench/simulator/world.ts";
import { login, rest } from "./client.ts";

let simulator: Simulator;
let guild: Guild;
let channel: Channel;
let botRole: Role;
let userId: string;

beforeEach(() => {
  simulator = startSimulator({ limits: { enforced: false }, identify: { windowMs: 0 } });
  ({ guild, channel } = simulator.actions.createGuild({ name: "Test" }));
  userId = simulator.actions.addMember(guild.id, { username: "ada" }).userId;
  const own = [...guild.roles.values()].find((role) => role.botId !== undefined);
  if (!own) throw new Error("the bot has no role");
  botRole = own;
});
afterEach(() => simulator.stop());

const call = (method: string, path: string, body?: unknown, reason?: string) =>
  rest(simulator, method, path, body, reason === undefined ? {} : { "x-audit-log-reason": encodeURIComponent(reason) });
const grant = (bits: bigint) => {
  botRole.permissions |= bits;
};
const member = (path = "") => `/guilds/${guild.id}/members/${userId}${path}`;
const inOneHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe("time-out (resources/guild#modify-guild-member)", () => {
  test("needs Moderate Members, silences the member, is undone by null, and is at most 28 days", async () => {
    const until = { communication_disabled_until: inOneHour() };
    expect((await call("PATCH", member(), until)).body.code).toBe(50013);
    grant(P.ModerateMembers);
    expect((await call("PATCH", member(), until, "flood")).status).toBe(200);
    expect(() => simulator.actions.say({ channelId: channel.id, userId, content: "hey" })).toThrow(
      "Missing Permissions",
    );
    expect(guild.auditLog[0]).toMatchObject({
      actionType: 24,
      reason: "flood",
      changes: [{ key: "communication_disabled_until" }],
    });
    await call("PATCH", member(), { communication_disabled_until: null });
    expect(simulator.actions.say({ channelId: channel.id, userId, content: "hey" }).content).toBe("hey");
    const far = { communication_disabled_until: new Date(Date.now() + 29 * 86_400_000).toISOString() };
    expect((await call("PATCH", member(), far)).body.code).toBe(50035);
  });

  test("an administrator cannot be timed out", async () => {
    grant(P.ModerateMembers);
    botRole.position = 10;
    const admin = simulator.actions.createRole(guild.id, { name: "Admin", permissions: P.Administrator, position: 2 });
    simulator.actions.member(guild.id, userId).roles = [admin.id];
    expect((await call("PATCH", member(), { communication_disabled_until: inOneHour() })).body.code).toBe(50013);
  });
});

describe("kick and ban (resources/guild#remove-guild-member, #create-guild-ban)", () => {
  test("nobody acts on the owner, or on a role at or above the own", async () => {
    grant(P.KickMembers | P.BanMembers);
    expect((await call("DELETE", `/guilds/${guild.id}/members/${guild.ownerId}`)).body.code).toBe(50013);
    const higher = simulator.actions.createRole(guild.id, { name: "Higher", position: botRole.position + 1 });
    simulator.actions.member(guild.id, userId).roles = [higher.id];
    expect((await call("DELETE", member())).body.code).toBe(50013);
    expect((await call("PUT", `/guilds/${guild.id}/bans/${userId}`, {})).body.code).toBe(50013);
    botRole.position = higher.position + 1;
    expect((await call("DELETE", member(), undefined, "spam")).status).toBe(204);
    expect(guild.members.has(userId)).toBe(false);
    expect(guild.auditLog[0]).toMatchObject({ actionType: 20, targetId: userId, reason: "spam" });
  });

  test("a ban removes the member, deletes recent messages, and can be read and lifted", async () => {
    grant(P.BanMembers);
    const { client } = await login(simulator);
    simulator.actions.say({ channelId: channel.id, userId, content: "scam" });
    const banned = await call("PUT", `/guilds/${guild.id}/bans/${userId}`, { delete_message_seconds: 3600 }, "scam");
    expect(banned.status).toBe(204);
    expect((await client.event("GUILD_MEMBER_REMOVE")).d.user.id).toBe(userId);
    expect((await client.event("GUILD_BAN_ADD")).d.user.id).toBe(userId);
    await client.event("MESSAGE_DELETE_BULK");
    expect(channel.messages.size).toBe(0);
    expect((await call("GET", `/guilds/${guild.id}/bans/${userId}`)).body.reason).toBe("scam");
    expect(() => simulator.actions.addMember(guild.id, { userId })).toThrow();
    expect((await call("DELETE", `/guilds/${guild.id}/bans/${userId}`)).status).toBe(204);
    expect((await call("DELETE", `/guilds/${guild.id}/bans/${userId}`)).body.code).toBe(10026);
    expect(
      (await call("PUT", `/guilds/${guild.id}/bans/${userId}`, { delete_message_seconds: 604_801 })).body.code,
    ).toBe(50035);
  });
});

describe("invitations (resources/channel#create-channel-invite, resources/invite)", () => {
  const path = (id = channel.id) => `/channels/${id}/invites`;

  test("are found again unless they are to be unique, and listed for who manages the channel", async () => {
    const first = (await call("POST", path(), { max_uses: 2 })).body;
    expect(first).toMatchObject({ type: 0, guild_id: guild.id, max_age: 86_400, max_uses: 2, uses: 0 });
    expect((await call("POST", path(), { max_uses: 2 })).body.code).toBe(first.code);
    expect((await call("POST", path(), { max_uses: 2, unique: true })).body.code).not.toBe(first.code);
    expect((await call("GET", path())).body.code).toBe(50013);
    grant(P.ManageChannels);
    expect((await call("GET", path())).body).toHaveLength(2);
  });

  test("need Create Invite, a channel that is neither category nor thread, and bounds that Discord has", async () => {
    expect((await call("POST", path(), { max_age: 5_184_001 })).body.code).toBe(50035);
    expect((await call("POST", path(), { max_uses: 101 })).body.code).toBe(50035);
    const category = simulator.actions.createChannel(guild.id, { name: "Category", type: 4 });
    expect((await call("POST", path(category.id), {})).body.code).toBe(50024);
    const everyone = guild.roles.get(guild.id);
    if (everyone) everyone.permissions &= ~P.CreateInstantInvite;
    expect((await call("POST", path(), {})).body.code).toBe(50013);
  });

  test("are told to who manages the channel, and let nobody in who is banned, after their time, or without their channel", async () => {
    const { client } = await login(simulator, { intents: 1 << 6 });
    await call("POST", path(), {});
    grant(P.ManageChannels);
    const { code } = (await call("POST", path(), { unique: true })).body;
    expect((await client.event("INVITE_CREATE")).d).toMatchObject({ code, guild_id: guild.id, channel_id: channel.id });
    await call("DELETE", member());
    guild.bans.set(userId, { reason: null });
    expect(() => simulator.actions.join(code, userId)).toThrow("banned");
    guild.bans.delete(userId);
    guild.members.delete(userId);
    simulator.world.channels.delete(channel.id);
    expect(() => simulator.actions.join(code, userId)).toThrow("Unknown Invite");
  });
});

describe("AutoMod (gateway-events#auto-moderation-action-execution)", () => {
  test("is told to who may manage the server, an event for each action; what it blocks is nobody's message", async () => {
    const { client } = await login(simulator);
    const meet = (did: ("blocked" | "alerted" | "timed-out")[]) =>
      simulator.actions.autoModerate({
        ...{ guildId: guild.id, channelId: channel.id, userId, content: "a badword", keyword: "badword", did },
      });
    expect(meet(["blocked"])).toBeNull();
    grant(P.ManageGuild);
    const alerted = meet(["alerted", "timed-out"]);
    expect(channel.messages.size).toBe(1);
    expect((await client.event("AUTO_MODERATION_ACTION_EXECUTION")).d).toMatchObject({
      ...{ guild_id: guild.id, user_id: userId, channel_id: channel.id, message_id: alerted?.id ?? "" },
      ...{ action: { type: 2 }, content: "a badword", matched_keyword: "badword" },
    });
    expect((await client.event("AUTO_MODERATION_ACTION_EXECUTION")).d.action.type).toBe(3);
    // Of the first one, before the permission, nobody told.
    expect(client.frames.filter(({ t }) => t === "AUTO_MODERATION_ACTION_EXECUTION")).toHaveLength(2);
  });
});

describe("audit log (resources/audit-log)", () => {
  test("needs View Audit Log to read, and to be told of over the gateway", async () => {
    grant(P.KickMembers);
    expect((await call("GET", `/guilds/${guild.id}/audit-logs`)).body.code).toBe(50013);
    const { client } = await login(simulator);
    await call("DELETE", member(), undefined, "one");
    await client.event("GUILD_MEMBER_REMOVE");
    expect(client.frames.some((frame) => frame.t === "GUILD_AUDIT_LOG_ENTRY_CREATE")).toBe(false);
    grant(P.ViewAuditLog);
    const { body } = await call("GET", `/guilds/${guild.id}/audit-logs?action_type=20`);
    expect(body.audit_log_entries).toMatchObject([
      { target_id: userId, reason: "one", user_id: simulator.bots[0]?.userId },
    ]);
    simulator.actions.addMember(guild.id, { userId });
    await call("DELETE", member(), undefined, "two");
    expect((await client.event("GUILD_AUDIT_LOG_ENTRY_CREATE")).d).toMatchObject({ reason: "two", guild_id: guild.id });
  });
});

describe("roles (resources/guild#modify-guild-role)", () => {
  test("a bot gives roles below its own, not above, and never more than it has", async () => {
    grant(P.ManageRoles);
    botRole.position = 5;
    const low = simulator.actions.createRole(guild.id, { name: "Low", position: 2 });
    const high = simulator.actions.createRole(guild.id, { name: "High", position: 9 });
    expect((await call("PUT", member(`/roles/${low.id}`))).status).toBe(204);
    expect(simulator.actions.member(guild.id, userId).roles).toEqual([low.id]);
    expect((await call("PUT", member(`/roles/${high.id}`))).body.code).toBe(50013);
    expect((await call("POST", `/guilds/${guild.id}/roles`, { name: "x", permissions: "8" })).body.code).toBe(50013);
    expect((await call("POST", `/guilds/${guild.id}/roles`, { name: "x", permissions: "1024" })).body.name).toBe("x");
    expect((await call("DELETE", member(`/roles/${low.id}`))).status).toBe(204);
  });
});

describe("overwrites (topics/permissions#permission-overwrites)", () => {
  test("@everyone, then roles, then the member; View denied denies all; nothing binds an administrator", async () => {
    const role = simulator.actions.createRole(guild.id, { name: "R", permissions: 0n });
    simulator.actions.member(guild.id, userId).roles = [role.id];
    const say = () => simulator.actions.say({ channelId: channel.id, userId, content: "x" });
    channel.overwrites = [{ id: guild.id, type: 0, allow: 0n, deny: P.SendMessages }];
    expect(say).toThrow("Missing Permissions");
    channel.overwrites.push({ id: role.id, type: 0, allow: P.SendMessages, deny: 0n });
    expect(say().content).toBe("x");
    channel.overwrites.push({ id: userId, type: 1, allow: 0n, deny: P.ViewChannel });
    expect(say).toThrow("Missing Access");
    role.permissions = P.Administrator;
    expect(say().content).toBe("x");
  });

  test("are changed by route with Manage Roles, and dispatched", async () => {
    const { client } = await login(simulator);
    const path = `/channels/${channel.id}/permissions/${userId}`;
    expect((await call("PUT", path, { type: 1, deny: "2048" })).body.code).toBe(50013);
    grant(P.ManageRoles);
    expect((await call("PUT", path, { type: 1, deny: "2048" })).status).toBe(204);
    expect((await client.event("CHANNEL_UPDATE")).d.permission_overwrites).toEqual([
      { id: userId, type: 1, allow: "0", deny: "2048" },
    ]);
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("DELETE", path)).body.code).toBe(10009);
  });
});
