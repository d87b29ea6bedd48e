/** https://discord.com/developers/docs/resources/guild */
import { AuditLogEvent, ChannelType, PermissionFlagsBits as P } from "discord-api-types/v10";
import { ownGuild, requireInGuild } from "../access.ts";
import { readForm } from "../form.ts";
import { auditLogEntryPayload, channelPayload, guildPayload, threadMemberPayload, userPayload } from "../payloads.ts";
import { created, ok, type Route } from "../route.ts";
import { audit } from "../world/audit-log.ts";
import { createChannel } from "../world/channels.ts";
import { updateGuild } from "../world/guilds.ts";
import { mayViewChannel } from "../world/visibility.ts";
import type { Json } from "../world.ts";
import { overwriteOf } from "./channels.ts";

const CREATABLE = [
  ChannelType.GuildText,
  ChannelType.GuildVoice,
  ChannelType.GuildCategory,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildStageVoice,
  ChannelType.GuildForum,
];

export const guildRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/guilds/:guild",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      const counts = context.query.get("with_counts") === "true";
      return ok({
        ...guildPayload(guild),
        ...(counts
          ? { approximate_member_count: guild.members.size, approximate_presence_count: guild.members.size }
          : {}),
      });
    },
  },
  {
    method: "PATCH",
    path: "/guilds/:guild",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.ManageGuild);
      const form = readForm(context.body);
      const name = form.string("name", { min: 2, max: 100 });
      const locale = form.string("preferred_locale");
      form.done();
      updateGuild(context.services.world, guild, {
        ...(name === undefined ? {} : { name }),
        ...(locale === undefined ? {} : { locale }),
      });
      return ok(guildPayload(guild));
    },
  },
  {
    method: "GET",
    path: "/guilds/:guild/channels",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      const { world } = context.services;
      const channels = [...guild.channels].flatMap((id) => world.channels.get(id) ?? []);
      return ok(channels.filter((channel) => !channel.thread).map((channel) => channelPayload(world, channel)));
    },
  },
  {
    method: "POST",
    path: "/guilds/:guild/channels",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      const { world } = context.services;
      requireInGuild(context, guild, P.ManageChannels);
      const form = readForm(context.body);
      const name = form.string("name", { min: 1, max: 100, required: true }) ?? "";
      const type = form.oneOf("type", CREATABLE);
      const topic = form.string("topic", { max: 4096 });
      const parentId = form.snowflake("parent_id");
      const overwrites = (form.list("permission_overwrites") ?? []) as Json[];
      const slowmode = form.integer("rate_limit_per_user", { min: 0, max: 21_600 });
      const tags = form.list("available_tags", { max: 20 }) as Json[] | undefined;
      form.done();
      const text = type === undefined || type === ChannelType.GuildText || type === ChannelType.GuildAnnouncement;
      const channel = createChannel(world, guild, {
        // Text channels' names are lower case without blanks.
        name: text ? name.toLowerCase().replace(/\s+/g, "-") : name,
        ...(type === undefined ? {} : { type }),
        topic: topic ?? null,
        parentId: parentId ?? null,
        nsfw: context.body.nsfw === true,
        overwrites: overwrites.map(overwriteOf),
        ...(slowmode === undefined ? {} : { slowmodeSeconds: slowmode }),
        ...(tags === undefined ? {} : { availableTags: tags }),
      });
      audit(world, guild, AuditLogEvent.ChannelCreate, {
        actor: context.application.botId,
        target: channel.id,
        reason: context.reason,
      });
      return created(channelPayload(world, channel));
    },
  },
  {
    method: "GET",
    path: "/guilds/:guild/threads/active",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      const { world } = context.services;
      const { botId } = context.application;
      const threads = [...guild.channels]
        .flatMap((id) => world.channels.get(id) ?? [])
        .filter((channel) => channel.thread && !channel.thread.archived && mayViewChannel(world, channel, botId));
      return ok({
        threads: threads.map((thread) => channelPayload(world, thread)),
        members: threads.flatMap((thread) => threadMemberPayload(thread, botId) ?? []),
        has_more: false,
      });
    },
  },
  {
    method: "GET",
    path: "/guilds/:guild/audit-logs",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      const { world } = context.services;
      requireInGuild(context, guild, P.ViewAuditLog);
      const form = readForm(Object.fromEntries(context.query));
      const limit = form.integer("limit", { min: 1, max: 100 }) ?? 50;
      const [userId, before, after] = [form.snowflake("user_id"), form.snowflake("before"), form.snowflake("after")];
      const actionType = form.integer("action_type");
      form.done();
      const entries = guild.auditLog
        .filter((entry) => userId === undefined || entry.userId === userId)
        .filter((entry) => actionType === undefined || entry.actionType === actionType)
        .filter((entry) => before === undefined || BigInt(entry.id) < BigInt(before))
        .filter((entry) => after === undefined || BigInt(entry.id) > BigInt(after))
        .slice(0, limit);
      const ids = new Set(entries.flatMap((entry) => [entry.userId, entry.targetId ?? ""]));
      return ok({
        audit_log_entries: entries.map(auditLogEntryPayload),
        users: [...ids].flatMap((id) => {
          const user = world.users.get(id);
          return user ? [userPayload(user)] : [];
        }),
        application_commands: [],
        auto_moderation_rules: [],
        guild_scheduled_events: [],
        integrations: [],
        threads: [],
        webhooks: [],
      });
    },
  },
];
