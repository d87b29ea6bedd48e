/** Messages: writing, editing, deleting, reacting. Validation and permissions are the callers' (routes, control). */
import { MessageType, PermissionFlagsBits } from "discord-api-types/v10";
import { emojiPayload } from "../message-payload.ts";
import { partialMemberPayload } from "../payloads.ts";
import { type Channel, emit, type Id, type Json, type Message, type World } from "../world.ts";
import { type AllowedMentions, resolveMentions } from "./mentions.ts";
import { joinThread, updateThread } from "./threads.ts";
import { permissionsIn } from "./visibility.ts";

/** The oldest messages of a channel are let go beyond this, so that a soak does not grow without bound. */
const MESSAGES_MAX = 20_000;

export type NewMessage = {
  /** Only for a forum post's first message, which has its thread's id. */
  readonly id?: Id;
  readonly authorId: Id;
  readonly content: string;
  readonly type?: MessageType;
  readonly allowedMentions?: AllowedMentions | undefined;
  readonly repliedTo?: Message | undefined;
  readonly reference?: Json;
  readonly embeds?: Json[];
  readonly components?: Json[];
  readonly attachments?: Json[];
  readonly stickers?: Json[];
  readonly flags?: number;
  readonly tts?: boolean;
  readonly nonce?: string | number | undefined;
  readonly webhook?: { readonly id: Id; readonly name: string };
  readonly applicationId?: Id;
  readonly interactionMetadata?: Json;
  readonly ephemeralFor?: Id;
};

export function writeMessage(world: World, channel: Channel, options: NewMessage): Message {
  const { repliedTo } = options;
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  const mentions = resolveMentions(world, guild, options.content, {
    allowed: options.allowedMentions,
    repliedToUser: repliedTo?.authorId,
    mayMentionEveryone: (permissionsIn(world, channel, options.authorId) & PermissionFlagsBits.MentionEveryone) !== 0n,
  });
  const message: Message = {
    id: options.id ?? world.ids.next(),
    channelId: channel.id,
    guildId: channel.guildId,
    authorId: options.authorId,
    type: options.type ?? (repliedTo ? MessageType.Reply : MessageType.Default),
    content: options.content,
    editedAtMs: null,
    mentions: mentions.users,
    mentionRoles: mentions.roles,
    mentionEveryone: mentions.everyone,
    pinged: mentions.pinged,
    attachments: options.attachments ?? [],
    embeds: options.embeds ?? [],
    components: options.components ?? [],
    stickers: options.stickers ?? [],
    flags: options.flags ?? 0,
    tts: options.tts ?? false,
    pinned: false,
    reactions: new Map(),
    nonce: options.nonce,
    reference: repliedTo ? referenceTo(repliedTo) : options.reference,
    repliedToId: repliedTo?.id,
    webhook: options.webhook,
    applicationId: options.applicationId,
    interactionMetadata: options.interactionMetadata,
    ephemeralFor: options.ephemeralFor,
    threadId: undefined,
  };
  if (channel.thread) {
    if (channel.thread.archived) updateThread(world, channel, { archived: false });
    if (!options.webhook) joinThread(world, channel, options.authorId);
    channel.thread.totalSent += 1;
  }
  channel.messages.set(message.id, message);
  keepBounded(channel, MESSAGES_MAX);
  if (message.nonce !== undefined) channel.nonces.set(nonceKey(message.authorId, message.nonce), message);
  // An ephemeral message is not in the channel: nobody's gateway hears of it.
  if (message.ephemeralFor !== undefined) return message;
  channel.lastMessageId = message.id;
  emit(world, { t: "MESSAGE_CREATE", guildId: channel.guildId, channelId: channel.id, message, d: {} });
  return message;
}

export function nonceKey(authorId: Id, nonce: string | number): string {
  return `${authorId}:${nonce}`;
}

export type MessageChanges = {
  readonly content?: string;
  readonly embeds?: Json[];
  readonly components?: Json[];
  readonly attachments?: Json[];
  readonly flags?: number;
  readonly pinned?: boolean;
  readonly allowedMentions?: AllowedMentions | undefined;
};

/** Editing parses mentions again, but pings nobody anew. */
export function editMessage(world: World, channel: Channel, message: Message, changes: MessageChanges): void {
  if (changes.content !== undefined) {
    const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
    const mentions = resolveMentions(world, guild, changes.content, {
      allowed: changes.allowedMentions,
      repliedToUser: undefined,
      mayMentionEveryone:
        (permissionsIn(world, channel, message.authorId) & PermissionFlagsBits.MentionEveryone) !== 0n,
    });
    message.content = changes.content;
    message.mentions = mentions.users;
    message.mentionRoles = mentions.roles;
    message.mentionEveryone = mentions.everyone;
  }
  if (changes.embeds !== undefined) message.embeds = changes.embeds;
  if (changes.components !== undefined) message.components = changes.components;
  if (changes.attachments !== undefined) message.attachments = changes.attachments;
  if (changes.flags !== undefined) message.flags = changes.flags;
  if (changes.pinned !== undefined) message.pinned = changes.pinned;
  else message.editedAtMs = world.now();
  if (message.ephemeralFor !== undefined) return;
  emit(world, { t: "MESSAGE_UPDATE", guildId: channel.guildId, channelId: channel.id, message, d: {} });
}

