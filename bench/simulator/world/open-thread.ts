/**
 * A thread begins: from a message, standing alone, private, or as the post of a forum.
 * https://discord.com/developers/docs/resources/channel#start-thread-from-message
 */
import { ChannelType, MessageType } from "discord-api-types/v10";
import { apiError } from "../api-error.ts";
import { channelPayload } from "../payloads.ts";
import { type Channel, emit, guildOf, type Id, type Message, type World } from "../world.ts";
import { emptyChannel, register } from "./channels.ts";
import { writeMessage } from "./messages.ts";

export type NewThread = {
  readonly parent: Channel;
  readonly ownerId: Id;
  readonly name: string;
  readonly type?: ChannelType;
  readonly message?: Message;
  readonly autoArchiveMinutes?: number;
  readonly invitable?: boolean;
  readonly slowmodeSeconds?: number;
  readonly appliedTags?: readonly Id[];
};

/** A thread from a message takes that message's id as its own. */
export function createThread(world: World, options: NewThread): Channel {
  const { parent, message } = options;
  if (parent.guildId === null) throw apiError(50003);
  const guild = guildOf(world, parent.guildId);
  if (message?.threadId) throw apiError(160004);
  const announcement = parent.type === ChannelType.GuildAnnouncement;
  const type = options.type ?? (announcement ? ChannelType.AnnouncementThread : ChannelType.PublicThread);
  const now = world.now();
  const thread = emptyChannel(message?.id ?? world.ids.next(), type, guild.id, [], {
    ownerId: options.ownerId,
    archived: false,
    locked: false,
    invitable: options.invitable ?? true,
    autoArchiveMinutes: options.autoArchiveMinutes ?? 4320,
    archiveChangedAtMs: now,
    createdAtMs: now,
    members: new Map([[options.ownerId, { joinedAtMs: now }]]),
    totalSent: 0,
    appliedTags: [...(options.appliedTags ?? [])],
  });
  thread.name = options.name;
  thread.parentId = parent.id;
  thread.slowmodeSeconds = options.slowmodeSeconds ?? 0;
  register(world, guild, thread);
  emit(world, {
    t: "THREAD_CREATE",
    guildId: guild.id,
    channelId: thread.id,
    d: { ...channelPayload(world, thread), newly_created: true },
  });
  if (message) {
    message.threadId = thread.id;
    emitThreadStarter(world, parent, message);
  } else if (parent.type !== ChannelType.GuildForum && type !== ChannelType.PrivateThread) {
    writeMessage(world, parent, {
      authorId: options.ownerId,
      content: options.name,
      type: MessageType.ThreadCreated,
      reference: { type: 0, channel_id: thread.id, guild_id: guild.id },
    });
  }
  return thread;
}

function emitThreadStarter(world: World, parent: Channel, message: Message): void {
  emit(world, { t: "MESSAGE_UPDATE", guildId: parent.guildId, channelId: parent.id, message, d: {} });
}
