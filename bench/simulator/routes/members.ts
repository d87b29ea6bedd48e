/**
 * Members: reading, nickname, roles, time-out, kick.
 * https://discord.com/developers/docs/resources/guild#modify-guild-member
 */
import { AuditLogEvent, PermissionFlagsBits as P } from "discord-api-types/v10";
import { ownGuild, requireInGuild, requireRank } from "../access.ts";
import { apiError } from "../api-error.ts";
import { readForm } from "../form.ts";
import { memberPayload } from "../payloads.ts";
import { ALL_PERMISSIONS, basePermissions, highestRole, isAbove } from "../permissions.ts";
import { type Context, NO_CONTENT, ok, type Route } from "../route.ts";
import { audit } from "../world/audit-log.ts";
import { type MemberChanges, removeMember, updateMember } from "../world/members.ts";
import { type Guild, type Id, memberOf, roleOf } from "../world.ts";

/** A time-out lasts at most 28 days. */
const TIMEOUT_MS_MAX = 28 * 24 * 3_600_000;

export const memberRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/guilds/:guild/members",
    auth: "bot",
    limit: { requests: 10, perMs: 10_000 },
    handle(context) {
      const { guild } = ownGuild(context);
      if (!context.application.privileged.guildMembers) throw apiError(50001);
      const form = readForm(Object.fromEntries(context.query));
      const limit = form.integer("limit", { min: 1, max: 1000 }) ?? 1;
      const after = BigInt(form.snowflake("after") ?? 0);
      form.done();
      const sorted = [...guild.members.values()]
        .filter((member) => BigInt(member.userId) > after)
        .sort((a, b) => (BigInt(a.userId) < BigInt(b.userId) ? -1 : 1));
      return ok(sorted.slice(0, limit).map((member) => memberPayload(context.services.world, member)));
    },
  },
  {
    method: "GET",
    path: "/guilds/:guild/members/search",
    auth: "bot",
    limit: { requests: 10, perMs: 10_000 },
    handle(context) {
      const { guild } = ownGuild(context);
      const { world } = context.services;
      const query = (context.query.get("query") ?? "").toLowerCase();
      const limit = Number(context.query.get("limit") ?? 1);
      const matching = [...guild.members.values()].filter((member) => {
        const user = world.users.get(member.userId);
        return [member.nick, user?.globalName, user?.username].some((name) => name?.toLowerCase().startsWith(query));
      });
      return ok(matching.slice(0, limit).map((member) => memberPayload(world, member)));
    },
  },
  {
    method: "PATCH",
    path: "/guilds/:guild/members/@me",
    auth: "bot",
    handle(context) {
      const { guild, self } = ownGuild(context);
      const form = readForm(context.body);
      const nick = form.string("nick", { max: 32 });
      form.done();
      requireInGuild(context, guild, P.ChangeNickname);
      updateMember(context.services.world, guild, self, { nick: nick || null });
      return ok(memberPayload(context.services.world, self));
    },
  },
  {
    method: "GET",
    path: "/guilds/:guild/members/:user",
    auth: "bot",
    limit: { requests: 5, perMs: 1_000 },
    handle(context) {
      const { guild } = ownGuild(context);
      return ok(memberPayload(context.services.world, memberOf(guild, context.params.user ?? "")));
    },
  },
  {
    method: "PATCH",
    path: "/guilds/:guild/members/:user",
    auth: "bot",
    limit: { requests: 10, perMs: 10_000 },
    handle: modifyMember,
  },
  {
    method: "DELETE",
    path: "/guilds/:guild/members/:user",
    auth: "bot",
    limit: { requests: 5, perMs: 1_000 },
    handle(context) {
      const { guild } = ownGuild(context);
      const { world } = context.services;
      requireInGuild(context, guild, P.KickMembers);
      const member = memberOf(guild, context.params.user ?? "");
      requireRank(context, guild, member.userId);
      removeMember(world, guild, member.userId);
      audit(world, guild, AuditLogEvent.MemberKick, {
        actor: context.application.botId,
        target: member.userId,
        reason: context.reason,
      });
      return NO_CONTENT;
    },
  },
  {
    method: "PUT",
    path: "/guilds/:guild/members/:user/roles/:role",
    auth: "bot",
    limit: { requests: 10, perMs: 10_000 },
    handle: (context) => changeRole(context, true),
  },
  {
    method: "DELETE",
    path: "/guilds/:guild/members/:user/roles/:role",
    auth: "bot",
    limit: { requests: 10, perMs: 10_000 },
    handle: (context) => changeRole(context, false),
  },
];