export function deleteMessage(world: World, channel: Channel, message: Message): void {
  channel.messages.delete(message.id);
  if (message.ephemeralFor !== undefined) return;
  emit(world, {
    t: "MESSAGE_DELETE",
    guildId: channel.guildId,
    channelId: channel.id,
    d: { id: message.id, channel_id: channel.id, ...inGuild(channel) },
  });
}

export function bulkDelete(world: World, channel: Channel, ids: readonly Id[]): void {
  for (const id of ids) channel.messages.delete(id);
  emit(world, {
    t: "MESSAGE_DELETE_BULK",
    guildId: channel.guildId,
    channelId: channel.id,
    d: { ids, channel_id: channel.id, ...inGuild(channel) },
  });
}

export function typeIn(world: World, channel: Channel, userId: Id): void {
  const member = channel.guildId === null ? undefined : world.guilds.get(channel.guildId)?.members.get(userId);
  const user = world.users.get(userId);
  emit(world, {
    t: "TYPING_START",
    guildId: channel.guildId,
    channelId: channel.id,
    d: {
      channel_id: channel.id,
      user_id: userId,
      timestamp: Math.floor(world.now() / 1000),
      ...inGuild(channel),
      ...(member && user
        ? { member: { ...partialMemberPayload(member), user: { id: user.id, username: user.username } } }
        : {}),
    },
  });
}

export function react(world: World, channel: Channel, message: Message, userId: Id, emoji: string): void {
  const users = message.reactions.get(emoji) ?? new Set();
  if (users.has(userId)) return;
  users.add(userId);
  message.reactions.set(emoji, users);
  emitReaction(world, "MESSAGE_REACTION_ADD", channel, message, userId, emoji);
}

export function unreact(world: World, channel: Channel, message: Message, userId: Id, emoji: string): void {
  const users = message.reactions.get(emoji);
  if (!users?.delete(userId)) return;
  if (users.size === 0) message.reactions.delete(emoji);
  emitReaction(world, "MESSAGE_REACTION_REMOVE", channel, message, userId, emoji);
}

/** Removes one emoji's reactions, or all. */
export function clearReactions(world: World, channel: Channel, message: Message, emoji: string | undefined): void {
  const d = { channel_id: channel.id, message_id: message.id, ...inGuild(channel) };
  const at = { guildId: channel.guildId, channelId: channel.id };
  if (emoji === undefined) {
    message.reactions.clear();
    emit(world, { t: "MESSAGE_REACTION_REMOVE_ALL", ...at, d });
  } else {
    message.reactions.delete(emoji);
    emit(world, { t: "MESSAGE_REACTION_REMOVE_EMOJI", ...at, d: { ...d, emoji: emojiPayload(emoji) } });
  }
}

function emitReaction(world: World, t: string, channel: Channel, message: Message, userId: Id, emoji: string): void {
  const member = channel.guildId === null ? undefined : world.guilds.get(channel.guildId)?.members.get(userId);
  const user = world.users.get(userId);
  const added = t === "MESSAGE_REACTION_ADD";
  emit(world, {
    t,
    guildId: channel.guildId,
    channelId: channel.id,
    d: {
      user_id: userId,
      channel_id: channel.id,
      message_id: message.id,
      ...inGuild(channel),
      emoji: emojiPayload(emoji),
      burst: false,
      type: 0,
      ...(added ? { message_author_id: message.authorId } : {}),
      ...(added && member && user
        ? {
            member: {
              ...partialMemberPayload(member),
              user: {
                id: user.id,
                username: user.username,
                avatar: null,
                discriminator: "0",
                global_name: user.globalName,
                bot: user.bot,
              },
            },
          }
        : {}),
    },
  });
}

function referenceTo(message: Message): Json {
  return {
    type: 0,
    channel_id: message.channelId,
    message_id: message.id,
    ...(message.guildId === null ? {} : { guild_id: message.guildId }),
  };
}

function inGuild(channel: Channel): Json {
  return channel.guildId === null ? {} : { guild_id: channel.guildId };
}

function keepBounded(channel: Channel, max: number): void {
  for (const [id, message] of channel.messages) {
    if (channel.messages.size <= max) return;
    channel.messages.delete(id);
    if (message.nonce !== undefined) channel.nonces.delete(nonceKey(message.authorId, message.nonce));
  }
}
