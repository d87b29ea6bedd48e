/** Channels of guilds and direct messages. Threads are in threads.ts. */
import { ChannelType } from "discord-api-types/v10";
import { channelPayload } from "../payloads.ts";
import { type Channel, emit, type Guild, guildOf, type Id, type Json, type Overwrite, type World } from "../world.ts";

export type NewChannel = {
  readonly name: string;
  readonly type?: ChannelType;
  readonly topic?: string | null;
  readonly parentId?: Id | null;
  readonly overwrites?: readonly Overwrite[];
  readonly nsfw?: boolean;
  readonly slowmodeSeconds?: number;
  readonly availableTags?: readonly Json[];
  readonly id?: Id;
};

export function createChannel(world: World, guild: Guild, options: NewChannel): Channel {
  const channel = emptyChannel(options.id ?? world.ids.next(), options.type ?? ChannelType.GuildText, guild.id, []);
  channel.name = options.name;
  channel.topic = options.topic ?? null;
  channel.parentId = options.parentId ?? null;
  channel.position = guild.channels.size;
  channel.overwrites = [...(options.overwrites ?? [])];
  channel.nsfw = options.nsfw ?? false;
  channel.slowmodeSeconds = options.slowmodeSeconds ?? 0;
  channel.availableTags = (options.availableTags ?? []).map((tag) => ({
    id: world.ids.next(),
    moderated: false,
    emoji_id: null,
    emoji_name: null,
    ...tag,
  }));
  register(world, guild, channel);
  emit(world, { t: "CHANNEL_CREATE", guildId: guild.id, channelId: channel.id, d: channelPayload(world, channel) });
  return channel;
}

export type ChannelChanges = Partial<
  Pick<
    Channel,
    "name" | "topic" | "parentId" | "position" | "nsfw" | "slowmodeSeconds" | "overwrites" | "availableTags"
  >
>;

export function updateChannel(world: World, channel: Channel, changes: ChannelChanges): void {
  Object.assign(channel, changes);
  const t = channel.thread ? "THREAD_UPDATE" : "CHANNEL_UPDATE";
  emit(world, { t, guildId: channel.guildId, channelId: channel.id, d: channelPayload(world, channel) });
}

/** Deleting a channel deletes its threads as well. */
export function deleteChannel(world: World, channel: Channel): void {
  if (channel.guildId === null) return;
  const guild = guildOf(world, channel.guildId);
  for (const id of guild.channels) {
    const thread = world.channels.get(id);
    if (thread?.thread && thread.parentId === channel.id) deleteChannel(world, thread);
  }
  const d = channel.thread
    ? { id: channel.id, guild_id: guild.id, parent_id: channel.parentId, type: channel.type }
    : channelPayload(world, channel);
  emit(world, { t: channel.thread ? "THREAD_DELETE" : "CHANNEL_DELETE", guildId: guild.id, channelId: channel.id, d });
  guild.channels.delete(channel.id);
  world.channels.delete(channel.id);
}

/** The direct-message channel of two users, opened on first use. */
export function directChannel(world: World, a: Id, b: Id): Channel {
  for (const channel of world.channels.values()) {
    if (channel.type === ChannelType.DM && channel.recipients.includes(a) && channel.recipients.includes(b)) {
      return channel;
    }
  }
  const channel = emptyChannel(world.ids.next(), ChannelType.DM, null, [a, b]);
  world.channels.set(channel.id, channel);
  return channel;
}

export function register(world: World, guild: Guild, channel: Channel): void {
  world.channels.set(channel.id, channel);
  guild.channels.add(channel.id);
}

export function emptyChannel(
  id: Id,
  type: ChannelType,
  guildId: Id | null,
  recipients: readonly Id[],
  thread: Channel["thread"] = null,
): Channel {
  return {
    id,
    type,
    guildId,
    name: "",
    topic: null,
    parentId: null,
    position: 0,
    nsfw: false,
    slowmodeSeconds: 0,
    overwrites: [],
    availableTags: [],
    recipients,
    thread,
    messages: new Map(),
    nonces: new Map(),
    lastMessageId: null,
  };
}
