/**
 * What a member may do in a channel: base permissions from roles, then the channel's overwrites in Discord's order
 * (everyone, roles together, member), all as bits. Pure; the doctor, the directory and moderation ask the same function.
 * Source: https://discord.com/developers/docs/topics/permissions#permission-overwrites
 */
import type { ChannelView, RoleView } from "./channel.ts";
import type { GuildId, RoleId, UserId } from "./ids.ts";
import type { GuildSettings, ModerationSettings } from "./settings/form.ts";

export const PERMISSIONS = {
  createInvite: 1n << 0n,
  kickMembers: 1n << 1n,
  banMembers: 1n << 2n,
  administrator: 1n << 3n,
  manageChannels: 1n << 4n,
  manageGuild: 1n << 5n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  manageThreads: 1n << 34n,
  createPublicThreads: 1n << 35n,
  sendMessagesInThreads: 1n << 38n,
  moderateMembers: 1n << 40n,
} as const;

export type Permission = keyof typeof PERMISSIONS;

export const ALL_PERMISSIONS = (1n << 53n) - 1n;

/** Announcement, public and private thread: they have their parent's overwrites. */
export const THREAD_TYPES: readonly number[] = [10, 11, 12];

export type PermissionFacts = {
  readonly guild: GuildId;
  readonly ownerId: UserId | null;
  readonly roles: { get(id: RoleId): Pick<RoleView, "permissions"> | undefined };
};

export type RoleHolder = { readonly id: UserId; readonly roles: readonly RoleId[] };

/** In the guild as a whole: the owner and administrators may do everything. */
export function guildPermissions(facts: PermissionFacts, person: RoleHolder): bigint {
  if (facts.ownerId === person.id) return ALL_PERMISSIONS;
  // The role @everyone has the guild's own id, and nobody carries it in a list.
  let bits = facts.roles.get(facts.guild as string as RoleId)?.permissions ?? 0n;
  for (const role of person.roles) bits |= facts.roles.get(role)?.permissions ?? 0n;
  return (bits & PERMISSIONS.administrator) !== 0n ? ALL_PERMISSIONS : bits;
}

/** In one channel; of a thread give its parent's overwrites. */
export function channelPermissions(
  facts: PermissionFacts,
  person: RoleHolder,
  overwrites: ChannelView["overwrites"],
): bigint {
  const base = guildPermissions(facts, person);
  if (base === ALL_PERMISSIONS) return base;
  let bits = base;
  const everyone = overwrites.find((o) => o.kind === "role" && o.id === facts.guild);
  if (everyone) bits = (bits & ~everyone.deny) | everyone.allow;
  let allow = 0n;
  let deny = 0n;
  for (const overwrite of overwrites) {
    if (
      overwrite.kind === "role" &&
      overwrite.id !== facts.guild &&
      person.roles.some((role) => role === overwrite.id)
    ) {
      allow |= overwrite.allow;
      deny |= overwrite.deny;
    }
  }
  bits = (bits & ~deny) | allow;
  const own = overwrites.find((o) => o.kind === "member" && o.id === person.id);
  if (own) bits = (bits & ~own.deny) | own.allow;
  // A member who cannot see a channel can do nothing in it.
  return (bits & PERMISSIONS.viewChannel) === 0n ? 0n : bits;
}

/** Permissions that answering needs in a channel, with threads of its own. */
const ANSWERING: readonly Permission[] = [
  "viewChannel",
  "sendMessages",
  "embedLinks",
  "readMessageHistory",
  "createPublicThreads",
  "sendMessagesInThreads",
];

/** Permissions that the switched-on acts of moderation need: in each channel, whose overwrites may differ, and in the whole server. */
export function moderationNeeds({ on, actions, raid }: ModerationSettings): {
  readonly channel: readonly Permission[];
  readonly guild: readonly Permission[];
} {
  if (!on) return { channel: [], guild: [] };
  const channel: Permission[] = [];
  const guild: Permission[] = [];
  // A title is taken away by another one.
  if (actions.delete) channel.push("manageMessages", "manageThreads");
  if (raid.on && raid.slow) channel.push("manageChannels");
  if (actions.timeout || (raid.on && raid.timeout)) guild.push("moderateMembers");
  if (actions.kick) guild.push("kickMembers");
  if (actions.ban) guild.push("banMembers");
  return { channel, guild };
}

/** The least permissions that a server's switched-on features need, each once. */
export function neededPermissions({ moderation }: Pick<GuildSettings, "moderation">): readonly Permission[] {
  const { channel, guild } = moderationNeeds(moderation);
  return [...new Set([...ANSWERING, ...channel, ...guild])];
}

/** The same as bits: what its invitation asks for. */
export function neededBits(settings: Pick<GuildSettings, "moderation">): bigint {
  return neededPermissions(settings).reduce((bits, name) => bits | PERMISSIONS[name], 0n);
}

/** Channels that an invitation may lead to: text, voice, announcements, stage, forum and media; no thread, no category. */
const INVITED_TO: readonly number[] = [0, 2, 5, 13, 15, 16];

/** Of these channels, those that somebody sees, and those that they may invite people by. */
export function invitableChannels(
  facts: PermissionFacts,
  person: RoleHolder,
  channels: readonly ChannelView[],
): { readonly seen: readonly ChannelView[]; readonly may: readonly ChannelView[] } {
  const may = (name: Permission) => (channel: ChannelView) =>
    missingPermissions(channelPermissions(facts, person, channel.overwrites), [name]).length === 0;
  const seen = channels.filter(({ type }) => INVITED_TO.includes(type)).filter(may("viewChannel"));
  return { seen, may: seen.filter(may("createInvite")) };
}

export function missingPermissions(bits: bigint, needed: readonly Permission[]): readonly Permission[] {
  return needed.filter((name) => (bits & PERMISSIONS[name]) === 0n);
}

/** Permissions that make a member staff for smart mode and for moderation's guard. */
const STAFF =
  PERMISSIONS.administrator |
  PERMISSIONS.manageGuild |
  PERMISSIONS.manageChannels |
  PERMISSIONS.manageMessages |
  PERMISSIONS.kickMembers |
  PERMISSIONS.banMembers |
  PERMISSIONS.moderateMembers;

/** The roles that make whoever has one staff; @everyone's has the guild's own id. */
export function staffRolesOf(roles: Iterable<Pick<RoleView, "id" | "permissions">>): ReadonlySet<RoleId> {
  const found = new Set<RoleId>();
  for (const { id, permissions } of roles) if ((permissions & STAFF) !== 0n) found.add(id);
  return found;
}

export function isStaff(facts: PermissionFacts, person: RoleHolder): boolean {
  return (guildPermissions(facts, person) & STAFF) !== 0n;
}
