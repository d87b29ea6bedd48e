/** The permission checks of REST routes, with the errors Discord gives: 50001 where one cannot look, 50013 where one may not act. */
import { PermissionFlagsBits as P } from "discord-api-types/v10";
import { apiError } from "./api-error.ts";
import { basePermissions, outranks } from "./permissions.ts";
import type { Context } from "./route.ts";
import { permissionsIn } from "./world/visibility.ts";
import {
  type Channel,
  channelOf,
  type Guild,
  type Id,
  type Member,
  type Message,
  memberOf,
  messageOf,
} from "./world.ts";

/** The channel named in the path, if the bot can see it. */
export function visibleChannel(context: Context, id = context.params.channel ?? ""): Channel {
  const channel = channelOf(context.services.world, id);
  if (!(permissionsIn(context.services.world, channel, context.application.botId) & P.ViewChannel))
    throw apiError(50001);
  return channel;
}

/** The message named in the path, in a channel the bot can read back. */
export function readableMessage(context: Context, channel: Channel): Message {
  requireIn(context, channel, P.ReadMessageHistory);
  const message = messageOf(channel, context.params.message ?? "");
  if (message.ephemeralFor !== undefined) throw apiError(10008);
  return message;
}

export function requireIn(context: Context, channel: Channel, permission: bigint): void {
  const own = permissionsIn(context.services.world, channel, context.application.botId);
  if ((own & permission) !== permission) throw apiError(50013);
}

export function mayIn(context: Context, channel: Channel, permission: bigint): boolean {
  return (permissionsIn(context.services.world, channel, context.application.botId) & permission) === permission;
}

/** The guild named in the path: 10004 where the bot is not in it, as if there were none. */
export function ownGuild(context: Context): { readonly guild: Guild; readonly self: Member } {
  const guild = context.services.world.guilds.get(context.params.guild ?? "");
  const self = guild?.members.get(context.application.botId);
  if (!guild) throw apiError(10004);
  if (!self) throw apiError(50001);
  return { guild, self };
}

export function requireInGuild(context: Context, guild: Guild, permission: bigint): void {
  const self = memberOf(guild, context.application.botId);
  const own = basePermissions(guild, self, context.services.world.now());
  if ((own & permission) !== permission) throw apiError(50013);
}

/** Role order: nobody acts on the owner, on an equal or on somebody above. */
export function requireRank(context: Context, guild: Guild, targetId: Id): void {
  if (!outranks(guild, context.application.botId, targetId)) throw apiError(50013);
}
