/**
 * An application's first response to an interaction and what it does to the channel: by the callback route, or in the
 * reply of an interactions endpoint.
 * https://discord.com/developers/docs/interactions/receiving-and-responding#responding-to-an-interaction
 */
import { InteractionType, MessageFlags, MessageType, InteractionResponseType as R } from "discord-api-types/v10";
import { apiError, formError } from "./api-error.ts";
import { readForm } from "./form.ts";
import { type MessageBody, type MessageSource, readMessage, requireContent } from "./message-form.ts";
import { interactionMetadata } from "./world/interactions.ts";
import { editMessage, writeMessage } from "./world/messages.ts";
import { type Channel, channelOf, type Interaction, type Json, type Message, type World } from "./world.ts";

/** Which responses each type of interaction takes. */
const ALLOWED: Readonly<Record<number, readonly number[]>> = {
  [InteractionType.Ping]: [R.Pong],
  [InteractionType.ApplicationCommand]: [R.ChannelMessageWithSource, R.DeferredChannelMessageWithSource, R.Modal],
  [InteractionType.MessageComponent]: [
    R.ChannelMessageWithSource,
    R.DeferredChannelMessageWithSource,
    R.DeferredMessageUpdate,
    R.UpdateMessage,
    R.Modal,
  ],
  [InteractionType.ApplicationCommandAutocomplete]: [R.ApplicationCommandAutocompleteResult],
  [InteractionType.ModalSubmit]: [
    R.ChannelMessageWithSource,
    R.DeferredChannelMessageWithSource,
    R.DeferredMessageUpdate,
    R.UpdateMessage,
  ],
};

/** Applies the response; throws Discord's error where it is late, second, or of a form that does not fit. */
export function respond(from: MessageSource, interaction: Interaction, body: Json): Message | undefined {
  const { world } = from.services;
  if (interaction.state === "failed") throw apiError(10062);
  if (interaction.state !== "waiting") throw apiError(40060);
  const type = Number(body.type);
  if (!ALLOWED[interaction.type]?.includes(type)) {
    throw formError([
      { path: "type", code: "BASE_TYPE_CHOICES", message: "Value is not a response to this interaction." },
    ]);
  }
  const channel = channelOf(world, interaction.channelId);
  const data = (body.data ?? {}) as Json;
  const message = act();
  interaction.response = body;
  interaction.ackMs = world.now() - interaction.createdAtMs;
  interaction.state = type === R.DeferredChannelMessageWithSource ? "deferred" : "answered";
  return message;

  function act(): Message | undefined {
    switch (type) {
      case R.ChannelMessageWithSource: {
        const read = readMessage(from, channel.id, data, "data");
        requireContent(read);
        return original(read);
      }
      case R.DeferredChannelMessageWithSource:
        return original({ ...EMPTY, flags: (Number(data.flags ?? 0) & MessageFlags.Ephemeral) | MessageFlags.Loading });
      case R.UpdateMessage:
      case R.DeferredMessageUpdate: {
        const message = channel.messages.get(interaction.messageId ?? "");
        if (!message) throw apiError(10008);
        interaction.originalId = message.id;
        if (type === R.UpdateMessage) applyEdit(world, channel, message, readMessage(from, channel.id, data, "data"));
        return message;
      }
      case R.Modal:
        checkModal(data);
        return undefined;
      default:
        return undefined;
    }
  }

  function original(read: MessageBody): Message {
    interaction.ephemeral = ((read.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
    const message = answerMessage(from, interaction, read, true);
    interaction.originalId = message.id;
    return message;
  }
}

/** A message by the application in answer to an interaction: the original response or a follow-up. */
export function answerMessage(
  from: MessageSource,
  interaction: Interaction,
  read: MessageBody,
  isOriginal: boolean,
): Message {
  const { world } = from.services;
  const channel = channelOf(world, interaction.channelId);
  const application = world.applications.get(interaction.applicationId);
  const command = interaction.type === InteractionType.ApplicationCommand;
  const isMenu = command && ((interaction.payload.data as Json | undefined)?.type ?? 1) !== 1;
  const ephemeral = ((read.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  const message = writeMessage(world, channel, {
    authorId: application?.botId ?? "",
    content: read.content ?? "",
    ...(isOriginal && command ? { type: isMenu ? MessageType.ContextMenuCommand : MessageType.ChatInputCommand } : {}),
    allowedMentions: read.allowedMentions,
    embeds: read.embeds ?? [],
    components: read.components ?? [],
    attachments: read.attachments ?? [],
    flags: read.flags ?? 0,
    applicationId: interaction.applicationId,
    interactionMetadata: interactionMetadata(world, interaction),
    ...(ephemeral ? { ephemeralFor: interaction.userId } : {}),
  });
  interaction.messageIds.push(message.id);
  return message;
}

/** Edits the original or a follow-up; the first edit of a deferred answer is the answer. */
export function applyEdit(world: World, channel: Channel, message: Message, read: MessageBody): void {
  const wasLoading = (message.flags & MessageFlags.Loading) !== 0;
  const flags = (read.flags ?? message.flags) & ~(MessageFlags.Loading | MessageFlags.Ephemeral);
  editMessage(world, channel, message, {
    ...(read.content === undefined ? {} : { content: read.content }),
    ...(read.embeds === undefined ? {} : { embeds: read.embeds }),
    ...(read.components === undefined ? {} : { components: read.components }),
    ...(read.attachments === undefined ? {} : { attachments: read.attachments }),
    flags: flags | (message.flags & MessageFlags.Ephemeral),
    allowedMentions: read.allowedMentions,
  });
  if (wasLoading) message.editedAtMs = null;
}

const EMPTY: MessageBody = {
  content: "",
  embeds: undefined,
  components: undefined,
  attachments: undefined,
  allowedMentions: undefined,
  flags: undefined,
  tts: false,
  nonce: undefined,
  enforceNonce: false,
  stickerIds: [],
};

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal */
function checkModal(data: Json): void {
  const form = readForm(data, "data");
  form.string("custom_id", { min: 1, max: 100, required: true });
  form.string("title", { min: 1, max: 45, required: true });
  form.list("components", { min: 1, max: 5, required: true });
  form.done();
}
