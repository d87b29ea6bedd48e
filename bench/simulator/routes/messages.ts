/** https://discord.com/developers/docs/resources/message */
import { AuditLogEvent, ChannelType, MessageFlags, MessageType, PermissionFlagsBits as P } from "discord-api-types/v10";
import { mayIn, readableMessage, requireIn, visibleChannel } from "../access.ts";
import { apiError, formError } from "../api-error.ts";
import { readForm } from "../form.ts";
import { type MessageBody, readMessage, requireContent } from "../message-form.ts";
import { messagePayload, withoutContent } from "../message-payload.ts";
import { type Context, NO_CONTENT, ok, type Route } from "../route.ts";
import { snowflakeMs } from "../snowflake.ts";
import { audit } from "../world/audit-log.ts";
import { GUILD_TEXT_TYPES } from "../world/guilds.ts";
import { bulkDelete, deleteMessage, editMessage, nonceKey, typeIn, writeMessage } from "../world/messages.ts";
import type { Channel, Json, Message } from "../world.ts";

/** How long `enforce_nonce` remembers: "the past few minutes". */
const NONCE_MS_MAX = 5 * 60_000;
const BULK_AGE_MS_MAX = 14 * 24 * 3_600_000;

export const messageRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/channels/:channel/messages",
    auth: "bot",
    limit: { requests: 50, perMs: 10_000 },
    handle(context) {
      const channel = visibleChannel(context);
      const form = readForm(Object.fromEntries(context.query));
      const limit = form.integer("limit", { min: 1, max: 100 }) ?? 50;
      const [before, after, around] = [form.snowflake("before"), form.snowflake("after"), form.snowflake("around")];
      form.done();
      // Without history Discord gives an empty list, not an error.
      if (!mayIn(context, channel, P.ReadMessageHistory)) return ok([]);
      const all = [...channel.messages.values()].filter((message) => message.ephemeralFor === undefined);
      return ok(page(all, limit, { before, after, around }).map((message) => visible(context, message)));
    },
  },
  {
    method: "POST",
    path: "/channels/:channel/messages",
    auth: "bot",
    limit: { requests: 5, perMs: 5_000 },
    handle(context) {
      const { world } = context.services;
      const channel = visibleChannel(context);
      requireWritable(context, channel);
      const body = readMessage(context, channel.id, context.body);
      requireContent(body);
      requireMessagePermissions(context, channel, body);
      const sameNonce = body.enforceNonce ? byNonce(context, channel, body.nonce) : undefined;
      if (sameNonce) return ok(messagePayload(world, sameNonce));
      const message = writeMessage(world, channel, {
        authorId: context.application.botId,
        content: body.content ?? "",
        allowedMentions: body.allowedMentions,
        repliedTo: repliedTo(context, channel),
        embeds: body.embeds ?? [],
        components: body.components ?? [],
        attachments: body.attachments ?? [],
        stickers: body.stickerIds.map((id) => ({ id, name: `sticker-${id}`, format_type: 1 })),
        flags: (body.flags ?? 0) & ~MessageFlags.Ephemeral,
        tts: body.tts,
        nonce: body.nonce,
      });
      return ok(messagePayload(world, message));
    },
  },
  {
    method: "GET",
    path: "/channels/:channel/messages/:message",
    auth: "bot",
    limit: { requests: 50, perMs: 10_000 },
    handle: (context) => ok(visible(context, readableMessage(context, visibleChannel(context)))),
  },
  {
    method: "PATCH",
    path: "/channels/:channel/messages/:message",
    auth: "bot",
    limit: { requests: 5, perMs: 5_000 },
    handle(context) {
      const channel = visibleChannel(context);
      const message = readableMessage(context, channel);
      const body = readMessage(context, channel.id, context.body);
      if (message.authorId !== context.application.botId) {
        // Somebody else's message: only its embeds may be suppressed, with Manage Messages.
        const onlyFlags = Object.keys(context.body).every((key) => key === "flags");
        if (!onlyFlags) throw apiError(50005);
        requireIn(context, channel, P.ManageMessages);
      } else if (
        context.body.content === "" &&
        message.embeds.length + message.attachments.length + message.components.length === 0 &&
        !body.embeds?.length
      ) {
        throw apiError(50006);
      }
      editMessage(context.services.world, channel, message, changes(body, message));
      return ok(messagePayload(context.services.world, message));
    },
  },
  {
    method: "DELETE",
    path: "/channels/:channel/messages/:message",
    auth: "bot",
    limit: { requests: 5, perMs: 1_000 },
    handle(context) {
      const { world } = context.services;
      const channel = visibleChannel(context);
      const message = channel.messages.get(context.params.message ?? "");
      if (!message || message.ephemeralFor !== undefined) throw apiError(10008);
      if (message.authorId !== context.application.botId) {
        if (channel.guildId === null) throw apiError(50003);
        requireIn(context, channel, P.ManageMessages);
        if (!DELETABLE.includes(message.type)) throw apiError(50021);
      }
      deleteMessage(world, channel, message);
      const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
      if (guild && message.authorId !== context.application.botId) {
        audit(world, guild, AuditLogEvent.MessageDelete, {
          actor: context.application.botId,
          target: message.authorId,
          reason: context.reason,
          options: { channel_id: channel.id, count: "1" },
        });
      }
      return NO_CONTENT;
    },
  },
  {
    method: "POST",
    path: "/channels/:channel/messages/bulk-delete",
    auth: "bot",
    limit: { requests: 1, perMs: 1_000 },
    handle(context) {
      const { world } = context.services;
      const channel = visibleChannel(context);
      const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
      if (!guild) throw apiError(50003);
      requireIn(context, channel, P.ManageMessages);
      const form = readForm(context.body);
      const ids = [...new Set(form.snowflakes("messages", { required: true }))];
      form.done();
      if (ids.length < 2 || ids.length > 100) throw apiError(50016);
      if (ids.some((id) => world.now() - snowflakeMs(id) > BULK_AGE_MS_MAX)) throw apiError(50034);
      const present = ids.filter((id) => channel.messages.has(id));
      bulkDelete(world, channel, present);
      audit(world, guild, AuditLogEvent.MessageBulkDelete, {
        actor: context.application.botId,
        target: channel.id,
        reason: context.reason,
        options: { count: String(present.length) },
      });
      return NO_CONTENT;
    },
  },
  {
    method: "POST",
    path: "/channels/:channel/typing",
    auth: "bot",
    limit: { requests: 5, perMs: 5_000 },
    handle(context) {
      const channel = visibleChannel(context);
      requireWritable(context, channel);
      typeIn(context.services.world, channel, context.application.botId);
      return NO_CONTENT;
    },
  },
];

