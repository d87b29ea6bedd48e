/**
 * Messages as Discord's JSON, for REST and for the gateway, and what is withheld without the Message Content intent.
 * https://discord.com/developers/docs/resources/message#message-object
 */
import { MessageFlags, MessageType } from "discord-api-types/v10";
import { channelPayload, iso, partialMemberPayload, userPayload } from "./payloads.ts";
import { snowflakeMs } from "./snowflake.ts";
import type { Id, Json, Message, World } from "./world.ts";

const BLANK = { content: "", embeds: [], attachments: [], components: [] } as const;

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
function mayReadContent(message: Message, botId: Id): boolean {
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
