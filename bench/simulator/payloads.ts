/**
 * The world's records as Discord's JSON. Field lists follow the resource pages of
 * https://discord.com/developers/docs/resources and `shared/data/discord/openapi.json`.
 */
import { ChannelType } from "discord-api-types/v10";
import type { AuditLogEntry, Channel, Command, Guild, Id, Json, Member, Role, Thread, User, World } from "./world.ts";

export function iso(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000+00:00");
}

export function userPayload(user: User): Json {
  return {
    id: user.id,
    username: user.username,
    avatar: null,
    discriminator: user.bot ? "0001" : "0",
    public_flags: 0,
    flags: 0,
    ...(user.bot ? { bot: true } : {}),
    banner: null,
    accent_color: null,
    global_name: user.globalName,
    avatar_decoration_data: null,
    collectibles: null,
    display_name_styles: null,
    banner_color: null,
    clan: null,
    primary_guild: null,
  };
}

export function ownUserPayload(user: User): Json {
  return {
    ...userPayload(user),
    mfa_enabled: true,
    locale: user.locale,
    premium_type: 0,
    verified: true,
    email: user.bot ? null : user.email,
  };
}

/** A member without its user, as in MESSAGE_CREATE. */
export function partialMemberPayload(member: Member): Json {
  return {
    avatar: null,
    banner: null,
    communication_disabled_until: member.timeoutUntilMs === null ? null : iso(member.timeoutUntilMs),
    flags: 0,
    joined_at: iso(member.joinedAtMs),
    nick: member.nick,
    pending: false,
    premium_since: null,
    roles: [...member.roles],
    deaf: false,
    mute: false,
  };
}

export function memberPayload(world: World, member: Member): Json {
  const user = world.users.get(member.userId);
  return { ...partialMemberPayload(member), user: user ? userPayload(user) : { id: member.userId } };
}

export function rolePayload(role: Role): Json {
  return {
    id: role.id,
    name: role.name,
    description: null,
    permissions: role.permissions.toString(),
    position: role.position,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: role.hoist,
    managed: role.managed,
    mentionable: role.mentionable,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(role.botId ? { tags: { bot_id: role.botId } } : {}),
  };
}

export function channelPayload(world: World, channel: Channel): Json {
  if (channel.thread) return threadPayload(channel, channel.thread);
  if (channel.guildId === null) {
    return {
      id: channel.id,
      type: channel.type,
      last_message_id: channel.lastMessageId,
      flags: 0,
      recipients: channel.recipients.flatMap((id) => {
        const user = world.users.get(id);
        return user && !user.bot ? [userPayload(user)] : [];
      }),
    };
  }
  const common = {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    name: channel.name,
    position: channel.position,
    parent_id: channel.parentId,
    flags: 0,
    permission_overwrites: channel.overwrites.map((o) => ({
      id: o.id,
      type: o.type,
      allow: o.allow.toString(),
      deny: o.deny.toString(),
    })),
  };
  if (channel.type === ChannelType.GuildCategory) return common;
  const text = {
    ...common,
    topic: channel.topic,
    nsfw: channel.nsfw,
    rate_limit_per_user: channel.slowmodeSeconds,
    last_message_id: channel.lastMessageId,
  };
  if (channel.type === ChannelType.GuildVoice) {
    return { ...text, bitrate: 64_000, user_limit: 0, rtc_region: null };
  }
  if (channel.type === ChannelType.GuildForum) {
    return {
      ...text,
      available_tags: channel.availableTags,
      default_reaction_emoji: null,
      default_sort_order: null,
      default_forum_layout: 0,
      template: "",
    };
  }
  return text;
}

function threadPayload(channel: Channel, thread: Thread): Json {
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    parent_id: channel.parentId,
    owner_id: thread.ownerId,
    name: channel.name,
    last_message_id: channel.lastMessageId,
    rate_limit_per_user: channel.slowmodeSeconds,
    message_count: channel.messages.size,
    member_count: Math.min(50, thread.members.size),
    total_message_sent: thread.totalSent,
    flags: 0,
    ...(thread.appliedTags.length > 0 ? { applied_tags: thread.appliedTags } : {}),
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: iso(thread.archiveChangedAtMs),
      auto_archive_duration: thread.autoArchiveMinutes,
      locked: thread.locked,
      create_timestamp: iso(thread.createdAtMs),
      ...(channel.type === ChannelType.PrivateThread ? { invitable: thread.invitable } : {}),
    },
  };
}

export function threadMemberPayload(channel: Channel, userId: Id): Json | undefined {
  const member = channel.thread?.members.get(userId);
  return member && { id: channel.id, user_id: userId, join_timestamp: iso(member.joinedAtMs), flags: 0 };
}

export function guildPayload(guild: Guild): Json {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: guild.ownerId,
    application_id: null,
    region: "rotterdam",
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 1,
    roles: [...guild.roles.values()].map(rolePayload),
    default_message_notifications: 1,
    mfa_level: 0,
    explicit_content_filter: 2,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: guild.locale,
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
    inventory_settings: null,
    embed_enabled: false,
    embed_channel_id: null,
  };
}

export function auditLogEntryPayload(entry: AuditLogEntry): Json {
  return {
    id: entry.id,
    user_id: entry.userId,
    target_id: entry.targetId,
    action_type: entry.actionType,
    ...(entry.changes ? { changes: entry.changes } : {}),
    ...(entry.options ? { options: entry.options } : {}),
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
  };
}

export function commandPayload(command: Command): Json {
  return {
    id: command.id,
    application_id: command.applicationId,
    version: command.version,
    type: command.type,
    ...(command.guildId ? { guild_id: command.guildId } : {}),
    ...command.body,
  };
}
