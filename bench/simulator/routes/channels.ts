/** https://discord.com/developers/docs/resources/channel */
import { AuditLogEvent, ChannelType, PermissionFlagsBits as P } from "discord-api-types/v10";
import { requireIn, visibleChannel } from "../access.ts";
import { apiError } from "../api-error.ts";
import { readForm } from "../form.ts";
import { channelPayload } from "../payloads.ts";
import { type Context, NO_CONTENT, ok, type Route } from "../route.ts";
import { audit } from "../world/audit-log.ts";
import { deleteChannel, updateChannel } from "../world/channels.ts";
import { updateThread } from "../world/threads.ts";
import { found, guildOf, type Json, type Overwrite } from "../world.ts";

export const channelRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/channels/:channel",
    auth: "bot",
    handle: (context) => ok(channelPayload(context.services.world, visibleChannel(context))),
  },
  {
    method: "PATCH",
    path: "/channels/:channel",
    auth: "bot",
    limit: { requests: 5, perMs: 15_000 },
    handle(context) {
      const { world } = context.services;
      const channel = visibleChannel(context);
      const form = readForm(context.body);
      const name = form.string("name", { min: 1, max: 100 });
      const slowmode = form.integer("rate_limit_per_user", { min: 0, max: 21_600 });
      if (channel.thread) {
        const own = channel.thread.ownerId === context.application.botId;
        const archiveMinutes = form.oneOf("auto_archive_duration", [60, 1440, 4320, 10_080]);
        const [archived, locked, invitable] = [
          form.boolean("archived"),
          form.boolean("locked"),
          form.boolean("invitable"),
        ];
        const tags = form.snowflakes("applied_tags", { max: 5 });
        form.done();
        if (!own || locked !== undefined) requireIn(context, channel, P.ManageThreads);
        if (channel.thread.archived && archived !== false && Object.keys(context.body).length > 0)
          throw apiError(50083);
        updateThread(world, channel, {
          ...(name === undefined ? {} : { name }),
          ...(slowmode === undefined ? {} : { slowmodeSeconds: slowmode }),
          ...(archiveMinutes === undefined ? {} : { autoArchiveMinutes: archiveMinutes }),
          ...(archived === undefined ? {} : { archived }),
          ...(locked === undefined ? {} : { locked }),
          ...(invitable === undefined ? {} : { invitable }),
          ...(tags === undefined ? {} : { appliedTags: tags }),
        });
        return ok(channelPayload(world, channel));
      }
      const topic = form.string("topic", { max: channel.type === ChannelType.GuildForum ? 4096 : 1024 });
      const position = form.integer("position", { min: 0 });
      const nsfw = form.boolean("nsfw");
      const parentId = form.snowflake("parent_id");
      const overwrites = form.list("permission_overwrites") as Json[] | undefined;
      form.done();
      requireIn(context, channel, P.ManageChannels);
      updateChannel(world, channel, {
        ...(name === undefined ? {} : { name }),
        ...(form.has("topic") ? { topic: topic ?? null } : {}),
        ...(form.has("parent_id") ? { parentId: parentId ?? null } : {}),
        ...(position === undefined ? {} : { position }),
        ...(nsfw === undefined ? {} : { nsfw }),
        ...(slowmode === undefined ? {} : { slowmodeSeconds: slowmode }),
        ...(overwrites === undefined ? {} : { overwrites: overwrites.map(overwriteOf) }),
      });
      auditChannel(context, AuditLogEvent.ChannelUpdate, channel.id);
      return ok(channelPayload(world, channel));
    },
  },
  {
    method: "DELETE",
    path: "/channels/:channel",
    auth: "bot",
    handle(context) {
      const { world } = context.services;
      const channel = visibleChannel(context);
      const payload = channelPayload(world, channel);
      if (channel.guildId === null) return ok(payload);
      requireIn(context, channel, channel.thread ? P.ManageThreads : P.ManageChannels);
      auditChannel(context, channel.thread ? AuditLogEvent.ThreadDelete : AuditLogEvent.ChannelDelete, channel.id);
      deleteChannel(world, channel);
      return ok(payload);
    },
  },
  {
    method: "PUT",
    path: "/channels/:channel/permissions/:overwrite",
    auth: "bot",
    handle(context) {
      const channel = visibleChannel(context);
      requireIn(context, channel, P.ManageRoles);
      const form = readForm(context.body);
      const type = form.oneOf("type", [0, 1]);
      if (type === undefined) form.fail("type", "BASE_TYPE_REQUIRED", "This field is required");
      form.done();
      const overwrite = overwriteOf({ ...context.body, id: context.params.overwrite });
      const others = channel.overwrites.filter((o) => o.id !== overwrite.id);
      updateChannel(context.services.world, channel, { overwrites: [...others, overwrite] });
      auditChannel(context, AuditLogEvent.ChannelOverwriteUpdate, channel.id);
      return NO_CONTENT;
    },
  },
  {
    method: "DELETE",
    path: "/channels/:channel/permissions/:overwrite",
    auth: "bot",
    handle(context) {
      const channel = visibleChannel(context);
      requireIn(context, channel, P.ManageRoles);
      found(
        channel.overwrites.find((o) => o.id === context.params.overwrite),
        10009,
      );
      const overwrites = channel.overwrites.filter((o) => o.id !== context.params.overwrite);
      updateChannel(context.services.world, channel, { overwrites });
      auditChannel(context, AuditLogEvent.ChannelOverwriteDelete, channel.id);
      return NO_CONTENT;
    },
  },
];

export function overwriteOf(json: unknown): Overwrite {
  const form = readForm(json);
  const [id, allow, deny] = [form.snowflake("id", { required: true }), form.bits("allow"), form.bits("deny")];
  form.done();
  return { id: id ?? "", type: Number(form.body.type) === 1 ? 1 : 0, allow: allow ?? 0n, deny: deny ?? 0n };
}

function auditChannel(context: Context, event: AuditLogEvent, channelId: string): void {
  const { world } = context.services;
  const guildId = world.channels.get(channelId)?.guildId;
  if (!guildId) return;
  audit(world, guildOf(world, guildId), event, {
    actor: context.application.botId,
    target: channelId,
    reason: context.reason,
  });
}
