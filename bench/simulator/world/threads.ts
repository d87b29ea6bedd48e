/**
 * Threads that exist: who is in them, archiving and locking. How one begins is in open-thread.ts.
 * https://discord.com/developers/docs/topics/threads
 */
import { ChannelType } from "discord-api-types/v10";
import { channelPayload, threadMemberPayload } from "../payloads.ts";
import { type Channel, emit, type Id, type World } from "../world.ts";
import { applicationOfBot } from "./applications.ts";
import { updateChannel } from "./channels.ts";

export function joinThread(world: World, thread: Channel, userId: Id): void {
  if (!thread.thread || thread.thread.members.has(userId)) return;
  thread.thread.members.set(userId, { joinedAtMs: world.now() });
  const application = applicationOfBot(world, userId);
  if (application && thread.type === ChannelType.PrivateThread) {
    // A bot hears of a private thread when it is let in.
    const d = { ...channelPayload(world, thread), member: threadMemberPayload(thread, userId) };
    emit(world, {
      t: "THREAD_CREATE",
      guildId: thread.guildId,
      channelId: thread.id,
      applicationId: application.id,
      d,
    });
  }
  emitMembers(world, thread, [userId], []);
}

export function leaveThread(world: World, thread: Channel, userId: Id): void {
  if (!thread.thread?.members.delete(userId)) return;
  emitMembers(world, thread, [], [userId]);
}

export type ThreadChanges = {
  readonly name?: string;
  readonly archived?: boolean;
  readonly locked?: boolean;
  readonly invitable?: boolean;
  readonly autoArchiveMinutes?: number;
  readonly slowmodeSeconds?: number;
  readonly appliedTags?: readonly Id[];
};

export function updateThread(world: World, thread: Channel, changes: ThreadChanges): void {
  const meta = thread.thread;
  if (!meta) return;
  if (changes.archived !== undefined && changes.archived !== meta.archived) {
    meta.archived = changes.archived;
    meta.archiveChangedAtMs = world.now();
  }
  if (changes.locked !== undefined) meta.locked = changes.locked;
  if (changes.invitable !== undefined) meta.invitable = changes.invitable;
  if (changes.autoArchiveMinutes !== undefined) meta.autoArchiveMinutes = changes.autoArchiveMinutes;
  if (changes.appliedTags !== undefined) meta.appliedTags = [...changes.appliedTags];
  updateChannel(world, thread, {
    ...(changes.name === undefined ? {} : { name: changes.name }),
    ...(changes.slowmodeSeconds === undefined ? {} : { slowmodeSeconds: changes.slowmodeSeconds }),
  });
}

function emitMembers(world: World, thread: Channel, added: Id[], removed: Id[]): void {
  const d = {
    id: thread.id,
    guild_id: thread.guildId,
    member_count: thread.thread?.members.size ?? 0,
    ...(added.length > 0 ? { added_members: added.map((id) => threadMemberPayload(thread, id)) } : {}),
    ...(removed.length > 0 ? { removed_member_ids: removed } : {}),
  };
  for (const id of [...added, ...removed]) {
    if (!applicationOfBot(world, id)) continue;
    emit(world, { t: "THREAD_MEMBERS_UPDATE", guildId: thread.guildId, channelId: thread.id, subjectId: id, d });
    return;
  }
  emit(world, { t: "THREAD_MEMBERS_UPDATE", guildId: thread.guildId, channelId: thread.id, d });
}
