/** One guild's roles and channels: as objects while it is in use, packed into one string while it rests. */
import type { ChannelView, RoleView } from "../channel.ts";
import type { ChannelId, GuildId, RoleId, UserId } from "../ids.ts";

export type KnownGuild = {
  readonly guild: GuildId;
  name: string;
  ownerId: UserId | null;
  selfRoles: readonly RoleId[];
  readonly roles: Map<RoleId, RoleView & { readonly bot: string | null }>;
  readonly channels: Map<ChannelId, ChannelView>;
  /** When it was last asked for, in the directory's own count. */
  usedAt: number;
  /** Something changed since it was packed. */
  changed: boolean;
};

/** Arrays, not objects: a field's place says what it is. Latin letters only, so that a character is one byte. */
export function pack(guild: KnownGuild): string {
  const ascii = (text: string) => encodeURI(text.toWellFormed());
  return JSON.stringify([
    ascii(guild.name),
    guild.ownerId,
    guild.selfRoles,
    [...guild.roles.values()].map((r) => [r.id, ascii(r.name), r.position, r.permissions.toString(36), r.bot]),
    [...guild.channels.values()].map((c) => [
      c.id,
      ascii(c.name),
      c.type,
      c.parentId,
      c.ownerId,
      c.overwrites.map((o) => [o.id, o.kind === "member" ? 1 : 0, o.allow.toString(36), o.deny.toString(36)]),
    ]),
  ]);
}

type Packed = [
  string,
  UserId | null,
  RoleId[],
  [RoleId, string, number, string, string | null][],
  [ChannelId, string, number, ChannelId | null, UserId | null, [string, 0 | 1, string, string][]][],
];

export function unpack(guild: GuildId, text: string): KnownGuild {
  const [name, ownerId, selfRoles, roles, channels] = JSON.parse(text) as Packed;
  return {
    guild,
    name: decodeURI(name),
    ownerId,
    selfRoles,
    usedAt: 0,
    changed: false,
    roles: new Map(
      roles.map(([id, roleName, position, permissions, bot]) => [
        id,
        { id, name: decodeURI(roleName), position, permissions: fromBase36(permissions), bot },
      ]),
    ),
    channels: new Map(
      channels.map(([id, channelName, type, parentId, owner, overwrites]) => [
        id,
        {
          id,
          name: decodeURI(channelName),
          type,
          parentId,
          ownerId: owner,
          overwrites: overwrites.map(([target, member, allow, deny]) => ({
            id: target,
            kind: member === 1 ? "member" : "role",
            allow: fromBase36(allow),
            deny: fromBase36(deny),
          })),
        },
      ]),
    ),
  };
}

/** Permission bits may outgrow a double's 53. */
function fromBase36(text: string): bigint {
  let value = 0n;
  for (const digit of text) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return value;
}
