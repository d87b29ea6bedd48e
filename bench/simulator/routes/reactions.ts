/** https://discord.com/developers/docs/resources/message#create-reaction */
import { PermissionFlagsBits as P } from "discord-api-types/v10";
import { readableMessage, requireIn, visibleChannel } from "../access.ts";
import { apiError } from "../api-error.ts";
import { readForm } from "../form.ts";
import { userPayload } from "../payloads.ts";
import { NO_CONTENT, ok, type Route } from "../route.ts";
import { clearReactions, react, unreact } from "../world/messages.ts";

const LIMIT = { requests: 1, perMs: 250, shared: "reactions" } as const;
const REACTIONS_MAX = 20;

export const reactionRoutes: readonly Route[] = [
  {
    method: "PUT",
    path: "/channels/:channel/messages/:message/reactions/:emoji/@me",
    auth: "bot",
    limit: LIMIT,
    handle(context) {
      const channel = visibleChannel(context);
      const message = readableMessage(context, channel);
      const emoji = context.params.emoji ?? "";
      // Unicode emoji or name:id; plain words are nothing.
      if (!/\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\u20e3|^\w+:\d+$/u.test(emoji))
        throw apiError(10014);
      if (!message.reactions.has(emoji)) {
        requireIn(context, channel, P.AddReactions);
        if (message.reactions.size >= REACTIONS_MAX) throw apiError(30010);
      }
      react(context.services.world, channel, message, context.application.botId, emoji);
      return NO_CONTENT;
    },
  },
  {
    method: "DELETE",
    path: "/channels/:channel/messages/:message/reactions/:emoji/@me",
    auth: "bot",
    limit: LIMIT,
    handle(context) {
      const channel = visibleChannel(context);
      const message = readableMessage(context, channel);
      unreact(context.services.world, channel, message, context.application.botId, context.params.emoji ?? "");
      return NO_CONTENT;
    },
  },
  {
    method: "DELETE",
    path: "/channels/:channel/messages/:message/reactions/:emoji/:user",
    auth: "bot",
    limit: LIMIT,
    handle(context) {
      const channel = visibleChannel(context);
      requireIn(context, channel, P.ManageMessages);
      const message = readableMessage(context, channel);
      unreact(context.services.world, channel, message, context.params.user ?? "", context.params.emoji ?? "");
      return NO_CONTENT;
    },
  },
  {
    method: "GET",
    path: "/channels/:channel/messages/:message/reactions/:emoji",
    auth: "bot",
    handle(context) {
      const message = readableMessage(context, visibleChannel(context));
      const users = [...(message.reactions.get(context.params.emoji ?? "") ?? [])];
      const form = readForm(Object.fromEntries(context.query));
      const limit = form.integer("limit", { min: 1, max: 100 }) ?? 25;
      const after = BigInt(form.snowflake("after") ?? 0);
      form.done();
      const page = users.filter((id) => BigInt(id) > after).slice(0, limit);
      return ok(
        page.flatMap((id) => {
          const user = context.services.world.users.get(id);
          return user ? [userPayload(user)] : [];
        }),
      );
    },
  },
  {
    method: "DELETE",
    path: "/channels/:channel/messages/:message/reactions",
    auth: "bot",
    limit: LIMIT,
    handle(context) {
      const channel = visibleChannel(context);
      requireIn(context, channel, P.ManageMessages);
      clearReactions(context.services.world, channel, readableMessage(context, channel), undefined);
      return NO_CONTENT;
    },
  },
  {
    method: "DELETE",
    path: "/channels/:channel/messages/:message/reactions/:emoji",
    auth: "bot",
    limit: LIMIT,
    handle(context) {
      const channel = visibleChannel(context);
      requireIn(context, channel, P.ManageMessages);
      clearReactions(context.services.world, channel, readableMessage(context, channel), context.params.emoji);
      return NO_CONTENT;
    },
  },
];
