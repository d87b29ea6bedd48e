/**
 * What a member may do: base permissions from roles, then the channel's overwrites, then the implicit rules.
 * The algorithm is the one of https://discord.com/developers/docs/topics/permissions#permission-overwrites
 * with the implicit denies and the time-out mask of the same page.
 */
import { PermissionFlagsBits as P } from "discord-api-types/v10";
import type { Channel, Guild, Id, Member, Overwrite, Role } from "./world.ts";

export const ALL_PERMISSIONS = Object.values(P).reduce((all, bit) => all | bit, 0n);

/** What a new guild's @everyone may do, as Discord's client sets it. */
export const EVERYONE_DEFAULT =
  P.ViewChannel |
  P.CreateInstantInvite |
  P.ChangeNickname |
  P.SendMessages |
  P.SendMessagesInThreads |
  P.CreatePublicThreads |
  P.CreatePrivateThreads |
  P.EmbedLinks |
  P.AttachFiles |
  P.AddReactions |
  P.UseExternalEmojis |
  P.UseExternalStickers |
  P.ReadMessageHistory |
  P.UseApplicationCommands |
  P.Connect |
  P.Speak |
  P.Stream |
  P.UseVAD |
  P.RequestToSpeak;

const NEEDS_SEND = P.MentionEveryone | P.SendTTSMessages | P.AttachFiles | P.EmbedLinks;

/** Guild-wide permissions of a member; `nowMs` decides whether a time-out still holds. */
export function basePermissions(guild: Guild, member: Member, nowMs: number): bigint {
  if (guild.ownerId === member.userId) return ALL_PERMISSIONS;
  let permissions = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const id of member.roles) permissions |= guild.roles.get(id)?.permissions ?? 0n;
  if (permissions & P.Administrator) return ALL_PERMISSIONS;
  return isTimedOut(member, nowMs) ? permissions & (P.ViewChannel | P.ReadMessageHistory) : permissions;
}

/** Permissions in a channel. For a thread pass its parent as `parent`: threads have no overwrites of their own. */
export function channelPermissions(
  guild: Guild,
  member: Member,
  channel: Channel,
  parent: Channel | undefined,
  nowMs: number,
): bigint {
  const base = basePermissions(guild, member, nowMs);
  if (base === ALL_PERMISSIONS) return base;
  const overwrites = (channel.thread ? parent : channel)?.overwrites ?? [];

  let permissions = apply(
    base,
    overwrites.find((o) => o.id === guild.id),
  );
  const byRole = overwrites.filter((o) => o.type === 0 && member.roles.includes(o.id));
  const deny = byRole.reduce((bits, o) => bits | o.deny, 0n);
  const allow = byRole.reduce((bits, o) => bits | o.allow, 0n);
  permissions = (permissions & ~deny) | allow;
  permissions = apply(
    permissions,
    overwrites.find((o) => o.type === 1 && o.id === member.userId),
  );

  if (!(permissions & P.ViewChannel)) return 0n;
  if (isTimedOut(member, nowMs)) return permissions & (P.ViewChannel | P.ReadMessageHistory);
  const send = channel.thread ? P.SendMessagesInThreads : P.SendMessages;
  if (!(permissions & send)) permissions &= ~NEEDS_SEND;
  return permissions;
}

function isTimedOut(member: Member, nowMs: number): boolean {
  return member.timeoutUntilMs !== null && member.timeoutUntilMs > nowMs;
}

/** The highest role of a member; of equal positions the older role (smaller id) is higher. */
export function highestRole(guild: Guild, member: Member): Role | undefined {
  let highest = guild.roles.get(guild.id);
  for (const id of member.roles) {
    const role = guild.roles.get(id);
    if (role && (!highest || isAbove(role, highest))) highest = role;
  }
  return highest;
}

export function isAbove(a: Role, b: Role): boolean {
  return a.position !== b.position ? a.position > b.position : BigInt(a.id) < BigInt(b.id);
}

/** Whether `actorId` may moderate `targetId`: never the owner, never somebody at or above the own highest role. */
export function outranks(guild: Guild, actorId: Id, targetId: Id): boolean {
  if (targetId === guild.ownerId) return false;
  if (actorId === guild.ownerId) return true;
  const actor = guild.members.get(actorId);
  const target = guild.members.get(targetId);
  if (!actor) return false;
  if (!target) return true;
  const a = highestRole(guild, actor);
  const b = highestRole(guild, target);
  return a !== undefined && b !== undefined && a.id !== b.id && isAbove(a, b);
}

function apply(permissions: bigint, overwrite: Overwrite | undefined): bigint {
  return overwrite ? (permissions & ~overwrite.deny) | overwrite.allow : permissions;
}