function modifyMember(context: Context) {
  const { world } = context.services;
  const { guild } = ownGuild(context);
  const member = memberOf(guild, context.params.user ?? "");
  const form = readForm(context.body);
  const nick = form.string("nick", { max: 32 });
  const roles = form.snowflakes("roles");
  const until = form.string("communication_disabled_until");
  const untilMs = until === undefined ? null : Date.parse(until);
  if (untilMs !== null && Number.isNaN(untilMs)) {
    form.fail("communication_disabled_until", "DATE_TIME_TYPE_PARSE", `Could not parse "${until}". Should be ISO8601.`);
  } else if (untilMs !== null && untilMs - world.now() > TIMEOUT_MS_MAX) {
    form.fail("communication_disabled_until", "TIME_OUT_MAX", "Timeout duration may not be longer than 28 days.");
  }
  form.done();

  let changes: MemberChanges = {};
  if (form.has("nick")) {
    requireInGuild(context, guild, P.ManageNicknames);
    requireRank(context, guild, member.userId);
    changes = { ...changes, nick: nick || null };
  }
  if (roles !== undefined) {
    requireInGuild(context, guild, P.ManageRoles);
    const changed = [
      ...roles.filter((id) => !member.roles.includes(id)),
      ...member.roles.filter((id) => !roles.includes(id)),
    ];
    for (const id of changed) requireAssignable(context, guild, id);
    changes = { ...changes, roles };
  }
  if (form.has("communication_disabled_until")) {
    requireInGuild(context, guild, P.ModerateMembers);
    requireRank(context, guild, member.userId);
    // Administrators cannot be timed out.
    if (untilMs !== null && basePermissions(guild, member, 0) === ALL_PERMISSIONS) throw apiError(50013);
    changes = { ...changes, timeoutUntilMs: untilMs };
  }
  const auditChanges = [
    ...(changes.nick === undefined ? [] : [{ key: "nick", old_value: member.nick, new_value: changes.nick }]),
    ...(changes.timeoutUntilMs === undefined
      ? []
      : [
          {
            key: "communication_disabled_until",
            old_value: isoOrNull(member.timeoutUntilMs),
            new_value: isoOrNull(changes.timeoutUntilMs),
          },
        ]),
  ];
  updateMember(world, guild, member, changes);
  const details = { actor: context.application.botId, target: member.userId, reason: context.reason };
  if (auditChanges.length > 0) audit(world, guild, AuditLogEvent.MemberUpdate, { ...details, changes: auditChanges });
  if (roles !== undefined) audit(world, guild, AuditLogEvent.MemberRoleUpdate, details);
  return ok(memberPayload(world, member));
}

function changeRole(context: Context, adds: boolean) {
  const { world } = context.services;
  const { guild } = ownGuild(context);
  requireInGuild(context, guild, P.ManageRoles);
  const member = memberOf(guild, context.params.user ?? "");
  const roleId = context.params.role ?? "";
  requireAssignable(context, guild, roleId);
  const others = member.roles.filter((id) => id !== roleId);
  updateMember(world, guild, member, { roles: adds ? [...others, roleId] : others });
  const role = { id: roleId, name: roleOf(guild, roleId).name };
  audit(world, guild, AuditLogEvent.MemberRoleUpdate, {
    actor: context.application.botId,
    target: member.userId,
    reason: context.reason,
    changes: [{ key: adds ? "$add" : "$remove", new_value: [role] }],
  });
  return NO_CONTENT;
}

/** Only roles below the own highest one, and none that belongs to a bot or integration. */
function requireAssignable(context: Context, guild: Guild, roleId: Id): void {
  const role = roleOf(guild, roleId);
  if (role.id === guild.id || role.managed) throw apiError(50028);
  const self = memberOf(guild, context.application.botId);
  const own = highestRole(guild, self);
  if (guild.ownerId !== self.userId && (!own || !isAbove(own, role))) throw apiError(50013);
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
