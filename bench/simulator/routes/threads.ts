/** https://discord.com/developers/docs/resources/channel#start-thread-from-message */
import { ChannelType, PermissionFlagsBits as P } from "discord-api-types/v10";
import { readableMessage, requireIn, visibleChannel } from "../access.ts";
import { apiError, formError } from "../api-error.ts";
import { type Form, readForm } from "../form.ts";
import { readMessage, requireContent } from "../message-form.ts";
import { messagePayload } from "../message-payload.ts";
import { channelPayload, memberPayload, threadMemberPayload } from "../payloads.ts";
import { type Context, created, NO_CONTENT, ok, type Route } from "../route.ts";
import { deleteChannel } from "../world/channels.ts";
import { writeMessage } from "../world/messages.ts";
import { createThread } from "../world/open-thread.ts";
import { joinThread, leaveThread } from "../world/threads.ts";
import { type Channel, found, type Json } from "../world.ts";
import { requireMessagePermissions } from "./messages.ts";

const ARCHIVE_MINUTES = [60, 1440, 4320, 10_080];

export const threadRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/channels/:channel/messages/:message/threads",
    auth: "bot",
    handle(context) {
      const { world } = context.services;
      const parent = visibleChannel(context);
      if (parent.thread || parent.type === ChannelType.GuildForum || parent.guildId === null) throw apiError(50024);
      requireIn(context, parent, P.CreatePublicThreads);
      const message = readableMessage(context, parent);
      const options = readThread(readForm(context.body));
      const thread = createThread(world, { parent, message, ownerId: context.application.botId, ...options });
      return created(withMember(context, thread));
    },
  },
  {
    method: "POST",
    path: "/channels/:channel/threads",
    auth: "bot",
    handle(context) {
      const parent = visibleChannel(context);
      if (parent.thread || parent.guildId === null) throw apiError(50024);
      return parent.type === ChannelType.GuildForum ? startPost(context, parent) : startThread(context, parent);
    },
  },
  {
    method: "PUT",
    path: "/channels/:channel/thread-members/@me",
    auth: "bot",
    handle: (context) => membership(context, true, context.application.botId),
  },
  {
    method: "DELETE",
    path: "/channels/:channel/thread-members/@me",
    auth: "bot",
    handle: (context) => membership(context, false, context.application.botId),
  },
  {
    method: "PUT",
    path: "/channels/:channel/thread-members/:user",
    auth: "bot",
    handle: (context) => membership(context, true, context.params.user ?? ""),
  },
  {
    method: "DELETE",
    path: "/channels/:channel/thread-members/:user",
    auth: "bot",
    handle: (context) => membership(context, false, context.params.user ?? ""),
  },
  {
    method: "GET",
    path: "/channels/:channel/thread-members/:user",
    auth: "bot",
    handle(context) {
      const thread = visibleChannel(context);
      const userId = context.params.user === "@me" ? context.application.botId : (context.params.user ?? "");
      const member = found(threadMemberPayload(thread, userId), 10007);
      return ok(
        context.query.get("with_member") === "true"
          ? { ...member, member: guildMember(context, thread, userId) }
          : member,
      );
    },
  },
  {
    method: "GET",
    path: "/channels/:channel/thread-members",
    auth: "bot",
    handle(context) {
      const thread = visibleChannel(context);
      if (!context.application.privileged.guildMembers) throw apiError(50001);
      const withMembers = context.query.get("with_member") === "true";
      const ids = [...(thread.thread?.members.keys() ?? [])];
      return ok(
        ids.map((id) => ({
          ...threadMemberPayload(thread, id),
          ...(withMembers ? { member: guildMember(context, thread, id) } : {}),
        })),
      );
    },
  },
  {
    method: "GET",
    path: "/channels/:channel/threads/archived/public",
    auth: "bot",
    handle: (context) => archived(context, ChannelType.PublicThread),
  },
  {
    method: "GET",
    path: "/channels/:channel/threads/archived/private",
    auth: "bot",
    handle: (context) => archived(context, ChannelType.PrivateThread),
  },
];

