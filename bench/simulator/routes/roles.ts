/** https://discord.com/developers/docs/resources/guild#get-guild-roles */
import { AuditLogEvent, PermissionFlagsBits as P } from "discord-api-types/v10";
import { ownGuild, requireInGuild } from "../access.ts";
import { apiError } from "../api-error.ts";
import { readForm } from "../form.ts";
import { rolePayload } from "../payloads.ts";
import { basePermissions, highestRole, isAbove } from "../permissions.ts";
import { type Context, NO_CONTENT, ok, type Route } from "../route.ts";
import { audit } from "../world/audit-log.ts";
import { createRole, deleteRole, type RoleChanges, updateRole } from "../world/roles.ts";
import { type Guild, memberOf, type Role, roleOf } from "../world.ts";

export const roleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/guilds/:guild/roles",
    auth: "bot",
    handle: (context) => ok([...ownGuild(context).guild.roles.values()].map(rolePayload)),
  },
  {
    method: "GET",
    path: "/guilds/:guild/roles/:role",
    auth: "bot",
    handle: (context) => ok(rolePayload(roleOf(ownGuild(context).guild, context.params.role ?? ""))),
  },
  {
    method: "POST",
    path: "/guilds/:guild/roles",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.ManageRoles);
      const changes = readRole(context, guild);
      const role = createRole(context.services.world, guild, changes);
      auditRole(context, guild, role, AuditLogEvent.RoleCreate);
      return ok(rolePayload(role));
    },
  },
  {
    method: "PATCH",
    path: "/guilds/:guild/roles/:role",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.ManageRoles);
      const role = belowOwn(context, guild);
      updateRole(context.services.world, guild, role, readRole(context, guild));
      auditRole(context, guild, role, AuditLogEvent.RoleUpdate);
      return ok(rolePayload(role));
    },
  },
  {
    method: "PATCH",
    path: "/guilds/:guild/roles",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.ManageRoles);
      for (const change of (context.list ?? []) as { id: string; position?: number | null }[]) {
        const role = belowOwn(context, guild, change.id);
        if (typeof change.position === "number")
          updateRole(context.services.world, guild, role, { position: change.position });
      }
      return ok([...guild.roles.values()].map(rolePayload));
    },
  },
  {
    method: "DELETE",
    path: "/guilds/:guild/roles/:role",
    auth: "bot",
    handle(context) {
      const { guild } = ownGuild(context);
      requireInGuild(context, guild, P.ManageRoles);
      const role = belowOwn(context, guild);
      if (role.id === guild.id || role.managed) throw apiError(50028);
      deleteRole(context.services.world, guild, role);
      auditRole(context, guild, role, AuditLogEvent.RoleDelete);
      return NO_CONTENT;
    },
  },
];

function readRole(context: Context, guild: Guild): RoleChanges {
  const form = readForm(context.body);
  const name = form.string("name", { max: 100 });
  const color = form.integer("color", { min: 0, max: 16_777_215 });
  const [hoist, mentionable] = [form.boolean("hoist"), form.boolean("mentionable")];
  const bits = form.bits("permissions");
  form.done();
  // Nobody gives away what they do not have.
  const own = basePermissions(guild, memberOf(guild, context.application.botId), context.services.world.now());
  if (bits !== undefined && bits & ~own) throw apiError(50013);
  return {
    ...(name === undefined ? {} : { name }),
    ...(color === undefined ? {} : { color }),
    ...(hoist === undefined ? {} : { hoist }),
    ...(mentionable === undefined ? {} : { mentionable }),
    ...(bits === undefined ? {} : { permissions: bits }),
  };
}

function belowOwn(context: Context, guild: Guild, id = context.params.role ?? ""): Role {
  const role = roleOf(guild, id);
  const own = highestRole(guild, memberOf(guild, context.application.botId));
  if (guild.ownerId !== context.application.botId && (!own || !isAbove(own, role))) throw apiError(50013);
  return role;
}

function auditRole(context: Context, guild: Guild, role: Role, event: AuditLogEvent): void {
  const { world } = context.services;
  audit(world, guild, event, { actor: context.application.botId, target: role.id, reason: context.reason });
}
