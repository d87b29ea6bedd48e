/**
 * A community from a file: guild, roles, channels, members, and a timed script of talk that can loop (community/script.ts).
 * Ids follow from the seed and the keys in the file, so that a second start is the same community.
 */
import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10";
import { z } from "zod";
import { type Actions, DEFAULT_BOT_PERMISSIONS } from "./actions.ts";
import { createScript, SCRIPT_LINE, type Script } from "./community/script.ts";
import type { Services } from "./services.ts";
import { createChannel } from "./world/channels.ts";
import { createGuild } from "./world/guilds.ts";
import { updateMember } from "./world/members.ts";
import { createRole } from "./world/roles.ts";
import { createUser } from "./world/users.ts";
import type { Guild, Id } from "./world.ts";

const COMMUNITY = z.object({
  guild: z.object({ name: z.string(), locale: z.string().optional() }),
  roles: z.array(z.object({ key: z.string(), name: z.string(), permissions: z.string().optional() })).default([]),
  channels: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      type: z.enum(["text", "forum", "voice"]).default("text"),
      topic: z.string().optional(),
    }),
  ),
  members: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      displayName: z.string().optional(),
      roles: z.array(z.string()).default([]),
      /** Comes when it first speaks: till then it is no member. */
      joins: z.boolean().default(false),
    }),
  ),
  /** The bot's permissions; what moderation needs, so that the demo can show it. */
  botPermissions: z.string().optional(),
  script: z.array(SCRIPT_LINE).default([]),
  loop: z.boolean().default(false),
});

const TYPES = { text: ChannelType.GuildText, forum: ChannelType.GuildForum, voice: ChannelType.GuildVoice } as const;

/** What the install link with moderation asks for. */
const MODERATION_PERMISSIONS = 1_408_749_366_278n;

export type Community = Script & {
  readonly guild: Guild;
  readonly channels: ReadonlyMap<string, Id>;
  readonly members: ReadonlyMap<string, Id>;
};

export function loadCommunity(services: Services, actions: Actions, file: unknown): Community {
  const data = COMMUNITY.parse(file);
  const { world } = services;
  const idOf = (kind: string, key: string) => world.ids.named(`community:${data.guild.name}:${kind}:${key}`);

  const owner = createUser(world, { id: idOf("owner", "owner"), username: "community.owner", displayName: "Owner" });
  const guild = createGuild(world, {
    id: idOf("guild", "guild"),
    name: data.guild.name,
    ownerId: owner.id,
    ...(data.guild.locale ? { locale: data.guild.locale } : {}),
  });
  const application = [...world.applications.values()][0];
  const roles = new Map<string, Id>();
  // From the last to the first: a new role goes to the bottom, so the file's first role ends up highest.
  for (const role of data.roles) {
    const permissions = BigInt(role.permissions ?? 0);
    roles.set(role.key, createRole(world, guild, { id: idOf("role", role.key), name: role.name, permissions }).id);
  }
  if (application) {
    const self = actions.installBot(
      guild.id,
      application.id,
      BigInt(data.botPermissions ?? MODERATION_PERMISSIONS | DEFAULT_BOT_PERMISSIONS),
    );
    // The bot's role sits below staff with real powers, above everybody it must be able to moderate.
    const own = guild.roles.get(self.roles[0] ?? "");
    const powers = PermissionFlagsBits.Administrator | PermissionFlagsBits.ManageGuild | PermissionFlagsBits.BanMembers;
    const powerless = [...guild.roles.values()].filter(
      (role) => role.id !== guild.id && role !== own && !(role.permissions & powers),
    );
    const powerful = [...guild.roles.values()].filter(
      (role) => role.id !== guild.id && role !== own && role.permissions & powers,
    );
    let position = 1;
    for (const role of [...powerless.reverse(), ...(own ? [own] : []), ...powerful.reverse()]) {
      role.position = position;
      position += 1;
    }
  }
  const channels = new Map<string, Id>();
  for (const channel of data.channels) {
    const id = idOf("channel", channel.key);
    createChannel(world, guild, { id, name: channel.name, type: TYPES[channel.type], topic: channel.topic ?? null });
    channels.set(channel.key, id);
  }
  const members = new Map<string, Id>();
  const late = new Set<Id>();
  for (const member of data.members) {
    const user = createUser(world, {
      id: idOf("member", member.key),
      username: member.name,
      displayName: member.displayName ?? null,
    });
    members.set(member.key, user.id);
    if (member.joins) {
      late.add(user.id);
      continue;
    }
    const added = actions.addMember(guild.id, { userId: user.id });
    updateMember(world, guild, added, { roles: member.roles.flatMap((key) => roles.get(key) ?? []) });
  }

  const script = createScript(services, actions, { lines: data.script, loop: data.loop, channels, members, late });
  return { guild, channels, members, ...script };
}
