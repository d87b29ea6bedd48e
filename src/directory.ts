/**
 * What one bot knows of its guilds, from GUILD_CREATE and the role, channel, thread and member events after it: names,
 * roles, overwrites, its own roles and its own threads. Never other members.
 *
 * A process may hold 20,000 guilds, so a guild rests as one packed string (about 100 bytes a channel or role), and only
 * the guilds in use are objects; of a packed one a single channel is read. Called by a worker's pipeline, in order.
 */

import type { ChannelView } from "./channel.ts";
import { channelIn, type KnownGuild, pack, unpack } from "./directory/packed.ts";
import { tagSaysSolved, titleSaysSolved } from "./directory/solved.ts";
import type { ChannelId, GuildId, RoleId, UserId } from "./ids.ts";
import { cleanText, type Fields, fieldsOf, listOf, readChannel, readRole, snowflake, snowflakes } from "./payload.ts";
import { channelPermissions, staffRolesOf, THREAD_TYPES } from "./permissions.ts";
import { createRecent } from "./recent.ts";
import type { Addressing, AddressingChange } from "./store/ports/guilds.ts";

export type Self = { readonly userId: UserId; readonly name: string };

/** One bot's guilds, as far as the gateway has told of them. */
export type Directory = {
  self(): Self | null;
  knows(guild: GuildId): boolean;
  guildName(guild: GuildId): string | null;
  /** Ids whose presence in a message addresses the bot: its user and the role Discord made for it. */
  needles(guild: GuildId): readonly string[];
  channel(guild: GuildId, channel: ChannelId): ChannelView | null;
  /** A thread that the bot opened. */
  ownThread(channel: ChannelId): boolean;
  /** By its name, its lock, or a forum's tag: "solved", "✅", "çözüldü"… */
  threadSolved(channel: ChannelId): boolean;
  /** Null where the channel is unknown. */
  permissions(guild: GuildId, channel: ChannelId): bigint | null;
  staff(guild: GuildId, user: UserId, roles: readonly RoleId[]): boolean;
  stats(): { readonly guilds: number; readonly packedChars: number; readonly ownThreads: number };
};

/** How it comes to know it. */
export type DirectoryFeed = {
  /** Takes a dispatch; answers what the pipeline must know of it. */
  observe(type: string, data: unknown): DirectoryChange | null;
  /** For a process that did not see READY itself. */
  setSelf(self: Self): void;
  /** How the bot was addressed in a guild that nobody has told of yet. */
  recall(guild: GuildId, addressing: Addressing): void;
};

export type DirectoryChange =
  | {
      readonly type: "guild-joined";
      readonly guild: GuildId;
      readonly name: string;
      readonly locale: string | null;
      readonly addressing: Addressing;
    }
  | { readonly type: "guild-left"; readonly guild: GuildId }
  | { readonly type: "addressing-changed"; readonly guild: GuildId; readonly change: AddressingChange };

/** Guilds kept as objects. */
const UNPACKED_GUILDS_MAX = 128;
/** Channels of packed guilds that were asked for and are kept: asked again at the next line of their talk. */
const CHANNELS_MAX = 10_000;
const THREADS_PER_GUILD_MAX = 500;
const OWN_THREADS_MAX = 50_000;
const SOLVED_MAX = 20_000;
const STAFF_GUILDS_MAX = 5_000;
const CHANNELS_PER_GUILD_MAX = 2_000;
const ROLES_PER_GUILD_MAX = 500;

/** All others leave a guild's channels and roles as they are, and it need not be unpacked for them. */
const CHANGES: ReadonlySet<string> = new Set([
  ...["GUILD_UPDATE", "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_MEMBER_UPDATE"],
  ...["CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"],
  ...["THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE", "THREAD_LIST_SYNC"],
]);

/** `mark`: a number of this text alone. */
type Resting = { readonly text: string; readonly mark: number };

/** Hears in the same turn of what a proof of silence rests on. */
export type DirectoryListener = {
  /** The guild's needles may be others now, or whether it is known. */
  changed(guild: GuildId): void;
  /** The bot's user is another one, and so are all needles. */
  allChanged(): void;
  /** A thread is the bot's own. */
  opened(thread: ChannelId): void;
};

