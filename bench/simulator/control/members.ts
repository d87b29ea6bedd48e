/** Control: members of guilds, as a moderator at a keyboard would change them. */
import { type AutoModerated, shownMessage } from "../actions.ts";
import type { ControlRoute } from "../control.ts";
import { memberPayload } from "../payloads.ts";
import { banMember, type MemberChanges, removeMember, unbanMember, updateMember } from "../world/members.ts";
import { guildOf, type Id, type Json, memberOf, roleOf, type World } from "../world.ts";
import { ids, optional, text } from "./input.ts";

export const memberControls: readonly ControlRoute[] = [
  {
    method: "POST",
    path: "/guilds/:guild/members",
    handle({ services, actions, params, body }) {
      const member = actions.addMember(params.guild ?? "", {
        ...(body.userId === undefined ? {} : { userId: String(body.userId) }),
        ...(body.username === undefined ? {} : { username: String(body.username) }),
        ...(body.displayName === undefined ? {} : { displayName: String(body.displayName) }),
        nick: optional(body.nick) ?? null,
        roles: rolesOf(services.world, params.guild ?? "", body),
      });
      return memberPayload(services.world, member);
    },
  },
  {
    method: "POST",
    path: "/invites/:code",
    handle: ({ services, actions, params, body }) =>
      memberPayload(services.world, actions.join(params.code ?? "", text(body, "userId"))),
  },
  {
    method: "GET",
    path: "/guilds/:guild/members/:user",
    handle: ({ services: { world }, params }) =>
      memberPayload(world, memberOf(guildOf(world, params.guild ?? ""), params.user ?? "")),
  },
  {
    method: "PATCH",
    path: "/guilds/:guild/members/:user",
    handle({ services: { world }, params, body }) {
      const guild = guildOf(world, params.guild ?? "");
      const member = memberOf(guild, params.user ?? "");
      const changes: MemberChanges = {
        ...(body.nick === undefined ? {} : { nick: optional(body.nick) ?? null }),
        ...(body.roles === undefined ? {} : { roles: rolesOf(world, guild.id, body) }),
        ...(body.timeoutMs === undefined
          ? {}
          : { timeoutUntilMs: body.timeoutMs === null ? null : world.now() + Number(body.timeoutMs) }),
      };
      updateMember(world, guild, member, changes);
      return memberPayload(world, member);
    },
  },
  {
    method: "DELETE",
    path: "/guilds/:guild/members/:user",
    handle: ({ services: { world }, params }) =>
      removeMember(world, guildOf(world, params.guild ?? ""), params.user ?? ""),
  },
  {
    method: "POST",
    path: "/guilds/:guild/auto-moderation",
    handle({ services, actions, params, body }) {
      const message = actions.autoModerate({
        guildId: params.guild ?? "",
        channelId: text(body, "channelId"),
        userId: text(body, "userId"),
        content: text(body, "content"),
        ...(body.keyword === undefined ? {} : { keyword: String(body.keyword) }),
        did: (Array.isArray(body.did) ? body.did : ["blocked"]).map(String) as AutoModerated["did"],
      });
      return message === null ? {} : shownMessage(services, message);
    },
  },
  {
    method: "PUT",
    path: "/guilds/:guild/bans/:user",
    handle: ({ services: { world }, params, body }) =>
      banMember(world, guildOf(world, params.guild ?? ""), params.user ?? "", optional(body.reason) ?? null),
  },
  {
    method: "DELETE",
    path: "/guilds/:guild/bans/:user",
    handle: ({ services: { world }, params }) =>
      unbanMember(world, guildOf(world, params.guild ?? ""), params.user ?? ""),
  },
];

function rolesOf(world: World, guildId: Id, body: Json): Id[] {
  const guild = guildOf(world, guildId);
  return ids(body, "roles").map((id) => roleOf(guild, id).id);
}