function startThread(context: Context, parent: Channel) {
  const form = readForm(context.body);
  // Without a type Discord makes a private one.
  const type =
    form.oneOf("type", [ChannelType.AnnouncementThread, ChannelType.PublicThread, ChannelType.PrivateThread]) ??
    ChannelType.PrivateThread;
  const invitable = form.boolean("invitable") ?? true;
  const options = readThread(form);
  requireIn(context, parent, type === ChannelType.PrivateThread ? P.CreatePrivateThreads : P.CreatePublicThreads);
  const thread = createThread(context.services.world, {
    parent,
    ownerId: context.application.botId,
    type,
    invitable,
    ...options,
  });
  return created(withMember(context, thread));
}

/** A post in a forum is a thread whose first message comes along; both have the same id. */
function startPost(context: Context, parent: Channel) {
  const { world } = context.services;
  const form = readForm(context.body);
  const tags = form.snowflakes("applied_tags", { max: 5 }) ?? [];
  const message = form.object("message");
  if (!message && context.files.length === 0) {
    throw formError([{ path: "message", code: "BASE_TYPE_REQUIRED", message: "This field is required" }]);
  }
  const options = readThread(form);
  requireIn(context, parent, P.SendMessages);
  const known = new Set(parent.availableTags.map((tag) => tag.id));
  if (tags.some((tag) => !known.has(tag))) {
    throw formError([{ path: "applied_tags", code: "UNKNOWN_TAG", message: "Unknown tag" }]);
  }
  const body = readMessage(context, parent.id, message ?? {}, "message");
  requireContent(body);
  requireMessagePermissions(context, parent, body);
  const thread = createThread(world, { parent, ownerId: context.application.botId, appliedTags: tags, ...options });
  try {
    const first = writeMessage(world, thread, {
      id: thread.id,
      authorId: context.application.botId,
      content: body.content ?? "",
      allowedMentions: body.allowedMentions,
      embeds: body.embeds ?? [],
      components: body.components ?? [],
      attachments: body.attachments ?? [],
      flags: body.flags ?? 0,
    });
    return created({ ...withMember(context, thread), message: messagePayload(world, first) });
  } catch (error) {
    deleteChannel(world, thread);
    throw error;
  }
}

function readThread(form: Form) {
  const name = form.string("name", { min: 1, max: 100, required: true }) ?? "";
  const autoArchiveMinutes = form.oneOf("auto_archive_duration", ARCHIVE_MINUTES);
  const slowmodeSeconds = form.integer("rate_limit_per_user", { min: 0, max: 21_600 });
  form.done();
  return {
    name,
    ...(autoArchiveMinutes === undefined ? {} : { autoArchiveMinutes }),
    ...(slowmodeSeconds === undefined ? {} : { slowmodeSeconds }),
  };
}

function membership(context: Context, joins: boolean, userId: string) {
  const thread = visibleChannel(context);
  if (!thread.thread) throw apiError(50024);
  if (thread.thread.archived) throw apiError(50083);
  if (joins) joinThread(context.services.world, thread, userId);
  else {
    if (userId !== context.application.botId) requireIn(context, thread, P.ManageThreads);
    leaveThread(context.services.world, thread, userId);
  }
  return NO_CONTENT;
}

function archived(context: Context, type: ChannelType) {
  const { world } = context.services;
  const parent = visibleChannel(context);
  requireIn(context, parent, P.ReadMessageHistory | (type === ChannelType.PrivateThread ? P.ManageThreads : 0n));
  const limit = Number(context.query.get("limit") ?? 50);
  const all = [...world.channels.values()]
    .filter((channel) => channel.parentId === parent.id && channel.type === type && channel.thread?.archived)
    .sort((a, b) => (b.thread?.archiveChangedAtMs ?? 0) - (a.thread?.archiveChangedAtMs ?? 0));
  return ok({
    threads: all.slice(0, limit).map((thread) => channelPayload(world, thread)),
    members: all.slice(0, limit).flatMap((thread) => threadMemberPayload(thread, context.application.botId) ?? []),
    has_more: all.length > limit,
  });
}

function withMember(context: Context, thread: Channel): Json {
  const member = threadMemberPayload(thread, context.application.botId);
  return { ...channelPayload(context.services.world, thread), ...(member ? { member } : {}) };
}

function guildMember(context: Context, thread: Channel, userId: string): Json | undefined {
  const { world } = context.services;
  const member = world.guilds.get(thread.guildId ?? "")?.members.get(userId);
  return member && memberPayload(world, member);
}