const DELETABLE: readonly MessageType[] = [
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
  MessageType.ChannelPinnedMessage,
  MessageType.UserJoin,
  MessageType.ThreadCreated,
  MessageType.AutoModerationAction,
];

/** REST withholds content as the gateway does, by the application's switch in the portal. */
export function visible(context: Context, message: Message): Json {
  const payload = messagePayload(context.services.world, message);
  const { privileged, botId } = context.application;
  return privileged.messageContent ? payload : withoutContent(context.services.world, message, payload, botId);
}

function requireWritable(context: Context, channel: Channel): void {
  if (channel.guildId === null) {
    const { world } = context.services;
    const other = channel.recipients.find((id) => id !== context.application.botId) ?? "";
    const shares = [...world.guilds.values()].some(
      (g) => g.members.has(other) && g.members.has(context.application.botId),
    );
    if (!shares) throw apiError(50007);
    return;
  }
  if (!GUILD_TEXT_TYPES.includes(channel.type)) throw apiError(50008);
  requireIn(context, channel, channel.thread ? P.SendMessagesInThreads : P.SendMessages);
  if (channel.thread?.locked && !mayIn(context, channel, P.ManageThreads)) throw apiError(50083);
}

export function requireMessagePermissions(context: Context, channel: Channel, body: MessageBody): void {
  if (channel.type === ChannelType.DM) return;
  if (body.embeds?.length) requireIn(context, channel, P.EmbedLinks);
  if (body.attachments?.length) requireIn(context, channel, P.AttachFiles);
  if (body.tts) requireIn(context, channel, P.SendTTSMessages);
}

function repliedTo(context: Context, channel: Channel): Message | undefined {
  const reference = context.body.message_reference as Json | undefined;
  if (!reference || reference.type === 1) return undefined;
  const form = readForm(reference, "message_reference");
  const id = form.snowflake("message_id", { required: true });
  form.done();
  if (!mayIn(context, channel, P.ReadMessageHistory)) throw apiError(160002);
  const message = channel.messages.get(id ?? "");
  if (message && message.ephemeralFor === undefined) return message;
  if (reference.fail_if_not_exists === false) return undefined;
  throw formError([
    { path: "message_reference", code: "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", message: "Unknown message" },
  ]);
}

function byNonce(context: Context, channel: Channel, nonce: string | number | undefined): Message | undefined {
  if (nonce === undefined) return undefined;
  const message = channel.nonces.get(nonceKey(context.application.botId, nonce));
  const isRecent = message && context.services.world.now() - snowflakeMs(message.id) <= NONCE_MS_MAX;
  return isRecent ? message : undefined;
}

function page(
  all: readonly Message[],
  limit: number,
  cursor: { before: string | undefined; after: string | undefined; around: string | undefined },
): Message[] {
  const newestFirst = (list: readonly Message[]) => [...list].reverse();
  if (cursor.around !== undefined) {
    const around = BigInt(cursor.around);
    const older = all.filter((message) => BigInt(message.id) <= around).slice(-Math.ceil((limit + 1) / 2));
    const newer = all.filter((message) => BigInt(message.id) > around).slice(0, Math.floor(limit / 2));
    return newestFirst([...older, ...newer]).slice(0, limit);
  }
  if (cursor.after !== undefined) {
    const after = BigInt(cursor.after);
    return newestFirst(all.filter((message) => BigInt(message.id) > after).slice(0, limit));
  }
  const before = cursor.before === undefined ? undefined : BigInt(cursor.before);
  return newestFirst((before === undefined ? all : all.filter((m) => BigInt(m.id) < before)).slice(-limit));
}

/** What an edit changes; attachments named by id stay, the others go. */
function changes(body: MessageBody, message: Message) {
  const attachments = body.attachments?.map((a) => message.attachments.find((old) => old.id === a.id) ?? a);
  return {
    ...(body.content === undefined ? {} : { content: body.content }),
    ...(body.embeds === undefined ? {} : { embeds: body.embeds }),
    ...(body.components === undefined ? {} : { components: body.components }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(body.flags === undefined ? {} : { flags: body.flags | (message.flags & MessageFlags.Ephemeral) }),
    allowedMentions: body.allowedMentions,
  };
}
