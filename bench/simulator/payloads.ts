/**
 * The world's records as Discord's JSON. Field lists follow the resource pages of
 * https://discord.com/developers/docs/resources and `shared/data/discord/openapi.json`.
 */
import { ChannelType, MessageFlags, MessageType } from "discord-api-types/v10";
import { snowflakeMs } from "./snowflake.ts";
import type {
  Application,
  AuditLogEntry,
  Channel,
  Command,
  Guild,
  Id,
  Json,
  Member,
  Message,
  Role,
  Thread,
  User,
  World,
} from "./world.ts";

const BLANK = { content: "", embeds: [], attachments: [], components: [] } as const;

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

export function messagePayload(world: World, message: Message, depth = 0): Json {
  const author = world.users.get(message.authorId);
  const payload: Json = {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    content: message.content,
    author: message.webhook
      ? {
          id: message.webhook.id,
          username: message.webhook.name,
          avatar: null,
          discriminator: "0000",
          public_flags: 0,
          flags: 0,
          bot: true,
          global_name: null,
          clan: null,
          primary_guild: null,
        }
      : author
        ? userPayload(author)
        : { id: message.authorId, username: "Deleted User", avatar: null, discriminator: "0000", global_name: null },
    timestamp: iso(snowflakeMs(message.id)),
    edited_timestamp: message.editedAtMs === null ? null : iso(message.editedAtMs),
    tts: message.tts,
    mention_everyone: message.mentionEveryone,
    mentions: message.mentions.flatMap((id) => {
      const user = world.users.get(id);
      return user ? [userPayload(user)] : [];
    }),
    mention_roles: [...message.mentionRoles],
    attachments: message.attachments,
    embeds: message.embeds,
    components: message.components,
    pinned: message.pinned,
    flags: message.flags | (message.threadId ? MessageFlags.HasThread : 0),
  };
  if (message.reactions.size > 0) payload.reactions = reactionsPayload(message);
  if (message.stickers.length > 0) payload.sticker_items = message.stickers;
  if (message.nonce !== undefined) payload.nonce = message.nonce;
  if (message.webhook) payload.webhook_id = message.webhook.id;
  if (message.applicationId && message.interactionMetadata) payload.webhook_id = message.applicationId;
  if (message.applicationId) payload.application_id = message.applicationId;
  if (message.interactionMetadata) payload.interaction_metadata = message.interactionMetadata;
  if (message.reference) payload.message_reference = message.reference;
  if (message.type === MessageType.Reply && depth === 0) {
    const replied = world.channels.get(message.channelId)?.messages.get(message.repliedToId ?? "");
    payload.referenced_message = replied ? messagePayload(world, replied, 1) : null;
  }
  if (message.threadId && depth === 0) {
    const thread = world.channels.get(message.threadId);
    if (thread) payload.thread = channelPayload(world, thread);
  }
  return payload;
}

/** MESSAGE_CREATE and MESSAGE_UPDATE carry the guild and the member besides; REST does not. */
export function messageEventPayload(world: World, message: Message): Json {
  const payload = messagePayload(world, message);
  const guild = message.guildId === null ? undefined : world.guilds.get(message.guildId);
  const channel = world.channels.get(message.channelId);
  payload.channel_type = channel?.type ?? 0;
  if (!guild) return payload;
  const member = guild.members.get(message.authorId);
  payload.guild_id = guild.id;
  if (member && !message.webhook) payload.member = partialMemberPayload(member);
  payload.mentions = (payload.mentions as Json[]).map((user) => {
    const mentioned = guild.members.get(String(user.id));
    return mentioned ? { ...user, member: partialMemberPayload(mentioned) } : user;
  });
  return payload;
}

/**
 * Message content is given to a bot without the intent only in DMs, in its own messages, and where it is mentioned.
 * https://discord.com/developers/docs/events/gateway#message-content-intent
 */
export function mayReadContent(message: Message, botId: Id): boolean {
  return message.guildId === null || message.authorId === botId || message.mentions.includes(botId);
}

/** `payload` with what the Message Content intent protects taken out, the quoted message judged for itself. */
export function withoutContent(world: World, message: Message, payload: Json, botId: Id): Json {
  const own = mayReadContent(message, botId) ? payload : { ...payload, ...BLANK };
  const quoted = world.channels.get(message.channelId)?.messages.get(message.repliedToId ?? "");
  if (!quoted || !own.referenced_message || mayReadContent(quoted, botId)) return own;
  return { ...own, referenced_message: { ...(own.referenced_message as Json), ...BLANK } };
}

function reactionsPayload(message: Message): Json[] {
  return [...message.reactions].map(([emoji, users]) => ({
    emoji: emojiPayload(emoji),
    count: users.size,
    count_details: { burst: 0, normal: users.size },
    burst_colors: [],
    me_burst: false,
    burst_me: false,
    me: false,
    burst_count: 0,
  }));
}

/** `👍` or `name:id`. */
export function emojiPayload(emoji: string): Json {
  const custom = /^(\w+):(\d+)$/.exec(emoji);
  return custom ? { id: custom[2], name: custom[1] } : { id: null, name: emoji };
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

export function applicationPayload(world: World, application: Application): Json {
  const bot = world.users.get(application.botId);
  return {
    id: application.id,
    name: application.name,
    icon: null,
    description: application.description,
    summary: "",
    type: null,
    is_monetized: false,
    is_verified: false,
    is_discoverable: false,
    bot: bot ? userPayload(bot) : undefined,
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: application.publicKey,
    flags: applicationFlags(application),
    flags_new: String(applicationFlags(application)),
    explicit_content_filter: 0,
    eligible_oauth2_scopes: ["identify", "email", "guilds", "guilds.members.read", "bot", "applications.commands"],
    approximate_user_authorization_count: 0,
    hook: true,
    storefront_available: false,
    redirect_uris: application.redirectUris,
    interactions_endpoint_url: application.interactionsEndpointUrl,
    role_connections_verification_url: null,
    integration_types_config: { "0": {} },
    install_params: { scopes: ["bot", "applications.commands"], permissions: "309237730304" },
    approximate_guild_count: [...world.guilds.values()].filter((guild) => guild.members.has(application.botId)).length,
    approximate_user_install_count: 0,
    owner: {
      id: "1",
      username: "operator",
      avatar: null,
      discriminator: "0",
      global_name: null,
      public_flags: 0,
      flags: 0,
      primary_guild: null,
    },
    team: null,
  };
}

/** The "limited" flags: what bots in fewer than 100 guilds get by a switch in the portal. */
export function applicationFlags(application: Application): number {
  return (
    (application.privileged.guildPresences ? 1 << 13 : 0) |
    (application.privileged.guildMembers ? 1 << 15 : 0) |
    (application.privileged.messageContent ? 1 << 19 : 0)
  );
}
