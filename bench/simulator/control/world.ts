/** Control: applications, users, guilds, channels, roles, and the community's script. */
import { ChannelType } from "discord-api-types/v10";
import { applicationPayload } from "../application-payload.ts";
import type { ControlRoute } from "../control.ts";
import { channelPayload, guildPayload, memberPayload, rolePayload, userPayload } from "../payloads.ts";
import { overwriteOf } from "../routes/channels.ts";
import { resetToken } from "../world/applications.ts";
import { deleteChannel, updateChannel } from "../world/channels.ts";
import { deleteGuild, setUnavailable, updateGuild } from "../world/guilds.ts";
import { deleteRole, updateRole } from "../world/roles.ts";
import { channelOf, found, guildOf, type Json, roleOf } from "../world.ts";
import { optional, permissions, text } from "./input.ts";

export const worldControls: readonly ControlRoute[] = [
  {
    method: "GET",
    path: "/world",
    handle: ({ services: { world } }) => ({
      applications: [...world.applications.values()].map((a) => ({
        id: a.id,
        name: a.name,
        botId: a.botId,
        token: a.token,
        publicKey: a.publicKey,
        clientSecret: a.clientSecret,
        interactionsEndpointUrl: a.interactionsEndpointUrl,
        commands: a.commands.size,
      })),
      guilds: [...world.guilds.values()].map((guild) => ({
        id: guild.id,
        name: guild.name,
        ownerId: guild.ownerId,
        unavailable: guild.unavailable,
        roles: [...guild.roles.values()].map(rolePayload),
        channels: [...guild.channels]
          .flatMap((id) => world.channels.get(id) ?? [])
          .map((c) => channelPayload(world, c)),
        members: [...guild.members.values()].map((member) => memberPayload(world, member)),
        bans: [...guild.bans].map(([id, ban]) => ({ userId: id, reason: ban.reason })),
      })),
    }),
  },
  {
    method: "POST",
    path: "/bots",
    handle({ services, actions, body }) {
      const application = actions.createApplication({
        name: String(body.name ?? `Bot ${services.world.applications.size + 1}`),
      });
      return {
        applicationId: application.id,
        userId: application.botId,
        token: application.token,
        publicKey: application.publicKey,
        clientSecret: application.clientSecret,
      };
    },
  },
  {
    method: "PATCH",
    path: "/bots/:application",
    handle({ services, params, body }) {
      const application = found(services.world.applications.get(params.application ?? ""), 10002);
      Object.assign(application.privileged, body.privileged ?? {});
      if (Array.isArray(body.redirectUris)) application.redirectUris = body.redirectUris.map(String);
      if (typeof body.identifiesRemaining === "number")
        services.identifies.setRemaining(application, body.identifiesRemaining);
      if (typeof body.maxConcurrency === "number") services.identifies.limits.maxConcurrency = body.maxConcurrency;
      if (body.resetToken === true) resetToken(services.world, application);
      return { ...applicationPayload(services.world, application), token: application.token };
    },
  },
  {
    method: "POST",
    path: "/users",
    handle: ({ actions, body }) =>
      userPayload(
        actions.createUser({
          username: text(body, "username"),
          displayName: optional(body.displayName) ?? null,
          ...(body.locale ? { locale: String(body.locale) } : {}),
          ...(body.bot === true ? { bot: true } : {}),
        }),
      ),
  },
  {
    method: "POST",
    path: "/guilds",
    handle({ services, actions, body }) {
      const bits = permissions(body);
      const { guild, channel } = actions.createGuild({
        name: text(body, "name"),
        ...(body.locale ? { locale: String(body.locale) } : {}),
        ...(body.ownerId ? { ownerId: String(body.ownerId) } : {}),
        ...(Array.isArray(body.bots) ? { bots: body.bots.map(String) } : {}),
        ...(bits === undefined ? {} : { permissions: bits }),
      });
      return { ...guildPayload(guild), channel: channelPayload(services.world, channel) };
    },
  },
  {
    method: "PATCH",
    path: "/guilds/:guild",
    handle({ services: { world }, params, body }) {
      const guild = guildOf(world, params.guild ?? "");
      if (typeof body.unavailable === "boolean") setUnavailable(world, guild, body.unavailable);
      const { name, ownerId, locale } = body as { name?: string; ownerId?: string; locale?: string };
      if (name ?? ownerId ?? locale)
        updateGuild(world, guild, {
          ...(name ? { name } : {}),
          ...(ownerId ? { ownerId } : {}),
          ...(locale ? { locale } : {}),
        });
      return guildPayload(guild);
    },
  },
  {
    method: "DELETE",
    path: "/guilds/:guild",
    handle: ({ services: { world }, params }) => deleteGuild(world, guildOf(world, params.guild ?? "")),
  },
  {
    method: "GET",
    path: "/guilds/:guild/audit-log",
    handle: ({ services: { world }, params }) => guildOf(world, params.guild ?? "").auditLog,
  },
  {
    method: "POST",
    path: "/guilds/:guild/bots",
    handle({ actions, params, body }) {
      actions.installBot(params.guild ?? "", text(body, "applicationId"), permissions(body));
    },
  },
  {
    method: "DELETE",
    path: "/guilds/:guild/bots/:application",
    handle: ({ actions, params }) => actions.removeBot(params.guild ?? "", params.application ?? ""),
  },
  {
    method: "POST",
    path: "/guilds/:guild/channels",
    handle({ services, actions, params, body }) {
      const channel = actions.createChannel(params.guild ?? "", {
        name: text(body, "name"),
        type: channelType(body.type),
        topic: optional(body.topic) ?? null,
        parentId: optional(body.parentId) ?? null,
        overwrites: ((body.overwrites ?? []) as Json[]).map(overwriteOf),
        availableTags: (body.tags as Json[] | undefined) ?? [],
      });
      return channelPayload(services.world, channel);
    },
  },
  {
    method: "PATCH",
    path: "/channels/:channel",
    handle({ services: { world }, params, body }) {
      const channel = channelOf(world, params.channel ?? "");
      updateChannel(world, channel, {
        ...(body.name === undefined ? {} : { name: String(body.name) }),
        ...(body.topic === undefined ? {} : { topic: optional(body.topic) ?? null }),
        ...(body.overwrites === undefined ? {} : { overwrites: (body.overwrites as Json[]).map(overwriteOf) }),
      });
      return channelPayload(world, channel);
    },
  },
  {
    method: "DELETE",
    path: "/channels/:channel",
    handle: ({ services: { world }, params }) => deleteChannel(world, channelOf(world, params.channel ?? "")),
  },
  {
    method: "POST",
    path: "/guilds/:guild/roles",
    handle: ({ actions, params, body }) =>
      rolePayload(
        actions.createRole(params.guild ?? "", {
          name: text(body, "name"),
          permissions: permissions(body) ?? 0n,
          ...(body.position === undefined ? {} : { position: Number(body.position) }),
          ...(body.mentionable === true ? { mentionable: true } : {}),
        }),
      ),
  },
  {
    method: "PATCH",
    path: "/guilds/:guild/roles/:role",
    handle({ services: { world }, params, body }) {
      const guild = guildOf(world, params.guild ?? "");
      const role = roleOf(guild, params.role ?? "");
      const bits = permissions(body);
      updateRole(world, guild, role, {
        ...(body.name === undefined ? {} : { name: String(body.name) }),
        ...(bits === undefined ? {} : { permissions: bits }),
        ...(body.position === undefined ? {} : { position: Number(body.position) }),
      });
      return rolePayload(role);
    },
  },
  {
    method: "DELETE",
    path: "/guilds/:guild/roles/:role",
    handle({ services: { world }, params }) {
      const guild = guildOf(world, params.guild ?? "");
      deleteRole(world, guild, roleOf(guild, params.role ?? ""));
    },
  },
  {
    method: "POST",
    path: "/community/start",
    handle({ community, body }) {
      if (!community) throw new Error("started without --community");
      community.start(typeof body.speed === "number" ? body.speed : 1);
      return community.status();
    },
  },
  {
    method: "POST",
    path: "/community/stop",
    handle({ community }) {
      community?.stop();
      return community?.status();
    },
  },
  {
    method: "GET",
    path: "/community",
    handle: ({ community }) =>
      community && {
        guildId: community.guild.id,
        channels: Object.fromEntries(community.channels),
        members: Object.fromEntries(community.members),
        ...community.status(),
      },
  },
];

const TYPE_NAMES: Readonly<Record<string, ChannelType>> = {
  text: ChannelType.GuildText,
  voice: ChannelType.GuildVoice,
  category: ChannelType.GuildCategory,
  announcement: ChannelType.GuildAnnouncement,
  stage: ChannelType.GuildStageVoice,
  forum: ChannelType.GuildForum,
};

function channelType(value: unknown): ChannelType {
  if (typeof value === "number") return value;
  const type = TYPE_NAMES[String(value ?? "text")];
  if (type === undefined) throw new Error(`"type" is one of ${Object.keys(TYPE_NAMES).join(", ")}`);
  return type;
}
