/**
 * One guild's roles and channels: as objects while it is in use, packed into one string while it rests.
 *
 * The first line is the guild with its roles, each line after it a channel, so that a single channel is found and read without the
 * rest: JSON holds no line break of its own.
 */
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
  const roles = [...guild.roles.values()].map((r) => [
    ...[r.id, ascii(r.name), r.position, r.permissions.toString(36), r.bot],
  ]);
  const channels = [...guild.channels.values()].map((c) => [
    ...[c.id, ascii(c.name), c.type, c.parentId, c.ownerId],
    c.overwrites.map((o) => [o.id, o.kind === "member" ? 1 : 0, o.allow.toString(36), o.deny.toString(36)]),
  ]);
  const head = [ascii(guild.name), guild.ownerId, guild.selfRoles, roles];
  return [head, ...channels].map((line) => JSON.stringify(line)).join(BREAK);
}

const BREAK = "\n";

type PackedHead = [string, UserId | null, RoleId[], [RoleId, string, number, string, string | null][]];
type PackedChannel = [ChannelId, string, number, ChannelId | null, UserId | null, [string, 0 | 1, string, string][]];

export function unpack(guild: GuildId, text: string): KnownGuild {
  const [head = "", ...channels] = text.split(BREAK);
  const [name, ownerId, selfRoles, roles] = JSON.parse(head) as PackedHead;
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
    channels: new Map(channels.map(readLine).map((channel) => [channel.id, channel])),
  };
}

/** One channel of a packed guild; null where it has none of that id. */
export function channelIn(text: string, channel: ChannelId): ChannelView | null {
  const before = text.indexOf(`${BREAK}["${channel}",`);
  if (before < 0) return null;
  const from = before + BREAK.length;
  const to = text.indexOf(BREAK, from);
  return readLine(text.slice(from, to < 0 ? text.length : to));
}

function readLine(line: string): ChannelView {
  const [id, name, type, parentId, ownerId, overwrites] = JSON.parse(line) as PackedChannel;
  return {
    ...{ id, name: decodeURI(name), type, parentId, ownerId },
    overwrites: overwrites.map(([target, member, allow, deny]) => ({
      id: target,
      kind: member === 1 ? "member" : "role",
      allow: fromBase36(allow),
      deny: fromBase36(deny),
    })),
  };
}

/** So many digits a double holds exactly: 36^10 is less than 2^53. */
const EXACT_DIGITS = 10;

/** Permission bits may outgrow a double's 53. */
function fromBase36(text: string): bigint {
  if (text.length <= EXACT_DIGITS) return BigInt(Number.parseInt(text, 36));
  let value = 0n;
  for (const digit of text) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return value;
}