export function createDirectory(
  selfKnown: Self | null = null,
  listener: DirectoryListener | null = null,
): Directory & DirectoryFeed {
  const packed = new Map<GuildId, Resting>();
  const unpacked = new Map<GuildId, KnownGuild>();
  const ownThreads = createRecent<ChannelId, true>(OWN_THREADS_MAX);
  const solved = createRecent<ChannelId, true>(SOLVED_MAX);
  /** A forum's tags that mean solved. */
  const solvedTags = createRecent<ChannelId, readonly string[]>(SOLVED_MAX);
  /** Cached result of `needles`, so that the data path asks at every frame without unpacking a guild. */
  const needlesOf = new Map<GuildId, readonly string[]>();
  /** What `staff` answers by: asked of so many messages that a guild would be unpacked for each. */
  const staffOf = createRecent<GuildId, { readonly owner: UserId | null; readonly roles: ReadonlySet<RoleId> }>(
    STAFF_GUILDS_MAX,
  );
  const asked = createRecent<ChannelId, { readonly mark: number; readonly view: ChannelView | null }>(CHANNELS_MAX);
  const recalled = new Map<GuildId, Addressing>();
  let self = selfKnown;
  let uses = 0;
  let marks = 0;

  function facts(guild: GuildId): KnownGuild | null {
    let found = unpacked.get(guild);
    if (found === undefined) {
      const resting = packed.get(guild);
      if (resting === undefined) return null;
      found = unpack(guild, resting.text);
      if (unpacked.size >= UNPACKED_GUILDS_MAX) packLeastUsed();
      unpacked.set(guild, found);
    }
    // Asked several times a message: a number costs less than a move in the map.
    found.usedAt = ++uses;
    return found;
  }

  function packLeastUsed(): void {
    let least: KnownGuild | null = null;
    for (const one of unpacked.values()) if (least === null || one.usedAt < least.usedAt) least = one;
    if (least === null) return;
    if (least.changed) rest(least);
    unpacked.delete(least.guild);
  }

  function rest(guild: KnownGuild): void {
    packed.set(guild.guild, { text: pack(guild), mark: ++marks });
  }

  function channelOf(guild: GuildId, channel: ChannelId): ChannelView | null {
    const known = unpacked.get(guild);
    if (known !== undefined) return known.channels.get(channel) ?? null;
    const resting = packed.get(guild);
    if (resting === undefined) return null;
    const before = asked.get(channel);
    if (before?.mark === resting.mark) return before.view;
    const view = channelIn(resting.text, channel);
    asked.set(channel, { mark: resting.mark, view });
    return view;
  }

  function forgetNeedles(guild: GuildId): void {
    needlesOf.delete(guild);
    listener?.changed(guild);
  }

  function putOwnThread(thread: ChannelId): void {
    ownThreads.set(thread, true);
    listener?.opened(thread);
  }

  function noteChannel(channel: ChannelView, data: Fields): void {
    const tags = listOf(data.available_tags).filter((tag) => tagSaysSolved(cleanText(tag.name, 50)));
    if (tags.length > 0) solvedTags.set(channel.id, snowflakes(tags.map((tag) => tag.id)));
    else solvedTags.delete(channel.id);
    if (!THREAD_TYPES.includes(channel.type)) return;
    if (channel.ownerId === self?.userId) putOwnThread(channel.id);
    const marks = channel.parentId === null ? [] : (solvedTags.get(channel.parentId) ?? []);
    const tagged = snowflakes(data.applied_tags).some((tag) => marks.includes(tag));
    const locked = fieldsOf(data.thread_metadata)?.locked === true;
    if (tagged || locked || titleSaysSolved(channel.name)) solved.set(channel.id, true);
    else solved.delete(channel.id);
  }

  function putChannel(guild: KnownGuild, data: Fields): void {
    const channel = readChannel(data);
    if (channel === null) return;
    guild.channels.delete(channel.id);
    if (fieldsOf(data.thread_metadata)?.archived === true) return;
    const thread = THREAD_TYPES.includes(channel.type);
    const max = thread ? THREADS_PER_GUILD_MAX : CHANNELS_PER_GUILD_MAX;
    const alike = [...guild.channels.values()].filter((c) => THREAD_TYPES.includes(c.type) === thread);
    if (alike.length >= max) guild.channels.delete(alike[0]?.id ?? channel.id);
    guild.channels.set(channel.id, channel);
    noteChannel(channel, data);
  }

  function forget(channel: ChannelId): void {
    ownThreads.delete(channel);
    solved.delete(channel);
    solvedTags.delete(channel);
  }

  function join(data: Fields): DirectoryChange | null {
    const id = snowflake(data.id) as GuildId | null;
    if (id === null || data.unavailable === true) return null;
    const guild: KnownGuild = {
      guild: id,
      name: cleanText(data.name, 100),
      ownerId: snowflake(data.owner_id) as UserId | null,
      selfRoles: [],
      roles: new Map(),
      channels: new Map(),
      usedAt: 0,
      changed: false,
    };
    for (const role of listOf(data.roles, ROLES_PER_GUILD_MAX)) putRole(guild, role);
    for (const item of listOf(data.channels, CHANNELS_PER_GUILD_MAX)) {
      const channel = readChannel(item);
      if (channel === null) continue;
      guild.channels.set(channel.id, channel);
      noteChannel(channel, item);
    }
    for (const item of listOf(data.threads, THREADS_PER_GUILD_MAX)) {
      const channel = readChannel(item);
      if (channel === null) continue;
      guild.channels.set(channel.id, channel);
      noteChannel(channel, item);
    }
    const me = listOf(data.members, 1_000).find((m) => snowflake(fieldsOf(m.user)?.id) === self?.userId);
    guild.selfRoles = snowflakes(me?.roles) as RoleId[];
    unpacked.delete(id);
    forgetNeedles(id);
    staffOf.delete(id);
    recalled.delete(id);
    rest(guild);
    const locale = typeof data.preferred_locale === "string" ? data.preferred_locale : null;
    return { type: "guild-joined", guild: id, name: guild.name, locale, addressing: addressingOf(guild) };
  }

  function addressingOf(guild: KnownGuild): Addressing {
    const role = [...guild.roles.values()].find((one) => one.bot === self?.userId);
    const ownThreads = [...guild.channels.values()]
      .filter((channel) => THREAD_TYPES.includes(channel.type) && channel.ownerId === self?.userId)
      .map((channel) => channel.id);
    return { botRole: role?.id ?? null, ownThreads };
  }

  /** For any guild, known or not: the state that another process needs and will not receive from the gateway. */
  function addressed(type: string, data: Fields): DirectoryChange | null {
    const guild = snowflake(data.guild_id) as GuildId | null;
    if (guild === null || self === null) return null;
    if (type === "GUILD_ROLE_CREATE" || type === "GUILD_ROLE_UPDATE") {
      const role = readRole(fieldsOf(data.role) ?? {});
      if (role?.bot !== self.userId || needles(guild).includes(role.id)) return null;
      recall(guild, { botRole: role.id, ownThreads: [] });
      return { type: "addressing-changed", guild, change: { botRole: role.id } };
    }
    const channel = snowflake(data.id) as ChannelId | null;
    if (channel === null) return null;
    if (type === "THREAD_CREATE" || type === "THREAD_UPDATE") {
      if (snowflake(data.owner_id) !== self.userId || ownThreads.has(channel)) return null;
      putOwnThread(channel);
      return { type: "addressing-changed", guild, change: { opened: channel } };
    }
    if (type !== "THREAD_DELETE" || !ownThreads.has(channel)) return null;
    ownThreads.delete(channel);
    return { type: "addressing-changed", guild, change: { closed: channel } };
  }

  function recall(guild: GuildId, addressing: Addressing): void {
    if (packed.has(guild) || recalled.get(guild) === addressing) return;
    recalled.set(guild, addressing);
    forgetNeedles(guild);
    for (const thread of addressing.ownThreads) putOwnThread(thread);
  }

  function needles(guild: GuildId): readonly string[] {
    const known = needlesOf.get(guild);
    if (known !== undefined) return known;
    if (self === null) return [];
    const roles = [...(facts(guild)?.roles.values() ?? [])].filter((role) => role.bot === self?.userId);
    const kept = recalled.get(guild)?.botRole ?? null;
    const found = [self.userId, ...roles.map((role) => role.id), ...(kept === null ? [] : [kept])];
    if (packed.has(guild) || recalled.has(guild)) needlesOf.set(guild, found);
    return found;
  }

  function leave(data: Fields): DirectoryChange | null {
    const id = snowflake(data.id) as GuildId | null;
    // An outage of Discord's takes a guild away for a while; leaving does not say `unavailable`.
    if (id === null || data.unavailable === true) return null;
    for (const channel of facts(id)?.channels.keys() ?? []) forget(channel);
    unpacked.delete(id);
    forgetNeedles(id);
    staffOf.delete(id);
    recalled.delete(id);
    packed.delete(id);
    return { type: "guild-left", guild: id };
  }

  function change(type: string, data: Fields): void {
    if (!CHANGES.has(type)) return;
    // Of members only the bot itself is known.
    if (type === "GUILD_MEMBER_UPDATE" && snowflake(fieldsOf(data.user)?.id) !== self?.userId) return;
    const known = facts((snowflake(data.guild_id) ?? snowflake(data.id) ?? "") as GuildId);
    if (known === null) return;
    known.changed = true;
    if (type.includes("ROLE") || type === "GUILD_UPDATE") {
      forgetNeedles(known.guild);
      staffOf.delete(known.guild);
    }
    switch (type) {
      case "GUILD_UPDATE":
        known.name = cleanText(data.name, 100) || known.name;
        known.ownerId = (snowflake(data.owner_id) as UserId | null) ?? known.ownerId;
        for (const role of listOf(data.roles, ROLES_PER_GUILD_MAX)) putRole(known, role);
        return;
      case "GUILD_ROLE_CREATE":
      case "GUILD_ROLE_UPDATE":
        putRole(known, fieldsOf(data.role) ?? {});
        return;
      case "GUILD_ROLE_DELETE":
        known.roles.delete(snowflake(data.role_id) as RoleId);
        return;
      case "CHANNEL_CREATE":
      case "CHANNEL_UPDATE":
      case "THREAD_CREATE":
      case "THREAD_UPDATE":
        putChannel(known, data);
        return;
      case "CHANNEL_DELETE":
      case "THREAD_DELETE":
        known.channels.delete(snowflake(data.id) as ChannelId);
        forget(snowflake(data.id) as ChannelId);
        return;
      case "THREAD_LIST_SYNC":
        for (const thread of listOf(data.threads, THREADS_PER_GUILD_MAX)) putChannel(known, thread);
        return;
      case "GUILD_MEMBER_UPDATE":
        known.selfRoles = snowflakes(data.roles) as RoleId[];
        return;
    }
  }

  function introduce(known: Self | null): void {
    if (known?.userId !== self?.userId) {
      needlesOf.clear();
      listener?.allChanged();
    }
    self = known;
  }

  return {
    observe(type, raw) {
      const data = fieldsOf(raw);
      if (data === null) return null;
      if (type === "GUILD_CREATE") return join(data);
      if (type === "GUILD_DELETE") return leave(data);
      if (type === "READY") {
        introduce(readSelf(fieldsOf(data.user)) ?? self);
        return null;
      }
      const changed = addressed(type, data);
      change(type, data);
      return changed;
    },
    self: () => self,
    setSelf: introduce,
    knows: (guild) => packed.has(guild),
    guildName: (guild) => facts(guild)?.name ?? null,
    needles,
    recall,
    channel: channelOf,
    ownThread: (channel) => ownThreads.has(channel),
    threadSolved: (channel) => solved.has(channel),
    permissions(guild, channel) {
      const known = facts(guild);
      const place = known?.channels.get(channel);
      if (self === null || known == null || place === undefined) return null;
      const thread = THREAD_TYPES.includes(place.type);
      const parent = thread && place.parentId !== null ? known.channels.get(place.parentId) : place;
      return channelPermissions(known, { id: self.userId, roles: known.selfRoles }, parent?.overwrites ?? []);
    },
    staff(guild, user, roles) {
      let known = staffOf.get(guild);
      if (known === undefined) {
        const found = facts(guild);
        if (found === null) return false;
        known = { owner: found.ownerId, roles: staffRolesOf(found.roles.values()) };
        staffOf.set(guild, known);
      }
      const { owner, roles: staff } = known;
      return owner === user || staff.has(guild as string as RoleId) || roles.some((role) => staff.has(role));
    },
    stats() {
      let packedChars = 0;
      for (const { text } of packed.values()) packedChars += text.length;
      return { guilds: packed.size, packedChars, ownThreads: ownThreads.size };
    },
  };
}

function readSelf(user: Fields | null): Self | null {
  const id = snowflake(user?.id);
  return user === null || id === null ? null : { userId: id as UserId, name: cleanText(user.username, 100) };
}

function putRole(guild: KnownGuild, data: Fields): void {
  const role = readRole(data);
  if (role !== null) guild.roles.set(role.id, role);
}
