/**
 * Interactions as records: what a member did, the payload the application gets, the token and its deadlines.
 * https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object
 */
import { randomBytes } from "node:crypto";
import { InteractionType, PermissionFlagsBits } from "discord-api-types/v10";
import { apiError } from "../api-error.ts";
import { messagePayload } from "../message-payload.ts";
import { channelPayload, memberPayload, userPayload } from "../payloads.ts";
import {
  type Application,
  type Channel,
  type Interaction,
  type Json,
  type Message,
  type User,
  userOf,
  type World,
} from "../world.ts";
import { permissionsIn } from "./visibility.ts";

/** More than a quarter of an hour of 20 a second; older tokens have ended anyway. */
const INTERACTIONS_MAX = 20_000;

export type NewInteraction = {
  readonly application: Application;
  readonly type: InteractionType;
  readonly user: User;
  readonly channel: Channel;
  readonly data: Json;
  /** The message whose component was used. */
  readonly message?: Message | undefined;
};

export function createInteraction(world: World, options: NewInteraction): Interaction {
  const { application, channel, user, message } = options;
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  const member = guild?.members.get(user.id);
  const own = permissionsIn(world, channel, user.id);
  if (!(own & PermissionFlagsBits.ViewChannel)) throw apiError(50001);
  const isCommand = options.type === InteractionType.ApplicationCommand;
  if (isCommand && !(own & PermissionFlagsBits.UseApplicationCommands)) throw apiError(50013);

  const id = world.ids.next();
  // Real tokens are the interaction's id, the application's and a signature, together over 100 characters.
  const token = Buffer.from(`interaction:${id}:`).toString("base64url") + randomBytes(72).toString("base64url");
  const payload: Json = {
    version: 1,
    type: options.type,
    token,
    id,
    application_id: application.id,
    data: options.data,
    channel_id: channel.id,
    channel: { ...channelPayload(world, channel), permissions: own.toString() },
    locale: user.locale,
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: { "0": guild?.id ?? "0" },
    context: guild ? 0 : 1,
    attachment_size_limit: 10_485_760,
    app_permissions: permissionsIn(world, channel, application.botId).toString(),
  };
  if (guild && member) {
    payload.guild_id = guild.id;
    payload.guild_locale = guild.locale;
    payload.guild = { id: guild.id, locale: guild.locale, features: [] };
    payload.member = { ...memberPayload(world, member), permissions: own.toString() };
  } else {
    payload.user = userPayload(user);
  }
  if (message) payload.message = messagePayload(world, message);

  const interaction: Interaction = {
    id,
    applicationId: application.id,
    token,
    type: options.type,
    userId: user.id,
    guildId: channel.guildId,
    channelId: channel.id,
    createdAtMs: world.now(),
    payload,
    messageId: message?.id,
    delivery: application.interactionsEndpointUrl === null ? "gateway" : "endpoint",
    state: "waiting",
    failure: undefined,
    response: undefined,
    ackMs: undefined,
    originalId: undefined,
    ephemeral: false,
    messageIds: [],
  };
  world.interactions.set(id, interaction);
  for (const oldest of world.interactions.keys()) {
    if (world.interactions.size <= INTERACTIONS_MAX) break;
    world.interactions.delete(oldest);
  }
  return interaction;
}

export function interactionByToken(world: World, token: string): Interaction | undefined {
  // The token begins with the interaction's id, as Discord's does.
  const id = /^interaction:(\d+):/.exec(Buffer.from(token, "base64url").toString("latin1"))?.[1];
  const interaction = world.interactions.get(id ?? "");
  return interaction?.token === token ? interaction : undefined;
}

/** What messages that answer it carry. */
export function interactionMetadata(world: World, interaction: Interaction): Json {
  return {
    id: interaction.id,
    type: interaction.type,
    user: userPayload(userOf(world, interaction.userId)),
    authorizing_integration_owners: { "0": interaction.guildId ?? "0" },
    ...(interaction.messageId === undefined ? {} : { interacted_message_id: interaction.messageId }),
  };
}

/** The control API's view: no payload, but what became of it. */
export function shownInteraction(interaction: Interaction): Json {
  const { payload: _payload, ...rest } = interaction;
  return rest;
}
