/** Members: joining, changing, time-out, leaving, kicks and bans; a bot's joining is an installation. */

import { memberPayload, userPayload } from "../payloads.ts";
import { type Application, emit, type Guild, type Id, type Member, memberOf, userOf, type World } from "../world.ts";
import { applicationOfBot } from "./applications.ts";
import { emitGuildDelete } from "./guilds.ts";
import { createRole, updateRole } from "./roles.ts";

export type NewMember = { readonly userId: Id; readonly nick?: string | null; readonly roles?: readonly Id[] };

export function addMember(world: World, guild: Guild, options: NewMember): Member {
  const existing = guild.members.get(options.userId);
  if (existing) return existing;
  const member: Member = {
    userId: options.userId,
    nick: options.nick ?? null,
    roles: [...(options.roles ?? [])],
    joinedAtMs: world.now(),
    timeoutUntilMs: null,
  };
  guild.members.set(member.userId, member);
  emit(world, {
    t: "GUILD_MEMBER_ADD",
    guildId: guild.id,
    subjectId: member.userId,
    d: { ...memberPayload(world, member), guild_id: guild.id },
  });
  return member;
}

/** The bot is added with these permissions in a managed role of its own, as the install link asks for. */
export function installBot(world: World, guild: Guild, application: Application, permissions: bigint): Member {
  const existing = guild.members.get(application.botId);
  if (existing) {
    // Who adds a bot once more gives it what it then asks for.
    const own = [...guild.roles.values()].find(({ botId }) => botId === application.botId);
    if (own) updateRole(world, guild, own, { permissions: own.permissions | permissions });
    return existing;
  }
  const role = createRole(world, guild, {
    id: world.ids.named(`bot-role:${guild.id}:${application.id}`),
    name: application.name,
    permissions,
    managed: true,
    botId: application.botId,
  });
  const member = addMember(world, guild, { userId: application.botId, roles: [role.id] });
  emit(world, { t: "GUILD_CREATE", guildId: guild.id, d: {}, applicationId: application.id });
  return member;
}

export type MemberChanges = Partial<Pick<Member, "nick" | "roles" | "timeoutUntilMs">>;

export function updateMember(world: World, guild: Guild, member: Member, changes: MemberChanges): void {
  Object.assign(member, changes);
  emit(world, {
    t: "GUILD_MEMBER_UPDATE",
    guildId: guild.id,
    subjectId: member.userId,
    d: { ...memberPayload(world, member), guild_id: guild.id },
  });
}

/** Leaves, is kicked or banned: the same to everybody else; a bot gets GUILD_DELETE and loses its managed role. */
export function removeMember(world: World, guild: Guild, userId: Id): void {
  memberOf(guild, userId);
  const application = applicationOfBot(world, userId);
  guild.members.delete(userId);
  if (application) {
    for (const role of guild.roles.values()) if (role.botId === userId) guild.roles.delete(role.id);
    emitGuildDelete(world, guild, application, false);
  }
  emit(world, {
    t: "GUILD_MEMBER_REMOVE",
    guildId: guild.id,
    subjectId: userId,
    d: { guild_id: guild.id, user: userPayload(userOf(world, userId)) },
  });
}

export function banMember(world: World, guild: Guild, userId: Id, reason: string | null): void {
  const user = userOf(world, userId);
  guild.bans.set(userId, { reason });
  if (guild.members.has(userId)) removeMember(world, guild, userId);
  emit(world, { t: "GUILD_BAN_ADD", guildId: guild.id, d: { guild_id: guild.id, user: userPayload(user) } });
}

export function unbanMember(world: World, guild: Guild, userId: Id): void {
  guild.bans.delete(userId);
  const user = userPayload(userOf(world, userId));
  emit(world, { t: "GUILD_BAN_REMOVE", guildId: guild.id, d: { guild_id: guild.id, user } });
}
