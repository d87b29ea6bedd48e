/** Roles: positions, permissions, and the managed role that every bot brings along. */

import { rolePayload } from "../payloads.ts";
import { emit, type Guild, type Id, type Role, type World } from "../world.ts";

export type NewRole = {
  readonly name?: string;
  readonly permissions?: bigint;
  readonly position?: number;
  readonly color?: number;
  readonly hoist?: boolean;
  readonly mentionable?: boolean;
  readonly managed?: boolean;
  readonly botId?: Id;
  readonly id?: Id;
};

/** A new role goes to position 1, directly above @everyone, as in Discord; the others move up. */
export function createRole(world: World, guild: Guild, options: NewRole): Role {
  const position = options.position ?? 1;
  for (const role of guild.roles.values()) {
    if (options.position === undefined && role.position >= position) role.position += 1;
  }
  const role: Role = {
    id: options.id ?? world.ids.next(),
    name: options.name ?? "new role",
    permissions: options.permissions ?? guild.roles.get(guild.id)?.permissions ?? 0n,
    position,
    color: options.color ?? 0,
    hoist: options.hoist ?? false,
    managed: options.managed ?? false,
    mentionable: options.mentionable ?? false,
    ...(options.botId === undefined ? {} : { botId: options.botId }),
  };
  guild.roles.set(role.id, role);
  emit(world, { t: "GUILD_ROLE_CREATE", guildId: guild.id, d: { guild_id: guild.id, role: rolePayload(role) } });
  return role;
}

export type RoleChanges = Partial<Pick<Role, "name" | "permissions" | "position" | "color" | "hoist" | "mentionable">>;

export function updateRole(world: World, guild: Guild, role: Role, changes: RoleChanges): void {
  Object.assign(role, changes);
  emit(world, { t: "GUILD_ROLE_UPDATE", guildId: guild.id, d: { guild_id: guild.id, role: rolePayload(role) } });
}

export function deleteRole(world: World, guild: Guild, role: Role): void {
  guild.roles.delete(role.id);
  for (const member of guild.members.values()) member.roles = member.roles.filter((id) => id !== role.id);
  for (const id of guild.channels) {
    const channel = world.channels.get(id);
    if (channel) channel.overwrites = channel.overwrites.filter((o) => o.id !== role.id);
  }
  emit(world, { t: "GUILD_ROLE_DELETE", guildId: guild.id, d: { guild_id: guild.id, role_id: role.id } });
}
