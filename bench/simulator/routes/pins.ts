/** https://discord.com/developers/docs/resources/message#pin-message */
import { MessageType, PermissionFlagsBits as P } from "discord-api-types/v10";
import { readableMessage, requireIn, visibleChannel } from "../access.ts";
import { apiError } from "../api-error.ts";
import { iso } from "../payloads.ts";
import { type Context, NO_CONTENT, ok, type Route } from "../route.ts";
import { editMessage, writeMessage } from "../world/messages.ts";
import { emit } from "../world.ts";
import { visible } from "./messages.ts";

const PINS_MAX = 250;

export const pinRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/channels/:channel/pins",
    auth: "bot",
    handle: (context) => ok(pinned(context).map((message) => visible(context, message))),
  },
  {
    method: "GET",
    path: "/channels/:channel/messages/pins",
    auth: "bot",
    handle(context) {
      const items = pinned(context).map((message) => ({
        pinned_at: iso(context.services.world.now()),
        message: visible(context, message),
      }));
      return ok({ items, has_more: false });
    },
  },
  {
    method: "PUT",
    path: "/channels/:channel/pins/:message",
    auth: "bot",
    handle: (context) => setPinned(context, true),
  },
  {
    method: "PUT",
    path: "/channels/:channel/messages/pins/:message",
    auth: "bot",
    handle: (context) => setPinned(context, true),
  },
  {
    method: "DELETE",
    path: "/channels/:channel/pins/:message",
    auth: "bot",
    handle: (context) => setPinned(context, false),
  },
  {
    method: "DELETE",
    path: "/channels/:channel/messages/pins/:message",
    auth: "bot",
    handle: (context) => setPinned(context, false),
  },
];

function pinned(context: Context) {
  return [...visibleChannel(context).messages.values()].filter((message) => message.pinned).reverse();
}

function setPinned(context: Context, pins: boolean) {
  const { world } = context.services;
  const channel = visibleChannel(context);
  requireIn(context, channel, P.PinMessages);
  const message = readableMessage(context, channel);
  if (message.pinned === pins) return NO_CONTENT;
  if (pins && pinned(context).length >= PINS_MAX) throw apiError(30003);
  editMessage(world, channel, message, { pinned: pins });
  emit(world, {
    t: "CHANNEL_PINS_UPDATE",
    guildId: channel.guildId,
    channelId: channel.id,
    d: { channel_id: channel.id, guild_id: channel.guildId, last_pin_timestamp: iso(world.now()) },
  });
  if (pins) {
    writeMessage(world, channel, {
      authorId: context.application.botId,
      content: "",
      type: MessageType.ChannelPinnedMessage,
      reference: { type: 0, channel_id: channel.id, message_id: message.id, guild_id: channel.guildId },
    });
  }
  return NO_CONTENT;
}
