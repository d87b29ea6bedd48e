/**
 * Answering interactions: the callback, and the webhook of the token for 15 minutes after it.
 * https://discord.com/developers/docs/interactions/receiving-and-responding#endpoints
 */
import { MessageFlags } from "discord-api-types/v10";
import { apiError } from "../api-error.ts";
import { readMessage, requireContent } from "../message-form.ts";
import { messagePayload } from "../message-payload.ts";
import { answerMessage, applyEdit, respond } from "../respond.ts";
import { type Context, NO_CONTENT, ok, type Route } from "../route.ts";
import { interactionByToken } from "../world/interactions.ts";
import { deleteMessage } from "../world/messages.ts";
import { channelOf, found, type Interaction, type Message } from "../world.ts";

const LIMIT = { requests: 5, perMs: 2_000, shared: "interaction-webhook" } as const;
const MESSAGE = "/webhooks/:webhook/:token/messages/:message";

export const interactionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/interactions/:interaction/:token/callback",
    auth: "none",
    notGlobal: true,
    limit: { requests: 1000, perMs: 1_000 },
    handle(context) {
      const { world } = context.services;
      const interaction = world.interactions.get(context.params.interaction ?? "");
      if (interaction?.token !== context.params.token || !interaction) throw apiError(10062);
      const message = respond(context, interaction, context.body);
      if (context.query.get("with_response") !== "true") return NO_CONTENT;
      const { flags } = message ?? { flags: 0 };
      return ok({
        interaction: {
          id: interaction.id,
          type: interaction.type,
          ...(message
            ? {
                response_message_id: message.id,
                response_message_loading: (flags & MessageFlags.Loading) !== 0,
                response_message_ephemeral: interaction.ephemeral,
              }
            : {}),
        },
        // What is only deferred has no message yet to show.
        ...(message && [4, 7].includes(Number(context.body.type))
          ? { resource: { type: context.body.type, message: messagePayload(world, message) } }
          : {}),
      });
    },
  },
  {
    method: "POST",
    path: "/webhooks/:webhook/:token",
    auth: "none",
    notGlobal: true,
    limit: LIMIT,
    handle(context) {
      const { world } = context.services;
      const interaction = answerable(context);
      const channel = channelOf(world, interaction.channelId);
      const read = readMessage(context, channel.id, context.body);
      requireContent(read);
      const original = channel.messages.get(interaction.originalId ?? "");
      // The first follow-up of a deferred answer takes the place of "is thinking…".
      if (original && original.flags & MessageFlags.Loading) {
        applyEdit(world, channel, original, read);
        interaction.state = "answered";
        return ok(messagePayload(world, original));
      }
      return ok(messagePayload(world, answerMessage(context, interaction, read, false)));
    },
  },
  {
    method: "GET",
    path: MESSAGE,
    auth: "none",
    notGlobal: true,
    limit: LIMIT,
    handle: (context) => ok(messagePayload(context.services.world, target(context).message)),
  },
  {
    method: "PATCH",
    path: MESSAGE,
    auth: "none",
    notGlobal: true,
    limit: LIMIT,
    handle(context) {
      const { world } = context.services;
      const { interaction, message } = target(context);
      const channel = channelOf(world, interaction.channelId);
      applyEdit(world, channel, message, readMessage(context, channel.id, context.body));
      if (message.id === interaction.originalId) interaction.state = "answered";
      return ok(messagePayload(world, message));
    },
  },
  {
    method: "DELETE",
    path: MESSAGE,
    auth: "none",
    notGlobal: true,
    limit: LIMIT,
    handle(context) {
      const { interaction, message } = target(context);
      deleteMessage(context.services.world, channelOf(context.services.world, interaction.channelId), message);
      return NO_CONTENT;
    },
  },
];

/** The interaction of the path's token, while the token works. */
function answerable(context: Context): Interaction {
  const { world, interactions } = context.services;
  const interaction = interactionByToken(world, context.params.token ?? "");
  if (interaction?.applicationId !== context.params.webhook || !interaction) throw apiError(10015);
  // Not answered yet: there is no webhook behind the token before the first response.
  if (interaction.state === "waiting" || interaction.state === "failed") throw apiError(10015);
  if (world.now() - interaction.createdAtMs > interactions.options.tokenMs) throw apiError(50027);
  return interaction;
}

function target(context: Context): { readonly interaction: Interaction; readonly message: Message } {
  const interaction = answerable(context);
  const channel = channelOf(context.services.world, interaction.channelId);
  const id = context.params.message === "@original" ? interaction.originalId : context.params.message;
  const own = id === interaction.originalId || interaction.messageIds.includes(id ?? "");
  return { interaction, message: found(own ? channel.messages.get(id ?? "") : undefined, 10008) };
}
