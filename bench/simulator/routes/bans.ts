/** https://discord.com/developers/docs/resources/guild#create-guild-ban */
import { AuditLogEvent, PermissionFlagsBits as P } from "discord-api-types/v10";
import { ownGuild, requireInGuild, requireRank } from "../access.ts";
import { apiError, formError } from "../api-error.ts";
import { readForm } from "../form.ts";
import { userPayload } from "../payloads.ts";
import { type Context, NO_CONTENT, ok, type Route } from "../route.ts";
import { snowflakeMs } from "../snowflake.ts";
import { audit } from "../world/audit-log.ts";
import { banMember, unbanMember } from "../world/members.ts";
import { bulkDelete } from "../world/messages.ts";
import { found, type Guild, type Id, type Json, userOf } from "../world.ts";

/** Seven days. */
const DELETE_SECONDS_MAX = 604_800;

export const banRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/guilds/:guild/bans",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.BanMembers);
      const limit = Number(context.query.get("limit") ?? 1000);
      return ok([...guild.bans.keys()].slice(0, limit).map((id) => banPayload(context, guild, id)));
    },
  },
  {
    method: "GET",
    path: "/guilds/:guild/bans/:user",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.BanMembers);
      found(guild.bans.get(context.params.user ?? ""), 10026);
      return ok(banPayload(context, guild, context.params.user ?? ""));
    },
  },
  {
    method: "PUT",
    path: "/guilds/:guild/bans/:user",
    auth: "bot",
    limit: { requests: 5, perMs: 1_000 },
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.BanMembers);
      const user = userOf(context.services.world, context.params.user ?? "");
      const deleteMs = deleteSeconds(context) * 1000;
      ban(context, guild, user.id, deleteMs);
      return NO_CONTENT;
    },
  },
  {
    method: "DELETE",
    path: "/guilds/:guild/bans/:user",
    auth: "bot",
    limit: { requests: 5, perMs: 1_000 },
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.BanMembers);
      const userId = context.params.user ?? "";
      found(guild.bans.get(userId), 10026);
      unbanMember(context.services.world, guild, userId);
      audit(context.services.world, guild, AuditLogEvent.MemberBanRemove, {
        actor: context.application.botId,
        target: userId,
        reason: context.reason,
      });
      return NO_CONTENT;
    },
  },
  {
    method: "POST",
    path: "/guilds/:guild/bulk-ban",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.BanMembers | P.ManageGuild);
      const form = readForm(context.body);
      const ids = form.snowflakes("user_ids", { min: 1, max: 200, required: true }) ?? [];
      form.done();
      const deleteMs = deleteSeconds(context) * 1000;
      const banned: Id[] = [];
      const failed: Id[] = [];
      for (const id of ids) {
        try {
          ban(context, guild, userOf(context.services.world, id).id, deleteMs);
          banned.push(id);
        } catch {
          failed.push(id);
        }
      }
      if (banned.length === 0) throw apiError(50013);
      return ok({ banned_users: banned, failed_users: failed });
    },
  },
];

function ban(context: Context, guild: Guild, userId: Id, deleteMs: number): void {
  const { world } = context.services;
  requireRank(context, guild, userId);
  banMember(world, guild, userId, context.reason ?? null);
  audit(world, guild, AuditLogEvent.MemberBanAdd, {
    actor: context.application.botId,
    target: userId,
    reason: context.reason,
  });
  if (deleteMs === 0) return;
  const since = world.now() - deleteMs;
  for (const id of guild.channels) {
    const channel = world.channels.get(id);
    const theirs = [...(channel?.messages.values() ?? [])].filter(
      (m) => m.authorId === userId && snowflakeMs(m.id) >= since,
    );
    if (channel && theirs.length > 0)
      bulkDelete(
        world,
        channel,
        theirs.map((message) => message.id),
      );
  }
}

function deleteSeconds(context: Context): number {
  const form = readForm(context.body);
  const days = form.integer("delete_message_days", { min: 0, max: 7 });
  const seconds = form.integer("delete_message_seconds", { min: 0, max: DELETE_SECONDS_MAX });
  form.done();
  if (days !== undefined && seconds !== undefined) {
    throw formError([
      {
        path: "delete_message_seconds",
        code: "DELETE_MESSAGE_EXCLUSIVE",
        message: "Only one of delete_message_days and delete_message_seconds may be given",
      },
    ]);
  }
  return seconds ?? (days ?? 0) * 86_400;
}

function banPayload(context: Context, guild: Guild, userId: Id): Json {
  return { reason: guild.bans.get(userId)?.reason ?? null, user: userPayload(userOf(context.services.world, userId)) };
}
