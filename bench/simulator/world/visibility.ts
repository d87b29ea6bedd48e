/** What a user can see and do in a channel: the permission algorithm applied to the world, threads and DMs included. */
import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10";
import { ALL_PERMISSIONS, channelPermissions } from "../permissions.ts";
import type { Channel, Id, World } from "../world.ts";

/** Effective permissions of a user in a channel; none at all where they are no member. */
export function permissionsIn(world: World, channel: Channel, userId: Id): bigint {
  if (channel.guildId === null) return channel.recipients.includes(userId) ? ALL_PERMISSIONS : 0n;
  const guild = world.guilds.get(channel.guildId);
  const member = guild?.members.get(userId);
  if (!guild || !member) return 0n;
  const parent = channel.thread && channel.parentId ? world.channels.get(channel.parentId) : undefined;
  const permissions = channelPermissions(guild, member, channel, parent, world.now());
  const closedThread =
    channel.type === ChannelType.PrivateThread &&
    !channel.thread?.members.has(userId) &&
    !(permissions & PermissionFlagsBits.ManageThreads);
  return closedThread ? 0n : permissions;
}

export function mayViewChannel(world: World, channel: Channel, userId: Id): boolean {
  return (permissionsIn(world, channel, userId) & PermissionFlagsBits.ViewChannel) !== 0n;
}
